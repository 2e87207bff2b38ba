"""The index of place names: by their letters, by their sound, and by sounds that are close."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein, OSA

from bot.languages.text import fold, phonetic

_NOT_LETTERS = re.compile(r"[\W_]+")
_VOWELS = frozenset("aeiouyw")
# Letters that are heard or typed for one another; a slip within a group costs half of another slip.
_ALIKE = ("aeiouyw", "bp", "td", "kgc", "szjc", "fv", "lr", "mn", "oau")
# What may stand first for what: nobody is found whose first sound is of another group.
_FIRST = {letter: group[0] for group in ("aeiouywh", "bp", "tdjcszñ", "kgq", "fv", "lr", "mn") for letter in group}


@dataclass(frozen=True, slots=True)
class Near:
    """Places whose name sounds nearly like what was written; `cost` 1.0 is one plain wrong letter."""

    ids: frozenset[str]
    cost: float


def words(text: str) -> list[str]:
    """The folded words of a text, without punctuation."""
    return _NOT_LETTERS.sub(" ", fold(text)).split()


def spelling(text: str) -> str:
    """The letters and digits of a name without case, accents, spaces and hyphens."""
    return "".join(words(text))


def sound(text: str) -> str:
    """How a name sounds to a reader of French; the same for Tombouctou, tonbouctou and Tombuktu."""
    return phonetic(text).replace("au", "o")


def cost(written: str, name: str) -> float:
    """How far two sounds are apart: wrong letters, those easily confused or silent counting less."""
    total = 0.0
    for step in Levenshtein.editops(written, name):
        if step.tag == "replace":
            pair = {written[step.src_pos], name[step.dest_pos]}
            total += 0.5 if any(pair <= set(group) for group in _ALIKE) else 1.0
        elif step.tag == "delete":
            total += _lone(written, step.src_pos)
        else:
            total += _lone(name, step.dest_pos)
    if OSA.distance(written, name) < Levenshtein.distance(written, name):
        total -= 0.7  # two neighbours changed places: one slip, not two
    return total


def _lone(word: str, at: int) -> float:
    """The cost of a letter that only one of the two has."""
    letter = word[at]
    if letter == "h" or (at == len(word) - 1 and letter in "ste"):
        return 0.4
    if letter in "nm" or letter in _VOWELS:
        return 0.6
    return 1.0


def allowance(length: int) -> float:
    """The cost up to which a name of so many sounds is still taken for the same: none for the shortest."""
    if length < 5:
        return 0.0
    if length < 6:
        return 0.6
    return 1.0 if length < 9 else 1.5


class NameIndex:
    """Finds the ids of places by a name; knows nothing of what the places are.

    `strangers` are spellings of places that exist but have no id here: what is one of them is no misspelling of ours.
    """

    def __init__(self, names: Iterable[tuple[str, str]], strangers: Iterable[str] = ()) -> None:
        spelt: dict[str, set[str]] = {}
        heard: dict[str, set[str]] = {}
        self._longest: dict[str, int] = {}
        for name, place_id in names:
            parts = words(name)
            key = sound(name)
            if not parts or not key:
                continue
            spelt.setdefault("".join(parts), set()).add(place_id)
            heard.setdefault(key, set()).add(place_id)
            self._longest[parts[0]] = max(len(parts), self._longest.get(parts[0], 1))
        self._spelt = {key: frozenset(ids) for key, ids in spelt.items()}
        self._heard = {key: frozenset(ids) for key, ids in heard.items()}
        self._strangers = frozenset(strangers) - self._spelt.keys()
        self._unheard: dict[str, list[str]] = {}
        for stranger in self._strangers:
            self._unheard.setdefault(_shelf(stranger), []).append(stranger)
        self._shelves: dict[tuple[str, int], set[str]] = {}
        for key in self._heard:
            self._shelve(key)

    def longest(self, word: str) -> int:
        """How many words the longest name has that begins with this one; 1 where none does."""
        return self._longest.get(word, 1)

    def spelt(self, letters: str) -> frozenset[str]:
        """The places with exactly these letters."""
        return self._spelt.get(letters, frozenset())

    def heard(self, key: str) -> frozenset[str]:
        """The places whose name sounds exactly so."""
        return self._heard.get(key, frozenset())

    def is_stranger(self, letters: str) -> bool:
        """Whether these are the letters of a place that exists but is not among ours."""
        return letters in self._strangers

    def near(self, key: str, at_most: float) -> list[Near]:
        """The names within this cost, nearest first, strangers without ids; a name with digits is near no other."""
        if not key or at_most <= 0 or _has_digit(key):
            return []
        self._hear(_shelf(key))
        found = []
        for length in range(len(key) - 2, len(key) + 3):
            shelf = self._shelves.get((_shelf(key), length), ())
            for name, _, _ in process.extract(key, shelf, scorer=Levenshtein.distance, score_cutoff=3, limit=None):
                far = cost(key, name)
                if far <= at_most and not _has_digit(name):
                    found.append(Near(self._heard.get(name, frozenset()), far))
        return sorted(found, key=lambda near: near.cost)

    def _shelve(self, key: str) -> None:
        self._shelves.setdefault((_shelf(key), len(key)), set()).add(key)

    def _hear(self, shelf: str) -> None:
        """Puts the strangers of this shelf and of c, which sounds like s or like k, into it the first time it is used."""
        for letter in (shelf, _shelf("c")):
            for stranger in self._unheard.pop(letter, ()):
                self._shelve(sound(stranger))


def _shelf(key: str) -> str:
    return _FIRST.get(key[0], key[0])


def _has_digit(key: str) -> bool:
    return not key.isalpha()
