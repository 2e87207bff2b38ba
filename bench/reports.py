"""A desk's past: so many reports as they came in over the years, for the benchmark of the panel.

A thousand come in each day, so that a larger desk is an older one and not a busier one. Most reports are closed; those
of the last days are open. Kinds, places, urgencies and words are spread as people spread them: a few are told every
day, most hardly ever. All is sealed and indexed by the functions that do so in earnest, and written with COPY.
"""

import itertools
import json
import multiprocessing
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import psycopg

from bot.conversation.kinds import CLOSED, USUAL_URGENCY, Kind
from bot.places.gazetteer import Gazetteer, Level
from bot.store import Store
from bot.store.sealing import Keys, new_data_key, seal
from bot.store.words import hashed, words_of

A_DAY = 1_000
_CHUNK = 5_000
_PROCESSES = 2
#: An address has told three times on average.
_PER_ADDRESS = 3
#: Reports older than so many days are closed or set aside.
_WORK_DAYS = 4
_WIRES = ("twilio-sms", "twilio-sms", "twilio-sms", "telegram")
_TONGUES = ("fr", "bm", "bm", "bm", "ffm", "ses", "snk", "taq", "ar", None)
_KINDS = tuple(kind for kind in Kind if kind not in CLOSED)

#: Words that stand in many reports, the commonest first; RARE in one of 125, NEVER in none.
COMMON = (
    "eau puits village route pont marché femmes enfants depuis hier personne bétail champ école santé paludisme forage "
    "camion foire lundi jeudi nuit matin fleuve pluie crue mil riz semences éleveurs cultivateurs passage dispute chef "
    "maire police forêt moto pirogue bac carburant médicaments dispensaire accouchement eleves enseignant coupée fermé "
    "cassé perdu vendu brûlé malade affamé déplacés arrivés partis attendent demandent aide nourriture abri tentes"
).split()
RARE, NEVER = "gnagnakoro", "zzyzxmali"
_SYLLABLES = "ba bo da di do fa ga go ka ke ko la le ma mo na ni sa se so ta ti to wa ya".split()


@dataclass(slots=True)
class _Rows:
    """Rows by table, in the order in which the tables refer to each other."""

    tables: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {table: [] for table in _COLUMNS})


_COLUMNS = {
    "address": "id kind hash data_key sealed channel language heard_at reply_tokens same_replies code_tries made_at",
    "talk": "id address_id report_id flow status data_key facts tries opened_at heard_at",
    "message": "id talk_id outbound channel kind body at",
    "report": "id address_id talk_id status closed_queue exercise urgency kind suggested_kind place place_confirmed "
    "language channel to_index code_hash narrative seen_at made_at changed_at",
    "report_word": "word report_id",
    "audit": "at actor action subject detail",
}


def code_of(place: int) -> str:
    """The number of the report at this place, the oldest being 0; of no other one."""
    return str(10_000_000 + place)


def fill(store: Store, number: int, now: datetime | None = None) -> None:
    """Put so many reports into an empty desk, the newest of them made just now, and let the planner count them."""
    now = now or datetime.now(UTC)
    dsn = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    chunks = [(dsn, store.keys.pepper, store.keys.wrapping, number, start, now) for start in range(0, number, _CHUNK)]
    with (
        psycopg.connect(dsn, autocommit=True) as connection,
        multiprocessing.get_context("spawn").Pool(_PROCESSES) as pool,
    ):
        for _ in pool.imap_unordered(_fill_chunk, chunks):
            pass
        connection.execute("VACUUM ANALYZE")


def _fill_chunk(given: tuple[str, bytes, dict[int, bytes], int, int, datetime]) -> None:
    dsn, pepper, wrapping, number, start, now = given
    chance, keys = random.Random(start), Keys(pepper, wrapping)
    rows, people = _Rows(), _People(keys, start)
    for place in range(start, min(number, start + _CHUNK)):
        age = timedelta(days=(number - 1 - place) / A_DAY)
        _add(rows, keys, people, chance, now - age, age, code_of(place))
    with psycopg.connect(dsn) as connection:
        for table, found in rows.tables.items():
            columns = _COLUMNS[table].replace(" ", ", ")
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for values in found:
                    copy.write_row(values)


