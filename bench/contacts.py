"""A file of 100,000 people: the import against a bare COPY of the same rows, sealed alike (`python -m bench contacts`).

Ours reads the file, names every bad row, finds who is known already, seals and writes. The floor has the people ready
in memory, seals them with the same functions and copies them into the same tables with their indexes.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from bot import main
from bot.main import Parts
from bot.people import landing
from bot.people.landing import Plan
from bot.people.reading import read_entries
from bot.people.spreadsheet import read_rows
from bot.store.sealing import Keys, save_keys
from tests import services
from tests.providers.settings import SETTINGS

_HEADINGS = "Numéro;Nom;Langue;Commune;Groupe;Consentement"
_FIRST = "Awa Oumou Fanta Mariam Aminata Issa Moussa Sekou Bakary Amadou".split()
_LAST = "Coulibaly Traoré Diarra Keïta Touré Maïga Cissé Dicko Sangaré Dembélé".split()
_COMMUNES = "Konna Sévaré Bankass Koro Gao Douentza Niono Kolokani".split()
_GROUPS = ("cellule", "femmes", "jeunes", "")


def measure(people: int, rounds: int) -> str:
    """The ratio of each round, their median, and seconds of the last."""
    ratios, seconds = [], (0.0, 0.0)
    content = _file(people)
    for _ in range(rounds):
        with _house() as floor, _house() as ours:
            ready = _planned(floor, content)
            taken = _timed(lambda: _copy(floor, ready)), _timed(lambda: _import(ours, content))  # noqa: B023
            assert _rows(floor) == _rows(ours), "both must have written the same"
            ratios.append(taken[1] / taken[0])
            seconds = taken
    each = " ".join(f"{ratio:.2f}" for ratio in ratios)
    return f"{statistics.median(ratios):.2f} ({each}); last: {seconds[1]:.1f} s against {seconds[0]:.1f} s"


def _file(people: int) -> bytes:
    chance = random.Random(11)
    lines = (
        f"7{number:07};{chance.choice(_FIRST)} {chance.choice(_LAST)};bambara;{chance.choice(_COMMUNES)};"
        f"{chance.choice(_GROUPS)};liste signée le 3 mars"
        for number in range(people)
    )
    return "\r\n".join((_HEADINGS, *lines)).encode()


@contextmanager
def _house() -> Iterator[Parts]:
    """An empty house on a durable PostgreSQL of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="kunnafoni-bench-")))
        server = stack.enter_context(services.postgres(fsync=True))
        save_keys(Keys.make(), folder / "keys.json")
        url = server.url(server.create())
        settings = replace(
            SETTINGS, demo=False, data_dir=folder / "data", key_file=folder / "keys.json", database_url=url
        )
        settings.data_dir.mkdir()
        main.migrate(settings)
        parts = main.assemble(settings, in_process=True)
        stack.callback(parts.close)
        yield parts


def _import(parts: Parts, content: bytes) -> None:
    landed = main.import_contacts(parts, content)
    assert not landed.bad, landed.bad[:3]


def _planned(parts: Parts, content: bytes) -> Plan:
    with parts.store.reading() as session:
        return landing.plan(session, read_entries(read_rows(content), parts.gazetteer))


def _copy(parts: Parts, ready: Plan) -> None:
    prepared = landing.prepare(parts.store.keys, datetime.now(UTC), ready, "twilio-sms")
    with parts.store.writing() as session:
        for table in landing.ORDER:
            session.insert_many(table, prepared.columns[table], prepared.rows[table])


def _rows(parts: Parts) -> list[int]:
    with parts.store.reading() as session:
        return [session.run(select(func.count()).select_from(table)).scalar_one() for table in landing.ORDER]


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
