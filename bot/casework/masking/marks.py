"""Marks: the parts of a text that name somebody, and why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why something is to be masked."""

    NUMBER = "number"
    NAME = "name"
    PEOPLE = "people"
    AGE = "age"
    #: Neither French nor a place: perhaps a name.
    UNKNOWN = "unknown"
    #: Letters without capitals, in which a name that no list knows looks like any word.
    SCRIPT = "script"

    @property
    def is_doubt(self) -> bool:
        """Whether a person has to look before anything is masked."""
        return self in (Why.UNKNOWN, Why.SCRIPT)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A part of a text that names somebody: from where to where, what stands there, and why."""

    start: int
    end: int
    words: str
    why: Why


#: Words, folded, and why each is masked: None where a desk says that it names nobody.
Listed = Mapping[str, Why | None]

#: A letter and its marks: the tones of N'Ko and the vowels of Arabic stand on letters and belong to the word.
WORD = re.compile(r"[^\W\d_](?:[\w'’-]|[\u0300-\u036f\u064b-\u065f\u0670\u07eb-\u07f5])*")
#: The parts of a word: l'eau, N'Golo, Sidi-Baba.
APART = re.compile(r"['’-]")


def spans(pattern: re.Pattern[str], text: str, why: Why) -> list[Mark]:
    """All that this pattern finds."""
    return [Mark(each.start(), each.end(), each[0], why) for each in pattern.finditer(text)]


def apart(found: Iterable[Mark]) -> list[Mark]:
    """The widest of those that overlap."""
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept
