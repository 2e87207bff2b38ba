"""A first guess at what a free text is about, for triage to confirm, with the words that led to it.

It is never told to the sender. Words of the closed queue win over all others: it is better that a report lands there
wrongly, and is released, than the other way round. `lexicon.csv` holds the words that came with the program, by
language; the Bambara and Arabic ones are drafts (Tux Paint, MediaWiki, common loan words; Arabic our own).
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Self

from bot.conversation.kinds import CLOSED, USUAL_URGENCY, Kind
from bot.languages.text import fold

#: Stands in the place of a kind for words that say that something is happening now.
NOW = "now"
#: In this order a text is read: the closed queue first, then what can least wait.
_ORDER = (
    Kind.SEXUAL_VIOLENCE, Kind.CHILD, Kind.ABDUCTION, Kind.ATTACK, Kind.EXPLOSIVE, Kind.THREAT, Kind.ROAD, Kind.THEFT,
    Kind.TENSION, Kind.DISASTER, Kind.HEALTH, Kind.DISPLACEMENT, Kind.NEED, Kind.SERVICE, Kind.RUMOUR, Kind.IDEA,
)  # fmt: skip
#: What a kind of the lexicon may be, in the order of reading.
TOPICS = (*(kind.value for kind in _ORDER), NOW)
#: "and", "for", "the" are written together with the word in Arabic.
_JOINED = "(?:[وفبلك]?(?:ال|لل)?)?"


@dataclass(frozen=True, slots=True)
class Entry:
    """One word or row of words of a language, folded, and the kind that it stands for (or NOW)."""

    language: str
    topic: str
    word: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a text may be about, how urgent that usually is (1–4), and the words that led to it."""

    kind: Kind | None
    urgency: int
    words: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether the text goes to the closed queue before anything else is computed."""
        return self.kind in CLOSED


class Lexicon:
    """The words of every language; people mix them, so each text is read with all of them.

    A desk's own may be laid over them at any time, from any thread: a text is read with the old ones or the new ones.
    """

    def __init__(self, shipped: Iterable[Entry]) -> None:
        self.shipped = tuple(shipped)
        self._patterns = _patterns(self.shipped)

    @classmethod
    def load(cls) -> Self:
        """The words that came with the program."""
        with resources.files("bot.conversation").joinpath("lexicon.csv").open(encoding="utf-8") as lines:
            return cls(Entry(row["language"], row["kind"], said(row["word"])) for row in csv.DictReader(lines))

    def lay_over(self, changes: Mapping[Entry, bool]) -> None:
        """From now on these words are read too (True) or no longer (False); takes the place of all changes before."""
        kept = [entry for entry in self.shipped if changes.get(entry, True)]
        self._patterns = _patterns([*kept, *(entry for entry, read in changes.items() if read and entry not in kept)])

    def suggest(self, text: str) -> Suggestion:
        """The first kind, in the order of TOPICS, that a word of the text stands for."""
        words, patterns = said(text), self._patterns
        now = patterns.get(NOW)
        is_now = bool(now and now.search(words))
        for kind in _ORDER:
            pattern = patterns.get(kind)
            found = tuple(dict.fromkeys(pattern.findall(words))) if pattern else ()
            if found:
                urgency = USUAL_URGENCY[kind]
                return Suggestion(kind, max(1, urgency - 1) if is_now else urgency, found)
        return Suggestion(None, 2 if is_now else 3)

    def hits(self, text: str) -> list[tuple[Kind, str]]:
        """Every word of the text that stands for a kind, in the order of TOPICS."""
        words, patterns = said(text), self._patterns
        return [
            (kind, found)
            for kind in _ORDER
            if kind in patterns
            for found in dict.fromkeys(patterns[kind].findall(words))
        ]


def said(text: str) -> str:
    """A text, or a word of the lexicon, as they are compared: folded, without apostrophes."""
    return " ".join(fold(text).replace("'", " ").split())


def _patterns(entries: Iterable[Entry]) -> dict[str, re.Pattern[str]]:
    of_topic: dict[str, list[Entry]] = {}
    for entry in entries:
        of_topic.setdefault(entry.topic, []).append(entry)
    return {topic: re.compile("|".join(_alternatives(topic, found))) for topic, found in of_topic.items()}


def _alternatives(topic: str, entries: list[Entry]) -> Iterator[str]:
    """Whole words, the longest first; those of the closed queue in the feminine and the plural too."""
    ending = "e?s?" if topic in {kind.value for kind in CLOSED} else ""
    for entry in sorted(entries, key=lambda each: len(each.word), reverse=True):
        parts = (re.escape(part) + ("" if _is_arabic(part) else ending) for part in entry.word.split())
        yield rf"\b{_JOINED if _is_arabic(entry.word) else ''}{' '.join(parts)}\b"


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[:1] <= "\u06ff"
