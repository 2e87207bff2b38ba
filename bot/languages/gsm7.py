"""The alphabet of an SMS (GSM 03.38, now 3GPP TS 23.038 §6.2.1) and the number of segments a text is billed as."""

from dataclasses import dataclass
from typing import Literal

#: The default alphabet in the order of its codes 0x00-0x7F, without ESC (0x1B), which is no character of its own.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
#: The extension table: each of these is ESC and a second code, two septets that are never parted.
EXTENSION = "\f^{}\\[~]|€"

_SEPTETS = dict.fromkeys(BASIC, 1) | dict.fromkeys(EXTENSION, 2)

#: (one message, each part of a long one) in septets and in UTF-16 units: a part gives 6 octets to its number.
_ROOM = {"gsm7": (160, 153), "ucs2": (70, 67)}

Alphabet = Literal["gsm7", "ucs2"]


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text takes as SMS. `units` are septets or UTF-16 units of its characters; `left` fit in the last segment.

    `units + left` may stay below `segments * per_segment`: a character of two units is moved whole to the next segment.
    """

    alphabet: Alphabet
    units: int
    segments: int
    per_segment: int
    left: int


def fits(character: str) -> bool:
    """Whether GSM-7 can write this character."""
    return character in _SEPTETS


def count(text: str) -> Segments:
    """The segments of any str. An empty text is never sent, so it takes 0 segments."""
    if all(map(_SEPTETS.__contains__, text)):
        return _pack("gsm7", list(map(_SEPTETS.__getitem__, text)))
    return _pack("ucs2", [2 if ord(character) > 0xFFFF else 1 for character in text])


def _pack(alphabet: Alphabet, sizes: list[int]) -> Segments:
    alone, part = _ROOM[alphabet]
    units = sum(sizes)
    if units <= alone:
        return Segments(alphabet, units, 1 if units else 0, alone, alone - units)
    segments, used = 1, 0
    for size in sizes:
        if used + size > part:
            segments, used = segments + 1, 0
        used += size
    return Segments(alphabet, units, segments, part, part - used)
