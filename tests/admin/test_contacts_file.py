"""Lists of people in the panel: whole or not at all, every bad row named, nothing of the file on a disk."""

import tempfile
from html import unescape
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from admin import contacts_file
from bot.store.tables import contact
from tests.bot.people.files import as_csv, as_xlsx, row
from tests.desk import Desk, Visitor

_BAD, _GOOD = row("12"), row()


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return desk.enter("secretary")


def _sends(visitor: Visitor, content: bytes, name: str = "liste.csv", **fields: str) -> TestResponse:
    return visitor.post("/admin/contacts/file", file=(BytesIO(content), name), **fields)  # type: ignore[arg-type]


def _said(answer: TestResponse) -> str:
    return unescape(answer.text)


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_list_is_checked_and_then_written(desk: Desk, visitor: Visitor, write: object) -> None:
    content = write(row(), row("76123457", "Moussa Traoré"))  # type: ignore[operator]
    answer = _sends(visitor, content, check="1")
    assert answer.status_code == 200
    assert "rien n'est encore écrit" in _said(answer)
    assert desk.road.rows(contact.c.id) == []
    assert '<h2 id="result">Écrit</h2>' in _said(_sends(visitor, content))
    assert len(desk.road.rows(contact.c.id)) == 2
    assert desk.actions()[0] == "contacts.imported"
    assert "Moussa" in visitor.get("/admin/contacts?q=moussa").text


def test_a_bad_row_is_named_and_keeps_all_of_the_file_out(desk: Desk, visitor: Visitor) -> None:
    answer = _sends(visitor, as_csv(_GOOD, _BAD, row("76123458", consentement="")))
    assert answer.status_code == 422
    said = _said(answer)
    assert "2 lignes sont fausses" in said
    assert "<b>Ligne 3</b>" in said
    assert "<b>Ligne 4</b>" in said
    assert "<b>Ligne 2</b>" not in said
    assert desk.road.rows(contact.c.id) == []
    assert "contacts.imported" not in desk.actions()


@pytest.mark.parametrize(
    "content", [b"", b"\0\1\2", b"PK\3\4 no zip", b"a;b\r\n1;2\r\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_list_is_said_in_a_sentence(desk: Desk, visitor: Visitor, content: bytes) -> None:
    answer = _sends(visitor, content)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert desk.road.rows(contact.c.id) == []


def test_no_file_is_said_in_a_sentence(visitor: Visitor) -> None:
    assert visitor.post("/admin/contacts/file").status_code == 422


def test_the_same_form_twice_writes_once(desk: Desk, visitor: Visitor) -> None:
    first, second = (_sends(visitor, as_csv(_GOOD), token="t" * 24).status_code for _ in range(2))
    assert (first, second) == (200, 409)
    assert len(desk.road.rows(contact.c.id)) == 1


def test_a_list_that_is_too_long_goes_to_the_command(desk: Desk, visitor: Visitor) -> None:
    rows = [
        row(f"76{number:06}", "A", langue="", commune="", groupe="") for number in range(contacts_file.MOST_ROWS + 1)
    ]
    answer = _sends(visitor, as_csv(*rows))
    assert answer.status_code == 422
    assert str(contacts_file.MOST_ROWS) in answer.text
    assert _sends(visitor, b"x" * (contacts_file.LARGEST_FILE + 20_000)).status_code == 413


def test_a_list_as_large_as_may_be_is_never_put_on_a_disk(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("the file was written to the disk")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", fail)
    monkeypatch.setattr(tempfile, "TemporaryFile", fail)
    assert _sends(visitor, b"x" * contacts_file.LARGEST_FILE).status_code == 422
    with pytest.raises(AssertionError), tempfile.SpooledTemporaryFile(500 * 1024) as control:
        control.write(b"x" * 600_000)


def test_the_template_comes_back_with_its_examples_named(visitor: Visitor) -> None:
    template = visitor.get("/admin/contacts/template")
    assert template.headers["Content-Disposition"] == 'attachment; filename="contacts.csv"'
    assert _sends(visitor, template.data).status_code == 422
