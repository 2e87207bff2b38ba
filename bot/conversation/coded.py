"""The coded line of trained cells: `3 2 Konna`. The digits stand on a paper card, never in an SMS.

Card 1: the first digit is the kind, the second how soon help is needed (1 right away, 2 today, 3 this week, 4 no need),
then the place.
"""

import re
from dataclasses import dataclass

from bot.conversation.kinds import Kind
from bot.languages.text import digits

CARD = 1
KINDS = {
    "1": Kind.ATTACK,
    "2": Kind.THREAT,
    "3": Kind.EXPLOSIVE,
    "4": Kind.ROAD,
    "5": Kind.THEFT,
    "6": Kind.TENSION,
    "7": Kind.DISASTER,
    "8": Kind.HEALTH,
    "9": Kind.DISPLACEMENT,
}
NEEDED = {"1": "now", "2": "today", "3": "week", "4": "none"}
#: A place is never named in more words; one that we don't know, in no more than these.
_MOST_WORDS, _SURE_WORDS = 6, 2
_LINE = re.compile(r"([1-9])([ .,/*#-]*)([1-4])[ .,/*#-]+([^\W\d_][^\d]{1,80})")


@dataclass(frozen=True, slots=True)
class CodedReport:
    """A coded line as it was read: the kind, how soon, and the place in the sender's words.

    `certain` if the digits stand apart and the place is short; "12 hommes armes" is a coded line only if "hommes armes"
    is a place.
    """

    kind: Kind
    answer_needed: str
    place_words: str
    certain: bool = True


def read_coded(text: str) -> CodedReport | None:
    """The coded report that this whole message is, or None."""
    found = _LINE.fullmatch(" ".join(digits(text).split()))
    if not found:
        return None
    words = found[4].strip()
    length = len(words.split())
    if length > _MOST_WORDS:
        return None
    return CodedReport(KINDS[found[1]], NEEDED[found[3]], words, bool(found[2]) and length <= _SURE_WORDS)
