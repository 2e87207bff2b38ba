"""What holds for every page: headers, no script but ours, no number, weight, words, both languages."""

import html
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from werkzeug.test import TestResponse

from admin import labels
from bot.casework import committee
from bot.conversation.kinds import Kind
from bot.errors import StoreAway
from bot.store.audit import Action
from bot.store.tables import OutboxStatus, ReportStatus, SignInStage
from tests.admin.matrix import MATRIX
from tests.chat import Phone
from tests.desk import Desk, Visitor

_ALL = ("administrator", "secretary", "triage", "closed_queue", "auditor")
_NUMBER = "76123456"
sqlite_is_enough = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    """Somebody who may see everything."""
    return desk.enter(*_ALL)


def _pages(desk: Desk, visitor: Visitor) -> Iterator[tuple[str, TestResponse]]:
    """Every page that can be looked at, each report included, and the errors."""
    paths = [rule for method, rule in MATRIX if method == "GET" and "<" not in rule]
    paths += [f"/admin/reports/{line.id}" for line in desk.road.reports()]
    paths += [f"/admin/inbox?status={status}" for status in ReportStatus]
    paths += [f"/admin/staff/{visitor.staff_id}"]
    paths += ["/admin/audit?check=1", "/admin/nothing", "/admin/reports/00000000-0000-7000-8000-000000000000"]
    for path in paths:
        yield path, visitor.get(path)
    yield "fragment", visitor.get("/admin/inbox", X_Fragment="1")
    yield "half way", desk.enter(stage=SignInStage.HALF_WAY).get("/admin/second-factor")
    yield "sign in", desk.visitor().get("/admin/sign-in")


# What stands on a page


_EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Reader(HTMLParser):
    """Collects what the tests ask of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        #: By language, as the page says of it; what somebody says to a person is in theirs.
        self.words_in: dict[str, list[str]] = {}
        self._languages: list[tuple[str, str]] = [("", "")]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _EMPTY:
            self._languages.append((tag, dict(attrs).get("lang") or self._languages[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        while len(self._languages) > 1 and self._languages.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        self.words_in.setdefault(self._languages[-1][1], []).append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in tags]


_HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }} {% raise %} ${7*7}",
    "<!--",
    "]]>",
    "&lt;b&gt;&#60;script&#62;",
    "\u202e\u2066evil\u2069",
    "</blockquote></main><form action=//evil.example>",
    "=cmd|'/c calc'!A0",
    "%(secret)s %s %d",
    "<style>*{display:none}</style>",
    "\ufeff<script src=//evil.example/x>",
    "𝓼𝓬𝓻𝓲𝓹𝓽 ﹤script﹥",
)


@sqlite_is_enough
def test_nothing_that_somebody_writes_does_anything(desk: Desk, visitor: Visitor) -> None:
    for number, text in enumerate(_HOSTILE):
        desk.road.phone(f"7000{number:04}").says(f"au village {text}")
    pages = [(path, answer.text) for path, answer in _pages(desk, visitor)]
    assert len(desk.road.reports()) == len(_HOSTILE)
    for path, page in pages:
        read = _Reader(page)
        scripts = [attributes.get("src") or "" for attributes in read.all("script")]
        assert all(source.startswith("/admin/file/") for source in scripts), path
        assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on")], path
        assert all((attributes.get("action") or "/").startswith("/") for attributes in read.all("form")), path
        assert not any((each.get("href") or "").startswith(("javascript:", "//", "http")) for each in read.all("a")), (
            path
        )
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", html.unescape(page)), path
    everything = html.unescape("".join(page for _, page in pages))
    for text in _HOSTILE[:6]:
        assert text in everything


@sqlite_is_enough
def test_no_page_has_a_script_or_a_style_of_its_own(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    phone.says("le puits de Konna est sec")
    for path, answer in _pages(desk, visitor):
        read = _Reader(answer.text)
        assert not read.all("style"), path
        assert not [1 for _, attributes in read.tags if "style" in attributes], path
        assert all("src" in attributes for attributes in read.all("script")), path


@sqlite_is_enough
def test_nothing_is_loaded_from_another_host(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    phone.says("le puits de Konna est sec")
    for path, answer in _pages(desk, visitor):
        for attributes in _Reader(answer.text).all("script", "link", "img", "form", "a"):
            for name in ("src", "href", "action"):
                assert not (attributes.get(name) or "").startswith(("http:", "https:", "//")), path


@sqlite_is_enough
def test_every_page_has_one_heading_a_title_and_a_name_for_every_field(
    desk: Desk, visitor: Visitor, phone: Phone
) -> None:
    phone.says("le puits de Konna est sec")
    phone.bips()
    for path, answer in _pages(desk, visitor):
        if not answer.content_type.startswith("text/html") or answer.status_code == 303 or path == "fragment":
            continue
        read = _Reader(answer.text)
        assert len(read.all("h1")) == len(read.all("main")) == 1, path
        assert read.all("html")[0]["lang"] == "fr", path
        named = {each.get("for") for each in read.all("label")}
        for field in read.all("input", "select", "textarea"):
            if field.get("type") in {"hidden", "radio"} or "hidden" in field:
                continue
            assert field.get("id") in named or _is_in_a_label(answer.text, field), (path, field)
        ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), path


def _is_in_a_label(page: str, field: dict[str, str | None]) -> bool:
    return bool(re.search(rf'<label>[^§]*?<input[^>]*name="{field["name"]}"', page))


@sqlite_is_enough
def test_a_page_and_all_it_loads_weigh_less_than_60_kb_on_the_wire(desk: Desk, visitor: Visitor) -> None:
    for number in range(30):
        desk.road.phone(f"7000{number:04}").says("le puits de Konna est sec et " * 50)
    for path in ("/admin/inbox", "/phone", f"/admin/reports/{desk.road.reports()[0].id}"):
        page = visitor.get(path)
        read = _Reader(page.text)
        loaded = {each.get("href") for each in read.all("link")} | {
            each.get("src") for each in read.all("script", "img")
        }
        sizes = {each: len(visitor.get(each or "", Accept_Encoding="gzip").data) for each in (path, *loaded)}
        assert sum(sizes.values()) <= 60 * 1024, sizes
        assert sizes[path] <= 25 * 1024, sizes


@sqlite_is_enough
def test_the_stylesheet_is_small_kept_for_ever_and_packed(visitor: Visitor) -> None:
    address = _Reader(visitor.get("/admin/account").text).all("link")[1]["href"] or ""
    plain, packed = visitor.get(address), visitor.get(address, Accept_Encoding="gzip")
    assert len(packed.data) <= 12 * 1024
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2
    assert visitor.get(address.replace("panel.css", "nothing.css")).status_code == 404


# The number


def _answers(desk: Desk, visitor: Visitor) -> Iterator[tuple[str, TestResponse]]:
    line, task = desk.road.report(), desk.road.call_backs()[0]
    yield from _pages(desk, visitor)
    report = f"/admin/reports/{line.id}"
    yield "find", visitor.post(f"{report}/decide", find="1", place_words="konna")
    yield "count", visitor.post(f"{report}/reply", count="1", text="Merci")
    yield "empty", visitor.post(f"{report}/reply", text="")
    yield "decide", visitor.post(f"{report}/decide", kind="need", urgency="2")
    yield "reply", visitor.post(f"{report}/reply", text="Merci")
    yield "set aside", visitor.post(f"{report}/set-aside", reason="test")
    yield "take back", visitor.post(f"{report}/take-back")
    yield "report", visitor.get(report)
    yield "done", visitor.post(f"/admin/call-backs/{task.id}/done")
    yield "audit", visitor.get("/admin/audit")


@sqlite_is_enough
def test_a_number_stands_nowhere_but_in_the_audited_answer(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    phone.says("le puits de Konna est sec")
    phone.bips()
    task = desk.road.call_backs()[0]
    shown = visitor.post(f"/admin/call-backs/{task.id}/number")
    assert _NUMBER in shown.text
    assert (desk.audit()[0].action, desk.audit()[0].subject) == ("call_back.shown", str(task.id))
    for what, answer in _answers(desk, visitor):
        assert _NUMBER not in answer.text, what
        assert _NUMBER not in str(answer.headers), what


# Words


@pytest.mark.parametrize(
    ("shown", "enum"),
    [
        (labels.KINDS, Kind),
        (labels.STATUSES, ReportStatus),
        (labels.DELIVERIES, OutboxStatus),
        (labels.ACTIONS, Action),
    ],
)
def test_every_word_of_the_code_has_a_label(shown: dict[str, object], enum: Callable[[], Iterator[str]]) -> None:
    assert set(shown) == set(enum)  # type: ignore[call-overload]


@sqlite_is_enough
@pytest.mark.parametrize(
    ("asked", "tag", "word"),
    [
        ("", "fr", "Se connecter"),
        ("en", "en", "Sign in"),
        ("de, en;q=0.5", "en", "Sign in"),
        ("zh", "fr", "Se connecter"),
    ],
)
def test_a_page_speaks_french_first_and_english_if_asked(desk: Desk, asked: str, tag: str, word: str) -> None:
    headers = {"Accept-Language": asked}
    page = desk.visitor().client.get("/admin/sign-in", base_url=desk.base, headers=headers).text
    assert f'<html lang="{tag}">' in page
    assert word in page


def test_a_member_s_language_is_kept_with_the_member(desk: Desk) -> None:
    staff_id = desk.make("awa", "triage")
    desk.let_in(staff_id).post("/admin/language", language="en")
    assert '<html lang="en">' in desk.let_in(staff_id).get("/admin/inbox").text


@sqlite_is_enough
def test_a_language_that_the_panel_has_not_changes_nothing(visitor: Visitor) -> None:
    visitor.post("/admin/language", language="tlh")
    assert '<html lang="fr">' in visitor.get("/admin/inbox").text


@sqlite_is_enough
def test_an_english_page_has_no_french(desk: Desk, phone: Phone) -> None:
    phone.says("le puits est sec")
    visitor = desk.let_in(desk.make("awa", *_ALL, language="en"))
    # The titles of the seats are the official ones, in French.
    with desk.road.store.reading() as session:
        titles = [body.title for body in committee.bodies(session)]
    by_browser = {"/admin/sign-in", "/admin/nothing", "sign in", "half way", "/admin/committee"}
    for path, answer in _pages(desk, visitor):
        words = " ".join(_Reader(answer.text).words_in.get("en", []))
        for french in ("Français", "le puits est sec", *titles):
            words = words.replace(french, "")
        assert not re.search(r"[éèêàçœ]", words) or path in by_browser, path


@sqlite_is_enough
def test_an_error_comes_in_words_and_with_a_way_on_while_the_database_is_away(
    desk: Desk, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreAway("the database can't be reached")

    monkeypatch.setattr(desk.road.store.engine, "connect", away)
    answer = visitor.get("/admin/inbox")
    assert answer.status_code == 503
    assert "Attendez une minute" in answer.text
