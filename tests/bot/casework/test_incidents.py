"""Incidents: suggested with their reasons, joined and taken apart by hand; what is known goes to everybody who told."""

from uuid import UUID

import pytest

from bot.casework import desk, incidents
from bot.casework.desk import Line
from bot.casework.incidents import Counted
from bot.casework.sources import Source, source_of
from bot.casework.telling import telling
from bot.conversation.kinds import Kind
from bot.errors import NotAllowed, Stale
from bot.places.gazetteer import Gazetteer
from bot.store.audit import Action
from bot.store.tables import IncidentStatus, ReportStatus, Veracity
from tests.bot.casework.checks import find_out
from tests.bot.casework.clerk import TAKEN, Clerk, times
from tests.chat import Road

KONNA, MOPTI = "kun:mopti/mopti/konna", "kun:mopti/mopti/mopti"
RUMOUR = ("bonjour", "5")


def _tells(road: Road, number: str, *said: str) -> Line:
    before = {line.id for line in road.reports()}
    phone = road.phone(number)
    for text in said:
        phone.says(text)
    (line,) = [line for line in road.reports() if line.id not in before]
    return line


@pytest.fixture(autouse=True)
def _by_day(road: Road) -> None:
    road.now = road.now.replace(hour=10)


@pytest.fixture
def bridge(road: Road) -> list[Line]:
    """Two telephones tell of one bridge, a third of something else in the same commune."""
    return [
        _tells(road, "76000001", "le pont de Konna est coupe par la crue", "1", "2"),
        _tells(road, "76000002", "inondation a Konna, le pont ne passe plus", "1", "2"),
        _tells(road, "76000003", "vol de boeufs a Konna", "1", "2"),
    ]


def _suggested(clerk: Clerk, line: Line, gazetteer: Gazetteer) -> dict[UUID, tuple[str, ...]]:
    fresh = clerk.asks(desk.look, line.id)
    found = clerk.asks(incidents.suggest, fresh, gazetteer)
    return {each.line.id: each.alike.reasons for each in found}


def test_what_may_be_the_same_event_is_suggested_with_its_reasons(
    usual: Clerk, bridge: list[Line], gazetteer: Gazetteer
) -> None:
    first, second, theft = bridge
    found = _suggested(usual, first, gazetteer)
    assert next(iter(found)) == second.id, "the likeliest first"
    assert "place" in found[second.id]
    assert theft.id not in found or list(found).index(theft.id) > 0
    (told,) = [each for each in usual.asks(incidents.suggest, first, gazetteer) if each.line.id == second.id]
    assert told.alike.words == ("pont",), "what the place is called says nothing"


def test_days_later_or_far_away_is_another_event(usual: Clerk, road: Road, gazetteer: Gazetteer) -> None:
    first = _tells(road, "76000001", "le pont de Konna est coupe par la crue", "1", "2")
    far = _tells(road, "76000002", "le pont de Kayes est coupe par la crue", "1", "2")
    road.later(days=4)
    late = _tells(road, "76000003", "le pont de Konna est coupe par la crue", "1", "2")
    assert _suggested(usual, first, gazetteer) == {}
    assert {far.id, late.id}.isdisjoint(_suggested(usual, first, gazetteer))


def test_joined_reports_are_one_event_with_its_counts(usual: Clerk, road: Road, bridge: list[Line]) -> None:
    first, second, _ = bridge
    incident_id = usual.does(incidents.join, first.id, [second.id])
    road.later(minutes=1)
    road.phone("76000001").says("il y a aussi des malades au village maintenant")
    with road.store.reading() as session:
        assert incidents.count(session, incident_id) == Counted(2, 2, 0, ((KONNA, 2),))
        (found,) = incidents.listed(session, IncidentStatus.OPEN)
    assert (found.id, found.place, found.reports) == (incident_id, KONNA, 2)
    assert {line.id for line in usual.asks(incidents.reports_of, incident_id)} == {first.id, second.id}
    assert times(road, Action.REPORT_JOINED) == 2


