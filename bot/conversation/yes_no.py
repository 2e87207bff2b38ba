"""Yes and no, by exact spelling alone: `ayi` is no in Bambara and one letter from `ayo`, yes in Songhay.

No likeness, no key of sounds: only case, accents and a last letter held down ("ouiii") don't count. Words are those of
CLDR, Tux Paint, MediaWiki, sooninkaraxillen.com, Sudlow (The Tamasheq of North-East Burkina Faso) and Wikivoyage (Dogon
of Sangha). Beside them stand phrases ("je ne veux pas", "kana n wele") that no source names: those of the national
languages are ours and wait for a speaker. A language without a source is read in French, Bambara and English. "OK" is
not here: whoever says it may only say that the message came.
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
        "yes": "oui;oui je veux;je veux bien;wi;ui;ouai;ouais;ouep;oue;d'accord;daccord;dakor;bien sur;"
        "j'accepte;jaccepte;je suis d'accord;volontiers;mais oui;eh oui",
        "no": "non;nn;nan;pas du tout;pas question;pas d'accord;je ne suis pas d'accord;je suis pas d'accord;je refuse;"
        "je n'accepte pas;je naccepte pas;j'accepte pas;je ne veux pas;je veux pas;jamais;surtout pas;mais non;"
        "rien;rien du tout;pas la peine;ce n'est pas la peine;"
        "ne m'appelez pas;n'appelez pas;m'appelez pas;appelez pas;pas d'appel",
    },
    "en": {"yes": "yes;yeah;yep;of course", "no": "no;nope"},
    "bm": {
        "yes": "ɔwɔ;awɔ;owo;awo;aw o;n sɔnna;ɔnhɔn;onhon",
        "no": "ayi;aayi;n ma sɔn;n t'a fɛ;foyi;kana wele;kana n wele;aw kana wele;aw kana n wele",
    },
    "ffm": {"yes": "eey;ey;eeyo;mi jabi", "no": "alaa;mi jabaali;mi jabaay;wata noddu;wata noddee kam"},
    "ses": {"yes": "ayyo;ayo;ay yadda", "no": "kala;kalaa;ay ši yadda;ay mana yadda"},
    "snk": {"yes": "yo;yobo", "no": "ayi;aayi"},
    "taq": {"yes": "iyya;iya;iyyah;ewalla", "no": "kala kala;faw;babo;abo"},
    "dts": {"yes": "ha;òò", "no": "ay"},
    "ar": {
        "yes": "نعم;أجل;موافق;أنا موافق;أوافق;قبلت;أيوه;أيوا;إيه;أي نعم;أكيد;na'am;naam;aywa",
        "no": "لا;لالا;كلا;غير موافق;لست موافقا;لا أوافق;أرفض;لا أريد;ما أريد;"
        "لا تتصل;لا تتصلوا;لا تتصل بي;لا تتصلوا بي;بدون اتصال;ما نبغي;مانبغي;la;laa",
    },
}
#: What stands around a yes or a no and changes nothing.
_COURTESIES = frozenset(
    "svp stp sil s il vous te plait merci please thanks c est je suis le encore toujours beaucoup vraiment walahi"
    " wallahi foofo fofo nawaari nawari jaaraama tanemmert inchallah inshallah bismillah kosebe sanne de"
    " madame monsieur شكرا من فضلك ان شاء الله كثيرا جدا".split()
)
#: What confirms a yes: "oui ça m'a aidé". Behind a no it would be a contradiction.
_CONFIRMING = frozenset(
    "ca m nous a aide arrive tout bien vous pouvez chaque semaine continue recu accepte veux".split()
)
_THANKS = re.compile(r"\b(?:i ?ni (?:ce|baara|sogoma|tile|wula|su)|barika|a jaaraama|bien sur)\b")
#: Nobody says yes or no in more letters.
_LONGEST = 60
#: A borrowed word this near to the opposite of the talk's own language is not believed: `ayi` in a Songhay talk.
_TOO_NEAR = 1
_HELD_DOWN = re.compile(r"(.)\1{2,}")
_LAST_HELD_DOWN = re.compile(r"(.)\1+$")
#: So many words may be one yes or no: "n t'a fɛ".
_MOST_TOGETHER = 6
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
    said_more = (word for word in rest if said != {"yes"} or word not in _CONFIRMING)
    return frozenset(said), "" if _COURTESIES.issuperset(said_more) else " ".join(rest)


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
