"""Names of places in Arabic letters, which write consonants and long vowels and leave the others out.

Two names are compared by their consonants, where one Arabic letter may be several of ours (g, j and k; b
and p; f and v), and by the places of the long vowels: `كونا` may be Konna and Kouna, and is not Kani.
"""

import re
from collections.abc import Iterator

_CONSONANTS = {
    **dict.fromkeys("بپ", "b"), **dict.fromkeys("تطث", "t"), **dict.fromkeys("دض", "d"), **dict.fromkeys("ذزظ", "z"),
    **dict.fromkeys("سصش", "s"), **dict.fromkeys("كقک", "k"), **dict.fromkeys("جغگخ", "k"), **dict.fromkeys("فڤ", "f"),
    "ر": "r", "ل": "l", "م": "m", "ن": "n",
    "p": "b", "v": "f", **dict.fromkeys("gjqcç", "k"), **{letter: letter for letter in "bdfklmnrstz"},
}  # fmt: skip
#: Each long vowel, and which of ours it may be.
_LONG = {"ا": "a", "ه": "ae", "ة": "ae", "و": "ouw", "ي": "iey"}
_SHORT = "aeiouwy"
_ARABIC = re.compile("[\u0600-\u06ff]+")
#: A name begins with h, or an alif before its vowel; elsewhere h is mute. In "mb" m is heard as n, in "ng" no g is.
_AS_HEARD = (
    (re.compile("^[هحع]"), "ا"),
    (re.compile("(?<=[اوي])ه$|[حعء]|ه(?!$)"), ""),
    (re.compile("م(?=[بپ])"), "ن"),
    (re.compile("(?<=ن)[غجگ]"), ""),
)


def is_arabic(letters: str) -> bool:
    """Whether these folded letters are Arabic, all of them."""
    return _ARABIC.fullmatch(letters) is not None


def consonants(letters: str) -> str:
    """The consonants of a name: folded Arabic letters, or the sound of one in Latin letters."""
    return "".join(consonant for consonant, _ in _syllables(letters))


def may_be(arabic: str, sound: str) -> bool:
    """Whether a name that sounds so may be written so in Arabic; its consonants are known to be the same."""
    both = zip(_syllables(arabic), _syllables(sound), strict=False)
    return all(_fit(long, ours, first=not at) for at, ((_, long), (_, ours)) in enumerate(both))


def _syllables(letters: str) -> Iterator[tuple[str, str]]:
    """Each consonant with the vowels behind it; the first is none, with what the name begins with."""
    for pattern, heard in _AS_HEARD:
        letters = pattern.sub(heard, letters)
    consonant, vowels = "", ""
    for letter in letters:
        if letter in _CONSONANTS:
            yield consonant, vowels
            consonant, vowels = _CONSONANTS[letter], ""
        elif letter in _LONG or letter in _SHORT:
            vowels += letter
    yield consonant, vowels


def _fit(long: str, ours: str, *, first: bool) -> bool:
    """Whether the long vowels stand for ours in this order; an alif that begins a name may be any vowel."""
    if first and long.startswith("ا"):
        return bool(ours)
    most = len(long) if first else max(len(long), 1)
    if len(ours) > most + (len(long) > 1):
        return False
    at = 0
    for letter in long:
        at = next((n for n in range(at, len(ours)) if ours[n] in _LONG[letter]), -1) + 1
        if not at:
            return False
    return True
