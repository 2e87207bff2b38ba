"""The closed queue on the pages: nothing of it on any page of anybody else, and all of it for its officers."""

import html
import re
from collections.abc import Iterator
from uuid import UUID

import pytest

from bot.casework import search
from bot.store.tables import ReportStatus
from tests.admin.matrix import MATRIX, ROLES
from tests.chat import Phone
from tests.desk import Desk, Visitor

#: What a survivor told, with a word that nobody writes by chance.
CANARY = "zibrovanka"
TOLD = f"{CANARY} mon frere a ete enleve a Konna"
OTHERS = tuple(role for role in ROLES if role != "closed_queue")
sqlite_is_enough = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def hidden(desk: Desk, phone: Phone) -> UUID:
    """A report of the closed queue whose sender may be called, and an ordinary one beside it."""
    for said in (TOLD, "1", "1", "2"):
        phone.says(said)
    found = desk.road.report().id
    other = desk.road.phone("76000002")
    for said in ("le puits de Konna est sec", "1", "1", "2"):
        other.says(said)
    desk.road.later(seconds=5)
    return found


def _paths(desk: Desk, hidden: UUID) -> Iterator[str]:
    """Every page of the matrix, with the ids of what is there in every place where an id stands."""
    ids = [str(hidden), *(str(line.id) for line in desk.road.reports())]
    ids += [str(task.id) for task in desk.road.call_backs()]
    for method, rule in MATRIX:
        if method != "GET" or rule.startswith(("/admin/file", "/admin/second-factor", "/phone")):
            continue
        named = rule.replace("<tag>", "bm").replace("<secret>", "x").replace("<code>", "chair").replace("<key>", "x")
        if "<" not in named:
            yield named
        else:
            yield from (re.sub("<[^>]+>", each, named) for each in ids)
    yield from (f"/admin/inbox?status={status}" for status in ReportStatus)
    yield from (f"/admin/search?{query}" for query in (f"q={CANARY}", "q=enleve", "place=Konna", "kind=abduction"))
    yield "/admin/incidents?status=closed"
    yield "/admin/audit?check=1"


def _leaks(desk: Desk, visitor: Visitor, hidden: UUID) -> dict[str, str]:
    """By page, what stands there of the hidden report: its words, or its id where the address did not name it."""
    leaks = {}
    for path in _paths(desk, hidden):
        for headers in ({}, {"X_Fragment": "1"}):
            answer = visitor.get(path, **headers)
            page = answer.text.replace(path, "")
            if CANARY in page.lower() and f"q={CANARY}" not in path:
                leaks[path] = "words"
            elif f"/reports/{hidden}" in page:
                leaks[path] = "id"
    return leaks


@sqlite_is_enough
@pytest.mark.parametrize("role", OTHERS)
def test_no_page_of_anybody_else_shows_anything_of_it(desk: Desk, hidden: UUID, role: str) -> None:
    _index(desk)
    assert _leaks(desk, desk.enter(role), hidden) == {}


@sqlite_is_enough
def test_its_officers_find_it_on_the_same_walk(desk: Desk, hidden: UUID) -> None:
    """The negative control: the same walk finds what is there."""
    _index(desk)
    leaks = _leaks(desk, desk.enter("closed_queue"), hidden)
    assert leaks[f"/admin/reports/{hidden}"] == "words"
    assert {"/admin/closed", "/admin/inbox", "/admin/call-backs", "/admin/search?q=enleve"} <= set(leaks)


def _index(desk: Desk) -> None:
    """Let the clock index the words of what was told."""
    with desk.road.store.writing() as session:
        search.index_new(session)


_CHANGING = re.compile(
    r'(name="(csrf_token|token)" value="[^"]*"|datetime="[^"]*"|title="[^"]*"|\d+ (secondes?|minutes?))'
)


@sqlite_is_enough
@pytest.mark.parametrize("path", ["/admin/inbox", "/admin/inbox/changes", "/admin/incidents", "/admin/call-backs"])
def test_no_list_no_count_and_no_mark_of_others_changes_when_something_lands_there(
    desk: Desk, phone: Phone, path: str
) -> None:
    phone.says("le puits de Konna est sec")
    visitor, officer = desk.enter("triage"), desk.enter("closed_queue")
    before = [_CHANGING.sub("", each.get(path).text) for each in (visitor, officer)]
    other = desk.road.phone("76000002")
    for said in (TOLD, "1", "1", "2"):
        other.says(said)
    after = [_CHANGING.sub("", each.get(path).text) for each in (visitor, officer)]
    assert before[0] == after[0]
    assert before[1] != after[1] or path == "/admin/incidents"


def test_the_queue_has_a_page_of_its_own(desk: Desk, hidden: UUID) -> None:
    officer = desk.enter("closed_queue")
    page = html.unescape(officer.get("/admin/closed").text)
    assert f"/admin/reports/{hidden}" in page
    assert page.index("À appeler d'abord") < page.index("Numéros utiles")
    assert "80333" in page
    assert CANARY not in page, "a list on a screen does not show what was told"
    assert "Rien ici" in officer.get("/admin/closed?status=done").text


def test_what_is_released_is_new_for_the_desk_and_rings_like_any_other(desk: Desk, hidden: UUID) -> None:
    officer, triage = desk.enter("closed_queue"), desk.enter("triage")
    report = f"/admin/reports/{hidden}"
    officer.get(report)
    assert triage.get("/admin/inbox/changes").json["ringing"] == 0
    after = officer.post(f"{report}/release", why="word")
    assert "marqué nouveau" in html.unescape(officer.get(after.location).text)
    assert triage.get("/admin/inbox/changes").json["ringing"] == 1
    assert "travaille sur ce signalement" not in triage.get(report).text, "nobody has to take it over first"


def test_a_case_that_somebody_recognises_is_sent_there_in_one_act(desk: Desk, phone: Phone) -> None:
    phone.says("le puits est sec")
    report = f"/admin/reports/{desk.road.report().id}"
    triage, officer = desk.enter("triage"), desk.enter("closed_queue", "triage")
    assert "L'envoyer à la file confidentielle" in html.unescape(triage.get(report).text)
    answer = triage.post(f"{report}/shelter")
    assert answer.headers["Location"] == "/admin/inbox"
    assert triage.get(report).status_code == 404
    assert triage.post(f"{report}/shelter").status_code == 404
    assert officer.post(f"{report}/release", why="because").status_code == 422
    assert triage.post(f"{report}/release", why="mistake").status_code == 403
    officer.post(f"{report}/release", why="mistake")
    page = html.unescape(triage.get(report).text)
    assert "il a été envoyé ici par erreur" in page, "the timeline says why"
    officer.post(f"{report}/shelter")
    assert triage.get(report).status_code == 404
    assert desk.actions().count("report.sheltered") == 2
