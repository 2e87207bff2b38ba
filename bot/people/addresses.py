"""Addresses: where a wire reaches somebody. One row for each, found by a blind hash, sealed under its own key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from bot.store import Session
from bot.store.sealing import Keys, new_data_key, seal, unseal
from bot.store.tables import address
from bot.store.types import new_id

#: A sender gets so many replies at once.
REPLY_BURST = 12.0
#: So many of the last characters of an address are shown.
_SHOWN = 2


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
    hashed = session.keys.blind("address", uri)
    found: UUID | None = session.run(select(address.c.id).where(address.c.hash == hashed).with_for_update()).scalar()
    if found is not None:
        return found
    identity = new_id()
    session.run(insert(address).values(**new_address(session.keys, now, identity, uri, channel)))
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
