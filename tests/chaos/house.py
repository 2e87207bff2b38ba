"""A house to be shaken: a durable PostgreSQL, a provider with its own ledger, and the processes between them."""

import asyncio
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import func, select

from bot import cli, main
from bot.config import Settings
from bot.delivery.outbox import Patience
from bot.errors import StoreAway
from bot.store import Store
from bot.store.sealing import Keys, save_keys
from bot.store.tables import outbox
from tests import services
from tests.chaos.programs import Program, wait_for
from tests.providers import FakeTwilio, free_port
from tests.providers.settings import SETTINGS

# A process that is killed in the middle of a request is what we are here for.
logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)

#: Seconds of a call to the provider.
LATENCY = 0.05
#: Much less than in production, where both are a minute, and much more than a call takes.
PATIENCE = Patience(lease=1.5, grace=3.0)
#: Seconds until each of the two receipts of a message: the first within the grace, but often after the lease.
RECEIPTS = (0.1, 2.8)
#: Messages a second: fast enough that a kill finds many under way.
PACE = 200.0


class Provider(FakeTwilio):
    """Twilio before several web processes, of which some are dead at any time."""

    def __init__(self, settings: Settings, seed: int) -> None:
        super().__init__(settings, latency=LATENCY, callback_delay=RECEIPTS, seed=seed)
        self.doors: list[str] = []
        self._chance = random.Random(seed)

    async def _post(self, url: str, form: dict[str, str]) -> tuple[int, str]:
        self.deliver_to = self._chance.choice(self.doors)
        return await super()._post(url, form)

    async def insist(self, form: Mapping[str, str], *, tries: int, pause: float = 0.15) -> bool:
        """Post an inbound message until it gets a 2xx, at most `tries` times; whether it got one."""
        for number in range(tries):
            status, _ = await self.say(form)
            if 200 <= status < 300:
                return True
            await asyncio.sleep(pause * (number + 1))
        return False

    def sends(self) -> Counter[int]:
        """How many messages it took for each row of our outbox, by the id in the callback's address."""
        return Counter(
            int(parse_qs(urlsplit(accepted.callback).query)["o"][0]) for accepted in self.ledger if accepted.callback
        )


@dataclass
class House:
    """What an experiment works with. `web`, `workers` and `clock` are started by it as it needs them."""

    server: services.Postgres
    settings: Settings
    keys: Keys
    store: Store
    provider: Provider
    folder: Path
    build: str
    chance: random.Random
    web: list[Program] = field(default_factory=list)
    workers: list[Program] = field(default_factory=list)
    clocks: list[Program] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    stops: int = 0

    @property
    def programs(self) -> list[Program]:
        """All processes."""
        return [*self.web, *self.workers, *self.clocks]

    def open(self, *, web: int, workers: int, clocks: int = 1) -> None:
        """Start so many processes of each kind and wait until they are ready."""
        ports = [free_port() for _ in range(web)]
        self.web = [self._program(f"web-{port}", _granian(port)) for port in ports]
        self.workers = [self._program(f"worker-{number}", _python("worker")) for number in range(workers)]
        self.clocks = [self._program(f"clock-{number}", _python("clock")) for number in range(clocks)]
        self.provider.doors = [f"http://127.0.0.1:{port}" for port in ports]
        for program in self.programs:
            program.start()
        wait_for(lambda: all(program.ready for program in self.programs), "all processes to start")

    def close(self) -> None:
        """kill -9 for all."""
        for program in self.programs:
            program.kill()

    def await_ready(self, among: list[Program], many: int) -> None:
        """Wait until so many of these are ready."""
        wait_for(lambda: sum(program.ready for program in among) >= many, "processes to come back")

    def kill(self, among: list[Program], many: int) -> None:
        """Kill so many ready ones at once, chosen by chance, and start them again."""
        self.await_ready(among, many)
        victims = self.chance.sample([program for program in among if program.ready], many)
        for victim in victims:
            victim.kill()
        for victim in victims:
            victim.start()
            self.kills[victim.name.partition("-")[0]] += 1

    def stop_database(self, seconds: float) -> None:
        """Stop the database at once, without any order, and start it again after so many seconds."""
        self.stops += 1
        self.server.crash()
        time.sleep(seconds)
        self.server.start()
        self.forget_connections()

    def forget_connections(self) -> None:
        """Forget our own connections to a database that was stopped."""
        with suppress(StoreAway):
            self.unsettled()

    def unsettled(self) -> int:
        """How many rows of the outbox are not final."""
        statement = select(func.count()).select_from(outbox)
        with self.store.reading() as session:
            open_rows = statement.where(outbox.c.status.in_(("queued", "sending", "unknown")))
            return int(session.run(open_rows).scalar_one())

    def settle(self, seconds: float) -> int:
        """Wait until every row of the outbox is final, at most so long; how many are not."""
        with suppress(TimeoutError):
            wait_for(lambda: not self.unsettled(), "the outbox to settle", seconds)
        return self.unsettled()

    def errors(self) -> int:
        """How many errors the processes have logged."""
        return sum(program.errors() for program in self.programs)

    def _program(self, name: str, command: list[str]) -> Program:
        patience = {"CHAOS_LEASE": str(PATIENCE.lease), "CHAOS_GRACE": str(PATIENCE.grace), "CHAOS_PACE": str(PACE)}
        environment = {**_environment(self.settings), **patience, "CHAOS_BUILD": self.build}
        return Program(name, command, environment, self.folder)


@contextmanager
def house(build: str = "Build", seed: int = 1) -> Iterator[House]:
    """A migrated, empty house in production mode; everything ends with the block."""
    with ExitStack() as stack:
        server = stack.enter_context(services.postgres(fsync=True))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="kunnafoni-chaos-", ignore_cleanup_errors=True)))
        keys = Keys.make()
        save_keys(keys, folder / "keys.json")
        settings = replace(
            SETTINGS,
            demo=False,
            data_dir=folder / "data",
            key_file=folder / "keys.json",
            database_url=server.url(server.create("chaos")),
            telegram_bot_token="",
            telegram_secret="",
        )
        provider = stack.enter_context(Provider(settings, seed))
        settings = replace(settings, twilio_api_base=provider.url)
        main.migrate(settings)
        store = Store.open(settings, keys, pool_size=2)
        stack.callback(store.close)
        made = House(server, settings, keys, store, provider, folder, build, random.Random(seed))
        stack.callback(made.close)
        yield made


def _granian(port: int) -> list[str]:
    return cli.granian("tests.chaos.process:web", "127.0.0.1", port, 1, cli.THREADS)


def _python(role: str) -> list[str]:
    return [sys.executable, "-m", "tests.chaos.process", role]


def _environment(settings: Settings) -> dict[str, str]:
    values = {each.name.upper(): getattr(settings, each.name) for each in fields(settings)}
    return {**{name: _written(value) for name, value in values.items() if value}, "DEMO": "", "REDIS_URL": ""}


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(value)
    return str(int(value)) if isinstance(value, bool) else str(value)
