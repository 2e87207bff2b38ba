"""Yes and no, by exact spelling alone: `ayi` is no in Bambara and one letter from `ayo`, yes in Songhay.

No likeness, no key of sounds: only case, accents and a last letter held down ("ouiii") don't count. Words are those of
CLDR, Tux Paint, MediaWiki, sooninkaraxillen.com, Sudlow (The Tamasheq of North-East Burkina Faso) and Wikivoyage (Dogon
of Sangha); those of the national languages wait for a speaker. A language without a source is read in French, Bambara
and English. "OK" is not here: whoever says it may only say that the message came.
"""

import re
from functools import cache
from typing import Literal

from rapidfuzz.distance import Levenshtein

from bot.conversation.number_words import considered
from bot.languages.text import fold

YesNo = Literal["yes", "no"]

#: Per language what says yes and what says no, `;` between.
_SAID: dict[str, dict[YesNo, str]] = {
    "fr": {
        "yes": "oui;wi;ui;ouai;ouais;ouep;d'accord;daccord;bien sur",
        "no": "non;nn;nan;pas du tout;pas question",
    },
    "en": {"yes": "yes;yeah;yep;of course", "no": "no;nope"},
    "bm": {"yes": "ɔwɔ;awɔ;owo;awo;aw o;n sɔnna", "no": "ayi"},
    "ffm": {"yes": "eey;ey", "no": "alaa"},
    "ses": {"yes": "ayyo;ayo;ay yadda", "no": "kala;kalaa"},
    "snk": {"yes": "yo;yobo", "no": "ayi"},
    "taq": {"yes": "iyya;ewalla", "no": "kala kala;faw;babo;abo"},
    "dts": {"yes": "ha;òò", "no": "ay"},
    "ar": {"yes": "نعم;أجل;موافق;na'am;naam", "no": "لا;كلا;la;laa"},
}
_COURTESIES = frozenset({"svp", "stp", "sil", "s'il", "vous", "te", "plait", "merci", "please", "thanks", "شكرا"})
#: Nobody says yes or no in more letters.
_LONGEST = 60
#: A borrowed word this near to the opposite of the talk's own language is not believed: `ayi` in a Songhay talk.
_TOO_NEAR = 1
_HELD_DOWN = re.compile(r"(.)\1+$")
#: Every word that says yes or no in some language, folded.
YES_AND_NO = frozenset(fold(word) for said in _SAID.values() for words in said.values() for word in words.split(";"))


def yes_or_no(text: str, language: str) -> YesNo | None:
    """What the whole reply says in a talk of this language; None if it says neither, both, or not clearly which."""
    if len(text) > _LONGEST:
        return None
    meanings = _meanings(language)
    words = [word for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", fold(text)) if word not in _COURTESIES]
    phrase = " ".join(words)
    if phrase in meanings:
        return meanings[phrase]
    said = {meanings.get(word) or meanings.get(_HELD_DOWN.sub(r"\1", word)) for word in words}
    return said.pop() if len(said) == 1 else None


@cache
def _meanings(language: str) -> dict[str, YesNo | None]:
    found: dict[str, YesNo | None] = {}
    own = dict(_words(language))
    for tag in considered(language):
        for word, meaning in _words(tag):
            doubtful = word not in own and _is_near_opposite(word, meaning, own)
            found[word] = None if doubtful or found.get(word, meaning) != meaning else meaning
    return found


def _words(tag: str) -> list[tuple[str, YesNo]]:
    return [(fold(word), meaning) for meaning, words in _SAID.get(tag, {}).items() for word in words.split(";")]


def _is_near_opposite(word: str, meaning: YesNo, own: dict[str, YesNo]) -> bool:
    return any(other != meaning and Levenshtein.distance(word, each) <= _TOO_NEAR for each, other in own.items())
