"""What has to be masked before a text leaves triage: telephone numbers, names of people, ethnonyms, somebody's age.

It marks and a person decides: a list of names is never whole, and a name may be a village. Places are not marked, as a
summary is sent with its place; an age together with a place tells who it is, so every age is.
"""

import csv
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from phonenumbers import Leniency, PhoneNumberMatcher

from bot.languages.text import digits, fold, phonetic
from bot.places.gazetteer import Gazetteer
from bot.places.names import words


class Why(StrEnum):
    """Why something is to be masked."""

    NUMBER = "number"
    NAME = "name"
    PEOPLE = "people"
    AGE = "age"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A part of a text that names somebody: from where to where, what stands there, and why."""

    start: int
    end: int
    words: str
    why: Why


#: What stands between the figures of a number: also those cut into pairs, and identity papers.
_BETWEEN = r"(?:[ \t.\-–/_·()]{0,2}|[,;])"
#: A letter that stands for a figure (O for 0, l for 1) counts where it stands among figures.
_LONG_NUMBER = re.compile(
    rf"(?<![^\W\d_])[OolI]?\d(?:{_BETWEEN}[\dOolI]){{5,}}(?![^\W\d_])|\+?\d(?:{_BETWEEN}\d){{5,}}"
)
_FIGURE = (
    "z[ée]ro|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente"
    "|quarante|cinquante|soixante|septante|nonante|cents?"
)
_SPELT_NUMBER = re.compile(rf"\b(?:{_FIGURE})(?:[ \t,.;–-]+(?:et[ \t-]+)?(?:{_FIGURE})){{3,}}\b", re.IGNORECASE)
_SPELT = rf"(?:{_FIGURE})(?:[ -](?:et[ -])?(?:{_FIGURE})){{0,2}}"
_YEARS = r"ans|an|ann[ée]es?|y(?:ea)?rs?(?:[ \t]+old)?|y/?o|san|jiiri|duu[ɓb]i|سنة|سنه|سنين|سنوات|عام|عاما|أعوام|اعوام"
_AGE = re.compile(
    rf"\b(?:\d{{1,3}}|{_SPELT})\s*(?:{_YEARS})\b"
    rf"|\b(?:b[ée]b[ée]|enfant|fille|fillette|gar[çc]on|nourrisson|[âa]g[ée]+e?s?)\s+(?:de\s+|d'|d’)?"
    rf"(?:\d{{1,2}}|{_SPELT})\s*(?:mois|jours|semaines)\b"
    r"|\b(?:san|jiiri|duu[ɓb]i)\s+\d{1,3}\b"
    r"|ߛߊ߲[\u07eb-\u07f3]*\s*\d{1,3}"
    r"|\b\d{1,3}\s*(?:شهرا?|أشهر|اشهر|شهور)\b"
    r"|\b(?:dix|vingt|trent|quarant|cinquant|soixant)aine(?:\s+d['’]ann[ée]es?)?\b(?!\s+d[e'’])"
    r"|\b(?:trenten|quadrag[ée]n|quinquag[ée]n|sexag[ée]n|septuag[ée]n|octog[ée]n|nonag[ée]n|centen)aires?\b",
    re.IGNORECASE,
)
#: Whoever is called by a title has the name behind it; "nommé", a particle of descent and the like say so themselves.
_TITLED = re.compile(
    r"(?:\bM\.?|\b(?i:Mr|Mme|Mlle|Dr|monsieur|madame|imam|cheikh|marabout|el[ -]hadj[i]?|hogon|pasteur|abb[ée]|chef"
    r"|maire|docteur|commandant|capitaine|adjudant|lieutenant|sergent|caporal|colonel|g[ée]n[ée]ral|pr[ée]fet|gouverneur"
    r"|juge|infirmi[eè]re?|sage-femme|ma[iî]tre|directeur|directrice|conseill[eè]re?)"
    r"\.?)[ \t]+([A-ZÀ-Ý][\w'’-]+(?:[ \t]+[A-ZÀ-Ý][\w'’-]+)?)"
)
_CALLED = re.compile(
    r"(?i:\bnomm[ée]e?|\bappel[ée]e?|s['’]appelle|\balias)[ \t]+([^\W\d_][\w'’-]+(?:[ \t]+[A-ZÀ-Ý][\w'’-]+)?)"
)
_DESCENT = re.compile(
    r"(?:[^\W\d_][\w'’-]*[ \t]+)?\b(?i:ag|ould|mint|walet|wallet|wlet)[ \t]+[^\W\d_][\w'’-]*"
    r"|\b(?:[Dd]ite?|[Bb]en|[Bb]int?)[ \t]+[A-ZÀ-Ý][\w'’-]+"
)
_CALLED_IN_ARABIC = re.compile(
    r"\b(?:اسمه|اسمها|المدعو|المدعوة|السيد|السيدة|الإمام|الشيخ)[ \t]+([^\W\d_]+(?:[ \t]+[^\W\d_]+)?)"
)
#: A letter and its marks: the tones of N'Ko and the vowels of Arabic stand on letters and belong to the word.
_WORD = re.compile(r"[^\W\d_](?:[\w'’-]|[\u0300-\u036f\u064b-\u065f\u0670\u07eb-\u07f5])*")
_APART = re.compile(r"['’-]")
_ARABIC_ARTICLES = ("وال", "بال", "لل", "ال", "و", "ب", "ل")
#: N'Ko is written as it sounds; each letter, or row of letters, and what it sounds like.
_NKO = str.maketrans(
    dict(zip("ߊߋߌߍߎߏߐߓߔߕߖߗߘߙߚߛߝߞߟߠߡߣߤߥߦ", "aeieuoobptjcdrrsfklnmnhwy", strict=True))
    | {"ߜ": "gb", "ߢ": "ny", "ߧ": "ny", "ߒ": "n", "߲": "n"}
)
#: What sounds like a listed name is one, if so long that few words sound alike; a capital, or N'Ko, may be shorter.
_SOUNDS_LIKE, _SOUNDS_LIKE_A_NAME = 5, 4
#: Words with a capital inside a sentence that name no person; folded.
_NO_NAMES = frozenset(
    "mali etat dieu allah mosquee eglise ministere ministre comite commission gouvernement gouvernorat prefecture"
    " prefet sous-prefecture sous-prefet mairie maire conseil region cercle commune village quartier nord sud est"
    " ouest centre direction service services secretariat justice sante education defense securite protection"
    " civile solidarite reconciliation nations unies croix rouge onu ong pam unicef hcr cicr csref cscom fama"
    " garde gendarmerie police armee brigade hopital ecole lycee marche fleuve niger bani senegal sahel gourma"
    " macina delta afrique burkina faso mauritanie algerie cote ivoire guinee janvier fevrier mars avril mai juin"
    " juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche ramadan"
    " tabaski aid noel sms p1 p2 p3 p4 bonjour merci nord-est nord-ouest sud-est sud-ouest monsieur madame message"
    " gouverneur le la les l un une des du de d au aux ce cet cette ces il elle ils elles on nous vous je j tu et"
    " ou mais donc or ni car si en dans sur sous pour par avec sans depuis pendant apres avant quand lorsque comme"
    " selon vers chez entre plusieurs certains certaines quelques tous toutes tout toute aucun aucune leur leurs"
    " son sa ses notre nos votre vos mon ma mes deux trois quatre cinq six sept huit neuf dix hier aujourd'hui"
    " demain ici ainsi aussi encore puis enfin y a qui que quoi dont environ"
    " ceci cela ca rien personne chacun chacune quiconque beaucoup peu moitie celui celle".split()
)
#: What French cuts off before a vowel; N and M before an apostrophe begin a name: N'Golo.
_CUT_OFF = frozenset({"l", "d", "qu", "jusqu", "lorsqu", "puisqu"})
_STARTS_A_SENTENCE = re.compile(r"(?:^|[.!?:;…\n«\"“(•–—-])\s*$")
#: French puts an article before a noun: a bare word that does something at the beginning of a sentence is a name.
_DOES_SOMETHING = re.compile(
    r"\s+(?:n['’])?(?:est|a|était|avait|s['’](?:est|était)|vient|vit|habite|travaille|dit|veut|va|ira|sera|aura|fut)\b"
)


def shipped() -> Mapping[str, Why]:
    """The words that came with the program, folded, and why each is masked."""
    with resources.files("bot.casework.masking").joinpath("masked.csv").open(encoding="utf-8") as rows:
        return {fold(row["word"]): Why(row["why"]) for row in csv.DictReader(rows)}


def marks(text: str, listed: Mapping[str, Why]) -> list[Mark]:
    """What to mask in this text, in order and never overlapping; the words `listed` are folded."""
    return _as_written(text, _apart(_found(digits(text), listed)))


def marks_to_send(text: str, listed: Mapping[str, Why], gazetteer: Gazetteer) -> list[Mark]:
    """What to mask in a text that leaves triage: also what only looks like a name, a capital that no place explains.

    No list holds every name, so here a mark too many, which a person lets stay, is better than one too few.
    """
    plain = digits(text)
    known = _apart(_found(plain, listed))
    return _as_written(text, _apart([*known, *_capitals(plain, known, gazetteer)]))


def _as_written(text: str, found: list[Mark]) -> list[Mark]:
    """The marks with the digits that stand in the text, where it is as long with ours."""
    if len(digits(text)) != len(text):
        return found
    return [replace(mark, words=text[mark.start : mark.end]) for mark in found]


def _found(text: str, listed: Mapping[str, Why]) -> list[Mark]:
    found = [*_spans(_LONG_NUMBER, text, Why.NUMBER), *_spans(_SPELT_NUMBER, text, Why.NUMBER)]
    for each in PhoneNumberMatcher(text, "ML", leniency=Leniency.POSSIBLE):
        written = each.raw_string.lstrip("(")
        found.append(Mark(each.end - len(written), each.end, written, Why.NUMBER))
    found += _spans(_AGE, text, Why.AGE)
    found += _spans(_DESCENT, text, Why.NAME)
    for pattern in (_TITLED, _CALLED, _CALLED_IN_ARABIC):
        found += [Mark(each.start(1), each.end(1), each[1], Why.NAME) for each in pattern.finditer(text)]
    sounds = {_listed_sound(word): why for word, why in listed.items()}
    for word in _WORD.finditer(text):
        why = _why(word[0], listed, sounds)
        if why:
            found.append(Mark(word.start(), word.end(), word[0], why))
    return found


def _why(word: str, listed: Mapping[str, Why], sounds: Mapping[str, Why]) -> Why | None:
    """Why this word is masked: it, or a part of it, is listed or sounds like a word that is."""
    folded = fold(word)
    for part in dict.fromkeys((folded, folded.replace("'", ""), *_APART.split(folded))):
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


def _capitals(text: str, known: Iterable[Mark], gazetteer: Gazetteer) -> list[Mark]:
    """The words with a capital that may be a name: inside a sentence, or at its beginning before or after a name."""
    places = _words_of_places(gazetteer)
    names = {mark.start for mark in known if mark.why is Why.NAME}
    row = list(_WORD.finditer(text))
    found: dict[int, Mark] = {}

    def beside(at: int) -> bool:
        """Whether the word before or after it is a name."""
        before = at and row[at - 1].start() in names and text[row[at - 1].end() : row[at].start()] in (" ", "-")
        after = at + 1 < len(row) and row[at + 1].start() in names and text[row[at].end() : row[at + 1].start()] == " "
        return bool(before or after)

    for at in (*range(len(row)), *reversed(range(len(row)))):
        word = row[at]
        has_capital = any(part[:1].isupper() for part in _APART.split(word[0]))
        if not has_capital or word.start() in names or _is_no_name(word[0], places, gazetteer):
            continue
        inside = not _STARTS_A_SENTENCE.search(text, 0, word.start()) and any(map(str.islower, word[0]))
        acts = bool(_DOES_SOMETHING.match(text, word.end())) and any(map(str.islower, word[0]))
        if inside or acts or beside(at):
            names.add(word.start())
            found[word.start()] = Mark(word.start(), word.end(), word[0], Why.NAME)
    return list(found.values())


@lru_cache(maxsize=2)
def _words_of_places(gazetteer: Gazetteer) -> frozenset[str]:
    return frozenset(part for place in gazetteer for name in place.names for part in words(name))


def _is_no_name(word: str, places: Container[str], gazetteer: Gazetteer) -> bool:
    """Whether this is known: a place or a word of every day. Behind an article that is cut off stands the word."""
    folded = fold(word)
    article, _apostrophe, behind = folded.partition("'")
    word = behind if article in _CUT_OFF else folded
    if folded in _NO_NAMES or word in _NO_NAMES or word.removesuffix("s") in _NO_NAMES:
        return True
    parts = words(word)
    return all(part in places or gazetteer.names.is_stranger(part) for part in parts)


def _spans(pattern: re.Pattern[str], text: str, why: Why) -> list[Mark]:
    return [Mark(each.start(), each.end(), each[0], why) for each in pattern.finditer(text)]


def _apart(found: list[Mark]) -> list[Mark]:
    """The widest of those that overlap."""
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def masked(text: str, found: Iterable[Mark]) -> str:
    """The text with each marked part replaced by […]."""
    text = digits(text) if len(digits(text)) != len(text) else text
    pieces, end = [], 0
    for mark in sorted(found):
        pieces += [text[end : mark.start], "[…]"]
        end = mark.end
    return "".join([*pieces, text[end:]])
