"""The duty rota: who is on duty, what is missing, and every change back again."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bot import staff
from bot.casework.duty import rota
from bot.casework.duty.hours import Span
from bot.casework.duty.rota import Gap, Lack, Line, NoShift, Overlaps, Shift
from bot.casework.seats import Seat
from bot.errors import NotAllowed, Stale
from bot.store import Store
from bot.store.audit import newest
from tests.chat import Road

#: A Wednesday; the week began two days before.
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TODAY, MONDAY = NOW.date(), date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
MORNING, AFTERNOON = Span(7, 13), Span(13, 19)


class Office:
    """Some people, and a secretary who keeps the rota."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.awa = self._person("Awa", ["secretary"], ["fr", "bm"], as_woman=True)
        self.moussa = self._person("Moussa", ["triage"], ["fr"])
        self.fanta = self._person("Fanta", ["closed_queue"], ["fr", "ffm"], as_woman=True)
        self.seat = Seat(self.awa)

    def _person(self, name: str, roles: list[str], languages: list[str], *, as_woman: bool = False) -> UUID:
        with self.store.writing() as session:
            found = staff.make(session, NOW, "command", name, name, "x", roles)
            rota.set_profile(session, NOW, Seat(found), found, languages, as_woman=as_woman)
        return found

    def does(self, act: Callable[..., Any], *arguments: Any, now: datetime = NOW) -> Any:
        with self.store.writing() as session:
            return act(session, now, self.seat, *arguments)

    def puts(self, who: UUID, day: date = TODAY, span: Span = MORNING, line: Line = Line.DESK) -> None:
        self.does(rota.add, line, who, [day], span)

    def shifts(self, since: date = MONDAY) -> list[Shift]:
        with self.store.reading() as session:
            return rota.shifts(session, since)

    def rota(self, since: date = MONDAY) -> list[str]:
        """The week as text: day, hours and name."""
        return [f"{each.day:%a} {each.span.opens}-{each.span.closes} {each.person.name}" for each in self.shifts(since)]

    def undo(self) -> None:
        with self.store.reading() as session:
            change = rota.last_change(session, NOW)
        assert change
        self.does(rota.undo, change.id)

    def actions(self) -> list[str]:
        with self.store.reading() as session:
            return [entry.action for entry in newest(session, 100) if entry.action.startswith("shift.")]


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_somebody_is_on_duty_in_their_hours_and_in_no_other(office: Office) -> None:
    office.puts(office.awa)
    office.puts(office.moussa, span=AFTERNOON)

    def there(hour: int) -> list[str]:
        with office.store.reading() as session:
            present = rota.on_duty(session, NOW.replace(hour=hour), Line.DESK)
        return [each.person.name for each in present]

    assert [there(hour) for hour in (6, 7, 12, 13, 18, 19)] == [[], ["Awa"], ["Awa"], ["Moussa"], ["Moussa"], []]


@pytest.mark.parametrize("span", [Span(7, 7), Span(13, 7), Span(7, 25)])
def test_hours_that_are_none_are_refused(office: Office, span: Span) -> None:
    with pytest.raises(NoShift):
        office.puts(office.awa, span=span)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_day_that_has_passed_or_is_too_far_ahead_is_refused(office: Office, days: int) -> None:
    with pytest.raises(NoShift):
        office.puts(office.awa, TODAY + timedelta(days=days))
    assert office.rota() == []
    assert office.actions() == []


def test_nobody_is_on_duty_twice_at_one_time(office: Office) -> None:
    office.puts(office.awa)
    for span in (MORNING, Span(6, 8), Span(12, 14), Span(9, 10), Span(0, 24)):
        with pytest.raises(Overlaps):
            office.puts(office.awa, span=span)
    office.puts(office.awa, span=AFTERNOON)
    office.puts(office.moussa)


def test_the_closed_queue_has_a_line_of_its_own_for_its_officers_alone(office: Office) -> None:
    for who in (office.awa, office.moussa):
        with pytest.raises(NotAllowed):
            office.puts(who, line=Line.CLOSED_QUEUE)
    office.puts(office.fanta, line=Line.CLOSED_QUEUE)
    with office.store.reading() as session:
        assert [each.person.name for each in rota.on_duty(session, NOW, Line.CLOSED_QUEUE)] == ["Fanta"]
        assert rota.on_duty(session, NOW, Line.DESK) == []


def test_who_has_left_the_desk_leaves_a_gap(office: Office) -> None:
    office.puts(office.awa)
    with office.store.writing() as session:
        staff.change_rights(session, NOW, "command", office.awa, ["secretary"], active=False)
    with office.store.reading() as session:
        assert rota.on_duty(session, NOW, Line.DESK) == []
        assert [person.name for person in rota.people(session)] == ["Fanta", "Moussa"]
    assert [each.counts for each in office.shifts()] == [False]


def test_gaps_are_hours_without_anybody_a_woman_or_a_language(office: Office) -> None:
    office.puts(office.moussa, span=Span(8, 15))
    office.puts(office.awa, span=Span(12, 19))
    found = rota.gaps(Span(7, 19), office.shifts(), ["bm", "fr", "snk"])
    assert found == [
        Gap(Span(7, 8), Lack.NOBODY),
        Gap(Span(8, 12), Lack.WOMAN),
        Gap(Span(8, 12), Lack.LANGUAGE, "bm"),
        Gap(Span(8, 19), Lack.LANGUAGE, "snk"),
    ]
    assert rota.gaps(None, [], ["bm"]) == [], "a day on which the desk is closed lacks nobody"


