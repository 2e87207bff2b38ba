"""An answer must never repeat the rumour: what in a text would.

It may name no place, no kind of event or danger and nobody, and no row of words that people tell the rumour with. A
single word in common may be chance; that is shown, and a person decides.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.casework.masking import redaction
from bot.casework.masking.marks import Listed
from bot.casework.masking.marks import Why as Masked
from bot.casework.rumours.wording import is_telling, stem, words
from bot.conversation.lexicon import Lexicon
from bot.languages.text import fold
from bot.places.gazetteer import Gazetteer
from bot.places.matching import find_in_sentence
from bot.places.names import spelling

#: So many words in a row are the rumour's own; and so are two that tell something, so near to each other in both.
_ROW, _NEAR = 3, 5
#: A name inside a sentence begins with a capital.
_CAPITAL = re.compile(r"(?<=[\w,;:)] )[A-ZÀ-Ý][\w'’-]+")
#: The country, which is a village, too.
_COUNTRY = frozenset({"mali"})


class Why(StrEnum):
    """What a part of an answer has in common with the rumour."""

    PLACE = "place"
    DANGER = "danger"
    NAMED = "named"
    ROW = "row"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part of a text that repeats, and why."""

    why: Why
    words: str

    @property
    def is_forbidden(self) -> bool:
        """Whether the text may not stand like this; a single word may."""
        return self.why is not Why.WORD


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a rumour: the words it is told with, and the ids of the places it is told of or heard in."""

    texts: Sequence[str]
    places: Collection[str]


def repeats(text: str, told: Told, lexicon: Lexicon, gazetteer: Gazetteer, masked: Listed) -> list[Repeat]:
    """What in this text repeats the rumour, what may not stand first; each once. `masked` are the names known."""
    rows, alone = _in_common(words(text), [words(each) for each in told.texts])
    forbidden = [
        *(Repeat(Why.PLACE, name) for name in _places(text, told, gazetteer)),
        *(Repeat(Why.DANGER, word) for _kind, word in lexicon.hits(text)),
        *(Repeat(Why.NAMED, name) for name in _names(text, masked)),
        *(Repeat(Why.ROW, row) for row in rows),
    ]
    seen = {word for each in forbidden for word in words(each.words)}
    return list(dict.fromkeys([*forbidden, *(Repeat(Why.WORD, word) for word in alone if word not in seen)]))


def _names(text: str, masked: Listed) -> Iterator[str]:
    """Persons and peoples: "nous avons appelé deux services" calls nobody by name."""
    for mark in redaction.marks(text, masked):
        is_name = mark.words[:1].isupper() or fold(mark.words) in masked
        if mark.why in (Masked.NAME, Masked.PEOPLE) and is_name:
            yield mark.words


def _places(text: str, told: Told, gazetteer: Gazetteer) -> Iterator[str]:
    """The places that the text names: any that a sentence is read to name, and the rumour's own wherever they stand."""
    yield from (place.name for place in find_in_sentence(gazetteer, text).places)
    for name in _CAPITAL.findall(text):
        letters = spelling(name)
        if letters not in _COUNTRY and gazetteer.names.spelt(letters):
            yield name
    said = words(text)
    for place_id in told.places:
        place = gazetteer.get(place_id)
        for step in gazetteer.path(place) if place else ():
            if any(_stands_in(words(name), said) for name in step.names):
                yield step.name


def _stands_in(name: Sequence[str], said: Sequence[str]) -> bool:
    return any(said[at : at + len(name)] == name for at in range(len(said) - len(name) + 1)) if name else False


def _in_common(said: Sequence[str], told: Sequence[Sequence[str]]) -> tuple[list[str], list[str]]:
    """The rows of words that stand in the rumour, too, and the telling words that do so alone."""
    rows = {row for text in told for _at, row in _all_rows(text)}
    pairs = {pair for text in told for _first, _second, pair in _all_pairs(text)}
    taken = {at + step for at, row in _all_rows(said) if row in rows for step in range(_ROW)}
    taken |= {at for first, second, pair in _all_pairs(said) if pair in pairs for at in range(first, second + 1)}
    known = {stem(word) for text in told for word in text}
    alone = [word for at, word in enumerate(said) if at not in taken and stem(word) in known and is_telling(word)]
    return _joined(said, taken), alone


def _all_rows(text: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a text of which a word tells something, and where each begins."""
    for at in range(len(text) - _ROW + 1):
        if any(map(is_telling, text[at : at + _ROW])):
            yield at, tuple(map(stem, text[at : at + _ROW]))


def _all_pairs(text: Sequence[str]) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Two telling words that stand near to each other, and where; in whichever order."""
    for first, word in enumerate(text):
        for second in range(first + 1, min(first + _NEAR, len(text))):
            if is_telling(word) and is_telling(text[second]):
                yield first, second, frozenset({stem(word), stem(text[second])})


def _joined(said: Sequence[str], taken: Collection[int]) -> list[str]:
    rows: list[list[str]] = []
    for at in sorted(taken):
        if at - 1 not in taken:
            rows.append([])
        rows[-1].append(said[at])
    return [" ".join(row) for row in rows]
