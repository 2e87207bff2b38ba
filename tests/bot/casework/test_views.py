"""Saved views: one's own, twelve at most, deleted and brought back; never words of a search."""

import threading
from collections.abc import Callable

import pytest

from bot import staff
from bot.casework import views
from bot.casework.seats import Seat
from bot.casework.views import LONGEST_NAME, MOST, NoView, TooMany
from bot.errors import NotAllowed
from bot.store.audit import Action
from bot.store.tables import audit, saved_view
from tests.bot.casework.clerk import Clerk, times
from tests.chat import Road


@pytest.fixture
def hire(road: Road) -> Callable[[str], Clerk]:
    """Somebody new at the desk."""

    def make(name: str) -> Clerk:
        with road.store.writing() as session:
            identity = staff.make(session, road.now, "command", name, name.title(), "no password", ["triage"])
        return Clerk(road, Seat(identity))

    return make


@pytest.fixture
def awa(hire: Callable[[str], Clerk]) -> Clerk:
    """Who saves views."""
    return hire("awa")


def _names(clerk: Clerk) -> list[str]:
    return [view.name for view in clerk.asks(views.of)]


def test_a_view_is_kept_for_who_saved_it_and_nobody_else(awa: Clerk, hire: Callable[[str], Clerk], road: Road) -> None:
    awa.does(views.save, "  Mopti,   non lus ", {"place": "cod2025:ML05", "unread": "1"})
    (view,) = awa.asks(views.of)
    assert (view.name, view.query) == ("Mopti, non lus", {"place": "cod2025:ML05", "unread": "1"})
    moussa = hire("moussa")
    assert moussa.asks(views.of) == []
    for act in (views.remove, views.bring_back):
        with pytest.raises(NotAllowed):
            moussa.does(act, view.id)
    assert _names(awa) == ["Mopti, non lus"]
    assert "Mopti" not in repr(road.rows(saved_view)) + repr(road.rows(audit))


@pytest.mark.parametrize(
    ("name", "query"),
    [("", {"call": "1"}), ("  ", {"call": "1"}), ("x" * (LONGEST_NAME + 1), {"call": "1"}), ("a", {})],
)
def test_a_view_without_a_name_or_a_filter_is_none(awa: Clerk, name: str, query: dict[str, str]) -> None:
    with pytest.raises(NoView):
        awa.does(views.save, name, query)
    assert _names(awa) == []


def test_a_deleted_view_is_brought_back_for_a_while(awa: Clerk, road: Road) -> None:
    awa.does(views.save, "appels", {"call": "1"})
    (view,) = awa.asks(views.of)
    awa.does(views.remove, view.id)
    with road.store.reading() as session:
        assert [each.id for each in views.removed(session, road.now, awa.seat)] == [view.id]
    assert _names(awa) == []
    with pytest.raises(NotAllowed):
        awa.does(views.remove, view.id)
    awa.does(views.bring_back, view.id)
    assert _names(awa) == ["appels"]
    awa.does(views.remove, view.id)
    road.now += views.UNDO
    with pytest.raises(NotAllowed):
        awa.does(views.bring_back, view.id)
    awa.does(views.save, "autre", {"late": "1"})
    assert len(road.rows(saved_view.c.id)) == 1, "what can't be brought back is gone"
    assert times(road, Action.VIEW_DELETED) == 2


def test_there_is_room_for_twelve(awa: Clerk) -> None:
    for number in range(MOST):
        awa.does(views.save, f"vue {number}", {"call": "1"})
    with pytest.raises(TooMany):
        awa.does(views.save, "une de plus", {"call": "1"})
    first = awa.asks(views.of)[0]
    awa.does(views.remove, first.id)
    awa.does(views.save, "une de plus", {"call": "1"})
    with pytest.raises(TooMany):
        awa.does(views.bring_back, first.id)
    assert len(_names(awa)) == MOST


def test_two_saved_at_one_instant_are_not_thirteen(awa: Clerk) -> None:
    for number in range(MOST - 1):
        awa.does(views.save, f"vue {number}", {"call": "1"})
    refused: list[TooMany] = []

    def save() -> None:
        try:
            awa.does(views.save, "encore", {"call": "1"})
        except TooMany as full:
            refused.append(full)

    both = [threading.Thread(target=save) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert (len(_names(awa)), len(refused)) == (MOST, 1)
