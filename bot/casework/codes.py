"""Codes: the number a reporter keeps, by which they may ask how it stands.

A code is short, so it counts for its own address only, and what is kept of it is a hash under the key file.
"""

import secrets

from bot.languages.text import digits
from bot.store import Session

#: Codes have so many digits, the check digit included, while an address has few.
_CODE_DIGITS = 5
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2), (7, 0, 9, 2, 1, 5, 4, 8, 6, 3), (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6), (6, 1, 2, 3, 0, 4, 5, 9, 7, 8), (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4), (8, 9, 4, 5, 3, 6, 2, 0, 1, 7), (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)  # fmt: skip


def new_code() -> str:
    """A code for a reporter: chance and a check digit that catches one wrong or two swapped digits (Damm 2004)."""
    body = str(secrets.randbelow(9 * 10 ** (_CODE_DIGITS - 2)) + 10 ** (_CODE_DIGITS - 2))
    return body + str(_check(body))


def is_code(text: str) -> bool:
    """Whether these digits end in their check digit."""
    said = digits(text)
    return said.isdecimal() and len(said) >= _CODE_DIGITS and _check(said) == 0


def _check(body: str) -> int:
    interim = 0
    for digit in body:
        interim = _DAMM[interim][int(digit)]
    return interim


def code_hash(session: Session, address_hash: bytes, code: str) -> bytes:
    """How a code is kept: bound to its address, worthless to anybody else."""
    return session.keys.blind("code", f"{address_hash.hex()}|{digits(code)}")
