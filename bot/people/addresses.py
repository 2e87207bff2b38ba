"""Addresses: where a wire reaches somebody. One row for each, found by a blind hash, sealed under its own key."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import phonenumbers
from sqlalchemy import insert, select

from bot.languages.text import digits
from bot.store import Duplicate, Session
from bot.store.sealing import Keys, new_data_key, seal, unseal
from bot.store.tables import address
from bot.store.types import new_id

#: A sender gets so many replies at once.
REPLY_BURST = 12.0
#: So many of the last characters of an address are shown.
_SHOWN = 2
_NOBODY = "nobody"
_COUNTRY = "ML"


@dataclass(frozen=True, slots=True)
class Telephone:
    """How this house reaches a telephone: the kind of its addresses, and the wire ("" where none can write to one)."""

    kind: str
    channel: str

    def address(self, number: str) -> str | None:
        """The address of a number as somebody typed it, of Mali unless it says otherwise; None if it can be none."""
        with suppress(phonenumbers.NumberParseException):
            parsed = phonenumbers.parse(digits(number), _COUNTRY)
            if phonenumbers.is_possible_number(parsed):
                e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
                return f"{self.kind}:{e164 if self.kind == 'tel' else parsed.national_number}"
        return None


def new_address(keys: Keys, now: datetime, identity: UUID, uri: str, channel: str) -> Mapping[str, Any]:
    """The row of an address that nobody has written from or to; `channel` carries what we say to it."""
    key = new_data_key()
    return {
        "id": identity,
        "kind": uri.split(":", 1)[0],
        "hash": keys.blind("address", uri),
        "data_key": keys.wrap(key, identity),
        "sealed": seal(key, "address", identity, uri),
        "channel": channel,
        "heard_at": now,
        "reply_tokens": REPLY_BURST,
        "same_replies": 0,
        "code_tries": 0,
        "made_at": now,
    }


def reach(session: Session, now: datetime, uri: str, channel: str) -> UUID:
    """The address of this URI, locked as a turn locks it; a new one where there is none."""
    known = select(address.c.id).where(address.c.hash == session.keys.blind("address", uri)).with_for_update()
    found: UUID | None = session.run(known).scalar()
    if found is None:
        row = new_address(session.keys, now, new_id(), uri, channel)
        with suppress(Duplicate), session.connection.begin_nested():  # their own first message was faster
            session.run(insert(address).values(**row))
        found = session.run(known).scalar_one()
    return found


def nobody(session: Session, now: datetime) -> UUID:
    """The address that talks without a telephone belong to; nothing can be found by it or sent to it."""
    found: UUID | None = session.run(select(address.c.id).where(address.c.kind == _NOBODY).limit(1)).scalar()
    if found is not None:
        return found
    identity = new_id()
    values = {"id": identity, "kind": _NOBODY, "hash": os.urandom(32), "channel": _NOBODY, "forgotten_at": now}
    counts = {"reply_tokens": 0.0, "same_replies": 0, "code_tries": 0}
    session.run(insert(address).values(heard_at=now, made_at=now, **values, **counts))
    return identity


def uri_of(keys: Keys, identity: UUID, data_key: bytes | None, sealed: bytes | None) -> str | None:
    """What is sealed in the row of an address; None once it was erased."""
    if data_key is None or sealed is None:
        return None
    return unseal(keys.unwrap(data_key, identity), "address", identity, sealed)


def masked(uri: str | None) -> str:
    """What may be shown of an address: its last two characters, `•••• ••12`."""
    if uri is None:
        return "•••• ••••"
    return f"•••• ••{uri.partition(':')[2][-_SHOWN:]}"
