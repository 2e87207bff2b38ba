"""Staff: who may sign in, what they prove it with, their sessions, and the delays after failures.

Passwords are argon2id; hash and compare them outside a transaction, each takes a tenth of a second. The second factor
is a code of 30 seconds (TOTP), accepted once; its secret is sealed under a key derived from the key file.
"""

import hashlib
import hmac
import itertools
import secrets
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Select, delete, insert, or_, select, update

from bot.errors import KunnafoniError
from bot.store.audit import Action, note
from bot.store.sealing import Keys, seal, unseal
from bot.store.session import Session
from bot.store.tables import SignInStage, sign_in_failure, staff, staff_session
from bot.store.types import new_id

#: NIST SP 800-63B and ASVS 5.0 §6.2.9: length is what counts.
SHORTEST_PASSWORD, LONGEST_PASSWORD = 15, 128
#: A session ends when nobody acts for so long, and so long after the sign-in whatever happens.
IDLE, LONGEST_SESSION = timedelta(minutes=30), timedelta(hours=8)
#: Between the password and the second factor.
_HALF_WAY = timedelta(minutes=10)
#: A session is noted as used at most so often, so that looking at a page seldom writes.
_TOUCH = timedelta(minutes=1)
#: So many failures are free; each further one doubles the wait, from one second to sixty.
_FREE_FAILURES, _LONGEST_WAIT = 5, 60
_FORGIVEN = timedelta(hours=1)
_STEP_SECONDS = 30
_RECOVERY_CODES = 10
# No 0, o, 1, l, i: people copy these from paper.
_RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

# The defaults of argon2-cffi are RFC 9106's low-memory choice: 64 MiB each, so at most four at once.
_hasher = PasswordHasher()
_hashing = threading.Semaphore(4)


class WeakPassword(KunnafoniError):
    """The password would be guessed: too short, or not much in it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff, without their secrets."""

    id: UUID
    username: str
    name: str
    roles: frozenset[str]
    language: str
    active: bool
    has_second_factor: bool
    recovery_codes: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A living session: who, how far they have proved it, and since when."""

    id_hash: bytes
    member: Member
    stage: SignInStage
    made_at: datetime
    seen_at: datetime


# Passwords


def check_password(password: str, *about: str) -> None:
    """Raise WeakPassword unless it is long and varied enough and holds none of the words `about` its owner."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPassword(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    plain = password.casefold()
    for word in (*about, "kunnafoni"):
        if len(word) > 3:
            plain = plain.replace(word.casefold(), "")
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(plain)}
    if len(set(plain)) < 6 or len(plain) < 10 or len(steps) < 4:
        raise WeakPassword("a password is not a name, a row of keys or one piece repeated")


def hash_password(password: str) -> str:
    """What is kept of a password (argon2id, RFC 9106)."""
    with _hashing:
        return _hasher.hash(password)


def password_fits(kept: str | None, password: str) -> bool:
    """Whether it is the one; of nobody (None) it takes as long and is False."""
    with _hashing:
        try:
            _hasher.verify(kept or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(24))


# Members


def make(
    session: Session,
    now: datetime,
    actor: str,
    username: str,
    name: str,
    password_hash: str,
    roles: Iterable[str],
    language: str = "fr",
) -> UUID:
    """A new member, who may sign in at once. Raises Duplicate if the username is taken."""
    identity = new_id()
    session.run(
        insert(staff).values(
            id=identity,
            username=_username(username),
            name=name,
            password_hash=password_hash,
            active=True,
            roles=sorted(set(roles)),
            language=language,
            totp_secret=None,
            totp_step=0,
            recovery_codes=[],
            made_at=now,
            changed_at=now,
        )
    )
    note(session, now, actor, Action.STAFF_MADE, identity, {"roles": sorted(set(roles))})
    return identity


def find(session: Session, username: str) -> tuple[Member, str] | None:
    """The active member of this name and their password's hash."""
    row = session.run(select(staff).where(staff.c.username == _username(username), staff.c.active)).first()
    return (_member(row), row.password_hash) if row else None


