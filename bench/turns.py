"""One inbound turn over HTTP: three kinds of it, each measured in interleaved rounds against the floor."""

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from multiprocessing.pool import Pool
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bench import data, load, servers
from bench.load import Request, Round
from bench.ratios import Pair, Ratios
from bench.servers import Server
from bot import main
from bot.channels.twilio_sms import TwilioSms
from bot.config import Settings
from bot.store import Store
from bot.store.sealing import Keys, save_keys
from tests import services
from tests.providers.fake_twilio import inbound_fields, sid, signed_form
from tests.providers.settings import SETTINGS

_PATH = "/channels/twilio-sms/inbound"


@dataclass(frozen=True, slots=True)
class Turn:
    """A kind of turn: who writes (the n-th), what, and words that only the right answer holds."""

    name: str
    sender: Callable[[int], str]
    text: str
    mark: str


STRANGER = Turn("stranger", data.stranger, data.TOLD_WITH_PLACE, "Kunnafoni")
MID_TALK = Turn("mid-talk", lambda place: data.number(2 * place), "2", "commune")
LAST_ANSWER = Turn("last answer", lambda place: data.number(2 * place + 1), "1", "17, 18, 15")
TURNS = (STRANGER, MID_TALK, LAST_ANSWER)
FLOOR = replace(MID_TALK, name="floor", mark="Merci")


@dataclass(slots=True)
class House:
    """A database full of contacts and all that a server needs to use it."""

    server: services.Postgres
    settings: Settings
    name: str
    contacts: int
    _strangers: "count[int]" = field(default_factory=count)

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings, as a process reads them."""
        wanted = (
            "data_dir",
            "database_url",
            "public_url",
            "key_file",
            "twilio_account_sid",
            "twilio_auth_token",
            "twilio_from",
        )
        return {name.upper(): str(getattr(self.settings, name)) for name in wanted}

    def requests(self, turn: Turn, most: int) -> list[Request]:
        """Signed requests, each from another sender."""
        if turn is STRANGER:
            return [self._request(turn, turn.sender(next(self._strangers))) for _ in range(most)]
        # Spread over all contacts, so that a large house is not asked for its first pages only.
        places = range(0, self.contacts // 2, max(1, self.contacts // 2 // most))[:most]
        return [self._request(turn, turn.sender(place)) for place in places]

    def _request(self, turn: Turn, sender: str) -> Request:
        name = sid()
        headers, body = signed_form(
            self.settings, _PATH, inbound_fields(self.settings, sender, turn.text, message=name)
        )
        lines = [f"POST {_PATH} HTTP/1.1", "Host: bot.example.org", f"Content-Length: {len(body)}", "Accept: */*"]
        lines += [f"{key}: {value}" for key, value in headers.items()]
        return Request(name, "\r\n".join([*lines, "", ""]).encode() + body)

    def check(self, done: Round, replies: bool) -> None:
        """Every answer has exactly one row, and its reply another: speed is never bought with loss."""
        assert not done.refused, (
            f"{len(done.refused)} of {len(done.latencies)} requests were not answered as they should"
        )
        with self.connect() as connection:
            rows = connection.execute(_ROWS, (list(done.answered),)).fetchone()
            assert rows == (len(done.answered),), f"{len(done.answered)} answers, {rows} rows"
            if replies:
                causes = [f"reply:twilio-sms:{name}" for name in done.answered]
                rows = connection.execute(_REPLIES, (causes,)).fetchone()
                assert rows == (len(done.answered),), f"{len(done.answered)} answers, {rows} replies"

    def rewind(self) -> None:
        """Put every talk, address and report back to where it stood, so that the next round asks the same."""
        with self.connect() as connection:
            for statement in _REWIND:
                connection.execute(statement)

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        """A connection of the benchmark's own."""
        return psycopg.connect(self.server.dsn(self.name), autocommit=True)


_ROWS = "SELECT count(*) FROM message WHERE channel = 'twilio-sms' AND provider_id = ANY(%s)"
_REPLIES = "SELECT count(*) FROM outbox WHERE cause = ANY(%s)"
_BEFORE = "CREATE TABLE before AS SELECT id, status, answers, asked, tries, heard_at, ended_at FROM talk"
_REWIND = (
    """UPDATE talk SET status = before.status, answers = before.answers, asked = before.asked, tries = before.tries,
       heard_at = before.heard_at, ended_at = before.ended_at
       FROM before WHERE talk.id = before.id AND talk.heard_at > before.heard_at""",
    "UPDATE address SET reply_tokens = 11, same_replies = 1 WHERE reply_tokens < 11",
    "DELETE FROM call_back",
    "UPDATE outbox SET status = 'delivered', lease_until = NULL WHERE status = 'sending'",
    "VACUUM ANALYZE",
    "CHECKPOINT",
)


