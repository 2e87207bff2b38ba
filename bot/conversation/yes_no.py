"""Yes and no, by exact spelling alone: `ayi` is no in Bambara and one letter from `ayo`, yes in Songhay.

No likeness, no key of sounds: only case, accents and a last letter held down ("ouiii") don't count. Words are those of
CLDR, Tux Paint, MediaWiki, sooninkaraxillen.com, Sudlow (The Tamasheq of North-East Burkina Faso) and Wikivoyage (Dogon
of Sangha); those of the national languages wait for a speaker. A language without a source is read in French, Bambara
and English. "OK" is not here: whoever says it may only say that the message came.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from rapidfuzz.distance import Levenshtein

from bot.conversation.number_words import considered
from bot.languages.text import fold

YesNo = Literal["yes", "no"]

#: Per language what says yes and what says no, `;` between.
_SAID: dict[str, dict[YesNo, str]] = {
    "fr": {
        "yes": "oui;oui je veux;je veux bien;wi;ui;ouai;ouais;ouep;d'accord;daccord;bien sur",
        "no": "non;nn;nan;pas du tout;pas question",
    },
    "en": {"yes": "yes;yeah;yep;of course", "no": "no;nope"},
    "bm": {"yes": "ɔwɔ;awɔ;owo;awo;aw o;n sɔnna", "no": "ayi;n ma sɔn;n t'a fɛ"},
    "ffm": {"yes": "eey;ey", "no": "alaa"},
    "ses": {"yes": "ayyo;ayo;ay yadda", "no": "kala;kalaa"},
    "snk": {"yes": "yo;yobo", "no": "ayi"},
    "taq": {"yes": "iyya;ewalla", "no": "kala kala;faw;babo;abo"},
    "dts": {"yes": "ha;òò", "no": "ay"},
    "ar": {"yes": "نعم;أجل;موافق;na'am;naam", "no": "لا;كلا;la;laa"},
}
#: What stands around a yes or a no and changes nothing.
_COURTESIES = frozenset(
    "svp stp sil s il vous te plait merci please thanks c est je suis le encore toujours beaucoup vraiment walahi"
    " wallahi foofo nawaari de شكرا من فضلك".split()
)
_THANKS = re.compile(r"\b(?:i ni ce|ini ce|a jaaraama|bien sur)\b")
#: Nobody says yes or no in more letters.
_LONGEST = 60
#: A borrowed word this near to the opposite of the talk's own language is not believed: `ayi` in a Songhay talk.
_TOO_NEAR = 1
_HELD_DOWN = re.compile(r"(.)\1{2,}")
_LAST_HELD_DOWN = re.compile(r"(.)\1+$")
#: So many words may be one yes or no: "n t'a fɛ".
_MOST_TOGETHER = 4
#: Every word that says yes or no in some language, folded.
YES_AND_NO = frozenset(fold(word) for said in _SAID.values() for words in said.values() for word in words.split(";"))


def yes_or_no(text: str, language: str) -> YesNo | None:
    """What the whole reply says in a talk of this language; None if it says neither, both, or not clearly which."""
    said, rest = apart(text, language)
    return None if rest or len(said) != 1 else next(iter(said))


def apart(text: str, language: str) -> tuple[frozenset[YesNo | None], str]:
    """What the yes and no words of a reply say (None: one of them is doubtful), and the words that say neither."""
    if len(text) > _LONGEST:
        return frozenset(), text
    meanings = _meanings(language)
    bare = " ".join(_words_of(text))
    if bare not in meanings:
        bare = _THANKS.sub(" ", bare)
    words = bare.split()
    said: set[YesNo | None] = set()
    rest = []
    at = 0
    while at < len(words):
        size = next((n for n in range(_MOST_TOGETHER, 0, -1) if _key(words[at : at + n], meanings) is not None), 0)
        if size:
            said.add(meanings[_key(words[at : at + size], meanings) or ""])
        else:
            rest.append(words[at])
        at += size or 1
    return frozenset(said), "" if _COURTESIES.issuperset(rest) else " ".join(rest)


def _words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", fold(text))


def _key(words: list[str], meanings: Mapping[str, YesNo | None]) -> str | None:
    """How these words are known, a letter that was held down aside; None if they are not."""
    said = " ".join(words)
    ways = (said, _HELD_DOWN.sub(r"\1\1", said), _HELD_DOWN.sub(r"\1", said), _LAST_HELD_DOWN.sub(r"\1", said))
    return next((way for way in ways if way in meanings), None)


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
    said = _SAID.get(tag, {}).items()
    return [(" ".join(_words_of(word)), meaning) for meaning, words in said for word in words.split(";")]


def _is_near_opposite(word: str, meaning: YesNo, own: dict[str, YesNo]) -> bool:
    return any(other != meaning and Levenshtein.distance(word, each) <= _TOO_NEAR for each, other in own.items())
