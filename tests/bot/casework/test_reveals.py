"""Who told something is seen by one person, with a reason, when another allows it, for a quarter of an hour."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import update

from bot import staff
from bot.casework import reveals
from bot.casework.keeping import forgetting
from bot.casework.reveals import Reveal
from bot.casework.seats import Seat
from bot.errors import KunnafoniError, NotAllowed, Stale
from bot.store.audit import Action
from bot.store.tables import reveal
from tests.bot.casework.clerk import ATTACK, TAKEN, Clerk, times
from tests.chat import Phone, Road

WHY = "Il faut prévenir la mairie tout de suite."


@pytest.fixture
def two(road: Road) -> tuple[Clerk, Clerk]:
    """Two people of the desk."""
    with road.store.writing() as session:
        made = [staff.make(session, road.now, "command", name, name, "x", ["secretary"]) for name in ("awa", "ba")]
    return Clerk(road, Seat(made[0])), Clerk(road, Seat(made[1]))


def _look(clerk: Clerk, report_id: UUID) -> Reveal | None:
    with clerk.road.store.reading() as session:
        return reveals.own(session, clerk.road.now, clerk.seat, report_id)


def _waiting(clerk: Clerk) -> list[Reveal]:
    with clerk.road.store.reading() as session:
        return reveals.waiting(session, clerk.road.now, clerk.seat)


def test_one_asks_another_allows_and_it_ends_after_a_quarter_of_an_hour(
    two: tuple[Clerk, Clerk], phone: Phone, road: Road
) -> None:
    one, other = two
    phone.says(ATTACK)
    line = road.report()
    asked = one.does(reveals.ask, line.id, WHY)
    with pytest.raises(NotAllowed):
        one.does(reveals.number, asked)
    assert [(each.reason, each.report_id) for each in _waiting(other)] == [(WHY, line.id)]
    assert _waiting(one) == [], "nobody decides on their own wish"
    other.does(reveals.allow, asked)
    assert one.does(reveals.number, asked) == "sim:76000001"
    assert one.does(reveals.number, asked) == "sim:76000001"
    with pytest.raises(NotAllowed):
        other.does(reveals.number, asked)
    road.later(minutes=15)
    with pytest.raises(NotAllowed):
        one.does(reveals.number, asked)
    assert _look(one, line.id) is None
    steps = Action.IDENTITY_ASKED, Action.IDENTITY_ALLOWED, Action.IDENTITY_REVEALED
    assert [times(road, each) for each in steps] == [1, 1, 2]


def test_nobody_allows_or_refuses_what_they_asked_for(two: tuple[Clerk, Clerk], phone: Phone, road: Road) -> None:
    phone.says(ATTACK)
    asked = two[0].does(reveals.ask, road.report().id, WHY)
    for decision in (reveals.allow, reveals.refuse):
        with pytest.raises(NotAllowed):
            two[0].does(decision, asked)


def test_the_database_itself_refuses_a_self_made_second_person(
    two: tuple[Clerk, Clerk], phone: Phone, road: Road
) -> None:
    phone.says(ATTACK)
    asked = two[0].does(reveals.ask, road.report().id, WHY)
    values = {"status": "allowed", "decided_by": two[0].seat.staff_id, "decided_at": road.now}
    with pytest.raises(Exception, match="second_person"), road.store.writing() as session:
        session.run(update(reveal).where(reveal.c.id == asked).values(**values))


def test_what_was_refused_or_waited_too_long_stays_shut(two: tuple[Clerk, Clerk], phone: Phone, road: Road) -> None:
    one, other = two
    phone.says(ATTACK)
    line = road.report()
    refused = one.does(reveals.ask, line.id, WHY)
    other.does(reveals.refuse, refused)
    with pytest.raises(Stale):
        other.does(reveals.allow, refused)
    late = one.does(reveals.ask, line.id, WHY)
    road.later(days=1)
    with pytest.raises(Stale):
        other.does(reveals.allow, late)
    for each in (refused, late):
        with pytest.raises(NotAllowed):
            one.does(reveals.number, each)


@pytest.mark.parametrize("reason", ["", "urgent", "x" * 301])
def test_without_a_reason_nothing_is_asked(two: tuple[Clerk, Clerk], phone: Phone, road: Road, reason: str) -> None:
    phone.says(ATTACK)
    with pytest.raises(NotAllowed):
        two[0].does(reveals.ask, road.report().id, reason)


def test_the_closed_queue_is_asked_for_and_decided_on_by_its_own_people(
    two: tuple[Clerk, Clerk], phone: Phone, road: Road
) -> None:
    one, other = two
    phone.says(TAKEN)
    line = road.report()
    with pytest.raises(NotAllowed):
        one.does(reveals.ask, line.id, WHY)
    officer = Clerk(road, Seat(one.seat.staff_id, sees_closed=True))
    asked = officer.does(reveals.ask, line.id, WHY)
    assert _waiting(other) == []
    decisions: list[tuple[Callable[..., None], type[KunnafoniError]]] = [
        (reveals.allow, Stale),
        (reveals.refuse, Stale),
    ]
    for decision, failure in decisions:
        with pytest.raises(failure):
            other.does(decision, asked)
    Clerk(road, Seat(other.seat.staff_id, sees_closed=True)).does(reveals.allow, asked)
    assert officer.does(reveals.number, asked) == "sim:76000001"


def test_whoever_was_forgotten_is_nobody_to_ask_for(two: tuple[Clerk, Clerk], phone: Phone, road: Road) -> None:
    one, other = two
    phone.says(ATTACK)
    line = road.report()
    asked = one.does(reveals.ask, line.id, WHY)
    other.does(reveals.allow, asked)
    phone.says("oubliez-moi")
    with road.store.writing() as session:
        forgetting.finish(session)
    with pytest.raises(NotAllowed):
        one.does(reveals.number, asked)
    with pytest.raises(NotAllowed):
        one.does(reveals.ask, line.id, WHY)
    assert road.rows(reveal) == []
