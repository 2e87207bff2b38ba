"""Sending over each wire, 10 at once and 50 ms away: ours against a bare loop of the same HTTP client.

Ours is the whole sender: claim with lease and pace, unseal, offer, write down. The bare loop posts the same forms with
the HTTP client that the provider's library stands on (requests for twilio, httpx for python-telegram-bot), and keeps
nothing. Both speak to the same fake provider, which has a process of its own.
"""

import asyncio
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

import httpx
import requests
from sqlalchemy import select

from bench import data
from bench.load import Round
from bench.ratios import Pair, Ratios
from bench.turns import House, houses
from bot import main
from bot.channels import Channel
from bot.config import Settings
from bot.delivery import outbox
from bot.delivery.outbox import Patience
from bot.delivery.sender import IN_FLIGHT, Sender
from bot.store import Store
from bot.store.tables import address, talk
from bot.store.types import moment
from tests.providers import FakeTelegram, FakeTwilio
from tests.providers.settings import SETTINGS

LATENCY = 0.05
TEXT = "Bonjour, ceci est un message de service. Merci."


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire to be measured: its settings towards the provider at this address, and its bare loop."""

    name: str
    settings: Callable[[Settings, str], Settings]
    person: Callable[[int], str]
    bare: Callable[[str, list[str]], None]


def _twilio(url: str, people: list[str]) -> None:
    path = f"{url}/2010-04-01/Accounts/{SETTINGS.twilio_account_sid}/Messages.json"
    sessions = threading.local()

    def post(person: str) -> None:
        if not hasattr(sessions, "own"):
            sessions.own = requests.Session()
            sessions.own.auth = (SETTINGS.twilio_account_sid, SETTINGS.twilio_auth_token)
        form = {
            "To": person,
            "From": SETTINGS.twilio_from,
            "Body": TEXT,
            "StatusCallback": "https://x.example/r?o=1&a=1",
        }
        assert sessions.own.post(path, data=form).status_code == 201

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(post, people))


def _telegram(url: str, people: list[str]) -> None:
    path = f"{url}/bot{SETTINGS.telegram_bot_token}/sendMessage"

    async def work(client: httpx.AsyncClient, waiting: Iterator[str]) -> None:
        for person in waiting:
            answer = await client.post(path, data={"chat_id": person, "text": TEXT})
            assert answer.status_code == 200

    async def loop() -> None:
        waiting = iter(people)
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=IN_FLIGHT)) as client:
            await asyncio.gather(*(work(client, waiting) for _ in range(IN_FLIGHT)))

    asyncio.run(loop())


WIRES = (
    Wire("twilio-sms", lambda made, url: replace(made, twilio_api_base=url), data.number, _twilio),
    Wire(
        "telegram",
        lambda made, url: replace(made, telegram_api_base=url, telegram_bot_token=SETTINGS.telegram_bot_token),
        lambda place: str(7_000_000 + place),
        _telegram,
    ),
)


def against_bare_loop(name: str, pairs: int, messages: int) -> Ratios:
    """So many interleaved pairs of ours and the bare loop, with so many messages each."""
    wire = next(each for each in WIRES if each.name == name)
    with houses(0) as (house,), _provider(wire.name) as (url, count):
        settings = wire.settings(house.settings, url)
        store = Store.open(settings, main.make_keys(settings))
        channel = main.make_channels(settings)[wire.name]
        # The pace is the provider's limit, which is not what is measured here.
        channel.per_second, channel.burst = 1e6, 1_000_000
        data.fill(store, channel, messages, sender=wire.person)
        people = [wire.person(place) for place in range(messages)]
        found = []
        for _ in range(pairs + 1):
            ours = _timed(people, lambda: _drain(house, store, channel))
            assert count() == messages, "not every message of ours is at the provider, once"
            other = _timed(people, lambda: wire.bare(url, people))
            assert count() == messages
            found.append(Pair(ours, other))
        channel.close()
        store.close()
        return Ratios(tuple(found[1:]))


def _timed(people: list[str], act: Callable[[], float | None]) -> Round:
    began = time.perf_counter()
    began = act() or began
    return Round(time.perf_counter() - began, tuple(people), (), ())


def _drain(house: House, store: Store, channel: Channel) -> float:
    """Queue one message to everybody, then send; when the sending began."""
    with store.writing() as session:
        rows = session.run(select(talk.c.id, talk.c.data_key, talk.c.address_id).join(address)).all()
        for row in rows:
            key = session.keys.unwrap(row.data_key, row.id)
            outbox.put(
                session, session.run(select(moment())).scalar_one(), cause=f"bench:{row.id}:{time.time_ns()}",
                talk_id=row.id, data_key=key, address_id=row.address_id, channel=channel.name, text=TEXT,
            )  # fmt: skip
    with house.connect() as connection:
        connection.execute("VACUUM ANALYZE")
    began = time.perf_counter()
    assert Sender(store, channel, threading.Event(), patience=Patience()).drain() == len(rows)
    return began


@contextmanager
def _provider(name: str) -> Iterator[tuple[str, Callable[[], int]]]:
    """A fake provider in its own process: its address, and how many messages it took since it was last asked."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_stand, args=(name, theirs), daemon=True)
    process.start()
    url = ours.recv()

    def count() -> int:
        ours.send(True)
        return int(ours.recv())

    try:
        yield url, count
    finally:
        ours.send(False)
        process.join(10)


def _stand(name: str, line: Connection) -> None:
    if name == "telegram":
        provider: FakeTelegram | FakeTwilio = FakeTelegram(SETTINGS, latency=LATENCY)
    else:
        provider = FakeTwilio(SETTINGS, latency=LATENCY, callback_delay=None)
    with provider:
        line.send(provider.url)
        seen = 0
        while line.recv():
            line.send(len(provider.ledger) - seen)
            seen = len(provider.ledger)