class _People:
    """Telephones of one chunk, each used a few times."""

    def __init__(self, keys: Keys, start: int) -> None:
        self._keys, self._numbers, self._known = keys, itertools.count(start), []

    def one(
        self, rows: _Rows, chance: random.Random, wire: str, tongue: str | None, at: datetime
    ) -> tuple[UUID, bytes]:
        """An address, known or new, and its hash."""
        if len(self._known) > 9 and chance.random() > 1 / _PER_ADDRESS:
            return chance.choice(self._known[-1_000:])
        kind = "telegram" if wire == "telegram" else "tel"
        uri = f"{kind}:{'' if kind == 'telegram' else '+223'}{70_000_000 + next(self._numbers)}"
        identity, key = _id_at(chance, at), new_data_key()
        found = (identity, self._keys.blind("address", uri))
        sealed, wrapped = seal(key, "address", identity, uri), self._keys.wrap(key, identity)
        rows.tables["address"].append((identity, kind, found[1], wrapped, sealed, wire, tongue, at, 11.0, 1, 0, at))
        self._known.append(found)
        return found


def _add(
    rows: _Rows, keys: Keys, people: _People, chance: random.Random, at: datetime, age: timedelta, code: str
) -> None:
    wire, tongue = chance.choice(_WIRES), chance.choice(_TONGUES)
    address_id, address_hash = people.one(rows, chance, wire, tongue, at)
    kind = _KINDS[min(int(chance.expovariate(0.35)), len(_KINDS) - 1)]
    closed_queue = chance.random() < 0.01
    if closed_queue:
        kind = chance.choice(sorted(CLOSED))
    status = _status(chance, age)
    place = _place(chance) if chance.random() < 0.9 else None
    text = _text(chance)
    talk_id, report_id, message_id, key = _id_at(chance, at), _id_at(chance, at), _id_at(chance, at), new_data_key()
    facts = json.dumps({"language": tongue or "fr", "code": code, "place": place})
    decided = status not in {"received", "half_told"}
    changed = at + timedelta(hours=chance.random() * 48) if decided else at
    rows.tables["talk"].append((
        talk_id, address_id, report_id, "report", "done", keys.wrap(key, talk_id),
        seal(key, "talk.facts", talk_id, facts), 0, at, at,
    ))  # fmt: skip
    rows.tables["message"].append((
        message_id, talk_id, False, wire, "text", seal(key, "message.body", message_id, text), at,
    ))  # fmt: skip
    rows.tables["report"].append((
        report_id, address_id, talk_id, status, closed_queue, False, USUAL_URGENCY.get(kind, 4),
        kind.value if decided else None, kind.value, place, decided and place is not None, tongue, wire, False,
        keys.blind("code", f"{address_hash.hex()}|{code}"), seal(key, "report.narrative", report_id, text),
        changed if decided or chance.random() < 0.5 else None, at, changed,
    ))  # fmt: skip
    words = {_hash(keys, word) for word in text.split()} | {hashed(keys, "word", code)}
    rows.tables["report_word"] += [(word, report_id) for word in words - {None}]
    rows.tables["audit"].append((at, "sender", "report.received", str(report_id), "{}"))


def _status(chance: random.Random, age: timedelta) -> str:
    if age > timedelta(days=_WORK_DAYS):
        return "set_aside" if chance.random() < 0.1 else "closed"
    return chance.choice(("received", "received", "half_told", "triaged", "routed", "in_hand", "answered", "closed"))


def _text(chance: random.Random) -> str:
    """Between eight and twenty words, the commonest most often, and every second one of a long tail."""
    words = []
    for _ in range(chance.randrange(8, 20)):
        if chance.random() < 0.6:
            words.append(COMMON[min(int(chance.expovariate(0.08)), len(COMMON) - 1)])
        else:
            words.append("".join(chance.choices(_SYLLABLES, k=3)))
    if chance.random() < 0.008:
        words.append(RARE)
    return " ".join(words)


@cache
def _communes() -> list[str]:
    return [place.id for place in Gazetteer.load() if place.level is Level.COMMUNE]


def _place(chance: random.Random) -> str:
    """Some communes are heard of often, each at times."""
    communes = _communes()
    return communes[min(int(chance.expovariate(4 / len(communes))), len(communes) - 1)]


def busiest_place() -> str:
    """The commune that most reports come from."""
    return _communes()[0]


_hashes: dict[str, bytes | None] = {}


def _hash(keys: Keys, word: str) -> bytes | None:
    """A word as the index keeps it; None for one that it leaves out."""
    if word not in _hashes:
        folded = words_of(word)
        _hashes[word] = hashed(keys, "word", folded[0]) if folded else None
    return _hashes[word]


def _id_at(chance: random.Random, at: datetime) -> UUID:
    """A UUIDv7 of that moment."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0b10 << 62 | chance.getrandbits(62))
