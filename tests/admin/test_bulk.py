"""Several reports at once, from the inbox, with and without a script."""

import html
import re

import pytest
from werkzeug.test import TestResponse

from bot.conversation.kinds import Kind
from bot.store.tables import ReportStatus
from tests.desk import Desk, Visitor, form_token


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    """Somebody of the triage, with three reports in the inbox."""
    for number in range(3):
        desk.road.phone(f"7600001{number}").says("le puits de Konna est sec")
    return desk.enter("triage")


def _ticked(desk: Desk, visitor: Visitor, *, where: str = "", token: str = "", **fields: str) -> TestResponse:
    content = [("csrf_token", visitor.csrf()), ("token", token or form_token()), *fields.items()]
    content += [("report", str(line.id)) for line in desk.road.reports()]
    return visitor.client.post(
        f"/admin/reports/bulk{where}",
        base_url=desk.base,
        data={name: [each for key, each in content if key == name] for name, _ in content},
        headers={"Referer": f"{desk.base}/admin/inbox", "Accept-Language": "fr"},
    )


def test_the_inbox_has_a_box_for_each_report_and_one_form(desk: Desk, visitor: Visitor) -> None:
    page = visitor.get("/admin/inbox").text
    assert page.count('name="report" form="bulk"') == 3
    assert page.count('id="bulk"') == 1


def test_they_are_set_aside_and_taken_back(desk: Desk, visitor: Visitor) -> None:
    answer = _ticked(desk, visitor, act="set_aside", reason="duplicate", where="?kind=need")
    page = html.unescape(answer.text)
    assert "3 signalements sont mis de côté" in page
    assert 'href="/admin/inbox?kind=need"' in page
    assert {line.status for line in desk.road.reports()} == {ReportStatus.SET_ASIDE}
    assert page.count('name="report"') == 3
    assert "3 signalements sont repris" in _ticked(desk, visitor, act="undo").text
    assert {line.status for line in desk.road.reports()} == {ReportStatus.RECEIVED}
    assert desk.actions().count("report.set_aside") == desk.actions().count("report.taken_back") == 3


def test_undo_leaves_what_a_colleague_has_decided_since(desk: Desk, visitor: Visitor) -> None:
    _ticked(desk, visitor, act="set_aside", reason="duplicate")
    closed, aside, kept = (line.id for line in desk.road.reports())
    awa = desk.enter("secretary", username="awa")
    for report_id, act in ((closed, "close"), (aside, "set-aside")):
        page = f"/admin/reports/{report_id}"
        held_by = re.search(r'name="holder" value="([^"]+)"', awa.get(page).text)
        assert held_by
        awa.post(f"{page}/take-over", holder=held_by[1])
        awa.post(f"{page}/take-back")
        awa.post(f"{page}/{act}", reason="insult")
        awa.post(f"{page}/lock", leave="1")
    page = html.unescape(_ticked(desk, visitor, act="undo").text)
    assert "1 signalement est repris" in page
    assert "2 signalements sont restés tels quels" in page
    assert {line.id: line.status for line in desk.road.reports()} == {
        closed: ReportStatus.CLOSED,
        aside: ReportStatus.SET_ASIDE,
        kept: ReportStatus.RECEIVED,
    }


def test_they_are_decided_together_and_what_a_colleague_has_is_left(desk: Desk, visitor: Visitor) -> None:
    held = desk.road.reports()[0]
    desk.enter("secretary", username="awa").get(f"/admin/reports/{held.id}")
    page = html.unescape(_ticked(desk, visitor, act="decide", kind="service", urgency="4").text)
    assert "2 signalements sont décidés" in page
    assert "1 signalement est resté tel quel" in page
    assert re.search(rf'href="/admin/reports/{held.id}">[^§]*?Awa s\'en occupe', page)
    kinds = [line.kind for line in desk.road.reports()]
    assert sorted(kinds, key=str) == [None, Kind.SERVICE, Kind.SERVICE]


def test_they_are_joined_to_one_event(desk: Desk, visitor: Visitor) -> None:
    page = _ticked(desk, visitor, act="join").text
    assert "3 signalements sont joints" in page
    assert re.search(r'href="/admin/incidents/[^"]+"', page)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"act": "set_aside"}, "Choisissez pourquoi"),
        ({"act": "set_aside", "reason": "x"}, "Choisissez pourquoi"),
        ({"act": "decide", "kind": "need"}, "Choisissez une nature et une urgence"),
        ({"act": "decide", "kind": "x", "urgency": "1"}, "Choisissez une nature et une urgence"),
    ],
)
def test_what_is_missing_is_one_sentence_and_nothing_is_done(
    desk: Desk, visitor: Visitor, fields: dict[str, str], sentence: str
) -> None:
    assert _ticked(desk, visitor, where="?unread=1", **fields).headers["Location"] == "/admin/inbox?unread=1"
    assert sentence in html.unescape(visitor.get("/admin/inbox").text)
    assert {line.status for line in desk.road.reports()} == {ReportStatus.RECEIVED}


def test_a_form_without_a_tick_or_with_nonsense_is_refused(desk: Desk, visitor: Visitor) -> None:
    visitor.post("/admin/reports/bulk", act="join")
    assert "Cochez d'abord" in html.unescape(visitor.get("/admin/inbox").text)
    for fields in ({"act": "join", "report": "x"}, {"act": "burn", "report": str(desk.road.reports()[0].id)}):
        assert visitor.post("/admin/reports/bulk", **fields).status_code == 400
    one = visitor.post("/admin/reports/bulk", act="join", report=str(desk.road.reports()[0].id))
    assert one.status_code == 303


def test_a_form_that_is_sent_twice_says_so(desk: Desk, visitor: Visitor) -> None:
    token = form_token()
    for _ in range(2):
        page = html.unescape(_ticked(desk, visitor, token=token, act="set_aside", reason="duplicate").text)
    assert "c'était déjà fait" in page
    assert desk.actions().count("report.set_aside") == 3


def test_whoever_sends_them_to_the_closed_queue_does_not_hold_them_there(desk: Desk, visitor: Visitor) -> None:
    _ticked(desk, visitor, act="decide", kind="child", urgency="1")
    line = desk.road.reports()[0]
    assert visitor.get(f"/admin/reports/{line.id}").status_code == 404
    assert "travaille sur" not in desk.enter("closed_queue").get(f"/admin/reports/{line.id}").text
