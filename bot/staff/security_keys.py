"""Security keys (WebAuthn): a factor that answers for this desk's address only, so that a false page learns nothing.

Each page that asks for a key puts a challenge on the session; the first answer uses it up, right or wrong.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import Column, delete, insert, select, update
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bot.errors import NotAllowed
from bot.staff.accounts import Member
from bot.staff.sessions import SignedIn
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import security_key, staff_session
from bot.store.types import new_id

log = logging.getLogger(__name__)

LONGEST_NAME = 64
#: Which browsers leave out of an address.
_USUAL_PORTS = {"https": 443, "http": 80}
#: An answer of a key is never longer, in characters.
LONGEST_ANSWER = 16_000


@dataclass(frozen=True, slots=True)
class Site:
    """The address that keys answer for, as browsers see it."""

    origin: str

    @classmethod
    def of(cls, address: str) -> "Site":
        """The site of this address as browsers write it, whatever path stands behind it."""
        parts = urlsplit(address)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        port = "" if parts.port in (None, _USUAL_PORTS.get(parts.scheme)) else f":{parts.port}"
        return cls(f"{parts.scheme}://{host}{port}")

    @property
    def host(self) -> str:
        """Its name, without scheme and port."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True)
class SecurityKey:
    """A key as its owner knows it."""

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


def keys_of(session: Session, staff_id: UUID) -> list[SecurityKey]:
    """Their keys, the oldest first."""
    rows = session.run(select(security_key).where(security_key.c.staff_id == staff_id).order_by(security_key.c.id))
    return [SecurityKey(row.id, row.name, row.made_at, row.used_at) for row in rows]


def ask_for_new(session: Session, found: SignedIn, site: Site) -> str:
    """What a browser needs to make a new key known here, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="Kunnafoni",
        user_id=found.member.id.bytes,
        user_name=found.member.username,
        user_display_name=found.member.name,
        challenge=_challenge(session, found, staff_session.c.new_key_challenge),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(session, found.member.id),
    )
    return webauthn.options_to_json(options)


def add(session: Session, now: datetime, found: SignedIn, site: Site, name: str, answer: str) -> bool:
    """Whether a new key has answered the challenge; it is theirs from now on. Raises Duplicate for a known key."""
    challenge = _use_up(session, found, staff_session.c.new_key_challenge)
    if challenge is None or len(answer) > LONGEST_ANSWER:
        return False
    try:
        verified = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except (WebAuthnException, ValueError) as failure:
        log.info("a new security key was refused", extra={"why": type(failure).__name__})
        return False
    session.run(
        insert(security_key).values(
            id=new_id(),
            staff_id=found.member.id,
            credential_id=verified.credential_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            name=name,
            made_at=now,
            used_at=None,
        )
    )
    note(session, now, f"staff:{found.member.id}", Action.STAFF_CHANGED, found.member.id, {"what": "key_added"})
    return True


def ask(session: Session, found: SignedIn, site: Site) -> str | None:
    """What a browser needs to ask one of their keys for a proof, as JSON; None for whoever has no key."""
    if not found.member.keys:
        return None
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=_challenge(session, found, staff_session.c.challenge),
        allow_credentials=_descriptors(session, found.member.id),
    )
    return webauthn.options_to_json(options)


def prove(session: Session, now: datetime, found: SignedIn, site: Site, answer: str) -> bool:
    """Whether one of their keys has answered the challenge; its counter must have gone on since the last time."""
    challenge = _use_up(session, found, staff_session.c.challenge)
    if challenge is None or len(answer) > LONGEST_ANSWER:
        return False
    try:
        said = webauthn.helpers.parse_authentication_credential_json(answer)
        theirs = security_key.c.credential_id == said.raw_id, security_key.c.staff_id == found.member.id
        key = session.run(select(security_key).where(*theirs)).first()
        if key is None:
            return False
        verified = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError) as failure:
        log.info("a security key was refused", extra={"why": type(failure).__name__})
        return False
    used = update(security_key).where(security_key.c.id == key.id, security_key.c.sign_count == key.sign_count)
    return bool(session.run(used.values(sign_count=verified.new_sign_count, used_at=now)).rowcount)


def remove(session: Session, now: datetime, member: Member, key_id: UUID, *, keep_one: bool) -> None:
    """This key opens nothing any more. Raises NotAllowed if it is not theirs, or with `keep_one` their last factor."""
    theirs = session.run(
        select(security_key.c.id).where(security_key.c.staff_id == member.id).with_for_update()
    ).scalars()
    others = set(theirs) - {key_id}
    enough = others or (member.has_app and not member.needs_key)
    gone = session.run(delete(security_key).where(security_key.c.id == key_id, security_key.c.staff_id == member.id))
    if not gone.rowcount or (keep_one and not enough):
        raise NotAllowed("the key is not theirs, or their last")
    note(session, now, f"staff:{member.id}", Action.STAFF_CHANGED, member.id, {"what": "key_removed"})


def _challenge(session: Session, found: SignedIn, column: Column[Any]) -> bytes:
    """A fresh challenge; the one of an older page is worth nothing any more."""
    made = secrets.token_bytes(32)
    session.run(update(staff_session).where(staff_session.c.id_hash == found.id_hash).values({column: made}))
    return made


def _use_up(session: Session, found: SignedIn, column: Column[Any]) -> bytes | None:
    """The challenge, for the first that asks for it."""
    mine = staff_session.c.id_hash == found.id_hash
    made: bytes | None = session.run(select(column).where(mine)).scalar()
    if made is None:
        return None
    taken = session.run(update(staff_session).where(mine, column == made).values({column: None}))
    return made if taken.rowcount else None


def _descriptors(session: Session, staff_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    rows = session.run(select(security_key.c.credential_id).where(security_key.c.staff_id == staff_id))
    return [PublicKeyCredentialDescriptor(id=row.credential_id) for row in rows]
