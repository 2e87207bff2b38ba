"""A list lands once and whole or not at all, whoever dies, stops it or comes at the same time; and its file is gone."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.casework.keeping import retention
from bot.errors import NotAllowed, Stale
from bot.people import imports, landing
from bot.people.importer import Importer
from bot.people.imports import Import, Lost
from bot.people.landing import Counts
from bot.people.spreadsheet import LARGEST_FILE
from bot.places.gazetteer import Gazetteer
from bot.store import rotation
from bot.store.audit import newest
from bot.store.sealing import load_keys, save_keys
from bot.store.tables import ImportStatus, contact, contact_import
from tests.bot.people.conftest import Secretary
from tests.bot.people.files import as_csv, as_xlsx, row
from tests.chat import Road

TWO = as_csv(row(), row("76123457", "Moussa Traoré"))
BAD = as_csv(row("12"), row(), row("76123458", commune="Zzqq de chez Awa"))


@dataclass
class Office:
    """Somebody who sends lists, and the workers that land them."""

    secretary: Secretary
    gazetteer: Gazetteer

    @property
    def road(self) -> Road:
        return self.secretary.road

    @property
    def staff_id(self) -> UUID:
        return UUID(self.secretary.actor.partition(":")[2])

    def sends(self, content: bytes = TWO, *, only_check: bool = False) -> UUID:
        with self.road.store.writing() as session:
            return imports.begin(session, self.road.now, self.staff_id, content, only_check=only_check)

    def worker(self, lease: float = 60.0) -> Importer:
        road = self.road
        return Importer(road.store, self.gazetteer, "simulator", threading.Event(), clock=lambda: road.now, lease=lease)

    def looks(self, import_id: UUID) -> Import:
        found: Import = self.secretary.asks(imports.find, import_id)
        return found

    def stops(self, import_id: UUID) -> None:
        with self.road.store.writing() as session:
            imports.stop(session, self.road.now, self.staff_id, import_id)

    def dies_with(self) -> imports.Claimed:
        """A worker takes the list that waits and is never heard of again; its lease is over."""
        with self.road.store.writing() as session:
            claimed = imports.claim(session, self.road.now, -1.0)
        assert claimed
        return claimed

    def actions(self) -> list[str]:
        with self.road.store.reading() as session:
            return [str(each.action) for each in newest(session, 50) if "import" in each.action]

    def kept(self) -> list[Any]:
        """What is left of files: content, bad rows and keys."""
        columns = contact_import.c.content, contact_import.c.bad, contact_import.c.data_key
        return [value for each in self.road.rows(*columns) for value in each if value is not None]

    def contacts(self) -> int:
        return len(self.road.rows(contact.c.id))


@pytest.fixture
def office(secretary: Secretary, gazetteer: Gazetteer) -> Office:
    return Office(secretary, gazetteer)


@pytest.mark.parametrize("content", [TWO, as_xlsx(row(), row("76123457", "Moussa Traoré"))], ids=["csv", "xlsx"])
def test_a_list_waits_sealed_lands_whole_and_its_file_is_gone(office: Office, content: bytes) -> None:
    sent = office.sends(content)
    assert office.looks(sent).status is ImportStatus.WAITING
    (waiting,) = office.road.rows(contact_import.c.content)
    assert b"Moussa" not in waiting.content
    assert office.worker().step()
    found = office.looks(sent)
    assert (found.status, found.counts) == (ImportStatus.LANDED, Counts(fresh=2, memberships=2, groups=1))
    assert (found.rows_read, found.rows_checked, found.people, found.people_ready) == (2, 2, 2, 2)
    assert office.contacts() == 2
    assert office.kept() == []
    assert office.actions() == ["contacts.imported", "import.begun"]
    assert not office.worker().step(), "nothing waits any more"


def test_bad_rows_are_named_sealed_for_a_day_and_nothing_is_written(office: Office) -> None:
    sent = office.sends(BAD)
    office.worker().step()
    found = office.looks(sent)
    assert (found.status, found.bad_rows, found.named) == (ImportStatus.REFUSED, 2, True)
    assert [bad.row for bad in office.secretary.asks(imports.bad_rows, sent)] == [2, 4]
    (row_,) = office.road.rows(contact_import.c.content, contact_import.c.bad)
    assert row_.content is None
    assert b"Zzqq de chez Awa" not in row_.bad
    assert office.contacts() == 0
    assert office.actions() == ["import.refused", "import.begun"]
    office.road.later(hours=25)
    retention.enforce(office.road.store, office.road.now)
    assert office.kept() == []
    assert office.secretary.asks(imports.bad_rows, sent) == []
    assert office.looks(sent).bad_rows == 2
    office.road.later(days=30)
    retention.enforce(office.road.store, office.road.now)
    assert office.secretary.asks(imports.recent) == []


def test_what_is_no_list_is_said_of_the_file_as_a_whole(office: Office) -> None:
    sent = office.sends(b"PK\3\4 no zip")
    office.worker().step()
    (bad,) = office.secretary.asks(imports.bad_rows, sent)
    assert (bad.row, office.looks(sent).bad_rows) == (0, 0)
    assert "can't be read" in str(bad.problem)
    with pytest.raises(NotAllowed):
        office.sends(b"x" * (LARGEST_FILE + 1))


def test_a_list_that_is_only_checked_changes_nothing(office: Office) -> None:
    sent = office.sends(only_check=True)
    office.worker().step()
    found = office.looks(sent)
    assert (found.status, found.counts) == (ImportStatus.CHECKED, Counts(fresh=2, memberships=2, groups=1))
    assert (office.contacts(), office.kept()) == (0, [])
    assert office.actions() == ["import.checked", "import.begun"]


def test_who_dies_with_a_list_lands_nothing_and_another_begins_it_anew(office: Office) -> None:
    sent = office.sends()
    dead = office.dies_with()
    assert office.looks(sent).status is ImportStatus.READING
    assert office.worker().step()
    assert office.looks(sent).status is ImportStatus.LANDED
    with office.road.store.writing() as session, pytest.raises(Lost):
        imports.finish(session, office.road.now, dead, Counts())
    assert office.contacts() == 2
    assert office.actions().count("contacts.imported") == 1


def test_a_living_worker_keeps_its_list(office: Office) -> None:
    office.sends()
    with office.road.store.writing() as session:
        assert imports.claim(session, office.road.now, 60.0)
    assert not office.worker().step()


class _Taken(Importer):
    """A worker that was taken for dead at the last moment: another has landed the list meanwhile."""

    def _land(self, claimed: Any, made: Any) -> None:
        with self._store.writing() as session:
            session.run(update(contact_import).values(lease_until=self._clock() - timedelta(days=1)))
        Importer(self._store, self._gazetteer, "simulator", threading.Event(), clock=self._clock).step()
        super()._land(claimed, made)


def test_two_workers_at_one_list_land_it_once(office: Office) -> None:
    sent, road = office.sends(), office.road
    _Taken(road.store, office.gazetteer, "simulator", threading.Event(), clock=lambda: road.now).step()
    assert office.looks(sent).status is ImportStatus.LANDED
    assert office.contacts() == 2
    assert office.actions() == ["contacts.imported", "import.begun"]


class _Stopped(Importer):
    """A worker whose list somebody stops at the very last moment, when the rows are in the tables but not durable."""

    def _land(self, claimed: Any, made: Any) -> None:
        rows = landing.prepare(self._store.keys, self._clock(), made, self._channel)
        with self._store.writing() as session:
            landing.write(session, made, rows)
            imports.stop(session, self._clock(), UUID(claimed.actor.partition(":")[2]), claimed.id)
            imports.finish(session, self._clock(), claimed, made.counts)


def test_a_list_that_is_not_its_workers_any_more_leaves_no_row(office: Office) -> None:
    sent, road = office.sends(), office.road
    _Stopped(road.store, office.gazetteer, "simulator", threading.Event(), clock=lambda: road.now).step()
    assert office.contacts() == 0
    assert office.looks(sent).counts is None


def test_a_list_at_which_workers_die_again_and_again_is_given_up(office: Office) -> None:
    sent = office.sends()
    for _ in range(imports.MOST_ATTEMPTS):
        office.dies_with()
    assert not office.worker().step()
    assert office.looks(sent).status is ImportStatus.BROKEN
    assert (office.contacts(), office.kept()) == (0, [])
    assert office.actions() == ["import.broken", "import.begun"]


def test_a_list_that_nobody_took_up_within_a_day_is_destroyed(office: Office) -> None:
    sent = office.sends()
    office.road.later(hours=23)
    retention.enforce(office.road.store, office.road.now)
    assert office.kept()
    office.road.later(hours=2)
    retention.enforce(office.road.store, office.road.now)
    assert office.looks(sent).status is ImportStatus.BROKEN
    assert office.kept() == []


def test_it_can_be_stopped_while_nothing_has_landed(office: Office) -> None:
    waiting, begun = office.sends(), office.sends()
    office.stops(waiting)
    claimed = office.dies_with()
    office.stops(begun)
    with office.road.store.writing() as session, pytest.raises(Lost):
        imports.advance(session, claimed, 60.0, rows_read=1)
    assert not office.worker().step()
    assert (office.contacts(), office.kept()) == (0, [])
    assert office.actions().count("import.stopped") == 2
    with pytest.raises(Stale):
        office.stops(begun)
    with pytest.raises(NotAllowed):
        office.stops(UUID(int=3))


def test_what_was_written_cannot_be_stopped_any_more(office: Office) -> None:
    sent = office.sends()
    office.worker().step()
    with pytest.raises(Stale):
        office.stops(sent)
    assert office.looks(sent).status is ImportStatus.LANDED


def test_a_worker_that_is_to_leave_gives_its_list_back(office: Office) -> None:
    sent, stop = office.sends(), threading.Event()
    stop.set()
    leaving = office.worker()
    leaving.run(stop)
    leaving.step()
    assert office.looks(sent).status is ImportStatus.WAITING
    (kept,) = office.road.rows(contact_import.c.attempts)
    assert kept.attempts == 0
    office.worker().step()
    assert office.looks(sent).status is ImportStatus.LANDED


def test_two_lists_of_the_same_people_land_one_after_the_other(office: Office) -> None:
    first, second = office.sends(), office.sends()
    worker = office.worker()
    assert worker.step()
    assert worker.step()
    assert office.looks(first).counts == Counts(fresh=2, memberships=2, groups=1)
    assert office.looks(second).counts == Counts(known=2)


def test_the_database_keeps_no_file_of_an_import_that_is_over(office: Office) -> None:
    office.sends()
    with pytest.raises(IntegrityError), office.road.store.writing() as session:
        session.run(update(contact_import).values(ended_at=office.road.now))


def test_a_list_that_waits_survives_new_keys_and_without_them_holds_up_no_other(office: Office, tmp_path: Path) -> None:
    path, old = tmp_path / "keys.json", office.road.store.keys
    save_keys(old, path)
    sent = office.sends()
    assert rotation.rotate(office.road.store, path) == 1
    for _ in range(imports.MOST_ATTEMPTS - 1):
        assert office.worker().step()
    assert office.looks(sent).status is ImportStatus.WAITING
    office.road.store.keys = load_keys(path)
    office.worker().step()
    assert office.looks(sent).status is ImportStatus.LANDED
    lost = office.sends()
    office.road.store.keys = old
    other = office.sends(as_csv(row("76123459", "Fanta Diarra")))
    worker = office.worker()
    while worker.step():
        pass
    assert (office.looks(lost).status, office.looks(other).status) == (ImportStatus.BROKEN, ImportStatus.LANDED)
