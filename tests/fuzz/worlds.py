"""Worlds: each a fresh store with a crowd and with doors, made from one number."""

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event

from bot import main
from bot.channels import Channel
from bot.main import Parts
from tests.fuzz.crowd import Crowd, after_a_week, membership, stubborn
from tests.fuzz.doors import Doors
from tests.fuzz.oracle import Broken, Vocabulary
from tests.providers.settings import SETTINGS

#: Messages and requests of one world.
SIZE = 5_000
#: One in so many goes through the doors, as a request.
_DOORS = 5


def run(seed: int, size: int, database_url: str = "", vocabulary: Vocabulary | None = None) -> Counter[str]:
    """Live through one world; what happened in it. Raises Broken with the newest messages of whoever it happened to."""
    with house(database_url) as parts:
        crowd = Crowd(parts.store, parts.intake, wires(parts), main.means_of(parts), vocabulary or Vocabulary(), seed)
        doors = Doors(main.create_app(parts).test_client(), parts.store, parts.settings, random.Random(seed))
        try:
            for wire in crowd.wires:
                stubborn(crowd, wire)
                after_a_week(crowd, wire)
                membership(crowd, wire)
            crowd.write(size - size // _DOORS)
            doors.knock(size // _DOORS)
        except Exception as failure:
            raise Broken(f"world {seed}: {type(failure).__name__}: {failure}\n{_newest(crowd)}") from failure
    return crowd.counts + doors.counts


def wires(parts: Parts) -> list[Channel]:
    """The wires on which somebody writes; a call is never answered by itself."""
    return [wire for wire in parts.channels.values() if wire.replies_by == wire.name]


def _newest(crowd: Crowd) -> str:
    who = crowd.history[-1][0] if crowd.history else ""
    theirs = [f"  {message}" for person, message in crowd.history if person == who]
    return f"{who} sent\n" + "\n".join(theirs[-20:])


@contextmanager
def house(database_url: str = "") -> Iterator[Parts]:
    """All parts of a demonstration with every wire, on a store that is thrown away."""
    shm = Path("/dev/shm")
    with TemporaryDirectory(prefix="kunnafoni-fuzz-", dir=shm if shm.is_dir() else None) as folder:
        settings = replace(SETTINGS, data_dir=Path(folder), database_url=database_url, twilio_voice=True)
        main.migrate(settings)
        parts = main.assemble(settings)
        if parts.store.engine.dialect.name == "sqlite":
            event.listen(parts.store.engine, "connect", _hurry)
            parts.store.engine.dispose()
        try:
            yield parts
        finally:
            parts.close()
            shutil.rmtree(folder, ignore_errors=True)


def _hurry(connection: object, _record: object) -> None:
    """What is thrown away at the end need not survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]
