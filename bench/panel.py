"""The panel of a desk with many reports against one with few: what a page costs, as ratios, and the plans behind it."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from bench import reports
from bot import main, staff
from bot.config import Settings
from bot.main import Parts
from bot.store.sealing import Keys, save_keys
from bot.store.tables import SignInStage, report
from tests import services
from tests.providers.settings import SETTINGS

PLANS = Path(__file__).parent.parent / "docs" / "plans"
_BASE = "https://desk.example"
_EXPLAIN = {
    "session_preload_libraries": "'auto_explain'",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_parameter_max_length": "0",
}


@dataclass
class Desk:
    """A desk with so many reports and a browser that is signed in there."""

    server: services.Postgres
    name: str
    parts: Parts
    client: FlaskClient
    reports: int
    middle: UUID
    seconds: float

    def get(self, path: str) -> str:
        """A page, whole."""
        answer = self.client.get(path, base_url=_BASE, headers={"Accept-Language": "fr"})
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def takes(self, path: str, rounds: int) -> float:
        """The median of the seconds that this page takes."""
        return median(_timed(lambda: self.get(path)) for _ in range(rounds))


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


@contextmanager
def desks(*sizes: int) -> Iterator[list[Desk]]:
    """Desks with so many reports each, on one durable PostgreSQL."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="kunnafoni-bench-")))
        server = stack.enter_context(services.postgres(fsync=True))
        save_keys(Keys.make(), folder / "keys.json")
        found = []
        for size in sizes:
            desk = _desk(server, folder, size)
            stack.callback(desk.parts.close)
            found.append(desk)
        yield found


def _desk(server: services.Postgres, folder: Path, size: int) -> Desk:
    name = server.create()
    settings: Settings = replace(
        SETTINGS, demo=False, data_dir=folder / name, key_file=folder / "keys.json", database_url=server.url(name)
    )
    settings.data_dir.mkdir()
    main.migrate(settings)
    parts = main.assemble(settings, in_process=True)
    seconds = _timed(lambda: reports.fill(parts.store, size))
    main.make_staff(parts, "awa", "Awa", "quatre mots jamais ensemble", ["secretary"])
    with parts.store.writing() as session:
        member = staff.find(session, "awa")
        assert member
        identity = staff.open_session(session, datetime.now(UTC), member[0].id, SignInStage.FULL)
        middle = session.run(select(report.c.id).order_by(report.c.made_at).offset(size // 2).limit(1)).scalar_one()
    client = main.create_app(parts).test_client()
    with client.session_transaction(base_url=_BASE) as cookie:
        cookie["id"] = identity
    return Desk(server, name, parts, client, size, middle, seconds)


def pages(desk: Desk) -> dict[str, str]:
    """What is measured, by name: the address of each page at this desk."""
    common, other = reports.COMMON[:2]
    places = desk.parts.gazetteer
    commune = places.get(reports.busiest_place())
    assert commune
    path = places.path(commune)
    today = datetime.now(UTC).date()
    days = {"since": str(today - timedelta(days=6)), "until": str(today - timedelta(days=3))}
    searches = {
        "a common word": {"q": common},
        "a word of one report in 125": {"q": reports.RARE},
        "two common words": {"q": f"{common} {other}"},
        "a common word and a rare one": {"q": f"{common} {reports.RARE}"},
        "a word that nobody wrote": {"q": reports.NEVER},
        "a common word and one that nobody wrote": {"q": f"{common} {reports.NEVER}"},
        "the number of a report": {"q": reports.code_of(desk.reports // 2)},
        "a commune": {"place": f"{commune.name}, {path[1].name}"},
        "a region": {"place": path[-1].name},
        "a kind": {"kind": "road"},
        "some days": days,
        "a kind in some days": {"kind": "road", **days},
        "a word in a region": {"q": common, "place": path[-1].name},
        "a language and a kind": {"language": "bm", "kind": "health"},
    }
    return {
        "inbox": "/admin/inbox",
        "inbox, closed reports": "/admin/inbox?status=closed",
        "inbox, what has changed": "/admin/inbox/changes",
        "a report": f"/admin/reports/{desk.middle}",
        "events": "/admin/incidents",
        **{f"search, {name}": f"/admin/search?{urlencode(asked)}" for name, asked in searches.items()},
    }


def compare(desks: Sequence[Desk], pairs: int, rounds: int = 5) -> Iterator[str]:
    """For each page, what it costs at each larger desk against the smallest, medians of interleaved pairs."""
    addresses = [pages(desk) for desk in desks]
    for name in addresses[0]:
        costs = [
            [desk.takes(found[name], rounds) for desk, found in zip(desks, addresses, strict=True)]
            for _ in range(pairs)
        ]
        ratios = [median(each[place] / each[0] for each in costs) for place in range(1, len(desks))]
        times = " ".join(f"{1000 * median(each[place] for each in costs):8.1f}" for place in range(len(desks)))
        yield f"  {name:48}" + " ".join(f"{ratio:6.2f}" for ratio in ratios) + f"   {times} ms"


def keep_plans(desk: Desk, folder: Path = PLANS) -> None:
    """Write down how PostgreSQL really answered each page: statements and plans, without a value of anybody's."""
    for setting, value in _EXPLAIN.items():
        desk.server.execute(f"ALTER DATABASE {desk.name} SET {setting} = {value}")
    desk.parts.store.engine.dispose()
    folder.mkdir(exist_ok=True)
    for name, path in pages(desk).items():
        plans = _written(desk.server.folder / "log", lambda path=path: desk.get(path))  # type: ignore[misc]
        title = f"{name}: as answered at a desk with {desk.reports:,} reports\n\n"
        (folder / f"{re.sub('[^a-z0-9]+', '-', name)}.txt").write_text(title + "\n".join(plans))


def _written(log: Path, act: Callable[[], object]) -> list[str]:
    before = log.stat().st_size
    act()
    with log.open("rb") as lines:
        lines.seek(before)
        said = lines.read().decode(errors="replace")
    entries = re.findall(r"LOG:  duration: [\d.]+ ms  plan:\n((?:\t.*\n)+)", said)
    return [_without_values(entry) for entry in dict.fromkeys(entries)]


def _without_values(plan: str) -> str:
    """The plan with an ellipsis for every value that stood in the question."""
    lines = [line.removeprefix("\t").rstrip() for line in plan.splitlines()]
    return re.sub(r"'(?:[^']|'')*'", "'…'", "\n".join(lines)) + "\n"
