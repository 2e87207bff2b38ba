"""Rotation: wrap every living data key anew, then destroy the old wrapping key.

What was erased before can't come back after that, not even from a backup: its data key was wrapped by a key that no
longer exists anywhere.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select, update

from bot.store.sealing import Keys, save_keys
from bot.store.session import Session, Store
from bot.store.tables import (
    address,
    contact,
    contact_group,
    contact_import,
    draft,
    hand_over,
    incident,
    talk,
    translation_task,
)

_HOLDERS: tuple[Table, ...] = (
    address, contact, contact_group, contact_import, draft, hand_over, incident, talk, translation_task,
)  # fmt: skip
_BATCH = 500


def rotate(store: Store, path: Path) -> int:
    """Wrap all data keys under a new wrapping key and keep only that one in the file at `path`; how many keys.

    It may be stopped and run again at any point: the file holds old and new keys until nothing needs the old ones.
    Other processes must be stopped, as they don't know the new key.
    """
    old = store.keys
    both = old.with_new_wrapping_key()
    save_keys(both, path, over=True)
    moved = 0
    for table in _HOLDERS:
        for batch in _batches(store, table):
            with store.writing() as session:
                moved += _rewrap(session, table, both, batch)
    save_keys(both.without(set(old.wrapping)), path, over=True)
    return moved


def _batches(store: Store, table: Table) -> Iterator[list[Any]]:
    last = None
    while True:
        with store.reading() as session:
            statement = select(table.c.id).where(table.c.data_key.is_not(None)).order_by(table.c.id).limit(_BATCH)
            ids = list(session.run(statement.where(table.c.id > last) if last else statement).scalars())
        if not ids:
            return
        yield ids
        last = ids[-1]


def _rewrap(session: Session, table: Table, both: Keys, ids: list[Any]) -> int:
    statement = select(table.c.id, table.c.data_key).where(table.c.id.in_(ids), table.c.data_key.is_not(None))
    rows = session.run(statement.with_for_update()).all()
    for row in rows:
        wrapped = both.wrap(both.unwrap(row.data_key, row.id), row.id)
        session.run(update(table).where(table.c.id == row.id).values(data_key=wrapped))
    return len(rows)
