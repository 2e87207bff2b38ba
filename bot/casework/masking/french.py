"""What no list explains: a word that is neither French nor a place, and letters that the lists don't read."""

import re
from collections.abc import Iterable, Iterator

from bot.casework.masking.capitals import words_of_places
from bot.casework.masking.everyday import everyday
from bot.casework.masking.marks import APART, WORD, Listed, Mark, Why
from bot.languages.text import fold
from bot.places.gazetteer import Gazetteer

#: Shorter ones are pronouns and particles.
_SHORTEST = 3
#: Arabic, N'Ko and Tifinagh.
_OTHER_LETTERS = re.compile("[\u0600-\u06ff\u0750-\u077f\u07c0-\u07ff\u2d30-\u2d7f]")


def by_spelling(text: str, known: Iterable[Mark], listed: Listed, gazetteer: Gazetteer) -> Iterator[Mark]:
    """The words outside these marks that are neither French nor part of the name of a place: each may be a name."""
    places = words_of_places(gazetteer)
    for word in _outside(text, known):
        parts = {part for part in APART.split(fold(word[0])) if len(part) >= _SHORTEST and part.isalpha()}
        unknown = parts - everyday() - places - listed.keys()
        if not _OTHER_LETTERS.match(word[0]) and not all(map(gazetteer.names.is_locality, unknown)):
            yield Mark(word.start(), word.end(), word[0], Why.UNKNOWN)


def by_letters(text: str, known: Iterable[Mark]) -> Iterator[Mark]:
    """The first word outside these marks in letters without capitals, in which no unknown name can be told."""
    first = next((word for word in _outside(text, known) if _OTHER_LETTERS.match(word[0])), None)
    if first:
        yield Mark(first.start(), first.end(), first[0], Why.SCRIPT)


def _outside(text: str, known: Iterable[Mark]) -> Iterator[re.Match[str]]:
    """The words that no mark covers; the marks stand in order and apart."""
    taken = list(known)
    for word in WORD.finditer(text):
        if not any(mark.start < word.end() and word.start() < mark.end for mark in taken):
            yield word
