"""The way to the committee: only a summary leaves triage, each seat sees its own, links open once."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bot import staff
from bot.casework import committee, desk, incidents, items
from bot.casework.items import Item, Tally
from bot.conversation.kinds import CLOSED, Kind
from bot.errors import NotAllowed, Stale
from bot.store.audit import Action
from bot.store.tables import ItemStatus, ReportStatus
from bot.store.types import new_id
from tests.bot.casework.clerk import Clerk, times
from tests.bot.casework.members import member_of_staff
from tests.chat import Phone, Road

RAW = "Amadou Diallo, 76123456, a vu le pont de Konna coupe"
SUMMARY = "Le pont de Konna est coupé."


@pytest.fixture
def event(usual: Clerk, road: Road, phone: Phone) -> UUID:
    """One report with a name in it, as an event with a summary."""
    for said in (RAW, "1", "2", "0", "0"):
        phone.says(said)
    usual = Clerk(road, usual.seat.__class__(member_of_staff(road, "clerk")))
    usual.does(desk.confirm, road.report().id, kind=Kind.DISASTER, place="kun:mopti/mopti/konna", urgency=2)
    incident_id: UUID = usual.does(incidents.join, road.report().id, [])
    usual.does(items.summarise, incident_id, SUMMARY, seen=None)
    return incident_id


@pytest.fixture
def clerk(road: Road, usual: Clerk) -> Clerk:
    """Somebody of the desk who is in the table of staff."""
    return Clerk(road, usual.seat.__class__(member_of_staff(road, "clerk")))


def _sits(road: Road, clerk: Clerk, username: str, code: str, *, deputy: bool = False) -> UUID:
    member = member_of_staff(road, username)
    clerk.does(committee.seat_down, code, member, deputy=deputy)
    return member


def _route(clerk: Clerk, road: Road, event: UUID, lead: str, *others: str) -> list[UUID]:
    due = road.now + timedelta(days=1)
    made: list[UUID] = clerk.does(
        items.route, event, lead=lead, contributors=others, request="Réparer le pont.", due_at=due
    )
    return made


def _own(road: Road, member: UUID) -> list[Item]:
    with road.store.reading() as session:
        return items.own(session, road.now, member)


def _steps(road: Road, item_id: UUID, status: ItemStatus, words: str = "") -> None:
    with road.store.writing() as session:
        items.step(session, road.now, "staff:x", item_id, status, words)


def test_a_seat_sees_the_summary_and_never_what_was_told(clerk: Clerk, road: Road, event: UUID) -> None:
    solidarity, other = _sits(road, clerk, "awa", "solidarity"), _sits(road, clerk, "ali", "justice")
    (item_id,) = _route(clerk, road, event, "solidarity")
    (found,) = _own(road, solidarity)
    assert (found.id, found.summary, found.request, found.lead) == (item_id, SUMMARY, "Réparer le pont.", True)
    assert "Amadou" not in repr(found)
    assert _own(road, other) == []
    with road.store.reading() as session:
        assert items.look(session, road.now, other, item_id) is None
        assert items.look(session, road.now, solidarity, new_id()) is None
    assert road.report().status is ReportStatus.ROUTED


@pytest.mark.parametrize("code", ["defence", "security"])
def test_defence_and_security_hear_of_a_need_for_protection_alone(
    clerk: Clerk, road: Road, event: UUID, code: str
) -> None:
    member = _sits(road, clerk, "ali", code)
    _route(clerk, road, event, code)
    (found,) = _own(road, member)
    assert (found.protection_only, found.summary, found.kind) == (True, None, Kind.DISASTER)
    assert SUMMARY not in repr(found)


def test_without_a_summary_nothing_leaves_triage(clerk: Clerk, road: Road, phone: Phone) -> None:
    phone.says(RAW)
    bare = clerk.does(incidents.join, road.report().id, [])
    with pytest.raises(NotAllowed):
        _route(clerk, road, bare, "solidarity")


def test_a_seat_is_asked_once_and_who_is_left_out_hears_nothing(clerk: Clerk, road: Road, event: UUID) -> None:
    local = _sits(road, clerk, "awa", "local")
    assert len(_route(clerk, road, event, "solidarity", "territory", "solidarity")) == 2
    assert len(_route(clerk, road, event, "solidarity", "women")) == 1
    assert _own(road, local) == []


def test_accept_then_done_and_the_report_is_in_hand(clerk: Clerk, road: Road, event: UUID) -> None:
    member = _sits(road, clerk, "awa", "solidarity")
    (item_id,) = _route(clerk, road, event, "solidarity")
    _steps(road, item_id, ItemStatus.ACCEPTED)
    assert road.report().status is ReportStatus.IN_HAND
    with pytest.raises(NotAllowed):
        _steps(road, item_id, ItemStatus.DONE, "  ")
    _steps(road, item_id, ItemStatus.DONE, "Le bac passe.")
    with pytest.raises(Stale):
        _steps(road, item_id, ItemStatus.ACCEPTED)
    assert [each.status for each in _own(road, member)] == [ItemStatus.DONE]
    with road.store.reading() as session:
        assert [(each.by_desk, each.text) for each in items.said_of(session, item_id)] == [
            (True, "Réparer le pont."),
            (False, "Le bac passe."),
        ]


def test_what_a_seat_asks_is_answered_and_it_goes_on(clerk: Clerk, road: Road, event: UUID) -> None:
    (item_id,) = _route(clerk, road, event, "solidarity")
    with pytest.raises(Stale):
        clerk.does(items.answer, item_id, "rien")
    _steps(road, item_id, ItemStatus.ASKED, "Depuis quand ?")
    clerk.does(items.answer, item_id, "Depuis lundi.")
    _steps(road, item_id, ItemStatus.ACCEPTED)
    clerk.does(items.withdraw, item_id)
    with pytest.raises(Stale):
        clerk.does(items.withdraw, item_id)


def test_who_comes_next_finds_the_items_of_the_seat(clerk: Clerk, road: Road, event: UUID) -> None:
    first = _sits(road, clerk, "awa", "solidarity")
    deputy = _sits(road, clerk, "ali", "solidarity", deputy=True)
    _route(clerk, road, event, "solidarity")
    second = _sits(road, clerk, "oumar", "solidarity")
    assert [len(_own(road, member)) for member in (first, deputy, second)] == [0, 0, 1]
    clerk.does(committee.stand_up, "solidarity", second)
    assert [len(_own(road, member)) for member in (second, deputy)] == [0, 1], "nobody holds it: the deputy does"
    with pytest.raises(NotAllowed):
        clerk.does(committee.seat_down, "no seat", first, deputy=False)


def test_a_college_has_several_holders(clerk: Clerk, road: Road) -> None:
    for username in ("awa", "ali"):
        _sits(road, clerk, username, "faiths")
    with road.store.reading() as session:
        assert [each.seat for each in committee.holders(session)] == ["faiths", "faiths"]


def test_the_rules_cover_every_kind_and_every_line_of_the_committee(road: Road) -> None:
    with road.store.reading() as session:
        bodies = committee.bodies(session)
        routes = {kind: committee.route_for(session, kind, 2) for kind in Kind if kind not in CLOSED}
        closed = [committee.route_for(session, kind, 1) for kind in CLOSED]
    named = {code for route in routes.values() for code in (route.lead, *route.contributors)}
    assert len(bodies) == 16
    assert sum(body.college for body in bodies) == 3
    assert named == {body.code for body in bodies}
    assert all(route.contributors == () for route in closed), "nothing of the closed queue is routed by a rule"


def test_what_is_overdue_climbs(clerk: Clerk, road: Road, event: UUID) -> None:
    (item_id,) = _route(clerk, road, event, "solidarity")
    seen = []
    for days in (0, 1.5, 1, 1, 6):
        road.later(days=days)
        with road.store.reading() as session:
            late = items.overdue(session, road.now)
        seen.append(late[0].overdue(road.now) if late else None)
    assert seen == [None, "seat", "deputy", "secretariat", "committee"]
    _steps(road, item_id, ItemStatus.DONE, "fait")
    with road.store.reading() as session:
        assert items.overdue(session, road.now) == []


def _waits(road: Road) -> list[UUID]:
    with road.store.reading() as session:
        found = [each.id for each in items.waiting(session, road.now)]
        assert items.count_waiting(session, road.now) == len(found)
    return found


def test_what_a_seat_asks_or_declines_waits_for_the_desk(clerk: Clerk, road: Road, event: UUID) -> None:
    for username, code in (("moussa", "solidarity"), ("awa", "territory"), ("kadia", "justice")):
        _sits(road, clerk, username, code)
    asking, declining = _route(clerk, road, event, "solidarity", "territory")
    assert _waits(road) == []
    _steps(road, asking, ItemStatus.ASKED, "Quel pont ?")
    road.later(minutes=1)
    _steps(road, declining, ItemStatus.DECLINED, "Pas nous.")
    assert _waits(road) == [asking, declining]
    clerk.does(items.answer, asking, "Celui de Konna.")
    assert _waits(road) == [declining]
    road.later(minutes=1)
    _route(clerk, road, event, "justice")
    assert _waits(road) == [], "it was sent on"


def test_what_nobody_can_read_waits_for_the_desk_until_a_link_leads_to_it(
    clerk: Clerk, road: Road, event: UUID
) -> None:
    member = _sits(road, clerk, "moussa", "solidarity")
    (sent,) = _route(clerk, road, event, "solidarity")
    assert _waits(road) == []
    clerk.does(committee.stand_up, "solidarity", member)
    assert _waits(road) == [sent]
    clerk.does(items.make_link, sent)
    assert _waits(road) == []
    clerk.does(items.end_link, sent)
    assert _waits(road) == [sent]
    clerk.does(incidents.close, event)
    assert _waits(road) == [], "the event is over"


def test_what_each_seat_had_and_did_is_counted_for_a_meeting(clerk: Clerk, road: Road, event: UUID) -> None:
    def tallies(begins: datetime) -> list[Tally]:
        with road.store.reading() as session:
            return items.tallies(session, road.now, begins)

    begins = road.now
    done, declined, taken_back, _still = _route(clerk, road, event, "justice", "youth", "women", "solidarity")
    assert [(each.sent, each.open) for each in tallies(begins)] == [(1, 1)] * 4
    road.later(days=2)
    _steps(road, done, ItemStatus.DONE, "Fait.")
    _steps(road, declined, ItemStatus.DECLINED, "Pas nous.")
    clerk.does(items.withdraw, taken_back)
    with road.store.reading() as session:
        titles = {body.code: body.title for body in committee.bodies(session)}
    assert tallies(begins) == [
        Tally(titles["justice"], sent=1, done=1, declined=0, open=0, late=0),
        Tally(titles["youth"], sent=1, done=0, declined=1, open=0, late=0),
        Tally(titles["solidarity"], sent=1, done=0, declined=0, open=1, late=1),
    ]
    late = Tally(titles["solidarity"], sent=0, done=0, declined=0, open=1, late=1)
    assert tallies(road.now + timedelta(seconds=1)) == [late], "what is open counts however long ago it was sent"


def test_a_deputy_finds_what_the_holder_is_a_day_late_with(clerk: Clerk, road: Road, event: UUID) -> None:
    holder = _sits(road, clerk, "awa", "solidarity")
    deputy = _sits(road, clerk, "ali", "solidarity", deputy=True)
    (item_id,) = _route(clerk, road, event, "solidarity")
    road.later(days=1.5)
    assert [len(_own(road, member)) for member in (holder, deputy)] == [1, 0]
    road.later(days=1)
    assert [len(_own(road, member)) for member in (holder, deputy)] == [1, 1]
    with road.store.reading() as session:
        assert items.look(session, road.now, deputy, item_id)
        levels = [len(items.overdue(session, road.now, level)) for _late, level in items.CLIMBS]
    assert levels == [1, 1, 0, 0]


def test_a_deputy_of_somebody_suspended_finds_all(clerk: Clerk, road: Road, event: UUID) -> None:
    holder = _sits(road, clerk, "awa", "solidarity")
    deputy = _sits(road, clerk, "ali", "solidarity", deputy=True)
    _route(clerk, road, event, "solidarity")
    with road.store.writing() as session:
        staff.change_rights(session, road.now, "command", holder, ["committee"], active=False)
    assert len(_own(road, deputy)) == 1


# Links


def _opens(road: Road, secret: str, device: str | None = None) -> tuple[items.Opened, str] | None:
    with road.store.writing() as session:
        return items.open_link(session, road.now, secret, device)


def test_a_link_opens_one_item_on_one_device(clerk: Clerk, road: Road, event: UUID) -> None:
    (item_id,) = _route(clerk, road, event, "solidarity")
    secret = clerk.does(items.make_link, item_id)
    opened = _opens(road, secret)
    assert opened
    assert opened[0].item.id == item_id
    assert _opens(road, secret, opened[1])
    assert _opens(road, secret) is None
    assert _opens(road, secret, "another device") is None
    assert times(road, Action.LINK_REFUSED) == 2
    assert _opens(road, "no such link", opened[1]) is None


def test_a_link_ends_with_its_time_by_the_desk_with_a_newer_one_and_with_the_item(
    clerk: Clerk, road: Road, event: UUID
) -> None:
    (item_id,) = _route(clerk, road, event, "solidarity")
    old = clerk.does(items.make_link, item_id)
    new = clerk.does(items.make_link, item_id)
    assert _opens(road, old) is None
    opened = _opens(road, new)
    assert opened
    clerk.does(items.end_link, item_id)
    assert _opens(road, new, opened[1]) is None, "not even on the device that had it"
    with pytest.raises(Stale):
        clerk.does(items.end_link, item_id)
    newest = clerk.does(items.make_link, item_id)
    clerk.does(items.withdraw, item_id)
    assert _opens(road, newest) is None
    (again,) = _route(clerk, road, event, "solidarity")
    late = clerk.does(items.make_link, again)
    road.later(hours=73)
    assert _opens(road, late) is None
