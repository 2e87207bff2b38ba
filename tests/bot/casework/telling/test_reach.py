"""Who may be written to, and from when."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.casework.telling.reach import CONVERSATION, IN_HAND, Not, Person, When, reach

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=9)


def _person(answer_needed: str | None = "today", call: str | None = None, **others: object) -> Person:
    told = {"closed_queue": False, "heard_at": LONG_AGO, **others}
    return Person(answer_needed, call, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (_person(heard_at=None), Not.GONE),
        (_person(stopped=True), Not.STOPPED),
        (_person("now", stopped=True), Not.STOPPED),
        (_person("none"), Not.NO_NEED),
        (_person("none", heard_at=NOON), Not.NO_NEED),
        (_person(None), Not.NOT_AGREED),
        (_person(None, heard_at=NOON - CONVERSATION - timedelta(minutes=1)), Not.NOT_AGREED),
        (_person("now", closed_queue=True), Not.SHELTERED),
        (_person("today", closed_queue=True, heard_at=NOON - CONVERSATION - timedelta(minutes=1)), Not.SHELTERED),
    ],
)
def test_who_did_not_agree_is_not_written_to(person: Person, why: Not) -> None:
    found = reach(NOON, person)
    assert (found.at, found.why) == (None, why)


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("ago", [IN_HAND * 2, timedelta(hours=23)])
def test_who_wrote_in_the_last_day_is_in_conversation(ago: timedelta, closed: bool) -> None:
    found = reach(NOON, _person(None, heard_at=NOON - ago, closed_queue=closed))
    assert (found.at, found.why) == (NOON, When.DAY)


@pytest.mark.parametrize(
    ("person", "hour", "at", "why"),
    [
        (_person("now"), 23, (24, 23), When.RIGHT_AWAY),
        (_person("today"), 23, (25, 7), When.DAY),
        (_person("week"), 5, (24, 7), When.DAY),
        (_person("week"), 18, (24, 18), When.DAY),
        (_person("week"), 19, (25, 7), When.DAY),
        (_person("today", "morning"), 12, (25, 7), When.NAMED),
        (_person("today", "morning"), 11, (24, 11), When.NAMED),
        (_person("today", "afternoon"), 8, (24, 12), When.NAMED),
        (_person("today", "evening"), 19, (24, 19), When.NAMED),
        (_person("today", "evening"), 20, (25, 17), When.NAMED),
        (_person("today", "no"), 20, (25, 7), When.DAY),
    ],
)
def test_it_goes_out_at_the_hour_that_they_named(person: Person, hour: int, at: tuple[int, int], why: When) -> None:
    found = reach(NOON.replace(hour=hour), person)
    assert found.at
    assert ((found.at.day, found.at.hour), found.why) == (at, why)


def test_who_has_the_phone_in_hand_hears_at_once_even_at_night() -> None:
    night = NOON.replace(hour=23)
    assert reach(night, _person(None, heard_at=night - IN_HAND)).why is When.IN_HAND
    later = reach(night, _person(None, heard_at=night - IN_HAND - timedelta(seconds=1)))
    assert (later.at, later.why) == (NOON.replace(day=25, hour=7), When.DAY)


def test_a_conversation_does_not_outlive_its_day_by_waiting_for_an_hour() -> None:
    """Who wrote on Monday at nine and named mornings may not be written to on Wednesday."""
    monday = NOON.replace(day=23, hour=9)
    evening = NOON.replace(day=23, hour=20)
    assert reach(evening, _person(None, "morning", heard_at=monday)).at == NOON.replace(day=24, hour=7)
    assert reach(evening, _person(None, "evening", heard_at=monday)).why is Not.NOT_AGREED
    assert reach(evening, _person("week", "evening", heard_at=monday)).at == NOON.replace(day=24, hour=17)
