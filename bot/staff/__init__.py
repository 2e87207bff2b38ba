"""Staff: who may sign in, what they prove it with, their sessions, and the delays after failures.

What administrators do to accounts has its own files: `invitations`, `rights`, `second_person`; so
have `security_keys`.
"""

from bot.staff.accounts import (
    Member,
    change_language,
    change_password,
    change_rights,
    end_sessions_of,
    everybody,
    find,
    make,
    names,
)
from bot.staff.codes import confirm_totp, make_recovery_codes, new_totp_secret, propose_totp, use_code
from bot.staff.guessing import Guess, admit, forgive, guess, take_back
from bot.staff.passwords import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    WeakPassword,
    check_password,
    hash_password,
    password_fits,
)
from bot.staff.roles import GUARDED, Role
from bot.staff.sessions import (
    FRESH,
    IDLE,
    LONGEST_SESSION,
    SignedIn,
    end_session,
    ended,
    is_worth_touching,
    open_session,
    renew,
    signed_in,
    touch,
)

__all__ = [
    "FRESH",
    "GUARDED",
    "IDLE",
    "LONGEST_PASSWORD",
    "LONGEST_SESSION",
    "SHORTEST_PASSWORD",
    "Guess",
    "Member",
    "Role",
    "SignedIn",
    "WeakPassword",
    "admit",
    "change_language",
    "change_password",
    "change_rights",
    "check_password",
    "confirm_totp",
    "end_session",
    "end_sessions_of",
    "ended",
    "everybody",
    "find",
    "forgive",
    "guess",
    "hash_password",
    "is_worth_touching",
    "make",
    "make_recovery_codes",
    "names",
    "new_totp_secret",
    "open_session",
    "password_fits",
    "propose_totp",
    "renew",
    "signed_in",
    "take_back",
    "touch",
    "use_code",
]