def test_of_two_events_the_older_takes_all(usual: Clerk, road: Road, bridge: list[Line]) -> None:
    first, second, third = bridge
    old = usual.does(incidents.join, first.id, [])
    road.later(seconds=2)
    new = usual.does(incidents.join, second.id, [third.id])
    assert usual.does(incidents.join, third.id, [first.id]) == old
    assert len(usual.asks(incidents.reports_of, old)) == 3
    assert usual.asks(incidents.reports_of, new) == []


def test_a_report_is_taken_out_and_an_event_that_nobody_tells_of_is_over(
    usual: Clerk, road: Road, bridge: list[Line]
) -> None:
    first, second, _ = bridge
    incident_id = usual.does(incidents.join, first.id, [second.id])
    usual.does(incidents.split, second.id)
    assert [line.id for line in usual.asks(incidents.reports_of, incident_id)] == [first.id]
    usual.does(incidents.split, first.id)
    with pytest.raises(Stale):
        usual.does(incidents.split, first.id)
    with road.store.reading() as session:
        assert [each.id for each in incidents.listed(session, IncidentStatus.CLOSED)] == [incident_id]


def _told(road: Road, number: str) -> list[str]:
    telling.tell_all(road.store, road.now, road.talks, {road.wire.name: road.wire})
    road.deliver()
    return [note.text for note in road.wire.mailbox.take(number)]  # type: ignore[attr-defined]


def test_what_is_found_out_goes_to_all_and_to_who_asks_later(usual: Clerk, road: Road) -> None:
    said = (*RUMOUR, "on dit que le marche de Konna est ferme", "1", "1")
    first, second = (_tells(road, number, *said) for number in ("76000001", "76000002"))
    incident_id = usual.does(incidents.join, first.id, [second.id])
    find_out(road, incident_id, Veracity.CONFIRMED_FALSE)
    road.later(minutes=3)
    assert all("c'est faux" in _told(road, number)[-1] for number in ("76000001", "76000002"))
    later = _tells(road, "76000003", *said)
    usual.does(incidents.join, later.id, [first.id])
    road.later(minutes=3)
    assert "c'est faux" in _told(road, "76000003")[-1], "they did not have to wait for a second check"
    assert len(_told(road, "76000001")) == 1, "who knows it is not told again"


def test_two_answers_that_differ_are_checked_anew(usual: Clerk, road: Road) -> None:
    said = (*RUMOUR, "on dit que le marche de Konna est ferme", "1", "1")
    first, second = (_tells(road, number, *said) for number in ("76000001", "76000002"))
    events = [usual.does(incidents.join, line.id, []) for line in (first, second)]
    for event, veracity in zip(events, (Veracity.CONFIRMED_TRUE, Veracity.CONFIRMED_FALSE), strict=True):
        find_out(road, event, veracity)
    usual.does(incidents.join, first.id, [second.id])
    assert {line.veracity for line in road.reports()} == {Veracity.UNDER_CHECK}
    road.later(minutes=3)
    assert all(_told(road, number) == [] for number in ("76000001", "76000002"))


def test_of_what_is_taken_out_nothing_is_known(usual: Clerk, road: Road) -> None:
    said = (*RUMOUR, "on dit que le marche de Konna est ferme", "1", "1")
    first, second = (_tells(road, number, *said) for number in ("76000001", "76000002"))
    incident_id = usual.does(incidents.join, first.id, [second.id])
    find_out(road, incident_id, Veracity.CONFIRMED_FALSE)
    usual.does(incidents.split, second.id)
    assert usual.asks(desk.look, second.id).veracity is Veracity.NEW
    road.later(minutes=3)
    assert (len(_told(road, "76000001")), _told(road, "76000002")) == (1, [])


def test_an_event_that_people_ask_about_is_new_until_somebody_looks(usual: Clerk, road: Road) -> None:
    asked = _tells(road, "76000001", *RUMOUR, "le marche de Konna est ferme", "1", "1")
    told = _tells(road, "76000002", "vol de boeufs a Konna", "1", "2")
    events = [usual.does(incidents.join, line.id, []) for line in (asked, told)]
    usual.does(incidents.decide, events[1], kind=Kind.THEFT, place=KONNA, urgency=3)
    with road.store.reading() as session:
        found = [incidents.look(session, event) for event in events]
    assert [each.veracity for each in found if each] == [Veracity.NEW, None]
    usual.does(incidents.decide, events[1], kind=Kind.RUMOUR, place=KONNA, urgency=3)
    with road.store.reading() as session:
        now_asked = incidents.look(session, events[1])
    assert now_asked is not None
    assert now_asked.veracity is Veracity.NEW