@contextmanager
def houses(*sizes: int) -> Iterator[list[House]]:
    """Databases with so many contacts each, on one durable PostgreSQL; keys and spool in a folder of their own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="kunnafoni-bench-")))
        server = stack.enter_context(services.postgres(fsync=True))
        save_keys(Keys.make(), folder / "keys.json")
        yield [_house(server, folder, size) for size in sizes]


def _house(server: services.Postgres, folder: Path, contacts: int) -> House:
    name = server.create()
    settings = replace(
        SETTINGS, demo=False, data_dir=folder, key_file=folder / "keys.json", database_url=server.url(name),
        telegram_bot_token="",
    )  # fmt: skip
    main.migrate(settings)
    store = Store.open(settings, main.make_keys(settings))
    data.fill(store, TwilioSms(settings), contacts)
    store.close()
    house = House(server, settings, name, contacts)
    with house.connect() as connection:
        connection.execute(_BEFORE)
        connection.execute("ALTER TABLE before ADD PRIMARY KEY (id)")
    return house


def copy(house: House) -> House:
    """The same database once more."""
    name = house.server.create(template=house.name)
    settings = replace(house.settings, database_url=house.server.url(name))
    return House(house.server, settings, name, house.contacts)


class Bench:
    """Serves a house and its floor side by side, and posts to one or the other."""

    def __init__(self, server: Server, ours: House, floor: House | None, pool: Pool, stack: ExitStack) -> None:
        self.ours, self.floor, self._pool = ours, floor, pool
        self._port = stack.enter_context(servers.serving(server, "bot.main:web", ours.environment))
        if floor:
            self._floor_port = stack.enter_context(servers.serving(server, "bench.floor:floor", floor.environment))

    def turn(self, turn: Turn, seconds: float, most: int) -> Round:
        """One round of ours, checked; the house is rewound after it."""
        return self._round(self.ours, self._port, turn, seconds, most)

    def bottom(self, seconds: float, most: int) -> Round:
        """One round of the floor, checked."""
        assert self.floor
        return self._round(self.floor, self._floor_port, FLOOR, seconds, most)

    def _round(self, house: House, port: int, turn: Turn, seconds: float, most: int) -> Round:
        requests = house.requests(turn, most)
        done = self._pool.apply(load.post, (port, requests, seconds, turn.mark.encode()))
        house.check(done, replies=turn is not FLOOR)
        house.rewind()
        return done


@contextmanager
def benches(pairs: Sequence[tuple[Server, House, House | None]]) -> Iterator[list[Bench]]:
    """Benches, all up at once; the client has a process of its own."""
    with ExitStack() as stack:
        pool = stack.enter_context(multiprocessing.get_context("spawn").Pool(1))
        found = [Bench(server, ours, floor, pool, stack) for server, ours, floor in pairs]
        for bench in found:
            _warm(bench)
        yield found


def _warm(bench: Bench) -> None:
    for turn in TURNS:
        bench.turn(turn, 1.0, 400)
    if bench.floor:
        bench.bottom(1.0, 400)


def against_floor(bench: Bench, turn: Turn, pairs: int, seconds: float) -> Ratios:
    """So many interleaved pairs of ours and the floor."""
    most = int(seconds * 2500)
    return Ratios(tuple(Pair(bench.turn(turn, seconds, most), bench.bottom(seconds, most)) for _ in range(pairs)))


@contextmanager
def two_houses(small: int, large: int) -> Iterator[list[Bench]]:
    """A house with few contacts and one with many, served side by side as in production."""
    with houses(small, large) as found, benches([(servers.CHOSEN, house, None) for house in found]) as both:
        yield both


def larger_house(small: Bench, large: Bench, turn: Turn, pairs: int, most: int) -> Ratios:
    """So many interleaved pairs of the same turns in a small house and in a large one; 1.0 if they cost the same."""
    return Ratios(tuple(Pair(small.turn(turn, 60.0, most), large.turn(turn, 60.0, most)) for _ in range(pairs)))
