"""Codes as a second factor: of an app (TOTP, 30 seconds) and on paper, each accepted once.

The app's secret is sealed under a key derived from the key file; of a recovery code only a hash is kept.
"""

import hmac
import secrets
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import select, update

from bot.staff.accounts import MEMBER, change, member_of
from bot.staff.sessions import SignedIn
from bot.store import Session
from bot.store.sealing import seal, unseal
from bot.store.tables import staff, staff_session

_STEP_SECONDS = 30
_RECOVERY_CODES = 10
# No 0, o, 1, l, i: people copy these from paper.
_RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_totp_secret() -> str:
    """A secret for an authenticator app, 160 bits in base32."""
    return pyotp.random_base32()


def propose_totp(session: Session, signed_in: SignedIn) -> str:
    """The secret that this session offers to the app, the same one until it is confirmed."""
    sealed = session.run(
        select(staff_session.c.new_totp_secret).where(staff_session.c.id_hash == signed_in.id_hash)
    ).scalar()
    if sealed:
        return unseal(_totp_key(session), "staff.new_totp", signed_in.member.id, sealed)
    secret = new_totp_secret()
    session.run(
        update(staff_session)
        .where(staff_session.c.id_hash == signed_in.id_hash)
        .values(new_totp_secret=seal(_totp_key(session), "staff.new_totp", signed_in.member.id, secret))
    )
    return secret


def confirm_totp(session: Session, now: datetime, signed_in: SignedIn, code: str) -> list[str] | None:
    """Take the proposed secret into use if the code is its own; the recovery codes, to be shown once."""
    secret = propose_totp(session, signed_in)
    step = _step_of(secret, code, now)
    if step is None:
        return None
    member = signed_in.member
    codes, hashes = _recovery_codes(session, member.id)
    change(
        session,
        now,
        f"staff:{member.id}",
        member.id,
        "second_factor",
        totp_secret=seal(_totp_key(session), "staff.totp", member.id, secret),
        totp_step=step,
        recovery_codes=hashes,
    )
    return codes


def make_recovery_codes(session: Session, staff_id: UUID) -> list[str]:
    """Ten new recovery codes, to be shown once; older ones open nothing any more. The caller notes it."""
    codes, hashes = _recovery_codes(session, staff_id)
    session.run(update(staff).where(staff.c.id == staff_id).values(recovery_codes=hashes))
    return codes


def _recovery_codes(session: Session, staff_id: UUID) -> tuple[list[str], list[str]]:
    codes = ["".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(10)) for _ in range(_RECOVERY_CODES)]
    return [f"{each[:5]}-{each[5:]}" for each in codes], [_recovery_hash(session, staff_id, each) for each in codes]


def use_code(session: Session, now: datetime, staff_id: UUID, code: str) -> bool:
    """Whether this code, from the app or a recovery code, is theirs and was never used before; it is used now."""
    row = session.run(select(*MEMBER).where(staff.c.id == staff_id)).first()
    if row is None:
        return False
    said = "".join(code.split()).replace("-", "").casefold()
    if len(said) != 6:
        return _use_recovery(session, now, staff_id, said)
    if not member_of(row).takes_app_codes:
        return False
    secret = unseal(_totp_key(session), "staff.totp", staff_id, row.totp_secret)
    return _use_step(session, now, staff_id, secret, said)


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
    change(session, now, f"staff:{staff_id}", staff_id, "recovery_code_used", recovery_codes=kept)
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
