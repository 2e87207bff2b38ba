"""What a turn costs on the wire to the database, counted by a proxy that stands between the driver and PostgreSQL."""

import contextlib
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot import main
from bot.channels.simulator import Simulator
from bot.config import Settings
from bot.languages.catalogue import Catalogues
from bot.places.gazetteer import Gazetteer
from bot.store import Store
from bot.store.sealing import Keys
from flows import FLOWS
from tests import services
from tests.chat import Phone, Road
from tests.words import asks_call, asks_how_soon, asks_place, is_closing

#: What a turn may cost; what it does cost is in docs/performance.md.
MOST = 5


class CountingProxy:
    """TCP in front of a server's socket; counts how often the talk turns from the client to the server and back."""

    def __init__(self, target: Path) -> None:
        self.turnarounds = 0
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> "CountingProxy":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._target))
                self._open += [client, server]
                threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        asked = False
        with contextlib.suppress(OSError, ValueError), selectors.DefaultSelector() as both:
            both.register(client, selectors.EVENT_READ, server)
            both.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in both.select():
                    octets = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    if not octets:
                        return
                    if key.fileobj is client:
                        asked = True
                    elif asked:
                        asked, self.turnarounds = False, self.turnarounds + 1
                    key.data.sendall(octets)


@pytest.fixture
def proxy(postgres_server: services.Postgres) -> Iterator[CountingProxy]:
    """A counting proxy in front of this run's PostgreSQL."""
    with CountingProxy(postgres_server.folder / ".s.PGSQL.5432") as proxy:
        yield proxy


@pytest.fixture
def road(
    settings: Callable[..., Settings],
    postgresql_url: str,
    proxy: CountingProxy,
    catalogues: Catalogues,
    gazetteer: Gazetteer,
) -> Iterator[Road]:
    """The road with its only connection to the database through the proxy."""
    name = make_url(postgresql_url).database
    url = f"postgresql+psycopg://postgres@127.0.0.1:{proxy.port}/{name}?sslmode=disable&gssencmode=disable"
    store = Store.open(settings(database_url=url), Keys.make(), pool_size=1)
    yield Road.build(store, Simulator(), FLOWS, main.VERBS, catalogues, gazetteer)
    store.close()


def cost(proxy: CountingProxy, phone: Phone, text: str) -> int:
    """The round trips of one turn."""
    before = proxy.turnarounds
    phone.says(text)
    return proxy.turnarounds - before


def costs(road: Road, proxy: CountingProxy) -> dict[str, int]:
    """The round trips of each kind of turn, once the statements are prepared as they are in a process that runs."""
    for number in range(7):
        phone = road.phone(f"7600001{number}")
        phone.confirms = False
        found = {"stranger": cost(proxy, phone, "le puits est sec")}
        phone.says("1")
        assert asks_how_soon(phone.hears)
        found["mid-talk"] = cost(proxy, phone, "2")
        assert asks_place(phone.hears)
        phone.says("Konna")
        assert asks_call(phone.hears)
        found["last answer"] = cost(proxy, phone, "1")
        assert is_closing(phone.hears)
    return found


def test_no_turn_of_a_report_takes_more_than_five_round_trips(road: Road, proxy: CountingProxy) -> None:
    found = costs(road, proxy)
    assert all(0 < each <= MOST for each in found.values()), found


def test_without_pipelining_the_same_turn_takes_more(
    road: Road, proxy: CountingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psycopg.Connection, "pipeline", lambda _self: contextlib.nullcontext())
    assert costs(road, proxy)["mid-talk"] > MOST
