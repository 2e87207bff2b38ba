"""What people say for an option who don't read it out: by its value, or its question and value, in `also_called.csv`.

Each row names its source; "everyday French" and "everyday Arabic" are common knowledge, "ours" is what we know and no
source says: those wait for a speaker. For a yes or a no these are taken to the letter. Whoever hears another adds it
there, where it can't mean another option of the same question.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from bot.conversation.number_words import considered
from bot.languages.text import fold

#: Read in every talk: the names of languages, and Arabic, whose letters are no other language's.
_EVERYWHERE = ("any", "ar")


class _Row(NamedTuple):
    """The words that say an option in a language."""

    option: str
    language: str
    words: tuple[str, ...]


@cache
def also_called(language: str) -> Mapping[str, tuple[str, ...]]:
    """What each option is called in a talk of this language: in its own words and in those that people mix in.

    What says something else in the talk's own language is not borrowed: `bi` is today in Bambara, yesterday in Songhay.
    """
    names: dict[str, tuple[str, ...]] = {}
    own = _own(language)
    for row in _rows((*considered(language), *_EVERYWHERE)):
        words = row.words if row.language == language else (each for each in row.words if fold(each) not in own)
        names[row.option] = tuple(dict.fromkeys((*names.get(row.option, ()), *words)))
    return names


def is_own_word_for_another(word: str, value: str, language: str) -> bool:
    """Whether the talk's own language says something else with this word than this value."""
    return value not in _own(language).get(fold(word), {value})


@cache
def _own(language: str) -> Mapping[str, set[str]]:
    """The values that each word says in this very language."""
    found: dict[str, set[str]] = {}
    for row in _rows([language]):
        for word in row.words:
            found.setdefault(fold(word), set()).add(row.option.rpartition(".")[2])
    return found


def _rows(languages: Iterable[str]) -> list[_Row]:
    wanted = list(dict.fromkeys(languages))
    return sorted((row for row in _table() if row.language in wanted), key=lambda row: wanted.index(row.language))


@cache
def _table() -> tuple[_Row, ...]:
    with resources.files("bot.conversation").joinpath("also_called.csv").open(encoding="utf-8") as lines:
        return tuple(
            _Row(row["option"], row["language"], tuple(row["words"].split(";"))) for row in csv.DictReader(lines)
        )
