"""Names of people as they are looked up and compared: by the sound of their words, in any order."""

from functools import lru_cache

from bot.languages.text import phonetic
from bot.store.sealing import Keys
from bot.store.words import hashed, words_of

#: Ba, Sy and Ly are names.
_SHORTEST = 2
_INDEX = "contact.word"
_KNOWN_SOUNDS = 20_000


def index_words(keys: Keys, name: str | None) -> set[bytes]:
    """The words of a name as they are kept to be found: by their sound, so that Koulibali finds Coulibaly."""
    return {hashed(keys, _INDEX, word) for word in sounds(name)}


def sounds(name: str | None) -> frozenset[str]:
    """The words of a name by their sound; none where no name is told."""
    return frozenset(map(_sound, words_of(name or "", _SHORTEST)))


def differ(name: frozenset[str], other: frozenset[str]) -> bool:
    """Whether these sounds are the names of two people; one that says less than the other may be the same."""
    return not (name <= other or other <= name)


@lru_cache(maxsize=_KNOWN_SOUNDS)
def _sound(word: str) -> str:
    return phonetic(word) or word
