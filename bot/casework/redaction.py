"""What has to be masked before a text leaves triage: telephone numbers, names of people, ethnonyms, somebody's age.

It marks and a person decides: a list of names is never whole, and a name may be a village. Places are not marked, as a
summary is sent with its place; an age together with a place tells who it is, so every age is.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources

from phonenumbers import Leniency, PhoneNumberMatcher

from bot.languages.text import digits, fold


class Why(StrEnum):
    """Why something is to be masked."""

    NUMBER = "number"
    NAME = "name"
    PEOPLE = "people"
    AGE = "age"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A part of a text that names somebody: from where to where, what stands there, and why."""

    start: int
    end: int
    words: str
    why: Why


#: Numbers that may name somebody: also those cut into pairs, and identity papers.
_LONG_NUMBER = re.compile(r"\+?\d(?:[ .\-/]?\d){5,}")
_AGE = re.compile(r"\b\d{1,3}\s*(?:ans|an|ann[ée]es?|years?(?:\s+old)?|san|سنة|سنوات|عام)\b", re.IGNORECASE)
#: Whoever is called by a title has the name behind it; "nommé" and the like say so themselves.
_TITLED = re.compile(
    r"(?:\bM\.?|\b(?i:Mr|Mme|Mlle|Dr|imam|pasteur|abb[ée]|maire|docteur|commandant|capitaine|adjudant|colonel|pr[ée]fet)"
    r"\.?)[ \t]+([A-ZÀ-Ý][\w'’-]+(?:[ \t]+[A-ZÀ-Ý][\w'’-]+)?)"
)
_CALLED = re.compile(r"(?i:\bnomm[ée]e?|\bappel[ée]e?|s'appelle)[ \t]+([^\W\d_][\w'’-]+(?:[ \t]+[A-ZÀ-Ý][\w'’-]+)?)")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def shipped() -> Mapping[str, Why]:
    """The words that came with the program, folded, and why each is masked."""
    with resources.files("bot.casework").joinpath("masked.csv").open(encoding="utf-8") as rows:
        return {fold(row["word"]): Why(row["why"]) for row in csv.DictReader(rows)}


def marks(text: str, listed: Mapping[str, Why]) -> list[Mark]:
    """What to mask in this text, in order and never overlapping; the words `listed` are folded."""
    plain = digits(text)
    if len(plain) != len(text):  # a digit that is written in two characters: places would not fit any more
        text = plain
    found = _spans(_LONG_NUMBER, text, Why.NUMBER)
    for each in PhoneNumberMatcher(text, "ML", leniency=Leniency.POSSIBLE):
        words = each.raw_string.lstrip("(")
        found.append(Mark(each.end - len(words), each.end, words, Why.NUMBER))
    found += _spans(_AGE, text, Why.AGE)
    for pattern in (_TITLED, _CALLED):
        found += [Mark(each.start(1), each.end(1), each[1], Why.NAME) for each in pattern.finditer(text)]
    for word in _WORD.finditer(text):
        why = listed.get(_bare(fold(word[0])))
        if why:
            found.append(Mark(word.start(), word.end(), word[0], why))
    return _apart(found)


def _bare(word: str) -> str:
    """Without the French article or the plural: "l'imam", "peuls"."""
    word = word.partition("'")[2] or word
    return word[:-1] if word.endswith("s") and len(word) > 4 else word


def _spans(pattern: re.Pattern[str], text: str, why: Why) -> list[Mark]:
    return [Mark(each.start(), each.end(), each[0], why) for each in pattern.finditer(text)]


def _apart(found: list[Mark]) -> list[Mark]:
    """The widest of those that overlap."""
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def masked(text: str, found: Iterable[Mark]) -> str:
    """The text with each marked part replaced by […]."""
    text = digits(text) if len(digits(text)) != len(text) else text
    pieces, end = [], 0
    for mark in sorted(found):
        pieces += [text[end : mark.start], "[…]"]
        end = mark.end
    return "".join([*pieces, text[end:]])