def names(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """What colleagues call them."""
    if not ids:
        return {}
    rows = session.run(select(staff.c.id, staff.c.name).where(staff.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def change_password(session: Session, now: datetime, actor: str, staff_id: UUID, password_hash: str) -> None:
    """From now on this one; every session of theirs ends."""
    _change(session, now, actor, staff_id, "password", password_hash=password_hash)
    end_sessions_of(session, staff_id)


def change_language(session: Session, now: datetime, staff_id: UUID, language: str) -> None:
    """The language of their panel."""
    session.run(update(staff).where(staff.c.id == staff_id).values(language=language, changed_at=now))


def change_rights(
    session: Session, now: datetime, actor: str, staff_id: UUID, roles: Iterable[str], *, active: bool = True
) -> None:
    """What they may do; at once, because every session of theirs ends."""
    _change(session, now, actor, staff_id, "rights", roles=sorted(set(roles)), active=active)
    end_sessions_of(session, staff_id)


def _change(session: Session, now: datetime, actor: str, staff_id: UUID, what: str, **values: Any) -> None:
    session.run(update(staff).where(staff.c.id == staff_id).values(**values, changed_at=now))
    note(session, now, actor, Action.STAFF_CHANGED, staff_id, {"what": what})


def _username(text: str) -> str:
    return text.strip().casefold()[:64]


def _member(row: Any) -> Member:
    return Member(
        id=row.id,
        username=row.username,
        name=row.name,
        roles=frozenset(row.roles),
        language=row.language,
        active=row.active,
        has_second_factor=row.totp_secret is not None,
        recovery_codes=len(row.recovery_codes),
    )


# The second factor


def new_totp_secret() -> str:
    """A secret for an authenticator app, 160 bits in base32."""
    return pyotp.random_base32()


def propose_totp(session: Session, signed_in: SignedIn) -> str:
    """The secret that this session offers to the app, the same one until it is confirmed."""
    sealed = session.run(
        select(staff_session.c.new_totp_secret).where(staff_session.c.id_hash == signed_in.id_hash)
    ).scalar()
    if sealed:
        return unseal(_totp_key(session), "staff.new_totp", signed_in.id_hash.hex(), sealed)
    secret = new_totp_secret()
    session.run(
        update(staff_session)
        .where(staff_session.c.id_hash == signed_in.id_hash)
        .values(new_totp_secret=seal(_totp_key(session), "staff.new_totp", signed_in.id_hash.hex(), secret))
    )
    return secret


def confirm_totp(session: Session, now: datetime, signed_in: SignedIn, code: str) -> list[str] | None:
    """Take the proposed secret into use if the code is its own; the recovery codes, to be shown once."""
    secret = propose_totp(session, signed_in)
    step = _step_of(secret, code, now)
    if step is None:
        return None
    member = signed_in.member
    codes = ["".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(10)) for _ in range(_RECOVERY_CODES)]
    _change(
        session,
        now,
        f"staff:{member.id}",
        member.id,
        "second_factor",
        totp_secret=seal(_totp_key(session), "staff.totp", member.id, secret),
        totp_step=step,
        recovery_codes=[_recovery_hash(session, member.id, each) for each in codes],
    )
    return [f"{each[:5]}-{each[5:]}" for each in codes]


def use_code(session: Session, now: datetime, staff_id: UUID, code: str) -> bool:
    """Whether this code, from the app or a recovery code, is theirs and was never used before; it is used now."""
    row = session.run(select(staff.c.totp_secret, staff.c.recovery_codes).where(staff.c.id == staff_id)).first()
    if row is None or row.totp_secret is None:
        return False
    said = "".join(code.split()).replace("-", "").casefold()
    if len(said) == 6:
        secret = unseal(_totp_key(session), "staff.totp", staff_id, row.totp_secret)
        return _use_step(session, now, staff_id, secret, said)
    return _use_recovery(session, now, staff_id, said)


def _use_step(session: Session, now: datetime, staff_id: UUID, secret: str, code: str) -> bool:
    step = _step_of(secret, code, now)
    if step is None:
        return False
    later = update(staff).where(staff.c.id == staff_id, staff.c.totp_step < step).values(totp_step=step)
    return bool(session.run(later).rowcount)


def _use_recovery(session: Session, now: datetime, staff_id: UUID, code: str) -> bool:
    wanted = _recovery_hash(session, staff_id, code)
    left = session.run(select(staff.c.recovery_codes).where(staff.c.id == staff_id).with_for_update()).scalar_one()
    kept = [each for each in left if not hmac.compare_digest(each, wanted)]
    if len(kept) == len(left):
        return False
    _change(session, now, f"staff:{staff_id}", staff_id, "recovery_code_used", recovery_codes=kept)
    return True


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step that this code belongs to: the present one or a neighbour, for clocks that go wrong."""
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // _STEP_SECONDS
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


def _totp_key(session: Session) -> bytes:
    return session.keys.derive("staff-totp")


def _recovery_hash(session: Session, staff_id: UUID, code: str) -> str:
    return session.keys.blind("staff-recovery", f"{staff_id}|{code}").hex()


# Sessions


def open_session(session: Session, now: datetime, staff_id: UUID, stage: SignInStage) -> str:
    """A new session; its id, which only the browser keeps (256 bits of chance)."""
    identity = secrets.token_urlsafe(32)
    session.run(
        insert(staff_session).values(
            id_hash=_id_hash(identity), staff_id=staff_id, stage=stage.value, made_at=now, seen_at=now
        )
    )
    session.run(delete(staff_session).where(_expired(now)))
    return identity


def signed_in(session: Session, now: datetime, identity: str) -> SignedIn | None:
    """The living session of this id, or None: unknown, ended, too old, or its member is no longer active."""
    statement: Select[Any] = (
        select(
            staff,
            staff_session.c.id_hash,
            staff_session.c.stage,
            staff_session.c.made_at.label("opened_at"),
            staff_session.c.seen_at,
        )
        .join(staff, staff.c.id == staff_session.c.staff_id)
        .where(staff_session.c.id_hash == _id_hash(identity), staff.c.active, ~_expired(now))
    )
    row = session.run(statement).first()
    if row is None:
        return None
    stage = SignInStage(row.stage)
    if stage is not SignInStage.FULL and now - row.opened_at > _HALF_WAY:
        return None
    return SignedIn(row.id_hash, _member(row), stage, row.opened_at, row.seen_at)


def is_worth_touching(found: SignedIn, now: datetime) -> bool:
    """Whether it was last noted as used so long ago that it should be noted again."""
    return now - found.seen_at > _TOUCH


def touch(session: Session, now: datetime, found: SignedIn) -> None:
    """Somebody acts in this session now."""
    session.run(update(staff_session).where(staff_session.c.id_hash == found.id_hash).values(seen_at=now))


def end_session(session: Session, id_hash: bytes) -> None:
    """From now on this id opens nothing, whoever holds a copy."""
    session.run(delete(staff_session).where(staff_session.c.id_hash == id_hash))


def end_sessions_of(session: Session, staff_id: UUID) -> None:
    """Sign them out everywhere."""
    session.run(delete(staff_session).where(staff_session.c.staff_id == staff_id))


def _expired(now: datetime) -> Any:
    return or_(staff_session.c.seen_at < now - IDLE, staff_session.c.made_at < now - LONGEST_SESSION)


def _id_hash(identity: str) -> bytes:
    return hashlib.sha256(identity.encode()).digest()


# Guessing


@dataclass(frozen=True, slots=True)
class Guess:
    """Whose guesses are counted together; opaque, so that a dump tells no address and no wrong username."""

    key: bytes = field(repr=False)


def guess(keys: Keys, what: str, value: str) -> Guess:
    """The count for an account, a known browser or a network address."""
    return Guess(keys.blind("sign-in", f"{what}|{value}"))


def admit(session: Session, now: datetime, guesses: Iterable[Guess]) -> float:
    """Seconds to wait before another try; 0.0 counts this one as failed until `forgive` takes it back.

    The count is made before the password is looked at, so that many tries at once don't pass as one. A try that is
    told to wait counts nothing: nobody can lengthen another's wait by knocking.
    """
    session.run(delete(sign_in_failure).where(sign_in_failure.c.last_at < now - _FORGIVEN))
    found = {each.key: _failures(session, each) for each in sorted(guesses, key=lambda each: each.key)}
    wait = max((_wait(row, now) for row in found.values() if row is not None), default=0.0)
    if wait > 0:
        return wait
    for key, row in found.items():
        if row is None:
            session.run(insert(sign_in_failure).values(key=key, count=1, last_at=now))
        else:
            counted = update(sign_in_failure).where(sign_in_failure.c.key == key)
            session.run(counted.values(count=row.count + 1, last_at=now))
    return 0.0


def forgive(session: Session, guesses: Iterable[Guess]) -> None:
    """The try was right: these counts start again."""
    session.run(delete(sign_in_failure).where(sign_in_failure.c.key.in_([each.key for each in guesses])))


def take_back(session: Session, one: Guess) -> None:
    """The try was right: it does not count, but those before it do."""
    session.run(
        update(sign_in_failure)
        .where(sign_in_failure.c.key == one.key, sign_in_failure.c.count > 0)
        .values(count=sign_in_failure.c.count - 1)
    )


def _failures(session: Session, one: Guess) -> Any:
    return session.run(select(sign_in_failure).where(sign_in_failure.c.key == one.key).with_for_update()).first()


def _wait(row: Any, now: datetime) -> float:
    if row.count < _FREE_FAILURES:
        return 0.0
    whole: int = min(_LONGEST_WAIT, 2 ** min(row.count - _FREE_FAILURES, 6))
    past: float = (now - row.last_at).total_seconds()
    return max(0.0, whole - past)
