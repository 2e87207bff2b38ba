"""Catalogues: fallbacks, states, and that a bad translation is never spoken."""

import re
from pathlib import Path

import pytest

from bot.languages.catalogue import LANGUAGES, TAGS, Catalogues, State
from bot.languages.strings import DOMAINS
from bot.main import LOCALES

HEADER = """msgid ""
msgstr ""
"Language: {tag}\\n"
"Plural-Forms: {plural}\\n"
"X-State: {state}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
#: Advice on which a life may hang is not drafted by us in any national language.
LEFT_TO_A_SPEAKER = (
    "Don't touch it, don't throw anything at it. Go back in your own steps. Keep others away. Tell the chief. "
    "Numbers: 17, 18."
)
TWO, ONE = "nplurals=2; plural=(n > 1);", "nplurals=1; plural=0;"


def write(folder: Path, tag: str, body: str, state: str = "draft", plural: str = ONE) -> None:
    path = folder / tag / "LC_MESSAGES" / "bot.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER.format(tag=tag, state=state, plural=plural) + body, encoding="utf-8")


def entry(msgid: str, msgstr: str, *comments: str) -> str:
    lines = [*(f"# {comment}" for comment in comments), f'msgid "{msgid}"', f'msgstr "{msgstr}"', "", ""]
    return "\n".join(lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    french = entry("Hello", "Bonjour") + entry("Yes", "Oui") + entry("No %(code)s", "No %(code)s, oui")
    calls = 'msgid "%(n)s call"\nmsgid_plural "%(n)s calls"\nmsgstr[0] "%(n)s appel"\nmsgstr[1] "%(n)s appels"\n'
    write(tmp_path, "fr", french + calls, "reviewed", TWO)
    write(
        tmp_path,
        "bm",
        entry("Hello", "I ni ce", "state: reviewed by a reader, 2026-11-02")
        + entry("Yes", "Awɔ", "Source: MediaWiki.")
        + 'msgid "%(n)s call"\nmsgid_plural "%(n)s calls"\nmsgstr[0] "weleli %(n)s"\n',
    )
    write(tmp_path, "ar", entry("Yes", "نعم"))
    write(tmp_path, "mey", entry("Hello", "أهلا"))
    return tmp_path


def test_the_sixteen_languages_stand_in_the_order_of_the_design() -> None:
    assert " ".join(TAGS) == "fr bm ffm ses snk taq mey bmq bze dts myk mwk shz kao ar en"
    assert {tag for tag, language in LANGUAGES.items() if language.direction == "rtl"} == {"mey", "ar"}
    for language in LANGUAGES.values():
        assert set(language.fallbacks) <= set(TAGS) - {language.tag}


@pytest.mark.parametrize(
    ("tag", "hello", "yes"),
    [
        ("fr", "Bonjour", "Oui"),
        ("bm", "I ni ce", "Awɔ"),
        ("kao", "I ni ce", "Awɔ"),
        ("mwk", "I ni ce", "Awɔ"),
        ("mey", "أهلا", "نعم"),
        ("ar", "Bonjour", "نعم"),
        ("ffm", "Bonjour", "Oui"),
        ("en", "Hello", "Yes"),
        ("unknown", "Bonjour", "Oui"),
    ],
)
def test_a_language_without_words_falls_back_message_by_message(folder: Path, tag: str, hello: str, yes: str) -> None:
    translator = Catalogues.load(folder, "bot", drafts=True).translator(tag)
    assert (translator.gettext("Hello"), translator.gettext("Yes")) == (hello, yes)
    assert translator.gettext("Never written") == "Never written"


def test_without_drafts_only_reviewed_messages_are_spoken(folder: Path) -> None:
    translator = Catalogues.load(folder, "bot", drafts=False).translator("bm")
    assert translator.gettext("Hello") == "I ni ce"
    assert translator.gettext("Yes") == "Oui"


def test_a_state_is_that_of_the_message_else_of_its_catalogue(folder: Path) -> None:
    catalogues = Catalogues.load(folder, "bot", drafts=False)
    assert catalogues.state("bm", "Hello") is State.REVIEWED
    assert catalogues.state("bm", "Yes") is State.DRAFT
    assert catalogues.state("bm", "No %(code)s") is State.MISSING
    assert catalogues.state("fr", "Yes") is State.REVIEWED
    assert catalogues.state("ffm", "Yes") is State.MISSING
    assert catalogues.state("en", "Yes") is State.REVIEWED
    assert catalogues.state("bm", "%(n)s call") is State.DRAFT


@pytest.mark.parametrize(
    "comments",
    [
        ("state: draft",),
        ("state: reviewed",),
        ("state: reviewed by",),
        ("state: reveiwed by me",),
        ("fuzzy", "state: draft"),
    ],
)
def test_a_message_that_does_not_name_its_reader_is_a_draft(tmp_path: Path, comments: tuple[str, ...]) -> None:
    write(tmp_path, "fr", entry("Hello", "Bonjour", *comments), "reviewed", TWO)
    catalogues = Catalogues.load(tmp_path, "bot", drafts=False)
    assert catalogues.state("fr", "Hello") is State.DRAFT
    assert catalogues.translator("fr").gettext("Hello") == "Hello"


def test_a_fuzzy_message_is_a_draft(tmp_path: Path) -> None:
    write(tmp_path, "fr", "#, fuzzy\n" + entry("Hello", "Bonjour"), "reviewed", TWO)
    assert Catalogues.load(tmp_path, "bot", drafts=False).translator("fr").gettext("Hello") == "Hello"
    assert Catalogues.load(tmp_path, "bot", drafts=True).translator("fr").gettext("Hello") == "Bonjour"


def test_plurals_follow_the_rule_of_the_language_that_speaks(folder: Path) -> None:
    catalogues = Catalogues.load(folder, "bot", drafts=True)
    said = {
        tag: [catalogues.translator(tag).ngettext("%(n)s call", "%(n)s calls", n) for n in (0, 1, 2)] for tag in TAGS
    }
    assert said["fr"] == ["0 appel", "1 appel", "2 appels"]
    assert said["bm"] == said["kao"] == ["weleli 0", "weleli 1", "weleli 2"]
    assert said["en"] == ["0 calls", "1 call", "2 calls"]
    assert said["mey"] == said["fr"]


def test_values_are_filled_in_and_nothing_else_is(folder: Path) -> None:
    translator = Catalogues.load(folder, "bot", drafts=True).translator("fr")
    assert translator.gettext("No %(code)s", code="%(x)s 100%") == "No %(x)s 100%, oui"
    assert translator.gettext("100 % sure") == "100 % sure"


@pytest.mark.parametrize(
    "bad",
    [
        "No",
        "No %(kode)s",
        "No %(code)s %(x)s",
        "No %(code)d",
        "No %(code)",
        "No %(code)s 5 % x",
        "No %(code)999999999s",
    ],
)
def test_a_translation_that_does_not_fit_its_english_is_never_spoken(folder: Path, bad: str) -> None:
    write(folder, "ffm", entry("No %(code)s", bad))
    catalogues = Catalogues.load(folder, "bot", drafts=True)
    assert catalogues.translator("ffm").gettext("No %(code)s", code="4827") == "No 4827, oui"
    assert catalogues.state("ffm", "No %(code)s") is State.MISSING


def test_a_translation_that_fits_is_spoken(folder: Path) -> None:
    write(folder, "ffm", entry("No %(code)s", "%(code)s, 5 %% eey"))
    translator = Catalogues.load(folder, "bot", drafts=True).translator("ffm")
    assert translator.gettext("No %(code)s", code="4827") == "4827, 5 % eey"


def test_french_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Catalogues.load(tmp_path, "bot", drafts=True)


@pytest.mark.parametrize("domain", [domain.name for domain in DOMAINS])
@pytest.mark.parametrize("drafts", [True, False])
def test_the_shipped_catalogues_load(domain: str, drafts: bool) -> None:
    catalogues = Catalogues.load(Path(__file__).parents[3] / "locales", domain, drafts=drafts)
    assert {catalogues.translator(tag).tag for tag in TAGS} == set(TAGS)


def test_no_national_language_ships_as_reviewed() -> None:
    for tag in set(TAGS) - {"fr", "en"}:
        content = (Path(__file__).parents[3] / "locales" / tag / "LC_MESSAGES" / "bot.po").read_text(encoding="utf-8")
        assert "X-State: draft" in content
        assert "state: reviewed" not in content


def test_a_translator_knows_which_language_says_a_message() -> None:
    catalogues = Catalogues.load(LOCALES, "bot", drafts=True)
    bambara = catalogues.translator("bm")
    assert bambara.speaker("today") == "bm"
    assert bambara.speaker("Language?") == "bm"
    assert bambara.speaker(LEFT_TO_A_SPEAKER) == "fr"
    assert bambara.speaker("Words that no catalogue has") == "en"
    assert Catalogues.load(LOCALES, "bot", drafts=False).translator("bm").speaker("today") == "fr"


def test_every_draft_names_where_its_words_come_from() -> None:
    drafted = 0
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/bot.po")):
        if path.parts[-3] in ("fr", "en"):
            continue
        blocks = path.read_text(encoding="utf-8").split("\n\n")[1:]
        for block in blocks:
            if re.search(r"^#~", block, re.M) or not re.search(r'^msgstr(\[0\])? ("[^"]|""\n")', block, re.M):
                continue
            drafted += 1
            assert re.search(r"^# (Words|Source): \S", block, re.M), f"{path.parts[-3]}: {block}"
            assert not re.search(r"^# state: reviewed", block, re.M), f"{path.parts[-3]}: {block}"
    assert drafted > 250
