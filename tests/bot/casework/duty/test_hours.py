"""When the desk is staffed: what somebody sets holds from its day on, and the past stays as it was."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from bot import staff
from bot.casework.duty import hours
from bot.casework.duty.hours import Dated, Hours, KnownHours, NoHours, Span, follow_hours
from bot.conversation import Reading
from bot.store import Store
from bot.store.audit import newest
from bot.store.following import Follower
from tests.chat import Road
from tests.words import is_closing

#: A Wednesday.
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def secretary(store: Store) -> UUID:
    """Who sets them."""
    with store.writing() as session:
        return staff.make(session, NOW, "command", "awa", "Awa", "x", ["secretary"])


def _set(store: Store, who: UUID, *wanted: Dated, now: datetime = NOW) -> Hours:
    with store.writing() as session:
        for each in wanted:
            hours.change(session, now, who, each)
    with store.reading() as session:
        return hours.hours(session)


def test_a_desk_that_has_set_nothing_is_staffed_from_7_to_19_every_day() -> None:
    usual = Hours()
    assert [usual.of(TODAY + timedelta(days=each)) for each in range(7)] == [Span(7, 19)] * 7
    staffed = [hour for hour in range(24) if usual.staffed(NOW.replace(hour=hour))]
    assert staffed == list(range(7, 19))


def test_a_weekday_changes_from_its_day_on_and_not_before(store: Store, secretary: UUID) -> None:
    found = _set(store, secretary, Dated(TODAY, Span(8, 12), weekday=2), Dated(date(2026, 12, 9), None, weekday=2))
    wednesdays = [found.of(TODAY + timedelta(weeks=each)) for each in (-1, 0, 1, 2, 3)]
    assert wednesdays == [Span(7, 19), Span(8, 12), Span(8, 12), None, None]
    assert found.of(TODAY + timedelta(days=1)) == Span(7, 19)


def test_a_holiday_wins_over_its_weekday_until_it_is_taken_back(store: Store, secretary: UUID) -> None:
    tabaski = date(2026, 11, 27)
    found = _set(store, secretary, Dated(TODAY, Span(8, 12), weekday=4), Dated(tabaski, None, name="Tabaski"))
    assert (found.of(tabaski), found.days[tabaski].name) == (None, "Tabaski")
    assert _set(store, secretary, Dated(tabaski, Span(9, 10), name="Tabaski")).of(tabaski) == Span(9, 10)
    with store.writing() as session:
        hours.take_back(session, NOW, secretary, tabaski)
        hours.take_back(session, NOW, secretary, date(2026, 12, 1))
    with store.reading() as session:
        assert hours.hours(session).of(tabaski) == Span(8, 12)
        assert [entry.action for entry in newest(session, 10)].count("hours.changed") == 4


@pytest.mark.parametrize(
    "wanted",
    [
        Dated(date(2026, 11, 24), None),
        Dated(date(2028, 1, 1), None),
        Dated(TODAY, Span(12, 12)),
        Dated(TODAY, Span(19, 7)),
        Dated(TODAY, Span(0, 25)),
        Dated(TODAY, Span(7, 19), weekday=7),
        Dated(TODAY, None, name="x" * 41),
    ],
)
def test_hours_that_are_none_are_refused(store: Store, secretary: UUID, wanted: Dated) -> None:
    with pytest.raises(NoHours):
        _set(store, secretary, wanted)


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("2026-11-25 07:00", Reading(7, 19)),
        ("2026-11-25 18:59", Reading(7, 19)),
        ("2026-11-25 06:59", Reading(7, 19, "25/11")),
        ("2026-11-25 19:00", Reading(7, 19, "26/11")),
        ("2026-11-26 19:00", Reading(9, 13, "28/11")),
        ("2026-11-27 12:00", Reading(9, 13, "28/11")),
        ("2026-11-28 12:00", Reading(9, 13)),
    ],
)
def test_who_reads_when_is_said_by_the_hours_of_the_desk(moment: str, says: Reading) -> None:
    own = Hours.of_rows([Dated(date(2026, 11, 28), Span(9, 13), weekday=5), Dated(date(2026, 11, 27), None)])
    assert own.reading(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == says


def test_every_process_follows_and_the_phone_hears_it(road: Road) -> None:
    with road.store.writing() as session:
        who = staff.make(session, road.now, "command", "awa", "Awa", "x", ["secretary"])
    road.now = road.now.replace(hour=12)
    known = KnownHours()
    follower = Follower(road.store, follow_hours(known))
    assert _closing_of(road, known, "76000001").startswith("Une personne lit tout, de 7h à 19h.")
    _set(road.store, who, Dated(road.now.date(), Span(6, 22), weekday=road.now.weekday()), now=road.now)
    assert follower.look()
    assert _closing_of(road, known, "76000002").startswith("Une personne lit tout, de 6h à 22h.")
    _set(road.store, who, Dated(road.now.date(), None, name="Tabaski"), now=road.now)
    assert follower.look()
    tomorrow = (road.now + timedelta(days=1)).strftime("%d/%m")
    assert _closing_of(road, known, "76000003").startswith(f"Une personne le lira le {tomorrow} dès 7h.")
    assert not follower.look()


def _closing_of(road: Road, known: KnownHours, number: str) -> str:
    road.hours.now = known.now
    phone = road.phone(number)
    for text in ("le puits est sec", "1", "2", "Konna", "0"):
        phone.says(text)
    assert is_closing(phone.hears)
    return phone.hears.partition(". ")[2]


def test_a_talk_that_began_by_day_ends_in_the_words_of_its_beginning(road: Road) -> None:
    road.now = road.now.replace(hour=18, minute=50)
    phone = road.phone()
    phone.says("le puits est sec")
    road.later(minutes=20)
    for text in ("1", "2", "Konna", "0"):
        phone.says(text)
    assert "de 7h à 19h" in phone.hears
    phone.says("et l'eau est sale aussi")
    assert "dès 7h" in phone.hears, "what the desk itself answers knows the hour"
