"""Whether somebody asks what somebody asked before, so surely that a person need not look first.

The telling words must be the same, in the same order (who did it to whom), with the same numbers, the same "not" and
the same place; of four words or more, one may stand in one of the two alone. What is only alike, a person joins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from bot.casework.rumours.wording import is_telling, stem, words
from bot.places.gazetteer import Gazetteer
from bot.places.matching import find_in_sentence

#: Fewer words ask nothing that can be told from something else; from the second number on, one may be missing.
_LEAST, _ENOUGH_TO_MISS_ONE = 2, 4
#: Words that turn a sentence into its contrary, in French, Bambara, Arabic and English.
_CONTRARY = frozenset(
    """
    pas plus jamais rien aucun aucune sans non ni sauf contre faux fausse mensonge false not no never
    te tena ma man kana tun
    لا لم لن ليس ليست ما غير بدون كذب
    """.split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared of a text: its telling words in order, what turns it round, the places that it names."""

    telling: tuple[str, ...]
    contrary: frozenset[str]
    places: frozenset[str]

    @classmethod
    def read(cls, text: str, gazetteer: Gazetteer) -> Self:
        """A text as it is compared; what its places are called is not compared as words."""
        named = find_in_sentence(gazetteer, text).places
        names = {word for place in named for name in place.names for word in words(name)}
        said = words(text)
        telling = (stem(word) for word in said if is_telling(word) and word not in names)
        places = frozenset(gazetteer.of_today(place) for place in named)
        return cls(tuple(dict.fromkeys(telling)), _CONTRARY.intersection(said), places)

    @property
    def asks_enough(self) -> bool:
        """Whether there is enough of it to be recognised by, and no doubt about the place."""
        return len(self.telling) >= _LEAST and len(self.places) <= 1


def is_same(asked: Asked, known: Asked, place: str | None = None) -> bool:
    """Whether both ask the same; `place` is where the known one was found to be, should its words not say."""
    if not (asked.asks_enough and known.asks_enough and asked.contrary == known.contrary):
        return False
    where = known.places or frozenset([place] if place else [])
    if asked.places != where or _numbers(asked) != _numbers(known):
        return False
    short, long = sorted((asked.telling, known.telling), key=len)
    missing = len(long) - len(short)
    return missing <= (1 if len(short) >= _ENOUGH_TO_MISS_ONE else 0) and _in_order(short, long)


def _numbers(asked: Asked) -> frozenset[str]:
    return frozenset(word for word in asked.telling if word.isdecimal())


def _in_order(short: Sequence[str], long: Sequence[str]) -> bool:
    left = iter(long)
    return all(word in left for word in short)
