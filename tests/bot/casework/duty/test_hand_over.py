"""Hand-over notes: sealed, shown until each has read them, and gone when their time is over."""

from pathlib import Path
from uuid import UUID

import pytest

from bot import staff
from bot.casework.duty import hand_over
from bot.casework.duty.hand_over import LONGEST, Note
from bot.casework.keeping import retention
from bot.casework.seats import Seat
from bot.errors import NotAllowed, Stale
from bot.store import rotation
from bot.store.audit import newest
from bot.store.sealing import save_keys
from bot.store.tables import hand_over as table
from bot.store.tables import hand_over_read
from tests.chat import Road

WORDS = "Rappeler la radio de Konna à 14 h."


class Shift:
    """Three people of the desk, one of whom sees the closed queue."""

    def __init__(self, road: Road) -> None:
        self.road = road
        self.awa, self.moussa, self.fanta = (self.comes(name) for name in ("awa", "moussa", "fanta"))
        self.fanta = Seat(self.fanta.staff_id, sees_closed=True)

    def comes(self, name: str) -> Seat:
        with self.road.store.writing() as session:
            return Seat(staff.make(session, self.road.now, "command", name, name.title(), "x", ["triage"]))

    def leaves(self, seat: Seat, text: str = WORDS, *, closed_queue: bool = False) -> None:
        self.road.later(minutes=1)
        with self.road.store.writing() as session:
            hand_over.write(session, self.road.now, seat, text, closed_queue=closed_queue)

    def finds(self, seat: Seat) -> list[Note]:
        with self.road.store.reading() as session:
            return hand_over.unread(session, seat)

    def reads(self, seat: Seat, note_id: UUID) -> None:
        with self.road.store.writing() as session:
            hand_over.read(session, self.road.now, seat, note_id)

    def earlier(self, seat: Seat) -> list[Note]:
        with self.road.store.reading() as session:
            return hand_over.earlier(session, seat)

    def actions(self) -> list[str]:
        with self.road.store.reading() as session:
            return [str(entry.action) for entry in newest(session, 100) if entry.action.startswith("hand_over")]


@pytest.fixture
def shift(road: Road) -> Shift:
    return Shift(road)


def test_each_finds_it_until_they_have_read_it_and_its_author_does_not(shift: Shift) -> None:
    shift.leaves(shift.awa)
    (note,) = shift.finds(shift.moussa)
    assert (note.text, note.author) == (WORDS, "Awa")
    assert shift.finds(shift.awa) == []
    for _ in range(2):
        shift.reads(shift.moussa, note.id)
    assert shift.finds(shift.moussa) == []
    assert [each.id for each in shift.finds(shift.fanta)] == [note.id]
    assert [each.readers for each in shift.earlier(shift.awa)] == [("Moussa",)]
    assert shift.actions() == ["hand_over.read", "hand_over.written"]


def test_who_comes_later_is_not_met_by_what_was_left_before(shift: Shift) -> None:
    shift.leaves(shift.awa)
    shift.road.later(minutes=1)
    newcomer = shift.comes("issa")
    assert shift.finds(newcomer) == []
    shift.leaves(shift.awa, "et ceci")
    assert [each.text for each in shift.finds(newcomer)] == ["et ceci"]
    assert [each.text for each in shift.earlier(newcomer)] == ["et ceci", WORDS]


def test_a_note_for_the_closed_queue_is_not_there_for_others(shift: Shift) -> None:
    with pytest.raises(NotAllowed):
        shift.leaves(shift.awa, closed_queue=True)
    shift.leaves(shift.fanta, closed_queue=True)
    (note,) = shift.earlier(shift.fanta)
    assert shift.finds(shift.moussa) == shift.earlier(shift.moussa) == []
    for seat in (shift.moussa, shift.awa):
        with pytest.raises(NotAllowed):
            shift.reads(seat, note.id)


@pytest.mark.parametrize("text", ["", "x" * (LONGEST + 1)])
def test_a_note_has_words_and_an_end(shift: Shift, text: str) -> None:
    with pytest.raises(NotAllowed):
        shift.leaves(shift.awa, text)


def test_its_author_and_nobody_else_takes_it_back(shift: Shift) -> None:
    shift.leaves(shift.awa)
    (note,) = shift.finds(shift.moussa)
    shift.reads(shift.moussa, note.id)
    with pytest.raises(Stale), shift.road.store.writing() as session:
        hand_over.withdraw(session, shift.road.now, shift.moussa, note.id)
    with shift.road.store.writing() as session:
        hand_over.withdraw(session, shift.road.now, shift.awa, note.id)
    assert shift.earlier(shift.awa) == []
    assert shift.road.rows(hand_over_read.c.staff_id) == []
    assert shift.actions()[0] == "hand_over.withdrawn"
    with pytest.raises(NotAllowed):
        shift.reads(shift.moussa, note.id)


def test_after_thirty_days_it_is_gone_with_its_key_and_who_read_it(shift: Shift) -> None:
    shift.leaves(shift.awa)
    shift.reads(shift.moussa, shift.finds(shift.moussa)[0].id)
    for days, left in ((29, 1), (2, 0)):
        shift.road.later(days=days)
        retention.enforce(shift.road.store, shift.road.now)
        assert len(shift.road.rows(table.c.id)) == len(shift.road.rows(hand_over_read.c.staff_id)) == left


def test_its_words_are_sealed_and_open_after_the_keys_were_rotated(shift: Shift, tmp_path: Path) -> None:
    shift.leaves(shift.awa)
    (row,) = shift.road.rows(table.c.text, table.c.data_key)
    assert b"Konna" not in row.text
    path = tmp_path / "keys.json"
    save_keys(shift.road.store.keys, path)
    assert rotation.rotate(shift.road.store, path) >= 1
    (after,) = shift.road.rows(table.c.text, table.c.data_key)
    assert (after.text, after.data_key != row.data_key) == (row.text, True)
