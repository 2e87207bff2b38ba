"""Yes and no, by exact spelling alone: `ayi` is no in Bambara and one letter from `ayo`, yes in Songhay.

No likeness, no key of sounds: only case, accents and a last letter held down ("ouiii") don't count. The words and their
sources stand in `yes_no.csv`; what is "ours" there no source names, and waits for a speaker. A language without a
source is read in French, Bambara and English. "OK" is not there: whoever says it may only say that the message came.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from rapidfuzz.distance import Levenshtein

from bot.conversation.courtesies import COURTESIES, without_greeting
from bot.conversation.number_words import considered
from bot.languages.text import fold

YesNo = Literal["yes", "no"]


def _load() -> dict[str, dict[YesNo, list[str]]]:
    said: dict[str, dict[YesNo, list[str]]] = {}
    with resources.files("bot.conversation").joinpath("yes_no.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            meaning: YesNo = "yes" if row["meaning"] == "yes" else "no"
            said.setdefault(row["language"], {}).setdefault(meaning, []).extend(row["words"].split(";"))
    return said


#: Per language what says yes and what says no.
_SAID = _load()

#: What stands around a yes or a no and changes nothing.
_AROUND = COURTESIES | frozenset("c est je suis le encore toujours beaucoup tres bien bon va ca".split())
#: What confirms a yes: "oui ça m'a aidé". Behind a no it would be a contradiction.
_CONFIRMING = frozenset(
    "ca m nous a aide arrive tout bien vous pouvez chaque semaine continue recu accepte veux".split()
)
#: What denies, in the languages that people mix; Fulfulde does so at the end of the verb, French by "n'" before it.
_DENYING = frozenset(
    "pas pa ne n non ni jamais rien aucun aucune sans point guere refuse not no never don't dont te ta ma man kana"
    " si tun nta maxa na mana masi wata walaa alaa kala war wer ur abo babo"
    " لا ما ليس مو لم لن غير بلا بدون مش ماش".split()
)
_DENYING_END = re.compile(r"\w{2}(?:aani|aay|ataa|aaki|aali)$")
#: What puts off, limits, doubts or asks: "oui mais", "oui demain", "oui si", "oui je pense", "non pourquoi".
_TURNING = frozenset(
    "mais si sauf ou soit plutot peut peutetre etre tard demain apres avant bientot attend attends attendez"
    " attendre quand combien comment pourquoi quoi qui quel quelle moins plus presque jusqu jusque jusqua"
    " condition depend pense crois sais doute hesite hesitez hesitation bof moyen deja seul seule seulement autre"
    " contraire but if except maybe perhaps later when why or until unless think know only nga nka ni walima sini"
    " ammaa kaa sonaa ka لكن ولكن إذا اذا لو ربما أو او إلا الا بعد غدا متى كيف لماذا يمكن ممكن فقط".split()
)
#: Said beside a yes, these deny nothing.
_NO_TROUBLE = re.compile(
    r"\b(?:pas de|sans|aucun|n y a pas de|ya pas de) (?:probleme|probl|pb|souci|soucis|doute|faute)s?\b"
)
#: Who says more words beside a yes or a no tells a story.
_MOST_BESIDE = 6
#: Words that short are the ends of a phrase.
_SHORT = 2
#: Nobody says yes or no in more letters.
_LONGEST = 60
#: A borrowed word this near to the opposite of the talk's own language is not believed: `ayi` in a Songhay talk.
_TOO_NEAR = 1
#: Read in every talk where it is written in letters of its own.
_EVERYWHERE = ("ar",)
_HELD_DOWN = re.compile(r"(.)\1{2,}")
_LAST_HELD_DOWN = re.compile(r"(.)\1+$")
#: So many words may be one yes or no: "n t'a fɛ".
_MOST_TOGETHER = 6
#: Every word that says yes or no in some language, folded.
YES_AND_NO = frozenset(fold(word) for said in _SAID.values() for words in said.values() for word in words)


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
        bare = without_greeting(bare)
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
    return frozenset(said), "" if _AROUND.issuperset(said_more) else " ".join(rest)


def keeps_its_meaning(meaning: YesNo | None, text: str, rest: str) -> bool:
    """Whether a yes or a no that stands first in a text still says so with these other words of it around.

    A yes does where nothing denies, limits, puts off or asks: "oui chef", not "oui mais", "oui demain". A no does
    where what follows denies too: "non pas besoin"; "non j'accepte" is a contradiction, and asked again.
    """
    if any(word[1:] in YES_AND_NO for word in rest.split() if word[0] == "و"):
        return False
    beside = [word for word in rest.split() if word not in _AROUND] if meaning == "no" else rest.split()
    first = _words_of(text)[:1] != rest.split()[:1]
    if not first or len(beside) > _MOST_BESIDE or not _TURNING.isdisjoint(beside):
        return False
    if meaning == "yes":
        beside = _NO_TROUBLE.sub(" ", rest).split()
    denies = any(word in _DENYING or _DENYING_END.search(word) for word in beside)
    if meaning == "no" and not denies:
        # "ayi n ma sɔn a la": what is left of it are the ends of a phrase.
        return all(len(word) <= _SHORT for word in beside)
    return denies == (meaning == "no")


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
    for tag in dict.fromkeys((*considered(language), *_EVERYWHERE)):
        for word, meaning in _words(tag):
            if tag in _EVERYWHERE and tag not in considered(language) and word.isascii():
                continue
            doubtful = word not in own and _is_near_opposite(word, meaning, own)
            found[word] = None if doubtful or found.get(word, meaning) != meaning else meaning
    return found


def _words(tag: str) -> list[tuple[str, YesNo]]:
    said = _SAID.get(tag, {}).items()
    return [(" ".join(_words_of(word)), meaning) for meaning, words in said for word in words]


def _is_near_opposite(word: str, meaning: YesNo, own: dict[str, YesNo]) -> bool:
    return any(other != meaning and Levenshtein.distance(word, each) <= _TOO_NEAR for each, other in own.items())
