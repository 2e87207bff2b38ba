"""Delays count staffed hours alone, and are the desk's to set."""

from datetime import UTC, datetime

import pytest

from bot.casework import targets
from bot.casework.targets import NoTarget, due
from bot.store import Store, staff


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
    assert due(datetime.fromisoformat(made).replace(tzinfo=UTC), minutes) == datetime.fromisoformat(then).replace(
        tzinfo=UTC
    )


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
