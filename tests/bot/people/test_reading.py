"""Files of contacts: read however the office saved them; every bad row is named by its number, in one sentence."""

from collections.abc import Callable, Sequence

import pytest

from bot.people.reading import BadRow, Entry, GroupNamed, read_entries, unread_columns
from bot.people.spreadsheet import LARGEST_FILE, MOST_ROWS, BadFile, read_rows
from bot.places.gazetteer import Gazetteer
from bot.store.tables import GroupKind, MemberRole
from tests.bot.people.files import HEADINGS, LIST, as_csv, as_xlsx, row, with_part

KONNA = "kun:mopti/mopti/konna"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def _read(content: bytes, gazetteer: Gazetteer) -> list[Entry | BadRow]:
    return list(read_entries(read_rows(content), gazetteer))


def _problems(gazetteer: Gazetteer, *rows: Sequence[str]) -> dict[int, str]:
    return {each.row: str(each.problem) for each in _read(as_csv(*rows), gazetteer) if isinstance(each, BadRow)}


def _wrong(content: bytes, gazetteer: Gazetteer) -> str:
    with pytest.raises(BadFile) as failure:
        _read(content, gazetteer)
    return str(failure.value.problem)


AWA = Entry(
    row=2,
    uri="tel:+22376123456",
    name="Awa Coulibaly",
    languages=("bm",),
    place=KONNA,
    group=GroupNamed(GroupKind.CELL, KONNA),
    role=MemberRole.MEMBER,
    person=None,
    consent=LIST,
)


@pytest.mark.parametrize(
    "content",
    [
        as_csv(row()),
        as_csv(row(), encoding="utf-8-sig"),
        as_csv(row(), encoding="utf-16"),
        as_csv(row(), encoding="utf-16-le"),
        as_csv(row(), encoding="utf-16-be"),
        as_csv(row(), encoding="windows-1252"),
        as_csv(row(), separator=","),
        as_csv(row(), separator="\t"),
        b"sep=;\r\n" + as_csv(row()),
        as_csv(row()).replace(b"\r\n", b"\n"),
        as_csv(row(), ("", "-", "", "", "", "", "", "", "", "")),
        as_xlsx(row()),
        as_xlsx((76123456, *row()[1:])),
        as_xlsx((76123456.0, *row()[1:]), ()),
    ],
)
def test_a_file_is_read_however_the_office_saved_it(content: bytes, gazetteer: Gazetteer) -> None:
    assert _read(content, gazetteer) == [AWA]


def test_the_headings_may_be_english_in_any_order_and_other_columns_are_not_read(gazetteer: Gazetteer) -> None:
    content = b"consent,First name,Name,Ethnie,phone\nlist of 3 March,Awa,Coulibaly,x,76123456\n"
    (entry,) = _read(content, gazetteer)
    assert isinstance(entry, Entry)
    assert (entry.name, entry.group, entry.place, entry.languages) == ("Awa Coulibaly", None, None, ())
    assert unread_columns(next(read_rows(content))) == ("Ethnie",)


