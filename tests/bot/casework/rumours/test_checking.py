"""Rumours: where they are heard, who was asked; nothing is confirmed before two sources say the same."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.casework import desk, incidents
from bot.casework.desk import Line
from bot.casework.keeping import retention
from bot.casework.rumours import checking
from bot.casework.rumours.checking import Rumour, Sighting
from bot.conversation.kinds import Kind
from bot.errors import NotAllowed
from bot.store import audit
from bot.store.audit import Action
from bot.store.tables import ReportStatus, Says, Through, Veracity, rumour_check, sighting
from bot.store.types import new_id
from tests.bot.casework.checks import checker, find_out
from tests.bot.casework.clerk import TAKEN, Clerk, times
from tests.chat import TRUSTED, Road

KONNA, BONI = "kun:mopti/mopti/konna", "kun:mopti/douentza/boni"
TOLD = "on dit que le marche de Konna est ferme"


def _asks(road: Road, number: str, *said: str) -> Line:
    before = {line.id for line in road.reports()}
    phone = road.phone(number)
    for text in said or ("bonjour", "5", TOLD, "3", "1"):
        phone.says(text)
    (line,) = [line for line in road.reports() if line.id not in before]
    return line


@pytest.fixture
def clerk(road: Road) -> Clerk:
    """Somebody of the desk."""
    return checker(road)


@pytest.fixture
def rumour(clerk: Clerk, road: Road) -> UUID:
    """A rumour that one telephone asked about."""
    incident_id: UUID = clerk.does(incidents.join, _asks(road, "76000001").id, [])
    return incident_id


def _listed(road: Road, veracity: Veracity | None = None) -> list[Rumour]:
    with road.store.reading() as session:
        return checking.listed(session, TRUSTED, veracity)


def _check(clerk: Clerk, rumour: UUID, source: str, says: Says = Says.FALSE) -> UUID:
    identity: UUID = clerk.does(checking.check, rumour, source=source, says=says, finding="appel de ce matin")
    return identity


# Where it is heard


def test_each_report_that_joins_is_a_sighting_with_what_it_was_heard_through(
    clerk: Clerk, road: Road, rumour: UUID
) -> None:
    second = _asks(road, "76000002", "bonjour", "5", TOLD, "0", "2")
    clerk.does(desk.confirm, second.id, kind=Kind.RUMOUR, place=BONI, urgency=3)
    clerk.does(incidents.join, second.id, [road.reports()[0].id])
    found: list[Sighting] = clerk.asks(checking.sightings, rumour)
    assert [(each.place, each.through, each.words) for each in found] == [
        (BONI, None, TOLD),
        (KONNA, Through.RADIO, TOLD),
    ]
    assert found[0].report_id == second.id


def test_the_desk_notes_what_a_radio_or_a_caller_says_and_takes_it_back(clerk: Clerk, road: Road, rumour: UUID) -> None:
    before = road.now - timedelta(days=2)
    noted = clerk.does(
        checking.sight, rumour, through=Through.RADIO, place=BONI, heard_at=before, words="le marche serait ferme"
    )
    *_, oldest = clerk.asks(checking.sightings, rumour)
    assert (oldest.place, oldest.through, oldest.at, oldest.words) == (
        BONI,
        Through.RADIO,
        before,
        "le marche serait ferme",
    )
    (listed,) = _listed(road)
    assert (listed.sightings, listed.since, listed.told) == (2, before, TOLD)
    assert dict(listed.places) == {KONNA: 1, BONI: 1}
    with road.store.reading() as session:
        assert checking.places_of(session, rumour) == [BONI, KONNA]
        (sealed,) = session.run(select(sighting.c.words)).scalars()
    assert b"marche" not in sealed
    clerk.does(checking.take_back_sighting, rumour, noted)
    assert [each.sightings for each in _listed(road)] == [1]
    with pytest.raises(NotAllowed):
        clerk.does(checking.take_back_sighting, rumour, noted)
    assert (times(road, Action.SIGHTING_NOTED), times(road, Action.SIGHTING_WITHDRAWN)) == (1, 1)


def test_what_was_forgotten_is_a_sighting_without_words(clerk: Clerk, road: Road, rumour: UUID) -> None:
    road.phone("76000001").says("oubliez-moi")
    (found,) = clerk.asks(checking.sightings, rumour)
    assert (found.through, found.words) == (None, None)
    assert [(each.sightings, each.told) for each in _listed(road)] == [(1, None)]


# What sources say


@pytest.mark.parametrize(
    ("veracity", "says"), [(Veracity.CONFIRMED_TRUE, Says.TRUE), (Veracity.CONFIRMED_FALSE, Says.FALSE)]
)
def test_nothing_is_confirmed_before_two_sources_say_so(
    clerk: Clerk, road: Road, rumour: UUID, veracity: Veracity, says: Says
) -> None:
    other = Says.TRUE if says is Says.FALSE else Says.FALSE

    def refused() -> bool:
        with pytest.raises(NotAllowed):
            clerk.does(incidents.judge, rumour, veracity)
        return road.report().veracity is Veracity.NEW

    assert refused()
    _check(clerk, rumour, "mairie de Konna", says)
    assert refused(), "one source is not two"
    _check(clerk, rumour, "La Mairie de KONNA", says)
    assert refused(), "the same body asked twice is one"
    _check(clerk, rumour, "gendarmerie de Mopti", other)
    _check(clerk, rumour, "chef de village", Says.UNSURE)
    assert refused(), "the second says something else"
    _check(clerk, rumour, "radio Jamana", says)
    clerk.does(incidents.judge, rumour, veracity)
    assert road.report().veracity is veracity


@pytest.mark.parametrize(
    "veracity", [each for each in Veracity if not each.startswith("confirmed") and each is not Veracity.NEW]
)
def test_what_is_not_confirmed_needs_no_source(clerk: Clerk, road: Road, rumour: UUID, veracity: Veracity) -> None:
    clerk.does(incidents.judge, rumour, veracity)
    assert road.report().veracity is veracity


@pytest.mark.parametrize("source", ["Amadou Diallo", "76 12 34 56", "l'imam Dicko", "", "..."])
def test_a_source_is_never_a_person(clerk: Clerk, rumour: UUID, source: str) -> None:
    with pytest.raises(NotAllowed):
        _check(clerk, rumour, source)


def test_what_confirms_is_taken_back_only_after_the_answer(clerk: Clerk, road: Road, rumour: UUID) -> None:
    find_out(road, rumour, Veracity.CONFIRMED_FALSE)
    first, _second = _checks(road, rumour)
    with pytest.raises(NotAllowed):
        clerk.does(checking.take_back_check, rumour, first.id)
    assert len(_checks(road, rumour)) == 2
    clerk.does(incidents.judge, rumour, Veracity.PROBABLY_FALSE)
    clerk.does(checking.take_back_check, rumour, first.id)
    assert len(_checks(road, rumour)) == 1
    with pytest.raises(NotAllowed):
        clerk.does(checking.take_back_check, rumour, first.id)


def _checks(road: Road, rumour: UUID) -> list[checking.Check]:
    with road.store.reading() as session:
        return checking.checks(session, rumour)


def test_who_was_asked_and_what_they_said_is_sealed_and_kept_with_its_author(
    clerk: Clerk, road: Road, rumour: UUID
) -> None:
    _check(clerk, rumour, "mairie de Konna")
    (found,) = _checks(road, rumour)
    assert (found.source, found.finding, found.says) == ("mairie de Konna", "appel de ce matin", Says.FALSE)
    assert (found.staff_id, found.at) == (clerk.seat.staff_id, road.now)
    (row,) = road.rows(rumour_check.c.source, rumour_check.c.finding)
    assert b"mairie" not in row.source
    assert b"appel" not in row.finding


def test_every_state_stands_in_the_history_of_the_event(clerk: Clerk, road: Road, rumour: UUID) -> None:
    clerk.does(incidents.judge, rumour, Veracity.UNDER_CHECK)
    find_out(road, rumour, Veracity.CONFIRMED_FALSE)
    with road.store.reading() as session:
        timeline = audit.timeline(session, rumour)
    judged = [entry.detail["veracity"] for entry in timeline if entry.action is Action.INCIDENT_JUDGED]
    assert judged == [Veracity.UNDER_CHECK, Veracity.CONFIRMED_FALSE]


# Lists and events


def test_rumours_are_listed_by_state_and_those_without_an_event_apart(clerk: Clerk, road: Road, rumour: UUID) -> None:
    alone = _asks(road, "76000002")
    told = _asks(road, "76000003", "vol de boeufs a Konna", "1", "2")
    clerk.does(incidents.join, told.id, [])
    taken = _asks(road, "76000004", "bonjour", "5", TAKEN, "1", "1")
    assert [each.id for each in _listed(road)] == [rumour]
    assert [each.id for each in _listed(road, Veracity.NEW)] == [rumour]
    assert _listed(road, Veracity.UNDER_CHECK) == []
    assert [line.id for line in clerk.asks(checking.unopened)] == [alone.id]
    assert taken.id not in {line.id for line in Clerk(road, TRUSTED).asks(checking.unopened)}
    clerk.does(desk.set_aside, alone.id, "test")
    assert clerk.asks(checking.unopened) == []


def test_what_is_known_of_two_rumours_that_turn_out_to_be_one_is_known_of_that_one(
    clerk: Clerk, road: Road, rumour: UUID
) -> None:
    second = _asks(road, "76000002")
    newer: UUID = clerk.does(incidents.join, second.id, [])
    clerk.does(checking.sight, newer, through=Through.CROWD, place=BONI, heard_at=road.now, words="ferme, dit-on")
    clerk.does(checking.sight, newer, through=Through.PHONE, place=BONI, heard_at=road.now)
    find_out(road, newer, Veracity.CONFIRMED_FALSE)
    first = next(line for line in road.reports() if line.incident_id == rumour)
    assert clerk.does(incidents.join, second.id, [first.id]) == rumour
    assert {each.source for each in _checks(road, rumour)} == {"mairie de Konna", "gendarmerie de Mopti"}
    assert "ferme, dit-on" in {each.words for each in clerk.asks(checking.sightings, rumour)}
    assert {line.veracity for line in road.reports()} == {Veracity.CONFIRMED_FALSE}
    assert _checks(road, newer) == []


def test_of_a_rumour_that_is_not_there_nothing_is_noted(clerk: Clerk, road: Road) -> None:
    with pytest.raises(NotAllowed):
        _check(clerk, new_id(), "mairie de Konna")
    with pytest.raises(NotAllowed):
        clerk.does(checking.sight, new_id(), through=Through.RADIO, place=None, heard_at=road.now)


def test_the_words_of_sources_go_when_the_event_s_do(clerk: Clerk, road: Road, rumour: UUID) -> None:
    clerk.does(checking.sight, rumour, through=Through.RADIO, place=BONI, heard_at=road.now, words="ferme")
    _check(clerk, rumour, "mairie de Konna")
    clerk.does(incidents.close, rumour)
    road.later(days=200)
    retention.enforce(road.store, road.now)
    assert _checks(road, rumour) == []
    assert [each.words for each in clerk.asks(checking.sightings, rumour)] == [None, None]
    assert road.report().status is ReportStatus.CLOSED
    with pytest.raises(NotAllowed):
        _check(clerk, rumour, "mairie de Konna")
