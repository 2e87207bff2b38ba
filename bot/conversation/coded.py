"""The coded line of trained cells: `3 2 Konna`. Its digits stand on a paper card, never in an SMS.

Card 1 has two digits: what happened, and how soon help is needed; then the place. A later card has three, the first of
which is the number of the card: a line of one card never reads as a line of another, and a card that was printed once
is read for ever.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.conversation.kinds import Kind
from bot.conversation.questions import Gettext
from bot.languages.text import digits

#: A place is never named in more words; one that we don't know, in no more than these.
_MOST_WORDS, _SURE_WORDS = 6, 2
_APART = re.compile("[ .,/*#-]+")
_LINE = re.compile(r"((?:[0-9][ .,/*#-]*){1,2}[0-9])[ .,/*#-]+([^\W\d_][^\d]{1,80})")


@dataclass(frozen=True, slots=True)
class Card:
    """What the digits of one card mean."""

    version: int
    kinds: Mapping[str, Kind]
    needed: Mapping[str, str]

    @property
    def example(self) -> str:
        """A line as a cell would send it."""
        number = f"{self.version} " if self.version > 1 else ""
        return f"{number}3 2 Konna"


_KINDS = (
    Kind.ATTACK,
    Kind.THREAT,
    Kind.EXPLOSIVE,
    Kind.ROAD,
    Kind.THEFT,
    Kind.TENSION,
    Kind.DISASTER,
    Kind.HEALTH,
    Kind.DISPLACEMENT,
)
_NEEDED = ("now", "today", "week", "none")
#: Every card that was ever printed, by its version; 2 to 9 are free. None of them may be changed or taken out.
CARDS: Mapping[int, Card] = MappingProxyType(
    {
        1: Card(
            1,
            {str(digit): kind for digit, kind in enumerate(_KINDS, 1)},
            {str(digit): needed for digit, needed in enumerate(_NEEDED, 1)},
        )
    }
)
#: The card that is printed now.
NEWEST = CARDS[max(CARDS)]


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


def read_coded(text: str, cards: Mapping[int, Card] = CARDS) -> CodedReport | None:
    """The coded report that this whole message is by one of these cards, or None."""
    found = _LINE.fullmatch(" ".join(digits(text).split()))
    if not found:
        return None
    code, words = _APART.sub("", found[1]), found[2].strip()
    card = cards.get(1 if len(code) == 2 else int(code[0]))
    if card is None or len(code) != (2 if card.version == 1 else 3):
        return None
    kind, needed = card.kinds.get(code[-2]), card.needed.get(code[-1])
    length = len(words.split())
    if kind is None or needed is None or length > _MOST_WORDS:
        return None
    apart = len(_APART.findall(found[1])) == len(code) - 1
    return CodedReport(kind, needed, words, apart and length <= _SURE_WORDS)


def kinds_on_paper(_: Gettext) -> dict[Kind, str]:
    """What a card calls each kind; these words are printed and never sent."""
    return {
        Kind.ATTACK: _("attack"),
        Kind.THREAT: _("threat"),
        Kind.EXPLOSIVE: _("explosive device"),
        Kind.ROAD: _("danger on a road"),
        Kind.THEFT: _("theft"),
        Kind.TENSION: _("dispute"),
        Kind.DISASTER: _("flood, fire"),
        Kind.HEALTH: _("illness"),
        Kind.DISPLACEMENT: _("displaced people"),
    }


def needed_on_paper(_: Gettext) -> dict[str, str]:
    """What a card calls the time in which help is needed; a report asks with the same words."""
    return {"now": _("right away"), "today": _("today"), "week": _("this week"), "none": _("no need")}


def instructions_on_paper(_: Gettext) -> tuple[str, str, str]:
    """What stands over the first digit and the second, and what follows them."""
    return _("First digit: what?"), _("Second digit: help when?"), _("Then the place.")
