"""The index of place names: by their letters, by their sound, and by sounds that are close."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from bot.languages.text import NKO_SOUNDS, fold, phonetic
from bot.places.arabic import consonants, is_arabic, may_be

_NOT_LETTERS = re.compile(r"[\W_]+")
# N'Gouma is one word; so is M'Pessoba.
_PRENASAL = re.compile(r"\b([nm])'(?=\w)")
# "Kkoro" is Koulikoro cut short, and sounds like Koro.
_CUT_SHORT = re.compile(r"([A-Z])(?i:\1)")
# Kolokany ends like Kolokani: only before a vowel are n and y one sound.
_LAST_NY = re.compile(r"(?<!g)ny(?![aeiouy])")
_VOWELS = frozenset("aeiouyw")
# At the end of a longer name an h is never heard: "Konnah".
_SHORT = 3
# Left out by many: "Nioro Sahel".
_LINKS = frozenset({"de", "du", "des"})
# The dot that makes a g of gb is no letter: a place is heard with g either way.
_NKO = str.maketrans(NKO_SOUNDS | {"ߜ": "g"})
# Letters that are heard or typed for one another; a slip within a group costs half of another slip.
_ALIKE = tuple(map(frozenset, ("aeiouyw", "bp", "td", "kgcq", "szc", "jz", "jc", "fv", "lr", "mn")))
# What may stand first for what: no name is found whose first letter is of another group.
_FIRST = {letter: group[0] for group in ("aeiouywh", "bp", "tdjszñ", "kgqc", "fv", "lr", "mn") for letter in group}

# With its first letter wrong, a name of so many letters may be meant, and one of so many is.
_LONG_ENOUGH = 5
# Names that differ in more letters are not compared; a long one may differ in one more.
_MOST_CHANGED = 2
_TELLING = 8


@dataclass(frozen=True, slots=True)
class Near:
    """Places whose name looks or sounds nearly like what was written; `cost` 1.0 is one plain wrong letter.

    `fits` where that is little enough for a name of this length. Without ids it is the name of `localities` alone.
    """

    ids: frozenset[str]
    cost: float
    fits: bool
    localities: frozenset[str] = frozenset()


def words(text: str) -> list[str]:
    """The folded words of a text, without punctuation."""
    return _NOT_LETTERS.sub(" ", _PRENASAL.sub(r"\1", fold(text.translate(_NKO)))).split()


def spelling(text: str) -> str:
    """The letters and digits of a name without case, accents, spaces and hyphens."""
    return "".join(words(text))


def sound(text: str) -> str:
    """How a name sounds to a reader of French; the same for Tombouctou, tonbouctou and Tombuktu."""
    key = phonetic(_LAST_NY.sub("ni", fold(text.translate(_NKO)))).replace("au", "o")
    return key[:-1] if len(key) > _SHORT and key.endswith("h") else key


def cost(written: str, name: str) -> float:
    """How far two sounds are apart: wrong letters, those easily confused or silent counting less."""
    total = 0.0
    for step in Levenshtein.editops(written, name):
        if step.tag == "replace":
            pair = {written[step.src_pos], name[step.dest_pos]}
            total += 0.5 if any(pair <= group for group in _ALIKE) else 1.0
        elif step.tag == "delete":
            total += _lone(written, step.src_pos)
        else:
            total += _lone(name, step.dest_pos)
    swapped = OSA.distance(written, name)
    if swapped < Levenshtein.distance(written, name):  # two neighbours changed places: one slip, not two
        return 0.6 if swapped == 1 else total - 0.7
    return total


def begins_alike(one: str, other: str) -> bool:
    """Whether two names begin with letters that are heard or typed for one another."""
    return bool(one and other) and _group(one) == _group(other)


def is_alike(one: str, other: str) -> bool:
    """Whether two names differ in few letters: a quick look before their cost is counted."""
    return Levenshtein.distance(one, other, score_cutoff=_MOST_CHANGED) <= _MOST_CHANGED


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
    return 1.0 if length < 9 else 1.6


class NameIndex:
    """Finds the ids of places by a name; knows nothing of what the places are.

    `localities` are names of places that a report does not keep: what is one of them is no misspelling of another.
    """

    def __init__(self, names: Iterable[tuple[str, str]], localities: Iterable[tuple[str, str]] = ()) -> None:
        self._longest: dict[str, int] = {}
        self._names_of: dict[str, set[str]] = {}
        self._first_names: set[str] = set()
        self._spelt, self._heard = self._index(names)
        self._localities: dict[str, set[str]] = {}
        self._sounds_of: dict[str, str] = {}
        for name, locality_id in localities:
            letters = self._note(words(name), locality_id)
            self._localities.setdefault(letters, set()).add(locality_id)
            if letters not in self._spelt:
                self._sounds_of[letters] = sound(name)
        self._spellings = _Shelves((*self._spelt, *self._sounds_of))
        self._tails: dict[str, list[str]] = {}
        for letters in (*self._spelt, *self._sounds_of):
            self._tails.setdefault(letters[1:], []).append(letters)
        self._spelt_as: dict[str, list[str]] = {}
        for letters, key in self._sounds_of.items():
            self._spelt_as.setdefault(key, []).append(letters)
        sounds = {*self._heard, *self._spelt_as}
        self._sounds = _Shelves(sounds)
        # One answer is looked up more than once; nothing that people write is remembered longer.
        self._last_near: tuple[tuple[str, Callable[[int], float], float] | None, list[Near]] = (None, [])
        self._by_consonants: dict[str, list[str]] = {}
        for key in sounds:
            self._by_consonants.setdefault(consonants(key), []).append(key)

    def _index(self, names: Iterable[tuple[str, str]]) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
        """The ids by the letters of a name and by its sound."""
        spelt: dict[str, set[str]] = {}
        heard: dict[str, set[str]] = {}
        bare: dict[str, set[str]] = {}
        for name, place_id in names:
            parts, key = words(name), sound(name)
            if not parts or not key:
                continue
            letters = self._note(parts, place_id)
            if len(self._names_of[place_id]) == 1:
                self._first_names.add(letters)
            for way in (letters, "".join(part for part in parts if part not in _LINKS)):
                spelt.setdefault(way, set()).add(place_id)
            if not _CUT_SHORT.match(name):
                heard.setdefault(key, set()).add(place_id)
            if _PRENASAL.match(fold(name)) and len(letters) > _LONG_ENOUGH:
                bare.setdefault(letters[1:], set()).add(place_id)
        # "Pessoba" is M'Pessoba, unless a place is called so.
        return _frozen(bare | spelt), _frozen(heard)

    def _note(self, parts: Sequence[str], place_id: str) -> str:
        """The letters of a name, which from now on is known to be its place's."""
        letters = "".join(parts)
        self._names_of.setdefault(place_id, set()).add(letters)
        self._longest[parts[0]] = max(len(parts), self._longest.get(parts[0], 1))
        return letters

    def count(self) -> int:
        """How many spellings are told apart."""
        return len(self._spelt) + len(self._sounds_of)

    def longest(self, word: str) -> int:
        """How many words the longest name has that begins with this one; 1 where none does."""
        return self._longest.get(word, 1)

    def spelt(self, letters: str) -> frozenset[str]:
        """The places with exactly these letters."""
        return self._spelt.get(letters, frozenset())

    def is_first_name(self, letters: str) -> bool:
        """Whether a place is called so first, not among other spellings."""
        return letters in self._first_names

    def heard(self, key: str) -> frozenset[str]:
        """The places whose name sounds exactly so."""
        return self._heard.get(key, frozenset())

    def misspelt_by(self, letters: str, ids: Iterable[str]) -> float:
        """The cost of these letters against the nearest spelling of any of these places."""
        return min((cost(letters, name) for place_id in ids for name in self._names_of.get(place_id, ())), default=inf)

    def spellings_of(self, place_id: str) -> Collection[str]:
        """The letters of each name of a place."""
        return self._names_of.get(place_id, ())

    def share_a_name(self, one: str, other: str) -> bool:
        """Whether two ids have a name in common."""
        return not self._names_of.get(one, set()).isdisjoint(self._names_of.get(other, ()))

    def is_locality(self, letters: str) -> bool:
        """Whether these are the letters of a locality and of no other place."""
        return letters in self._sounds_of

    def localities(self, letters: str) -> frozenset[str]:
        """The localities with exactly these letters."""
        return frozenset(self._localities.get(letters, ()))

    def in_arabic(self, letters: str) -> tuple[frozenset[str], bool]:
        """The places whose name may be written with these Arabic letters, and whether only a locality's may too."""
        if not is_arabic(letters):
            return frozenset(), False
        keys = [key for key in self._by_consonants.get(consonants(letters), ()) if may_be(letters, key)]
        ours = [self._heard[key] for key in keys if key in self._heard]
        return frozenset().union(*ours), len(ours) < len(keys)

    def near(self, text: str, allowed: Callable[[int], float], margin: float) -> list[Near]:
        """The names within the cost allowed for their length and a margin above it, nearest first."""
        asked = (text, allowed, margin)
        last, found = self._last_near
        if last != asked:
            found = self._near(text, allowed, margin)
            self._last_near = (asked, found)
        return found

    def _near(self, text: str, allowed: Callable[[int], float], margin: float) -> list[Near]:
        letters, key = spelling(text), sound(text)
        if not key or not letters.isalpha():
            return []
        nearest: dict[frozenset[str] | str, Near] = {}
        for shelves, ids, written in ((self._spellings, self._spelt, letters), (self._sounds, self._heard, key)):
            limit = allowed(len(written))
            for name in shelves.like(written) if limit else ():
                far = cost(written, name)
                if far > limit + margin:
                    continue
                # A locality that sounds like one of ours is another spelling of it, or can't be told from it.
                whose = ids.get(name) or self._heard.get(self._sounds_of.get(name, name), frozenset())
                key_of = whose or self._sounds_of.get(name, name)
                known = nearest.get(key_of)
                if known is None or far < known.cost:
                    fits = far <= limit or (known is not None and known.fits)
                    nearest[key_of] = Near(whose, far, fits, self._sounding(key_of))
        for name in self._tails.get(letters[1:], ()) if len(letters) >= _LONG_ENOUGH else ():
            whose = self._spelt.get(name, frozenset())
            key_of = whose or self._sounds_of[name]
            if name[0] != letters[0] and key_of not in nearest:
                nearest[key_of] = Near(whose, 1.0, len(letters) >= _TELLING, self._sounding(key_of))
        return sorted(nearest.values(), key=lambda near: near.cost)

    def _sounding(self, key: frozenset[str] | str) -> frozenset[str]:
        """The localities whose names sound so; none where the key is places of ours."""
        spellings = self._spelt_as.get(key, ()) if isinstance(key, str) else ()
        return frozenset(each for letters in spellings for each in self._localities[letters])


def _frozen(ids: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(each) for key, each in ids.items()}


class _Shelves:
    """Keys by the group of their first letter and by length, so that few are compared."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._shelves: dict[tuple[str, int], set[str]] = {}
        for key in keys:
            self.add(key)

    def add(self, key: str) -> None:
        """Puts one key on its shelf; a key with digits is like no other."""
        if key.isalpha():
            self._shelves.setdefault((_group(key), len(key)), set()).add(key)

    def like(self, key: str) -> Iterator[str]:
        """The keys within two changed letters, three for a long one."""
        most = _MOST_CHANGED if len(key) < 9 else _MOST_CHANGED + 1
        for length in range(len(key) - 2, len(key) + 3):
            shelf = self._shelves.get((_group(key), length), ())
            for name, _, _ in process.extract(key, shelf, scorer=Levenshtein.distance, score_cutoff=most, limit=None):
                yield name


def _group(key: str) -> str:
    return _FIRST.get(key[0], key[0])
