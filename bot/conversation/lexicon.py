"""A first guess at what a free text is about, for triage to confirm, with the words that led to it.

It is never told to the sender. Words of the closed queue win over all others: it is better that a report lands there
wrongly, and is released, than the other way round. `lexicon.csv` holds the words that came with the program, by
language; those of the national languages and the Arabic ones are drafts (Tux Paint, MediaWiki, common loan words and
the catalogues' sources; Arabic and what pairs of words mean are our own).

An entry is a word, or words in a row. `a/b` is either of them, `a + b` is the one with the other a few words behind it,
and a star stands for any letters: `force + fille/femme`, `kidnap*`.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_JOINED = ("و", "ف", "ب", "ل", "ك")
_ARTICLES = ("ال", "لل")
#: So many words may stand between the two of a pair.
_NEAR = 4
_SHELF = 2


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
        self._index = _Index(self.shipped)

    @classmethod
    def load(cls) -> Self:
        """The words that came with the program."""
        with resources.files("bot.conversation").joinpath("lexicon.csv").open(encoding="utf-8") as lines:
            return cls(Entry(row["language"], row["kind"], said(row["word"])) for row in csv.DictReader(lines))

    def lay_over(self, changes: Mapping[Entry, bool]) -> None:
        """From now on these words are read too (True) or no longer (False); takes the place of all changes before."""
        kept = [entry for entry in self.shipped if changes.get(entry, True)]
        self._index = _Index([*kept, *(entry for entry, read in changes.items() if read and entry not in kept)])

    def suggest(self, text: str) -> Suggestion:
        """The first kind, in the order of TOPICS, that a word of the text stands for."""
        found = self._index.find(text)
        is_now = NOW in found
        for kind in _ORDER:
            if kind in found:
                urgency = USUAL_URGENCY[kind]
                return Suggestion(kind, max(1, urgency - 1) if is_now else urgency, found[kind])
        return Suggestion(None, 2 if is_now else 3)

    def hits(self, text: str) -> list[tuple[Kind, str]]:
        """Every word of the text that stands for a kind, in the order of TOPICS."""
        found = self._index.find(text)
        return [(kind, words) for kind in _ORDER for words in found.get(kind, ())]


def said(text: str) -> str:
    """A text, or a word of the lexicon, as they are compared: folded, without apostrophes."""
    return " ".join(fold(text).replace("'", " ").split())


def _parts(text: str) -> list[str]:
    return re.findall(r"[\w*]+", text)


@dataclass(frozen=True, slots=True)
class _Part:
    """One word that is looked for: in these forms, or between what stands before and after a star."""

    forms: frozenset[str]
    begins: str = ""
    ends: tuple[str, ...] = ()

    @property
    def has_star(self) -> bool:
        """Whether any letters may stand somewhere in it."""
        return not self.forms

    def fits(self, forms: tuple[str, ...]) -> bool:
        """Whether a word of the text, in one of the forms that it may be read in, is this one."""
        if not self.has_star:
            return any(form in self.forms for form in forms)
        return any(f.startswith(self.begins) and f[len(self.begins) :].endswith(self.ends) for f in forms)


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """Words in a row that are one side of an entry; `near` is how many sides the entry has besides."""

    parts: tuple[_Part, ...]
    topic: str
    entry: int
    side: int
    near: int


@dataclass(frozen=True, slots=True)
class _Span:
    """Where in a text a row stands: from a word to the one behind its last."""

    start: int
    end: int


class _Index:
    """Entries by the first word of each row that they look for, so that a text is read once."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_word: dict[str, list[_Row]] = {}
        #: By the first letters in front of the star.
        self._starred: dict[str, list[_Row]] = {}
        for number, entry in enumerate(entries):
            for row in _rows(number, entry):
                if row.parts[0].has_star:
                    self._starred.setdefault(row.parts[0].begins[:_SHELF], []).append(row)
                for form in row.parts[0].forms:
                    self._by_word.setdefault(form, []).append(row)

    def find(self, text: str) -> dict[str, tuple[str, ...]]:
        """What of the text stands for each topic, in its order and each once."""
        words = _parts(said(text).replace("*", " "))
        forms = [_forms(word) for word in words]
        alone: dict[str, list[_Span]] = {}
        sides: dict[tuple[str, int], tuple[list[_Span], list[_Span]]] = {}
        for row, span in self._look(forms):
            if row.near:
                sides.setdefault((row.topic, row.entry), ([], []))[row.side].append(span)
            else:
                alone.setdefault(row.topic, []).append(span)
        found = {topic: [_words(words, span) for span in _apart(spans)] for topic, spans in alone.items()}
        for (topic, _entry), (first, second) in sides.items():
            pair = next(_following(first, second), None)
            if pair:
                found.setdefault(topic, []).append(" … ".join(_words(words, span) for span in pair))
        return {topic: tuple(dict.fromkeys(said)) for topic, said in found.items()}

    def _look(self, forms: Sequence[tuple[str, ...]]) -> Iterator[tuple[_Row, _Span]]:
        for start, first in enumerate(forms):
            for row in dict.fromkeys(row for form in first for row in self._beginning(form)):
                end = start + len(row.parts)
                if end <= len(forms) and all(map(_Part.fits, row.parts, forms[start:end])):
                    yield row, _Span(start, end)

    def _beginning(self, form: str) -> Iterator[_Row]:
        """The rows that this word may begin."""
        yield from self._by_word.get(form, ())
        for begins in ("", form[:1], form[:_SHELF]):
            yield from self._starred.get(begins, ())


def _rows(number: int, entry: Entry) -> Iterator[_Row]:
    sides = entry.word.split("+")[:2]
    inflected = entry.topic in {kind.value for kind in CLOSED}
    for side, words in enumerate(sides):
        for row in words.split("/"):
            if parts := tuple(_part(part, inflected) for part in _parts(row)):
                yield _Row(parts, entry.topic, number, side, len(sides) - 1)


def _part(word: str, inflected: bool) -> _Part:
    """A word of an entry; those of the closed queue in the feminine and the plural too."""
    endings = ("", "e", "s", "es") if inflected and not _is_arabic(word) else ("",)
    begins, star, ends = word.partition("*")
    if star:
        return _Part(frozenset(), begins, tuple(ends.replace("*", "") + ending for ending in endings))
    return _Part(frozenset(word + ending for ending in endings))


def _forms(word: str) -> tuple[str, ...]:
    """The word, and in Arabic without the "and", "for", "the" that are written together with it."""
    if not _is_arabic(word):
        return (word,)
    bare = [word, word[1:]] if word.startswith(_JOINED) else [word]
    bare += [each[len(article) :] for each in bare for article in _ARTICLES if each.startswith(article)]
    return tuple(each for each in bare if each)


def _apart(spans: Iterable[_Span]) -> Iterator[_Span]:
    """The spans from left to right, the longest where several begin, none over another."""
    behind = 0
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if span.start >= behind:
            behind = span.end
            yield span


def _following(before: Iterable[_Span], after: Iterable[_Span]) -> Iterator[tuple[_Span, _Span]]:
    """The spans that others follow with few words between."""
    by_start = {span.start: span for span in after}
    for span in before:
        for start in range(span.end, span.end + _NEAR + 1):
            if start in by_start:
                yield span, by_start[start]


def _words(words: Sequence[str], span: _Span) -> str:
    return " ".join(words[span.start : span.end])


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[:1] <= "\u06ff"
