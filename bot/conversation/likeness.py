"""Which of the options' own words somebody meant who spells as they speak: misspelt, unaccented, the French way.

A part of an option is enough where no other has it: "pluie" of "crues, pluie, marchés". Two options that are both near
are never told apart by a guess. Yes and no don't come here.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from bot.conversation.courtesies import COURTESIES, FRAMES, without_greeting
from bot.languages.text import fold, phonetic

#: Articles and the like: "soir" is "le soir" and "semaine" is "cette semaine".
_LIGHT = frozenset(
    "un une le la les l d de du des en au aux a dans dan ce cet cette ces c est sur pour par svp merci the in at on"
    " nous vous me se n apres".split()
)
#: What stands around an option and changes nothing.
_AROUND = (
    COURTESIES
    | FRAMES
    | frozenset(
        "tres very trop tout petit va ca plutot bien beaucoup seulement chose avec un peu mes nos moi fe la"
        " na kono yere sa"
        " want to my sa tt ici cva faire fais fait as juste toujours encore aussi si possible meme choix"
        " doron tan ina da hali"
        " allons qu reponse numero option ok oui kan kelen kelenpe be bolo tun dan sera serait mieux ferait"
        " في يوم وضع قائمة هذا نحن انا كل شيء عبر على خلال هو هي".split()
    )
)
#: What only says more of a thing that is named: "l'école primaire", "à la radio locale", "une personne du village".
_QUALIFYING = frozenset(
    "primaire primaires scolaire fondamentale fondamental coranique secondaire publique public publics prive privee"
    " nationale national nationales locale local locales rurale rural regionale regional communautaire"
    " communale communal"
    " municipale municipal village quartier commune ville hameau campement niger bani senegal chez entendu"
    " entendue appris"
    " dit parle parler parlee ecoute ecouter vu lu passe passee cause discute hebdomadaire habitants gens"
    " famille voisin"
    " service services semaine matin soir langue langues agent agents centre poste appelez appeler appele"
    " appelee appelle appel rappelez numero".split()
)
#: Said along with an option, though its words by themselves would be a condition.
_SAID_ALONG = re.compile(r"\b(?:si possible|si c'est possible|de bonne heure|tres tot)\b")
#: Whoever negates and an option that doesn't are never one: "besoin" is not "pas besoin".
_NEGATIONS = frozenset(
    "pas pa non ni si nta war sans aucun aucune jamais no not without te man kana لا ليس بدون بلا غير".split()
)
#: Bambara "t'a la", it isn't in it, written in one.
_NOT_THERE = re.compile(r"\bt'?a (?=la\b)")
#: "L'hôpital"; of "aujourd'hui" it is no article.
_ELIDED = re.compile(r"\b[ld]'(?=h)")
#: Bambara "a ka ɲi", it is good, without its letter: no French "ni".
_IS_GOOD = re.compile(r"\ba ?ka ni\b")
#: Fulfulde denies at the end of the verb: soklii, soklaani.
_DENIES = re.compile(r"\w{3}a?ani$")
#: The short forms of French SMS.
_SHORT_FORMS = {
    "mtn": "maintenant", "mnt": "maintenant", "maint": "maintenant", "auj": "aujourdhui", "ajd": "aujourdhui",
    "aprem": "apresmidi", "apm": "apresmidi", "sem": "semaine", "tjr": "toujours", "tjrs": "toujours", "pr": "pour",
    "ds": "dans", "bcp": "beaucoup", "qqun": "quelqu'un", "tlm": "tout le monde", "pti": "petit", "ptit": "petit",
    "dacc": "d'accord", "pk": "pourquoi", "pb": "probleme", "rdv": "rendezvous", "num": "numero",
}  # fmt: skip
#: "Songoi" is no French, where oi is wa.
_OI = re.compile("(?<!g)oi")
#: How French is spelt that is written as it sounds, and Bambara, where n before a consonant is hardly heard.
_AS_SPOKEN = (
    (re.compile("^h|^[nm](?=[bcdfgjkpst])"), ""),
    (re.compile("eau|au"), "o"),
    (_OI, "wa"),
    (re.compile("ai|ei|oeu|eu"), "e"),
    (re.compile("e(?=[nm](?:[^aeiouynm]|$))"), "a"),
    (re.compile("[ةه]$"), ""),
)
#: Endings that are written and not heard.
_SILENT = re.compile("(?<=[a-z]{2})[esxtd]{1,3}$")
_DOUBLED = re.compile(r"(.)\1+")
_ARABIC_ARTICLE = re.compile(r"\b[بول]?ال(?=\w{3})")
#: Midi is another hour than "après-midi", and "suite" alone is not "tout de suite": these are one word.
_ONE_WORD = re.compile(
    r"(?<=\btout) (?=(?:de )?suite?\b)|(?<=\bde) (?=suite?\b)|(?<=\bapres|\bavant) (?=midi\b)|(?<=\bبعد) "
)
_MERGED_ARTICLE = re.compile(r"^(?:[ld](?=[aeiouh])|a(?=[^aeiou])|l[ea](?=\w{4}))")
#: Shorter words are only matched to the letter, as they sound.
_SHORTEST_GUESS = 4
#: An option in part is named in so few words; an ending has so few letters.
_MOST_PARTS = 5
_LONGEST_ENDING = 2
#: Who writes more tells a story.
_LONGEST_GUESS = 60
#: The next likest option must lie this many letters further off.
_CLEAR_LEAD = 2


class _Word(NamedTuple):
    """How a word sounds, and without the endings that are written and not heard."""

    full: str
    audible: str


class _Sound(NamedTuple):
    """How some words sound run together, whether they deny, and each word as it is written and as it sounds."""

    letters: str
    negated: bool
    written: tuple[str, ...]
    words: tuple[_Word, ...]


def likest(said: str, options: Iterable[tuple[str, str]], phrases: Iterable[tuple[str, str]] = ()) -> str | None:
    """The value whose label, among (value, label), these words must mean; None if none does or two may.

    Of phrases, which nobody has read to them, a part is never enough: "demain matin" is the morning, "demain" is not.
    """
    if len(said) > _LONGEST_GUESS:
        return None
    heard = _sound(said)
    shown = [(value, _label(label)) for value, label in options]
    known = [*shown, *((value, _label(label)) for value, label in phrases)]
    same = {value for value, label in known if label.letters and _are_same(label, heard)}
    if same or len(heard.letters) < _SHORTEST_GUESS:
        return _only(same) or (_likest_part(heard, shown) if not same else None)
    # One value may have several labels: its best counts.
    letters_off: dict[str, int] = {}
    for value, label in known:
        letters_off[value] = min(_letters_off(heard, label), letters_off.get(value, _FAR))
    if not letters_off:
        return None
    (best, value), *others = sorted((off, value) for value, off in letters_off.items())
    clear = all(off - best >= _CLEAR_LEAD for off, _ in others)
    whole = value if best < _FAR and clear and _near(value, heard, known) else None
    return whole or _likest_part(heard, shown)


def _only(values: set[str]) -> str | None:
    return next(iter(values)) if len(values) == 1 else None


def _are_same(one: _Sound, other: _Sound) -> bool:
    if one.negated != other.negated:
        return False
    return one.letters == other.letters or [w.audible for w in one.words] == [w.audible for w in other.words]


def _likest_part(said: _Sound, known: list[tuple[str, _Sound]]) -> str | None:
    """The one value that has a word of what was said for its own; None if a word is of no option, or of different."""
    if len(said.words) > _MOST_PARTS or said.negated:
        return None
    means: set[str] = set()
    for written, heard in zip(said.written, said.words, strict=True):
        stands_around = written in _AROUND or written in _QUALIFYING
        having = {value for value, label in known if _has(label, heard, exactly=stands_around)}
        if not having and not stands_around:
            return None
        if len(having) == 1:
            means |= having
    return _only(means)


def _has(label: _Sound, word: _Word, *, exactly: bool) -> bool:
    same = _sounds_as if exactly else _is_part
    return not label.negated and any(same(word, each) for each in label.words)


def _sounds_as(heard: _Word, option: _Word) -> bool:
    same = heard.full == option.full or heard.audible == option.audible
    return same and (len(heard.full) > 1 or heard.full.isdecimal())


def _is_part(heard: _Word, option: _Word) -> bool:
    """Whether it is this word of an option: as it sounds, misspelt, cut off, or with an ending of its own."""
    said, word = heard.full, option.full
    if _sounds_as(heard, option):
        return True
    shorter, longer = sorted((said, word), key=len)
    if len(shorter) >= _SHORTEST_GUESS and longer.startswith(shorter):
        return len(said) < len(word) or len(longer) - len(shorter) <= _LONGEST_ENDING
    pairs = ((said, word), (heard.audible, option.audible))
    return any(len(one) >= _SHORTEST_GUESS and _is_misspelt(one, other) for one, other in pairs)


_FAR = 99


def _near(value: str, heard: _Sound, known: Iterable[tuple[str, _Sound]]) -> bool:
    return any(
        label.negated == heard.negated and _is_misspelt(heard.letters, label.letters)
        for each, label in known
        if each == value
    )


def _letters_off(heard: _Sound, label: _Sound) -> int:
    return min(Levenshtein.distance(letters, label.letters) for letters in _with_and_without_article(heard.letters))


def _is_misspelt(said: str, label: str) -> bool:
    """Whether so few letters differ as a slip of the thumb or of the ear makes; the first letter never does."""
    for letters in _with_and_without_article(said):
        off = Levenshtein.distance(letters, label)
        if len(label) < _SHORTEST_GUESS or letters[0] != label[0]:
            continue
        if len(label) == _SHORTEST_GUESS:
            # In four letters another letter makes another word: one may only be too many or missing.
            return off == 1 and len(letters) != len(label)
        if off <= (1 if len(label) < _LONG else 2):
            return True
    return False


#: Words of this length bear two slips.
_LONG = 8


def _with_and_without_article(letters: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((letters, _MERGED_ARTICLE.sub("", letters))))


@lru_cache(maxsize=2048)
def _label(label: str) -> _Sound:
    """What an option sounds like; remembered, because it is ours. What people write is not."""
    return _sound(label)


def _sound(text: str) -> _Sound:
    text = _SAID_ALONG.sub(" ", without_greeting(fold(text)))
    bare = _IS_GOOD.sub("a ka nyi", _ELIDED.sub("", text))
    bare = _NOT_THERE.sub("te a ", _ARABIC_ARTICLE.sub("", bare).replace("'h", "h").replace("-", " "))
    found = re.findall(r"[^\W_]+", _ONE_WORD.sub("", bare))
    written = [word for each in found for word in _SHORT_FORMS.get(each, each).split() if word not in _LIGHT]
    kept = tuple(word for word in written if word not in _NEGATIONS)
    denies = len(kept) < len(written) or any(_DENIES.search(word) for word in written)
    words = tuple(_Word(phonetic(_spoken(word)), phonetic(_spoken(_audible(word)))) for word in kept)
    return _Sound(phonetic("".join(map(_spoken, written))), denies, kept, words)


def _audible(word: str) -> str:
    return _DOUBLED.sub(r"\1", _SILENT.sub("", _OI.sub("wa", word)))


def _spoken(word: str) -> str:
    for pattern, spoken in _AS_SPOKEN:
        word = pattern.sub(spoken, word)
    return word
