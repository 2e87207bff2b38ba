"""Every statement that a person or the desk waits for uses an index: read from the plans that PostgreSQL really ran."""

import re
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from bench import data
from bot import main
from bot.casework import call_backs, desk, thread
from bot.casework.desk import Filter
from bot.casework.seats import Seat
from bot.channels.twilio_sms import TwilioSms
from bot.config import Settings
from bot.conversation.kinds import Kind
from bot.delivery.outbox import Patience
from bot.delivery.sender import Sender
from bot.delivery.sweep import end_leases, settle_unknown
from bot.languages.catalogue import Catalogues
from bot.places.gazetteer import Gazetteer
from bot.store import Store, audit
from flows import FLOWS
from tests import services
from tests.chat import Road
from tests.post import Provider

CONTACTS = 6_000
#: Tables that grow with every message.
_BULK = "address|talk|message|report|outbox|audit|call_back"
#: Straight under a Limit it reads no more than that: the first thousand of a state that most reports are in.
_SCAN = re.compile(rf"(?:\n\t|(?<!Limit)  \(cost=[^\n]*\n[^\n]*-> +)Seq Scan on ({_BULK})\b")
_SEAT = Seat(uuid.UUID(int=2))
_EVERYTHING = Seat(uuid.UUID(int=1), sees_closed=True)
#: One that fits many reports, and ones that fit few or none.
_FILTERS = (
    Filter(urgency=3, channel="twilio-sms"),
    Filter(kind=Kind.NEED),
    Filter(kind=Kind.ABDUCTION),
    Filter(places=["kun:mopti/mopti/konna"]),
    Filter(language="fr"),
    Filter(language="kao", unread=True),
    Filter(unread=True),
    Filter(late_before={level: datetime(2000 + level, 1, 1, tzinfo=UTC) for level in range(1, 5)}),
    Filter(call=True),
    Filter(channel="telegram"),
)
#: Everybody has been called once.
_CALLED = """
    INSERT INTO call_back (id, address_id, talk_id, report_id, status, asked, made_at, heard_at)
    SELECT gen_random_uuid(), talk.address_id, talk.id, talk.report_id, 'done', 0, now(), now() FROM talk
"""


@dataclass
class House:
    """A database full of contacts that writes down the plan of everything it does."""

    server: services.Postgres
    name: str
    store: Store
    road: Road

    def plans(self, act: Callable[[], Any]) -> str:
        """What PostgreSQL did meanwhile."""
        log = self.server.folder / "log"
        before = log.stat().st_size
        act()
        with log.open("rb") as lines:
            lines.seek(before)
            return lines.read().decode(errors="replace")

    def execute(self, statement: str) -> None:
        """Run a statement of the test's own."""
        with psycopg.connect(self.server.dsn(self.name), autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with services.postgres() as server:
        name = server.create("plans")
        folder = tmp_path_factory.mktemp("plans")
        settings = Settings(
            demo=True,
            data_dir=folder,
            database_url=server.url(name),
            public_url="https://bot.example.org",
            twilio_account_sid="AC" + "5" * 32,
            twilio_auth_token="t",
            twilio_from="+22320000000",
        )
        main.migrate(settings)
        store = Store.open(settings, main.make_keys(settings))
        data.fill(store, TwilioSms(settings), CONTACTS)
        # Most of what a desk holds is old: half of the reports are closed.
        with psycopg.connect(server.dsn(name), autocommit=True) as connection:
            connection.execute("UPDATE report SET status = 'closed' WHERE ctid::text ~ '[02468]\\)$'")
            connection.execute(_CALLED)
            connection.execute("VACUUM ANALYZE")
        for setting in ("session_preload_libraries = 'auto_explain'", "auto_explain.log_min_duration = 0"):
            server.execute(f"ALTER DATABASE {name} SET {setting}")
        store.engine.dispose()
        catalogues, gazetteer = Catalogues.load(main.LOCALES, "bot", drafts=True), Gazetteer.load()
        wire = TwilioSms(settings)
        yield House(server, name, store, Road.build(store, wire, FLOWS, main.VERBS, catalogues, gazetteer))
        store.close()


def _turns(house: House) -> None:
    for text in (data.TOLD_WITH_PLACE, "1", "2", "5", "le puits aussi", "suivi 12345", "menu"):
        house.road.phone("+22360000001").says(text)
    for place in (0, 1):
        known = house.road.phone(data.number(place))
        known.confirms = False
        for _ in range(2):
            known.says("1", provider_id=f"SM{place:032x}")
        known.confirm()
    house.road.phone("+22360000002").bips()


def _sending(house: House) -> None:
    provider = Provider()
    provider.name = "twilio-sms"
    for number in range(3):
        house.road.phone(data.number(2 * number + 10)).says("2", inline=False)
    Sender(house.store, provider, threading.Event()).drain()  # type: ignore[arg-type]
    with house.store.writing() as session:
        end_leases(session)
    settle_unknown(house.store, provider, Patience())  # type: ignore[arg-type]


def _desk(house: House) -> None:
    now = datetime.now(UTC)
    for seat in (_SEAT, _EVERYTHING):
        with house.store.writing() as session:
            found = desk.inbox(session, seat)
            desk.inbox(session, seat, after=found.older)
            desk.inbox(session, seat, status="closed")
            for wanted in _FILTERS:
                desk.inbox(session, seat, wanted=wanted)
            desk.newest_change(session, seat)
            desk.counts(session, seat)
            line = found.lines[0]
            desk.look(session, seat, line.id)
            desk.conversation(session, seat, line.id)
            desk.mark_seen(session, now, seat, line.id)
            thread.reply(session, now, seat, line.id, "Merci", uuid.uuid4().hex, house.road.means)
            thread.entries(session, seat, line.id)
            call_backs.open_call_backs(session, seat)
            call_backs.of_report(session, seat, line.id)
            audit.timeline(session, str(line.id))
            audit.newest(session, 50)


def _clock(house: House) -> None:
    thread.send_waiting(house.store, datetime.now(UTC), house.road.means)
    with house.store.writing() as session:
        audit.link_new(session, datetime.now(UTC) + timedelta(seconds=5))


@pytest.mark.parametrize("act", [_turns, _sending, _desk, _clock])
def test_every_hot_statement_is_on_an_index(house: House, act: Callable[[House], None]) -> None:
    plans = house.plans(lambda: act(house))
    assert plans.count("Query Text") > 5, "PostgreSQL has written no plans down"
    scans = [plans[max(0, found.start() - 1500) : found.end()] for found in _SCAN.finditer(plans)]
    assert not scans, f"{len(scans)} scans of whole tables, the first:\n{scans[0]}"


def test_a_missing_index_is_noticed(house: House) -> None:
    house.execute("DROP INDEX ix_talk_report_id")
    try:
        assert _SCAN.search(house.plans(lambda: _desk(house)))
    finally:
        house.execute("CREATE INDEX ix_talk_report_id ON talk (report_id)")