@pytest.mark.parametrize(
    ("said", "tags"),
    [("bm", ("bm",)), ("Français | Peul", ("fr", "ffm")), ("bambara/français/bambara", ("bm", "fr")), ("", ()),
     ("Songhaï et Tamasheq", ("ses", "taq")), ("BAMANANKAN, العربية", ("bm", "ar"))],
)  # fmt: skip
def test_languages_are_tags_or_names(said: str, tags: tuple[str, ...], gazetteer: Gazetteer) -> None:
    (entry,) = _read(as_csv(row(langue=said)), gazetteer)
    assert isinstance(entry, Entry)
    assert entry.languages == tags


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"number": ""}, "telephone number"),
        ({"number": "7,6123E+07"}, "rounded"),
        ({"number": "76123456 / 66123456"}, "one number"),
        ({"name": "12345"}, "must have letters"),
        ({"name": "A" * 81}, "at most 80"),
        ({"name": "=1+1"}, "formula"),
        ({"name": "@SUM(A1)"}, "formula"),
        ({"name": "+cmd|' /C calc'!A0"}, "formula"),
        ({"langue": "klingon"}, "language klingon is none of ours"),
        ({"commune": "Zzqqwe"}, "No commune is called Zzqqwe"),
        ({"groupe": "armée"}, "armée is no kind of group"),
        ({"groupe": "", "titre": "Benkadi"}, "kind of the group"),
        ({"commune": ""}, "a commune or a title"),
        ({"titre": "B" * 81}, "more than 80"),
        ({"role": "roi"}, "roi is no role"),
        ({"personne": "0"}, "digit from 1 to 9"),
        ({"personne": "deux"}, "digit from 1 to 9"),
        ({"consentement": ""}, "consent is missing"),
        ({"consentement": "Non"}, "did not agree"),
        ({"consentement": "oui"}, "where the consent comes from"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_number(
    cells: dict[str, str], sentence: str, gazetteer: Gazetteer
) -> None:
    problems = _problems(gazetteer, row("70000001"), row(**cells))
    assert list(problems) == [3]
    assert sentence in problems[3]
    assert problems[3].endswith(".")


def test_a_homonym_names_the_cercles_and_the_cercle_settles_it(gazetteer: Gazetteer) -> None:
    problems = _problems(gazetteer, row(commune="Farako"))
    assert "Several communes are called Farako" in problems[2]
    cercles = problems[2].partition("(")[2].partition(")")[0].split(", ")
    assert len(cercles) > 1
    assert _problems(gazetteer, row(commune="Farako", cercle=cercles[0])) == {}


def test_rows_are_counted_as_a_spreadsheet_shows_them(gazetteer: Gazetteer) -> None:
    bad = row(langue="klingon")
    assert list(_problems(gazetteer, (), row("70000001", '"Awa\r\nCoulibaly"'), (), bad)) == [5]
    content = as_xlsx(row("70000001"), (), bad)
    assert [each.row for each in _read(content, gazetteer) if isinstance(each, BadRow)] == [4]
    with_line = b"sep=;\r\n" + as_csv(bad)
    assert [each.row for each in _read(with_line, gazetteer)] == [2]


def test_a_person_stands_once_but_may_be_in_several_groups(gazetteer: Gazetteer) -> None:
    problems = _problems(
        gazetteer, row(), row(groupe="jeunes"), row("+223 76 12 34 56", "coulibaly AWA"), row(name=""), row("70000001")
    )
    assert list(problems) == [4, 5]
    assert "row 2" in problems[4]


def test_who_shares_a_telephone_must_be_numbered(gazetteer: Gazetteer) -> None:
    assert "Row 2 has this number for somebody else" in _problems(gazetteer, row(), row(name="Moussa Traoré"))[3]
    first, second = row(personne="1"), row(name="Moussa Traoré", personne="2")
    assert _problems(gazetteer, first, second) == {}
    assert list(_problems(gazetteer, first, row(name="Moussa Traoré", personne="1"))) == [3]
    assert list(_problems(gazetteer, row(), second)) == [3]


def test_a_formula_in_a_workbook_is_never_worked_out(gazetteer: Gazetteer) -> None:
    (bad,) = _read(as_xlsx(("=76123456+1", *row()[1:])), gazetteer)
    assert isinstance(bad, BadRow)
    assert "formula" in str(bad.problem)


def test_a_row_with_more_cells_than_headings_is_bad(gazetteer: Gazetteer) -> None:
    assert "more cells" in _problems(gazetteer, (*row(), "x"))[2]
    assert _problems(gazetteer, (*row(), "", "")) == {}


_CONTENT_TYPES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><Types>&a;</Types>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: b"", "empty"),
        (lambda: b"\r\n;;\r\n", "empty"),
        (as_csv, "nobody below them"),
        (lambda: as_csv(row(), headings=("Nom",)), "no column number (numero)"),
        (lambda: as_csv(row(), headings=("Numéro", *HEADINGS[1:-1], "Accord")), "no column consent (consentement)"),
        (lambda: as_csv(row(), headings=("Téléphone", *HEADINGS)), "Two columns are called Numéro"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "an old or a locked spreadsheet"),
        (lambda: b"PK\x03\x04 no archive", "can't be read"),
        (lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 20, "neither a CSV nor an XLSX"),
        (lambda: as_csv((*row()[:-1], '"never closed')) , "quotation mark"),
        (lambda: as_csv((*row()[:-1], "x" * 3000)), "too long"),
        (lambda: b"x" * (LARGEST_FILE + 1), "at most 16 MB"),
        (lambda: with_part(as_xlsx(row()), "xl/vbaProject.bin", b"x"), "macros"),
        (lambda: with_part(as_xlsx(row()), "xl/media/image.bin", b"\0" * (257 * 1024**2)), "too large"),
        (lambda: with_part(as_xlsx(row()), "xl/workbook.xml", _CONTENT_TYPES.encode()), "can't be read"),
        (lambda: with_part(as_xlsx(row()), "xl/worksheets/sheet1.xml", _CONTENT_TYPES.encode()), "can't be read"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_told_in_one_sentence(
    content: Callable[[], bytes], sentence: str, gazetteer: Gazetteer
) -> None:
    assert sentence in _wrong(content(), gazetteer)


def test_too_many_rows_are_refused_as_a_whole(gazetteer: Gazetteer) -> None:
    content = "numero;consentement\n" + "76123456;liste\n" * (MOST_ROWS + 1)
    with pytest.raises(BadFile, match="at most 100000"):
        for _ in read_rows(content.encode()):
            pass
