"""What somebody told is passed on unless they said no, and never if everybody did."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from bot.casework import consent, desk, incidents, items
from bot.casework.items import NoConsent
from bot.conversation.kinds import Kind
from bot.store.audit import Action
from bot.store.tables import ItemStatus, report
from tests.bot.casework.clerk import WELL, Clerk, times
from tests.bot.casework.members import member_of_staff
from tests.chat import USUAL, Phone, Road


@pytest.fixture
def clerk(road: Road) -> Clerk:
    """Somebody of the desk who is in the table of staff."""
    return Clerk(road, USUAL.__class__(member_of_staff(road, "clerk")))


@pytest.fixture
def event(clerk: Clerk, road: Road, phone: Phone) -> UUID:
    """An event that one telephone told of twice, and another once."""
    phone.says(WELL)
    road.later(hours=25)
    phone.says(WELL)
    road.phone("76000002").says(WELL)
    first, *others = road.reports()
    clerk.does(desk.confirm, first.id, kind=Kind.NEED, place=None, urgency=2)
    incident_id: UUID = clerk.does(incidents.join, first.id, [each.id for each in others])
    clerk.does(items.summarise, incident_id, "Le puits est sec.", seen=None)
    return incident_id


def _says(road: Road, number: int, answer: str | None) -> None:
    with road.store.writing() as session:
        session.run(update(report).where(report.c.id == road.reports()[number].id).values(consent=answer))


def _routes(clerk: Clerk, event: UUID) -> list[UUID]:
    due = clerk.road.now + timedelta(days=1)
    found: list[UUID] = clerk.does(items.route, event, lead="solidarity", contributors=[], request="Aider.", due_at=due)
    return found


@pytest.mark.parametrize("answer", [None, "asked", "yes"])
def test_who_was_not_asked_or_has_not_answered_counts_as_before(
    clerk: Clerk, road: Road, event: UUID, answer: str | None
) -> None:
    for number in range(3):
        _says(road, number, answer)
    assert len(_routes(clerk, event)) == 1


def test_a_telephone_that_said_no_says_so_of_all_it_told(clerk: Clerk, road: Road, event: UUID) -> None:
    _says(road, 0, "no")
    with road.store.reading() as session:
        assert consent.unwilling(session, event) == {line.id for line in road.reports()[:2]}
        assert not consent.forbids(session, event)
    assert len(_routes(clerk, event)) == 1, "the other one told of it, too"


def test_nothing_leaves_the_desk_when_everybody_said_no(clerk: Clerk, road: Road, event: UUID) -> None:
    (item_id,) = _routes(clerk, event)
    with road.store.writing() as session:
        items.step(session, road.now, "staff:x", item_id, ItemStatus.ASKED, "Où ?")
    _says(road, 1, "no")
    _says(road, 2, "no")
    with pytest.raises(NoConsent):
        _routes(clerk, event)
    with pytest.raises(NoConsent):
        clerk.does(items.make_link, item_id)
    with pytest.raises(NoConsent):
        clerk.does(items.answer, item_id, "Près du marché.")
    assert (times(road, Action.ITEM_SENT), times(road, Action.LINK_MADE)) == (1, 0)
    clerk.does(items.withdraw, item_id)


def test_a_no_outlives_forgetting(clerk: Clerk, road: Road, phone: Phone, event: UUID) -> None:
    _says(road, 0, "no")
    _says(road, 1, "no")
    phone.says("oubliez-moi")
    with road.store.reading() as session:
        assert len(consent.unwilling(session, event)) == 2


def test_an_event_that_nobody_tells_of_any_more_forbids_nothing(clerk: Clerk, road: Road, event: UUID) -> None:
    for line in road.reports():
        clerk.does(incidents.split, line.id)
    with road.store.reading() as session:
        assert not consent.forbids(session, event)
