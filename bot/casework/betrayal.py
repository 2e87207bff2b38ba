"""What a text to a reporter would betray to whoever reads along on their phone: a kind of event, a place, a person.

It marks and a person decides; what names a kind of the closed queue is never sent.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.casework.masking import redaction
from bot.casework.masking.marks import Listed
from bot.casework.masking.marks import Mark as Masked
from bot.conversation.kinds import CLOSED
from bot.conversation.lexicon import Lexicon
from bot.places.gazetteer import Gazetteer
from bot.places.matching import find_in_sentence

#: The name behind "village", "commune", "town", "cercle", "quarter" or "market": the gazetteer has Latin letters alone.
_ARABIC_PLACE = re.compile(r"\b(?:ال)?(?:قرية|بلدية|مدينة|دائرة|حي|سوق)\s+([^\W\d_]+)")


class Why(StrEnum):
    """Why a part of a text is marked, or all of it: its language is not theirs, or nobody has reviewed any."""

    CLOSED = "closed"
    KIND = "kind"
    PLACE = "place"
    NUMBER = "number"
    NAME = "name"
    PEOPLE = "people"
    AGE = "age"
    LANGUAGE = "language"
    UNREVIEWED = "unreviewed"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class Mark:
    """What is marked, and why."""

    words: str
    why: Why


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a text with the words for triage of every language and with the names of all places."""

    lexicon: Lexicon
    gazetteer: Gazetteer

    def marks(self, text: str, listed: Listed) -> tuple[Mark, ...]:
        """What it would betray; `listed` are the words that this desk masks."""
        kinds = [Mark(word, Why.CLOSED if kind in CLOSED else Why.KIND) for kind, word in self.lexicon.hits(text)]
        return tuple(dict.fromkeys([*kinds, *self._places(text), *_people(redaction.marks(text, listed))]))

    def naming(self, text: str, listed: Listed) -> tuple[Mark, ...]:
        """What of it names somebody or a place, or may: also the letters that the lists don't read."""
        likely = redaction.marks_to_send(text, listed, self.gazetteer)
        arabic = [Mark(each[1], Why.PLACE) for each in _ARABIC_PLACE.finditer(text)]
        return tuple(dict.fromkeys([*self._places(text), *_people(likely), *arabic]))

    def _places(self, text: str) -> list[Mark]:
        return [Mark(place.name, Why.PLACE) for place in find_in_sentence(self.gazetteer, text).places[:1]]

    def masked(self, text: str, listed: Listed) -> str:
        """A first redaction for a person to go on from: what names somebody, and the places as they are spelt here."""
        masked = redaction.masked(text, redaction.marks_to_send(text, listed, self.gazetteer))
        masked = _ARABIC_PLACE.sub(lambda each: each[0].removesuffix(each[1]) + "[…]", masked)
        for place in find_in_sentence(self.gazetteer, masked).places:
            for name in place.names:
                masked = re.sub(rf"\b{re.escape(name)}\b", "[…]", masked, flags=re.IGNORECASE)
        return masked


def _people(found: Iterable[Masked]) -> list[Mark]:
    return [Mark(mark.words, Why(mark.why.value)) for mark in found]
