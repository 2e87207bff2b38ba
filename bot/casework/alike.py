"""How likely two reports tell of one event, and why: kind, place, time, words. It suggests; a person decides."""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.kinds import Kind
from bot.languages.text import fold

#: Reports further apart are never suggested as one event.
WINDOW_HOURS = 72
#: From here on a report is shown as perhaps the same event.
ENOUGH = 3.5
_HOURS = ((6, 1.5), (24, 1.0), (WINDOW_HOURS, 0.5))
_KIND, _KIND_SUGGESTED, _PLACE, _CERCLE = 2.0, 1.5, 2.0, 1.0
_WORD, _MOST_WORDS = 0.5, 2.0
#: Shorter words say little of what happened ("les", "dans").
_LETTERS = 4
_COMMON = frozenset(
    "avec cette chez dans depuis elle elles gens hier leur leurs mais nous plus pour quand sont tout vous".split()
)


@dataclass(frozen=True, slots=True)
class Told:
    """What of a report is compared: `cercle` is the cercle that its place lies in, `names` what the place is called."""

    kind: Kind | None
    confirmed: bool
    place: str | None
    cercle: str | None
    at: datetime
    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike, and why: the reasons `kind`, `place` or `cercle`, the hours between them, the words in both."""

    score: float
    reasons: tuple[str, ...]
    hours: int
    words: tuple[str, ...]


def compare(one: Told, other: Told) -> Alike | None:
    """How alike two reports are, or None if nothing speaks for one event."""
    hours = abs((one.at - other.at).total_seconds()) / 3600
    if hours > WINDOW_HOURS:
        return None
    score = next(weight for most, weight in _HOURS if hours <= most)
    reasons = []
    if one.kind and one.kind is other.kind:
        score += _KIND if one.confirmed and other.confirmed else _KIND_SUGGESTED
        reasons.append("kind")
    if one.place and one.place == other.place:
        score += _PLACE
        reasons.append("place")
    elif one.cercle and one.cercle == other.cercle:
        score += _CERCLE
        reasons.append("cercle")
    shared = tuple(sorted((_telling(one.text) & _telling(other.text)) - _telling(" ".join(one.names + other.names))))
    score += min(_MOST_WORDS, _WORD * len(shared))
    return Alike(score, tuple(reasons), round(hours), shared) if score >= ENOUGH else None


def _telling(text: str) -> frozenset[str]:
    words = "".join(character if character.isalnum() else " " for character in fold(text)).split()
    return frozenset(word for word in words if len(word) >= _LETTERS and word not in _COMMON)
