"""Passwords: what is good enough, what is kept of one (argon2id), and whether one fits.

Hash and compare them outside a transaction: each takes a tenth of a second.
"""

import itertools
import secrets
import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import KunnafoniError

#: NIST SP 800-63B and ASVS 5.0 §6.2.9: length is what counts.
SHORTEST_PASSWORD, LONGEST_PASSWORD = 15, 128

# The defaults of argon2-cffi are RFC 9106's low-memory choice: 64 MiB each, so at most four at once.
_hasher = PasswordHasher()
_hashing = threading.Semaphore(4)


class WeakPassword(KunnafoniError):
    """The password would be guessed: too short, or not much in it."""


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
