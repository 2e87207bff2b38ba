"""Rotation: everything opens under the new key, nothing under the old one, and no interruption loses anything."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Table, select, update

from bot.errors import SealError
from bot.store import Store, rotation
from bot.store.sealing import Keys, load_keys, save_keys
from bot.store.tables import address, talk
from tests.chat import Road

TOLD = "on a vole nos boeufs cette nuit"


@pytest.fixture
def key_file(road: Road, tmp_path: Path) -> Path:
    """The file that holds the keys of the road's store, after three people have written."""
    path = tmp_path / "keys.json"
    save_keys(road.store.keys, path)
    for number in range(3):
        road.phone(f"7600000{number}").says(TOLD)
    return path


def _opened(store: Store, keys: Keys) -> int:
    """How many data keys open under these keys; raises SealError if one does not."""
    with store.reading() as session:
        rows = [row for table in (address, talk) for row in session.run(select(table.c.id, table.c.data_key))]
    return sum(len(keys.unwrap(row.data_key, row.id)) == 32 for row in rows)


def test_all_keys_open_under_the_new_key_and_none_under_the_old_one(road: Road, key_file: Path) -> None:
    old = road.store.keys
    assert rotation.rotate(road.store, key_file) == 6
    new = load_keys(key_file)
    assert set(new.wrapping) & set(old.wrapping) == set()
    assert new.pepper == old.pepper, "addresses are found as before"
    assert _opened(road.store, new) == 6
    with pytest.raises(SealError):
        _opened(road.store, old)
    again = Store(road.store.engine, new)
    road.store.keys = new
    assert [line.narrative for line in road.reports()] == [TOLD] * 3
    assert rotation.rotate(again, key_file) == 6


@pytest.mark.parametrize("step", range(8))
def test_a_rotation_that_is_killed_loses_nothing_and_can_be_run_again(
    road: Road, key_file: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Power fails before the n-th act: a key file written, or a row wrapped anew."""
    left = [step]

    def fails(act: Callable[..., object]) -> Callable[..., object]:
        def acts(*arguments: object, **changes: object) -> object:
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            return act(*arguments, **changes)

        return acts

    with monkeypatch.context() as power:
        power.setattr(rotation, "save_keys", fails(save_keys))
        power.setattr(rotation, "update", fails(update))
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(road.store, key_file)
    kept = load_keys(key_file)
    assert _opened(road.store, kept) == 6
    assert rotation.rotate(Store(road.store.engine, kept), key_file) == 6
    assert _opened(road.store, load_keys(key_file)) == 6


def test_what_was_erased_stays_erased(road: Road, key_file: Path) -> None:
    with road.store.writing() as session:
        first = session.run(select(talk.c.id, talk.c.data_key)).first()
        assert first
        session.run(update(talk).where(talk.c.id == first.id).values(data_key=None))
    assert rotation.rotate(road.store, key_file) == 5
    with pytest.raises(SealError):
        load_keys(key_file).unwrap(first.data_key, first.id)  # as a backup still has it


def test_a_key_of_another_row_is_no_key(road: Road) -> None:
    table: Table = talk
    with road.store.reading() as session:
        row = session.run(select(table.c.data_key)).first()
    road.phone().says(TOLD)
    with road.store.reading() as session:
        row = session.run(select(table.c.data_key)).first()
    assert row
    with pytest.raises(SealError):
        road.store.keys.unwrap(row.data_key, uuid.uuid4())