def test_the_languages_are_those_of_the_last_thirty_days_and_of_each_line_its_own(road: Road) -> None:
    for number, (choice, text) in enumerate([("2", "le puits est sec"), ("1", "mon frere a ete enleve")]):
        phone = road.phone(f"7600000{number}")
        for said in (text, choice):
            phone.says(said)

    def heard(line: Line, days: int = 0) -> list[str]:
        with road.store.reading() as session:
            return rota.languages_heard(session, road.now + timedelta(days=days), line)

    assert (heard(Line.DESK), heard(Line.CLOSED_QUEUE)) == (["bm"], ["fr"])
    assert heard(Line.DESK, 29) == ["bm"]
    assert heard(Line.DESK, 31) == []


def test_two_people_swap(office: Office) -> None:
    office.puts(office.awa)
    office.puts(office.moussa, TOMORROW, AFTERNOON)
    one, other = office.shifts()
    office.does(rota.swap, one.id, other.id)
    assert office.rota() == ["Wed 7-13 Moussa", "Thu 13-19 Awa"]
    with pytest.raises(Stale):
        office.does(rota.swap, one.id, other.id)
    office.undo()
    assert office.rota() == ["Wed 7-13 Awa", "Thu 13-19 Moussa"]


def test_a_swap_that_can_not_be_changes_nothing(office: Office) -> None:
    office.puts(office.fanta, line=Line.CLOSED_QUEUE)
    office.puts(office.moussa)
    office.puts(office.awa)
    office.puts(office.moussa, span=Span(13, 15))
    office.puts(office.awa, span=Span(14, 19))
    before, actions = office.rota(), office.actions()
    of = {(each.person.name, each.span.opens): each.id for each in office.shifts()}
    for one, other, refusal in (
        (("Fanta", 7), ("Moussa", 7), NotAllowed),
        (("Awa", 7), ("Awa", 14), NotAllowed),
        (("Moussa", 7), ("Awa", 14), Overlaps),
    ):
        with pytest.raises(refusal):
            office.does(rota.swap, of[one], of[other])
    assert (office.rota(), office.actions()) == (before, actions)


def test_a_week_is_copied_into_the_next_where_there_is_room(office: Office) -> None:
    for day in (TODAY, TOMORROW):
        office.puts(office.awa, day)
    office.puts(office.fanta, line=Line.CLOSED_QUEUE)
    office.puts(office.awa, TODAY + rota.WEEK, Span(12, 19))
    assert office.does(rota.copy_week, MONDAY) == (2, 1)
    assert office.rota(MONDAY + rota.WEEK) == ["Wed 7-13 Fanta", "Wed 12-19 Awa", "Thu 7-13 Awa"]
    assert office.does(rota.copy_week, MONDAY) == (0, 3)
    office.undo()
    assert office.rota(MONDAY + rota.WEEK) == ["Wed 12-19 Awa"]


def test_a_week_that_has_passed_is_copied_for_the_days_that_are_still_to_come(office: Office) -> None:
    office.puts(office.awa)
    office.puts(office.awa, TOMORROW)
    later = NOW + timedelta(days=8)
    assert office.does(rota.copy_week, MONDAY, now=later) == (1, 1)


def test_changes_are_taken_back_the_newest_first(office: Office) -> None:
    office.puts(office.awa)
    office.puts(office.moussa, span=AFTERNOON)
    (first, _) = office.shifts()
    office.does(rota.remove, first.id)
    assert office.rota() == ["Wed 13-19 Moussa"]
    with pytest.raises(Stale):
        office.does(rota.undo, 1)
    office.undo()
    assert office.rota() == ["Wed 7-13 Awa", "Wed 13-19 Moussa"]
    office.undo()
    office.undo()
    assert office.rota() == []
    assert office.actions() == ["shift.undone"] * 3 + ["shift.removed", "shift.added", "shift.added"]


def test_after_a_day_a_change_stays(office: Office) -> None:
    office.puts(office.awa, TODAY + timedelta(days=3))
    with office.store.reading() as session:
        assert rota.last_change(session, NOW + timedelta(hours=25)) is None
    with pytest.raises(Stale):
        office.does(rota.undo, 1, now=NOW + timedelta(hours=25))


def test_a_shift_that_is_gone_or_past_can_not_be_removed(office: Office) -> None:
    office.puts(office.awa)
    (only,) = office.shifts()
    with pytest.raises(NoShift):
        office.does(rota.remove, only.id, now=NOW + timedelta(days=1))
    office.does(rota.remove, only.id)
    with pytest.raises(Stale):
        office.does(rota.remove, only.id)


def test_of_two_who_change_the_rota_at_the_same_instant_one_is_told(office: Office) -> None:
    came: list[str] = []
    ready = threading.Barrier(4)

    def put(hour: int) -> None:
        ready.wait()
        try:
            office.puts(office.awa, span=Span(7, 8 + hour))
            came.append("kept")
        except (Stale, Overlaps) as refusal:
            came.append(type(refusal).__name__)

    threads = [threading.Thread(target=put, args=(hour,)) for hour in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came.count("kept") == 1, "one person is never on duty twice at one time"
    assert len(office.shifts()) == 1
