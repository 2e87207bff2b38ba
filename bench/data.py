"""`python -m bench.data`: fill the database that DATABASE_URL names with contacts in the middle of a talk.

The rows are made by the code that makes them in earnest (talks, reports, sealing) and written with COPY. Every contact
has one talk with one report; half of them are asked their first question, half their last.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import Executable

from bot import config, main
from bot.casework import reports
from bot.casework.codes import new_code
from bot.casework.reports import Filing, Source
from bot.channels import Channel
from bot.channels.twilio_sms import TwilioSms
from bot.conversation.lexicon import Lexicon
from bot.conversation.questions import Said
from bot.languages.catalogue import Catalogues
from bot.places.gazetteer import Gazetteer
from bot.places.matching import find_in_sentence
from bot.store import Pending, Session, Store
from bot.store.sealing import Keys, new_data_key, seal
from bot.store.types import new_id
from bot.talks import Talk, Talks, open_talk, save
from flows import FLOWS

_LEXICON = Lexicon.load()

TOLD = "Depuis hier il n'y a plus d'eau au forage, les femmes marchent loin"
TOLD_WITH_PLACE = "Depuis hier il n'y a plus d'eau au forage de Konna, les femmes marchent loin"
_CHUNK = 5_000


def number(place: int) -> str:
    """The telephone number of the contact at this place: even ones are asked first things, odd ones the last."""
    return f"+2237{place:07d}"


def stranger(place: int) -> str:
    """A number that no contact has."""
    return f"+2236{place:07d}"


class _Rows(Session):
    """A session that gathers what it is told to insert, by table, instead of asking the database."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.tables: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def later(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Pending:
        self.add(statement.table.name, **dict(parameters or {}))  # type: ignore[attr-defined]
        return Pending()

    def add(self, table: str, **values: Any) -> None:
        """One row for this table."""
        self.tables[table].append(values)


@dataclass(frozen=True, slots=True)
class _Here:
    """A turn of a flow that looks nothing up in the store."""

    wire: Channel
    now: datetime
    session: Any = None


@dataclass(frozen=True, slots=True)
class _Told:
    """A talk as every second contact has it, what the person wrote, what was answered."""

    talk: Talk
    text: str
    answer: str


def fill(
    store: Store,
    wire: Channel,
    contacts: int,
    *,
    heard_at: datetime | None = None,
    sender: Callable[[int], str] = number,
) -> None:
    """Add so many contacts, numbered from 0, last heard at `heard_at` (an hour ago), and let the planner count them."""
    gazetteer = Gazetteer.load()
    conversations = Talks(FLOWS, Catalogues.load(main.LOCALES, "bot", drafts=False), gazetteer)
    heard_at = heard_at or datetime.now(UTC) - timedelta(hours=1)
    place = find_in_sentence(gazetteer, TOLD_WITH_PLACE).places[0].id
    asked_first = _talk(conversations, wire, heard_at, TOLD, place=None)
    asked_last = _talk(conversations, wire, heard_at, TOLD_WITH_PLACE, place=place)
    conversations.hear(asked_last.talk, Said("2"), _Here(wire, heard_at))
    with psycopg.connect(_dsn(store), autocommit=True) as connection:
        for start in range(0, contacts, _CHUNK):
            rows = _Rows(store.keys)
            for each in range(start, min(contacts, start + _CHUNK)):
                _add(rows, wire, sender(each), asked_last if each % 2 else asked_first, heard_at)
            _copy(connection, rows)
        connection.execute(_REPLIES)
        connection.execute("VACUUM ANALYZE")


def _talk(conversations: Talks, wire: Channel, now: datetime, text: str, *, place: str | None) -> _Told:
    facts = {
        "language": "fr",
        "stranger": False,
        "hears_calls": False,
        "has_media": False,
        "place": place,
        "homonyms": [],
    }
    opened = open_talk(now, new_id(), "report", {**facts, "code": "12340", "urgency": _LEXICON.suggest(text).urgency})
    return _Told(opened, text, conversations.begin(opened, _Here(wire, now)).text)


def _add(rows: _Rows, wire: Channel, sender: str, told: _Told, now: datetime) -> None:
    address_id, address_key, uri = new_id(), new_data_key(), f"{wire.address_kind}:{sender}"
    hashed = rows.keys.blind("address", uri)
    talk = replace(told.talk, id=new_id(), address_id=address_id, data_key=new_data_key(), fresh=True)
    filing = Filing(new_id(), told.text, _LEXICON.suggest(told.text), new_code(), place=talk.facts["place"])
    talk.report_id = filing.id
    rows.add(
        "address",
        id=address_id, kind=wire.address_kind, hash=hashed, data_key=rows.keys.wrap(address_key, address_id),
        sealed=seal(address_key, "address", address_id, uri), channel=wire.name, language="fr",
        heard_at=now, reply_tokens=11.0, same_replies=1, code_tries=0, made_at=now,
    )  # fmt: skip
    save(rows, talk, now)
    for outbound, text in ((False, told.text), (True, told.answer)):
        message = new_id()
        rows.add(
            "message",
            id=message, talk_id=talk.id, outbound=outbound, channel=wire.name,
            provider_id=None if outbound else f"SM{message.hex}", kind="text",
            body=seal(talk.data_key, "message.body", message, text), at=now,
        )  # fmt: skip
    source = Source(talk.id, talk.data_key, address_id, hashed, wire.name, "fr", exercise=False)
    reports.file(rows, now, source, filing)


#: Every reply of the past was delivered.
_REPLIES = """
    INSERT INTO outbox (cause, message_id, address_id, channel, lane, status, attempt, token, not_before,
                        possible_duplicate, made_at, sending_at, settled_at)
    SELECT 'past:' || message.id, message.id, talk.address_id, message.channel, 1, 'delivered', 1, 0, message.at,
           false, message.at, message.at, message.at
    FROM message JOIN talk ON talk.id = message.talk_id LEFT JOIN outbox ON outbox.message_id = message.id
    WHERE message.outbound AND outbox.id IS NULL
"""


def _copy(connection: psycopg.Connection[Any], rows: _Rows) -> None:
    with connection.transaction():
        for table in ("address", "talk", "message", "report", "audit"):
            found = rows.tables[table]
            columns = list(found[0])
            with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for values in _plain(found):
                    copy.write_row(values)


def _plain(rows: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for row in rows:
        yield [json.dumps(value) if isinstance(value, dict) else value for value in row.values()]


def _dsn(store: Store) -> str:
    return store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _main() -> None:
    parser = argparse.ArgumentParser("python -m bench.data", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--contacts", type=int, default=100_000)
    arguments = parser.parse_args()
    settings = config.read()
    if not settings.database.startswith("postgresql"):
        raise SystemExit("bench.data: DATABASE_URL must name a PostgreSQL database made for the benchmark.")
    main.migrate(settings)
    store = Store.open(settings, main.make_keys(settings))
    fill(store, TwilioSms(settings), arguments.contacts)
    store.close()
    print(f"{arguments.contacts} contacts, each with a talk and a report.")


if __name__ == "__main__":
    _main()
