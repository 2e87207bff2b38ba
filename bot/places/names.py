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
_FIRST = {letter: group[0] for group in ("aeiouywh", "bp", "td", "kgcq", "szj", "fv", "lr", "mn") for letter in group}


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
    if length < 4:
        return 0.0
    if length < 6:
        return 0.6
    return 1.0 if length < 9 else 1.5


class NameIndex:
    """Finds the ids of places by a name; knows nothing of what the places are."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
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
        self._shelves: dict[tuple[str, int], list[str]] = {}
        for key in self._heard:
            self._shelves.setdefault((_FIRST.get(key[0], key[0]), len(key)), []).append(key)

    def longest(self, word: str) -> int:
        """How many words the longest name has that begins with this one; 1 where none does."""
        return self._longest.get(word, 1)

    def spelt(self, letters: str) -> frozenset[str]:
        """The places with exactly these letters."""
        return self._spelt.get(letters, frozenset())

    def heard(self, key: str) -> frozenset[str]:
        """The places whose name sounds exactly so."""
        return self._heard.get(key, frozenset())

    def near(self, key: str, at_most: float) -> list[Near]:
        """The names within this cost, nearest first; a name with digits is near no other."""
        if not key or at_most <= 0 or any(letter.isdigit() for letter in key):
            return []
        found = []
        for length in range(len(key) - 2, len(key) + 3):
            shelf = self._shelves.get((_FIRST.get(key[0], key[0]), length), ())
            for name, _, _ in process.extract(key, shelf, scorer=Levenshtein.distance, score_cutoff=3, limit=None):
                far = cost(key, name)
                if far <= at_most and not any(letter.isdigit() for letter in name):
                    found.append(Near(self._heard[name], far))
        return sorted(found, key=lambda near: near.cost)
