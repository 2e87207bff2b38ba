"""Delays count staffed hours alone, and are the desk's to set."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot import staff
from bot.casework.duty import targets
from bot.casework.duty.hours import Dated, Hours, Span
from bot.casework.duty.targets import NoTarget, due
from bot.store import Store


@pytest.mark.parametrize(
    ("made", "minutes", "then"),
    [
        ("2026-11-25 09:00", 15, "2026-11-25 09:15"),
        ("2026-11-25 18:50", 15, "2026-11-26 07:05"),
        ("2026-11-25 22:00", 15, "2026-11-26 07:15"),
        ("2026-11-25 03:00", 120, "2026-11-25 09:00"),
        ("2026-11-25 09:00", 720, "2026-11-26 09:00"),
        ("2026-11-25 19:00", 720, "2026-11-26 19:00"),
        ("2026-11-25 07:00", 2160, "2026-11-27 19:00"),
    ],
)
def test_only_staffed_hours_count(made: str, minutes: int, then: str) -> None:
    assert due(_at(made), minutes, Hours()) == _at(then)


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


#: From Thursday 26 November on closed on Sundays, and on Saturdays open from 9 to 13; Friday is a holiday.
_OWN = Hours.of_rows(
    [
        Dated(date(2026, 11, 26), None, weekday=6),
        Dated(date(2026, 11, 26), Span(9, 13), weekday=5),
        Dated(date(2026, 11, 27), None, name="Maouloud"),
    ]
)


@pytest.mark.parametrize(
    ("made", "minutes", "then"),
    [
        ("2026-11-22 09:00", 15, "2026-11-22 09:15"),
        ("2026-11-26 18:50", 15, "2026-11-28 09:05"),
        ("2026-11-28 12:50", 15, "2026-11-30 07:05"),
        ("2026-11-27 09:00", 240, "2026-11-28 13:00"),
        ("2026-11-27 09:00", 241, "2026-11-30 07:01"),
    ],
)
def test_the_hours_are_those_that_the_desk_has_set(made: str, minutes: int, then: str) -> None:
    assert due(_at(made), minutes, _OWN) == _at(then)


def test_a_desk_that_never_opens_is_late_with_nothing() -> None:
    never = Hours.of_rows([Dated(date(2026, 1, 1), None, weekday=weekday) for weekday in range(7)])
    assert due(_at("2026-11-25 09:00"), 15, never) > _at("2030-01-01 00:00")


def test_a_desk_sets_its_own_and_the_newest_counts(store: Store) -> None:
    now = datetime(2026, 11, 25, 9, tzinfo=UTC)
    with store.writing() as session:
        who = staff.make(session, now, "command", "awa", "Awa", "x", ["secretary"])
        assert targets.targets(session) == {1: 15, 2: 120, 3: 720, 4: 2160}
        for minutes in (30, 20):
            targets.change(session, now, who, 1, minutes)
        assert targets.targets(session)[1] == 20
        for urgency, minutes in ((0, 10), (5, 10), (1, 0), (1, 10**6)):
            with pytest.raises(NoTarget):
                targets.change(session, now, who, urgency, minutes)


@pytest.mark.parametrize("hours", [Hours(), _OWN])
@pytest.mark.parametrize("minutes", [15, 120, 720, 2160])
def test_what_came_before_the_late_moment_is_due_and_nothing_else(hours: Hours, minutes: int) -> None:
    for moment in ("2026-11-25 09:00", "2026-11-28 03:00", "2026-11-30 12:13", "2026-11-30 07:05", "2026-12-06 23:00"):
        now = _at(moment)
        edge = targets.late_before(now, minutes, hours)
        assert due(edge - timedelta(seconds=1), minutes, hours) <= now
        assert due(edge + timedelta(seconds=1), minutes, hours) > now


def test_for_a_desk_that_never_opened_nothing_is_late() -> None:
    never = Hours.of_rows([Dated(date(2020, 1, 1), None, weekday=day) for day in range(7)])
    assert targets.late_before(_at("2026-11-25 09:00"), 15, never) < _at("2000-01-01 00:00")
