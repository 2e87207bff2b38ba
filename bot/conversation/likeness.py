"""Which of the options' own words somebody meant who spells as they speak: misspelt, unaccented, the French way.

A part of an option is enough where no other has it: "pluie" of "crues, pluie, marchés". Two options that are both near
are never told apart by a guess. Yes and no don't come here.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from bot.conversation.courtesies import COURTESIES, FRAMES, without_greeting
from bot.conversation.short_forms import spelt_out
from bot.languages.text import fold, phonetic

#: Articles and the like: "soir" is "le soir" and "semaine" is "cette semaine".
_LIGHT = frozenset(
    "un une le la les l d de du des en au aux a dans dan ce cet cette ces c est sur pour par svp merci the in at"
    " on nous vous me se n apres".split()
)
#: What stands around an option and changes nothing.
_AROUND = (
    COURTESIES
    | FRAMES
    | frozenset(
        "tres very trop tout petit va ca plutot bien beaucoup seulement chose avec un peu mes nos moi fe la na"
        " kono yere sa want to my sa tt ici cva faire fais fait as juste toujours encore aussi si possible meme"
        " choix doron tan ina da hali allons qu reponse numero option ok oui kan kelen kelenpe be bolo tun dan"
        " sera serait mieux ferait depuis fois n b في يوم وضع قائمة هذا نحن انا كل شيء عبر على خلال هو هي".split()
    )
)
#: What only says more of a thing that is named: "l'école primaire", "à la radio locale", "une personne du village".
_QUALIFYING = frozenset(
    "primaire primaires scolaire fondamentale fondamental coranique secondaire publique public publics prive"
    " privee nationale national nationales locale local locales rurale rural regionale regional communautaire"
    " communale communal municipale municipal village quartier commune ville hameau campement niger bani senegal"
    " chez entendu entendue appris dit parle parler parlee ecoute ecouter vu lu passe passee cause discute"
    " hebdomadaire habitants gens famille voisin lundi mardi mercredi jeudi vendredi samedi dimanche association"
    " jeunes femmes ferme fermee fermes fermees sont acte paix repond repondre connaissance propose peut pouvez"
    " service services semaine matin soir langue langues agent agents centre poste appelez appeler appele appelee"
    " appelle appel rappelez numero".split()
)
#: Said along with an option, though its words by themselves would be a condition.
_SAID_ALONG = re.compile(r"\b(?:si possible|si c'est possible|(?:de )?bonne heure|tres tot)\b")
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
#: "Songoi" is no French, where oi is wa.
_OI = re.compile("(?<!g)oi")
#: How French is spelt that is written as it sounds, and Bambara, where n before a consonant is hardly heard.
_AS_SPOKEN = (
    (re.compile("^h|^[nm](?=[bcdfgjkpst])"), ""),
    (re.compile("g(?=[ei])"), "j"),
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
#: A slip changes at most so many letters, of a long word.
_MOST_OFF = 2
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


def is_said_around(text: str) -> bool:
    """Whether all of these words are such as stand around an answer, or say no more than it; true of none."""
    written = re.findall(r"[^\W_]+", without_greeting(_SAID_ALONG.sub(" ", fold(text))))
    return all(word in _LIGHT or word in _AROUND or word in _QUALIFYING for word in written)


class Vocabulary:
    """What the options of a question are called, made ready once to be compared with many replies.

    Of phrases, which nobody has read to people, a part is never enough: "demain matin" is the morning, "demain" is not.
    """

    def __init__(self, options: Iterable[tuple[str, str]], phrases: Iterable[tuple[str, str]] = ()) -> None:
        shown = [(value, _sound(label)) for value, label in options]
        known = [*shown, *((value, _sound(label)) for value, label in phrases)]
        self._meant: dict[tuple[bool, str | tuple[str, ...]], set[str]] = {}
        self._labels: dict[str, set[tuple[bool, str]]] = {}
        for value, label in known:
            for way in (label.letters, tuple(word.audible for word in label.words)) if label.letters else ():
                self._meant.setdefault((label.negated, way), set()).add(value)
            self._labels.setdefault(label.letters, set()).add((label.negated, value))
        self._parts: dict[_Word, set[str]] = {}
        for value, label in shown:
            for word in label.words if not label.negated else ():
                self._parts.setdefault(word, set()).add(value)
        self._by_sound: dict[str, set[_Word]] = {}
        self._by_beginning: dict[str, set[_Word]] = {}
        for word in self._parts:
            for sound in word:
                self._by_sound.setdefault(sound, set()).add(word)
            self._by_beginning.setdefault(word.full[:_SHORTEST_GUESS], set()).add(word)

    def likest(self, said: str) -> str | None:
        """The value that these words must mean; None if none does or two may."""
        if len(said) > _LONGEST_GUESS:
            return None
        heard = _sound(said)
        same = self._same(heard)
        if same or len(heard.letters) < _SHORTEST_GUESS:
            return _only(same) or (self._likest_part(heard) if not same else None)
        return self._likest_whole(heard) or self._likest_part(heard)

    def _same(self, heard: _Sound) -> set[str]:
        ways = (heard.letters, tuple(word.audible for word in heard.words))
        return set[str]().union(*(self._meant.get((heard.negated, way), ()) for way in ways))

    def _likest_whole(self, heard: _Sound) -> str | None:
        """The one value with a label so near that a slip made it, every other lying clearly further off."""
        off: dict[str, int] = {}
        misspelt = set()
        for letters in _with_and_without_article(heard.letters):
            for label, far, _ in _within(letters, self._labels, _MOST_OFF + _CLEAR_LEAD):
                for negated, value in self._labels[label]:
                    off[value] = min(far, off.get(value, far))
                    if negated == heard.negated and _is_misspelt(heard.letters, label):
                        misspelt.add(value)
        if not off:
            return None
        (best, value), *others = sorted((far, value) for value, far in off.items())
        clear = all(far - best >= _CLEAR_LEAD for far, _ in others)
        return value if clear and value in misspelt else None

    def _likest_part(self, heard: _Sound) -> str | None:
        """The one value that has a word of what was said for its own; None if a word is of no option, or of two."""
        if len(heard.words) > _MOST_PARTS or heard.negated:
            return None
        means: set[str] = set()
        for written, word in zip(heard.written, heard.words, strict=True):
            stands_around = written in _AROUND or written in _QUALIFYING
            having = self._having(word, exactly=stands_around)
            if not having and not stands_around:
                return None
            if len(having) == 1:
                means |= having
        return _only(means)

    def _having(self, heard: _Word, *, exactly: bool) -> set[str]:
        """The values that have this word in a label; `exactly`: as it sounds, not misspelt."""
        near = {each for sound in heard for each in self._by_sound.get(sound, ())}
        if not exactly:
            near |= self._by_beginning.get(heard.full[:_SHORTEST_GUESS], set())
            for sound in heard:
                for alike, _, _ in _within(sound, self._by_sound, _MOST_OFF):
                    near |= self._by_sound[alike]
        same = _sounds_as if exactly else _is_part
        return set[str]().union(*(self._parts[each] for each in near if same(heard, each)))


def _within(letters: str, among: Iterable[str], most: int) -> list[tuple[str, int, int]]:
    """Those that differ in so few letters, each with in how many."""
    found: list[tuple[str, int, int]] = process.extract(
        letters, list(among), scorer=Levenshtein.distance, score_cutoff=most, limit=None
    )
    return found


def _only(values: set[str]) -> str | None:
    return next(iter(values)) if len(values) == 1 else None


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


def _sound(text: str) -> _Sound:
    text = _SAID_ALONG.sub(" ", without_greeting(fold(text)))
    bare = _IS_GOOD.sub("a ka nyi", _ELIDED.sub("", text))
    bare = _NOT_THERE.sub("te a ", _ARABIC_ARTICLE.sub("", bare).replace("'h", "h").replace("-", " "))
    found = re.findall(r"[^\W_]+", _ONE_WORD.sub("", bare))
    written = [word for each in found for word in _in_full(each) if word not in _LIGHT]
    kept = tuple(word for word in written if word not in _NEGATIONS)
    denies = len(kept) < len(written) or any(_DENIES.search(word) for word in written)
    words = tuple(_Word(phonetic(_spoken(word)), phonetic(_spoken(_audible(word)))) for word in kept)
    return _Sound(phonetic("".join(map(_spoken, written))), denies, kept, words)


def _in_full(word: str) -> list[str]:
    return [word] if word in _LIGHT else re.sub("['-]", "", spelt_out(word)).split()


def _audible(word: str) -> str:
    return _DOUBLED.sub(r"\1", _SILENT.sub("", _OI.sub("wa", word)))


def _spoken(word: str) -> str:
    for pattern, spoken in _AS_SPOKEN:
        word = pattern.sub(spoken, word)
    return word
