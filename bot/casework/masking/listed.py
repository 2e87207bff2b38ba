"""What names somebody by the lists: given names, family names and ethnonyms, as they are written and as they sound."""

import csv
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources

from bot.casework.masking.marks import APART, WORD, Listed, Mark, Why
from bot.languages.text import NKO_SOUNDS, fold, phonetic

_ARABIC_ARTICLES = ("وال", "بال", "لل", "ال", "و", "ب", "ل")
_NKO = str.maketrans(NKO_SOUNDS)
#: What sounds like a listed name is one, if so long that few words sound alike; a capital, or N'Ko, may be shorter.
_SOUNDS_LIKE, _SOUNDS_LIKE_A_NAME = 5, 4


def shipped() -> Mapping[str, Why]:
    """The words that came with the program, folded, and why each is masked."""
    with resources.files("bot.casework.masking").joinpath("masked.csv").open(encoding="utf-8") as rows:
        return {fold(row["word"]): Why(row["why"]) for row in csv.DictReader(rows)}


def by_list(text: str, listed: Listed) -> list[Mark]:
    """The words of the text that are listed, or sound like one that is; `listed` are folded."""
    sounds = {_listed_sound(word): why for word, why in listed.items() if why}
    found = []
    for word in WORD.finditer(text):
        why = _why(word[0], listed, sounds)
        if why:
            found.append(Mark(word.start(), word.end(), word[0], why))
    return found


def _why(word: str, listed: Listed, sounds: Mapping[str, Why]) -> Why | None:
    """Why this word is masked: it, or a part of it, is listed or sounds like a word that is."""
    folded = fold(word)
    for part in dict.fromkeys((folded, folded.replace("'", ""), *APART.split(folded))):
        for form in _forms(part):
            if form in listed:
                return listed[form]
        spoken = part.translate(_NKO)
        sound = phonetic(spoken)
        may_be_short = spoken != part or word[0].isupper()
        if len(sound) >= (_SOUNDS_LIKE_A_NAME if may_be_short else _SOUNDS_LIKE) and sound in sounds:
            return sounds[sound]
    return None


def _forms(word: str) -> Iterator[str]:
    """The word as it may stand in a list: without the plural and the feminine, and without what Arabic joins to it."""
    yield word
    for ending in ("s", "x", "es", "e", "ne", "nes") if len(word) > 4 else ():
        if word.endswith(ending):
            yield word.removesuffix(ending)
    for article in _ARABIC_ARTICLES:
        if word.startswith(article):
            yield word.removeprefix(article)


@lru_cache(maxsize=8192)
def _listed_sound(word: str) -> str:
    """How a word of the lists sounds; remembered, because it is ours. What people write is not."""
    return phonetic(word)