def test_an_event_that_is_over_closes_its_reports_and_takes_no_more(
    usual: Clerk, road: Road, bridge: list[Line]
) -> None:
    first, second, third = bridge
    incident_id = usual.does(incidents.join, first.id, [second.id])
    usual.does(incidents.close, incident_id)
    assert {line.status for line in usual.asks(incidents.reports_of, incident_id)} == {ReportStatus.CLOSED}
    with pytest.raises(Stale):
        usual.does(incidents.join, third.id, [first.id])
    with pytest.raises(Stale):
        usual.does(incidents.close, incident_id)
    usual.does(incidents.reopen, incident_id)
    assert ReportStatus.CLOSED not in {line.status for line in usual.asks(incidents.reports_of, incident_id)}


def test_nothing_of_the_closed_queue_is_joined_or_suggested(
    usual: Clerk, trusted: Clerk, road: Road, bridge: list[Line], gazetteer: Gazetteer
) -> None:
    taken = _tells(road, "76000009", f"{TAKEN} a Konna", "1", "2")
    with pytest.raises(NotAllowed):
        trusted.does(incidents.join, bridge[0].id, [taken.id])
    with pytest.raises(NotAllowed):
        usual.does(incidents.join, bridge[0].id, [taken.id])
    assert taken.id not in _suggested(trusted, bridge[0], gazetteer)
    assert trusted.asks(incidents.suggest, taken, gazetteer) == []


@pytest.mark.parametrize("by", ["desk", "sender"])
def test_a_report_that_lands_in_the_closed_queue_leaves_its_event(
    usual: Clerk, trusted: Clerk, road: Road, bridge: list[Line], by: str
) -> None:
    first, second, _ = bridge
    incident_id = usual.does(incidents.join, first.id, [second.id])
    find_out(road, incident_id, Veracity.CONFIRMED_FALSE)
    if by == "desk":
        usual.does(desk.confirm, second.id, kind=Kind.CHILD, place=KONNA, urgency=1)
    else:
        road.phone("76000002").says(f"et puis {TAKEN}")
    assert [line.id for line in trusted.asks(incidents.reports_of, incident_id)] == [first.id]
    assert trusted.asks(desk.look, second.id).veracity is None, "it is no rumour any more"


def test_the_source_is_weighed_by_what_became_of_what_it_told(usual: Clerk, road: Road) -> None:
    def tells(said: str) -> Line:
        road.later(hours=30)
        return _tells(road, "76000001", said)

    first = _tells(road, "76000001", "vol de boeufs a Konna", "1", "2", "0", "0")
    with road.store.reading() as session:
        assert source_of(session, usual.seat, first.id) == Source()
    usual.does(desk.judge, first.id, Veracity.CONFIRMED_TRUE)
    usual.does(desk.judge, tells("le pont de Konna est coupe").id, Veracity.CONFIRMED_FALSE)
    for veracity in set(Veracity) - {Veracity.CONFIRMED_TRUE, Veracity.CONFIRMED_FALSE}:
        usual.does(desk.judge, tells("le marche de Konna est ferme").id, veracity)
    shared = tells("inondation a Konna ce matin")
    other = _tells(road, "76000002", "inondation a Konna", "1", "2")
    usual.does(incidents.join, shared.id, [other.id])
    newest = tells("le puits de Konna est sec")
    with road.store.reading() as session:
        source = source_of(session, usual.seat, newest.id)
    assert source == Source(earlier=8, true=1, false=1, corroborated=1)
    assert source.weight == 0


def test_what_many_say_is_no_truer_for_that(usual: Clerk, road: Road) -> None:
    said = (*RUMOUR, "on dit que le marche de Konna est ferme", "1", "1")
    first, second = (_tells(road, number, *said) for number in ("76000001", "76000002"))
    usual.does(incidents.join, first.id, [second.id])
    road.later(hours=30)
    newest = _tells(road, "76000001", "le puits de Konna est sec")
    with road.store.reading() as session:
        assert source_of(session, usual.seat, newest.id) == Source(earlier=1)
