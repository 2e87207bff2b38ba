"""What a text to a reporter would betray to whoever reads along on their phone: a kind of event, a place, a person.

It marks and a person decides; what names a kind of the closed queue is never sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.casework import redaction
from bot.conversation.kinds import CLOSED
from bot.conversation.lexicon import Lexicon
from bot.places.gazetteer import Gazetteer
from bot.places.matching import find_in_sentence


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

    def marks(self, text: str, listed: Mapping[str, redaction.Why]) -> tuple[Mark, ...]:
        """What it would betray; `listed` are the words that this desk masks."""
        kinds = [Mark(word, Why.CLOSED if kind in CLOSED else Why.KIND) for kind, word in self.lexicon.hits(text)]
        places = [Mark(place.name, Why.PLACE) for place in find_in_sentence(self.gazetteer, text).places[:1]]
        people = [Mark(mark.words, Why(mark.why.value)) for mark in redaction.marks(text, listed)]
        return tuple(dict.fromkeys([*kinds, *places, *people]))

    def naming(self, text: str, listed: Mapping[str, redaction.Why]) -> tuple[Mark, ...]:
        """What of it names somebody or a place."""
        return tuple(mark for mark in self.marks(text, listed) if mark.why not in (Why.CLOSED, Why.KIND))

    def masked(self, text: str, listed: Mapping[str, redaction.Why]) -> str:
        """A first redaction for a person to go on from: what names somebody, and the places as they are spelt here."""
        masked = redaction.masked(text, redaction.marks(text, listed))
        for place in find_in_sentence(self.gazetteer, masked).places:
            for name in place.names:
                masked = re.sub(rf"\b{re.escape(name)}\b", "[…]", masked, flags=re.IGNORECASE)
        return masked
