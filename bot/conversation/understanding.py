"""Reading a reply against the question as it was shown. Never a guess: what is not clear is asked again."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from bot.conversation.also_called import also_called, is_own_word_for_another
from bot.conversation.commands import is_greeting
from bot.conversation.courtesies import COURTESIES, FRAMES, without_greeting
from bot.conversation.likeness import Vocabulary, is_said_around
from bot.conversation.number_words import number_of
from bot.conversation.questions import SKIP_NUMBER, Said, Shown
from bot.conversation.short_forms import spelt_out
from bot.conversation.yes_no import YES_AND_NO, YesNo, apart, keeps_its_meaning, yes_or_no
from bot.languages.text import digits, fold

#: Nobody names an option in more letters; what is longer is a story, and asked again.
_LONGEST_OPTION = 120
#: A number in words stands in at most this many: "a foo", "wolon wula".
_MOST_PARTS = 3
_ORDINALS = {
    "premier": 1, "premiere": 1, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4,
    "cinquieme": 5, "sixieme": 6, "septieme": 7, "huitieme": 8, "neuvieme": 9,
    "first": 1, "third": 3, "fourth": 4, "fifth": 5,
    "الاول": 1, "الاولى": 1, "الثاني": 2, "الثانية": 2, "الثالث": 3, "الثالثة": 3, "الرابع": 4, "الرابعة": 4,
    "الخامس": 5, "الخامسة": 5,
}  # fmt: skip
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"\d+|(?:[^\W\d]|')+")
_ORDINAL_ENDING = re.compile(r"(?<=\d)(?:i?emes?|ere?|nde?|e|st|rd|th)\b")
#: Digits that stand for Arabic letters between Latin ones: "na3am".
_ARABIZI = re.compile("(?<=[a-z])[237](?=[a-z])")
_ARABIC_LETTERS = {"2": "'", "3": "a", "7": "h"}
#: An hour is no number of an option: "le soir vers 20h".
_HOUR = re.compile(r"\b(?:vers |a partir de |a |de )?(?P<hour>\d{1,2}) ?(?:h|heures?)(?: ?\d\d)?(?: du)?\b")
#: From which hour it is the morning, the afternoon, the evening; noon is neither.
_PARTS_OF_DAY = (("morning", range(5, 12)), ("afternoon", range(13, 18)), ("evening", range(18, 24)))
#: What stands between two options that are both wanted; ni is Bambara.
_BETWEEN = re.compile(r"\s*[,;+/&]\s*|\s+(?:et|ni|and|و)\s+")
_ONE_NUMBER = re.compile(r"(?P<before>\D*)(?P<number>\d{1,3})(?P<after>\D*)")

#: Options that are nothing but that: what they are called besides is taken to the letter.
_YES_NO = frozenset({"yes", "no"})
_SKIP_WORDS = frozenset({"passer", "passe", "je passe", "skip", "suivant", "next"})
_ZEROS = ("zero", "صفر")
#: What stands around a number and changes nothing.
_FILLERS = (
    COURTESIES | FRAMES | frozenset("le la numero num no nr n number option choix rep repons reponse pour".split())
)
#: "Non ?"; an emoji that got lost on the way is two or more of them.
_IS_ASKED_BACK = re.compile(r"(?<![?؟])[?؟]$")
#: Around a name that is taken to the letter.
_SAID_BESIDE = COURTESIES | {"ok"}
_FOR_ME = re.compile(r"\bpour moi\b")
#: What people say around a number of people, in the languages that a source gives it for.
_COUNTED = frozenset(
    "environ presque on est nous sommes ils sont y il y a en tout total personne personnes pers gens people about"
    " mogo mogow neddo yimbe boro borey sere شخص شخصا اشخاص نحن حوالي".split()
)
_TODAY = frozenset({"aujourdhui", "aujourd'hui", "today", "bi"})
_YESTERDAY = frozenset({"hier", "yesterday", "kunun"})


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply settles the question with this value; None is a skip."""

    value: Any


@dataclass(frozen=True, slots=True)
class Unclear:
    """The reply does not settle the question."""


Reading = Answered | Unclear
UNCLEAR = Unclear()


def read(shown: Shown, said: Said) -> Reading:
    """What this reply says to this question."""
    if said.pressed is not None:
        return _read_press(shown, said.pressed)
    text = " ".join(digits(said.text).split())
    if shown.skip and (is_skip(text) or _is_skip_word(shown, text)):
        return Answered(None)
    return _READERS.get(shown.kind, _read_text)(shown, text, said)


def mixed(shown: Shown, others: Iterable[Shown]) -> Shown:
    """The question as it was shown, read with what its options are called in other languages, as people mix them.

    A yes and a no are read in the talk's own alone: `ayi` is no in Bambara and near to yes in Songhay. What says
    another option in the talk's own isn't borrowed: `bi` is today in Bambara and yesterday in Songhay.
    """
    language, known = shown.language, dict(shown.options)
    also = dict.fromkeys((value, label) for other in others for value, label in other.options if value in known)
    words = (each for each in also if _is_no_yes_or_no(each[1], language) and each not in shown.options)
    return replace(shown, also=tuple(each for each in words if not is_own_word_for_another(each[1], each[0], language)))


@lru_cache(maxsize=2048)
def _is_no_yes_or_no(label: str, language: str) -> bool:
    return _bare_label(label) not in YES_AND_NO and not apart(_bare_label(label), language)[0]


def is_skip(text: str) -> bool:
    """Whether the words mean "pass over this question"."""
    bare = _bare(text)
    if bare in _SKIP_WORDS or not any(zero in bare for zero in (SKIP_NUMBER, *_ZEROS)):
        return bare in _SKIP_WORDS
    said = [word for word in _words(without_greeting(bare)) if word not in _FILLERS]
    is_zero = len(said) == 1 and said[0] in _ZEROS and not _IS_ASKED_BACK.search(text)
    return is_zero or (said[:1] == [SKIP_NUMBER] and _SKIP_WORDS.issuperset(said[1:]))


def _is_skip_word(shown: Shown, text: str) -> bool:
    """Whether it is the word that stood behind `0 =`, with its number or without, and means no option."""
    said = _bare(text).removeprefix(SKIP_NUMBER).lstrip(" =.:)-")
    if not said or said != _bare_label(shown.skip_word):
        return False
    meant = _plain_option(shown, yes_or_no(said, shown.language))
    return not meant and said not in (_bare_label(label) for _, label in shown.options)


def _bare(text: str) -> str:
    return fold(text).strip(" .!?,;:()")


@lru_cache(maxsize=2048)
def _bare_label(label: str) -> str:
    """Words of ours are folded once; what people write is not remembered."""
    return _bare(label)


def whole_number(text: str, language: str = "fr") -> int | None:
    """The one number that the words hold, as digits or as a number word of a talk in this language, or None."""
    if len(text) > _LONGEST_OPTION:
        return None
    words = [word for word in _words(without_greeting(_FOR_ME.sub(" ", fold(text)))) if word not in _FILLERS]
    if not 1 <= len(words) <= _MOST_PARTS:
        return None
    said = {_number(word, language) for word in words}
    if len(said) == 1 and (len(words) == 1 or sum(word.isdecimal() for word in words) == 1):
        return said.pop()
    return number_of("".join(words), language) if len(words) > 1 else None


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _number(word: str, language: str) -> int | None:
    if word.isdecimal():
        return int(word) if len(word) <= 9 else None
    return number_of(word, language)


def _read_press(shown: Shown, value: str) -> Reading:
    if value == SKIP_NUMBER and shown.skip:
        return Answered(None)
    if value in (known for known, _ in shown.options):
        return Answered([value] if shown.kind == "choices" else value)
    return UNCLEAR


def _read_choice(shown: Shown, text: str, _said: Said) -> Reading:
    if len(text) > _LONGEST_OPTION:
        return UNCLEAR
    folded = _ORDINAL_ENDING.sub("", _ARABIZI.sub(lambda digit: _ARABIC_LETTERS[digit[0]], fold(text)))
    # As it is first: a short form of French may be a word of another language.
    readings = (_read_as_written(shown, each) for each in dict.fromkeys((folded, spelt_out(folded))))
    return next((reading for reading in readings if isinstance(reading, Answered)), UNCLEAR)


def _read_as_written(shown: Shown, folded: str) -> Reading:
    hours = [int(found["hour"]) for found in _HOUR.finditer(folded)]
    if hours:
        folded = _bare(_HOUR.sub(" ", folded))
        if not _bare(" ".join(word for word in _words(folded) if word not in _FILLERS)):
            return _agreed(*(_by_hour(shown, hour) for hour in hours))
    number = whole_number(folded, shown.language)
    if not any(character.isdecimal() for character in folded):
        counted = _counted(shown, folded) if number is None else set()
        return _agreed(*counted) if counted else _agreed(_by_words(shown, folded), _by_number(shown, number))
    if number is not None:
        # "no 1" is number one, but where yes is 1 it may also be no.
        option = _by_number(shown, number)
        both = _plain_option(shown, "yes") and _plain_option(shown, "no")
        other = _plain_option(shown, yes_or_no(_DIGITS.sub(" ", folded), shown.language)) if both else None
        return _agreed(option, other) if option else UNCLEAR
    return _read_number_and_words(shown, folded)


def _read_number_and_words(shown: Shown, folded: str) -> Reading:
    """ "1 oui": what the number says and what the words say must be one option; "2 jours" may be a label itself."""
    to_the_letter = _to_the_letter(shown, _bare(folded)) or _counted(shown, folded)
    found = _ONE_NUMBER.fullmatch(folded)
    if to_the_letter or not found:
        return _agreed(*to_the_letter)
    beside = f"{found['before']} {found['after']}".strip()
    words = _by_words(shown, beside)
    if words is None and beside and is_said_around(beside):
        return _agreed(_by_number(shown, int(found["number"])))
    return _agreed(words, _by_number(shown, int(found["number"])) or "") if words else UNCLEAR


def _counted(shown: Shown, said: str) -> set[str]:
    """The option that holds the same number and the same words: "2 semene" is "deux semaines"."""
    labels = [(value, _label_in_digits(label, shown.language)) for value, label in shown.options]
    counting = [(value, label) for value, label in labels if _DIGITS.search(label) and not label.isdecimal()]
    if not counting:
        return set()
    said = _in_digits(said, shown.language)
    numbers = _DIGITS.findall(said)
    if not numbers or said.isdecimal():
        return set()
    counted = ((value, _DIGITS.sub(" ", label)) for value, label in counting if _DIGITS.findall(label) == numbers)
    meant = Vocabulary(counted).likest(_DIGITS.sub(" ", said))
    return {meant} if meant else set()


@lru_cache(maxsize=2048)
def _label_in_digits(label: str, language: str) -> str:
    return _in_digits(_bare_label(label), language)


def _in_digits(text: str, language: str) -> str:
    numbers = ((word, _number(word, language)) for word in _words(text))
    return " ".join(word if number is None else str(number) for word, number in numbers)


def _agreed(*values: str | None) -> Reading:
    """The one value that they name; they name none, or differ: unclear."""
    named = {value for value in values if value is not None}
    return Answered(named.pop()) if len(named) == 1 else UNCLEAR


def _by_hour(shown: Shown, hour: int) -> str | None:
    """The part of the day that an hour lies in, where the options are such."""
    parts = (part for part, span in _PARTS_OF_DAY if hour in span)
    return next((part for part in parts if part in dict(shown.options)), None)


def _by_number(shown: Shown, number: int | None) -> str | None:
    return shown.options[number - 1][0] if number is not None and 1 <= number <= len(shown.options) else None


def _to_the_letter(shown: Shown, said: str) -> set[str]:
    """The options that are called exactly so; what is on the list before what an option is called besides."""
    called = _called(shown)
    kept = (word for word in without_greeting(said).split() if word.strip(".,!") not in _SAID_BESIDE)
    ways = {said, " ".join(kept)}
    return called.labels.get(said) or set().union(*(called.names.get(way, set()) for way in ways))


def _by_words(shown: Shown, folded: str) -> str | None:
    """The one option that the words mean: yes or no, an ordinal, or its own words; None if none or more than one."""
    said = _bare(folded)
    asked_back = bool(_IS_ASKED_BACK.search(folded))
    if asked_back and said in YES_AND_NO:
        return None
    to_the_letter = _to_the_letter(shown, said)
    if to_the_letter:
        return next(iter(to_the_letter)) if len(to_the_letter) == 1 else None
    asks = _plain_option(shown, "yes") or _plain_option(shown, "no")
    meanings, rest = apart(said, shown.language) if asks else (frozenset(), said)
    if not meanings:
        return None if said in YES_AND_NO else _by_ordinal(shown, said) or _called(shown).vocabulary.likest(said)
    return None if asked_back else _by_yes_and_no(shown, meanings, said, rest)


def _by_yes_and_no(shown: Shown, meanings: Collection[YesNo | None], said: str, rest: str) -> str | None:
    """ "Oui": its option; "oui toujours moi": both must mean the same; "oui, le matin": the morning."""
    if len(meanings) != 1:
        return None
    (meaning,) = meanings
    option = _plain_option(shown, meaning)
    if not rest:
        return option
    other = _by_the_rest(shown, rest)
    if other is None:
        return option if keeps_its_meaning(meaning, said, rest) else None
    opposite = _plain_option(shown, "no" if meaning == "yes" else "yes")
    is_a_kind_of_yes = meaning == "yes" and other != opposite
    return other if other == option or is_a_kind_of_yes else None


def _by_the_rest(shown: Shown, rest: str) -> str | None:
    """The option that the words beside a yes or a no mean by themselves."""
    called = _called(shown)
    if named := called.names_in_words.get(rest):
        return next(iter(named)) if len(named) == 1 else None
    return _by_number(shown, whole_number(rest, shown.language)) or called.vocabulary.likest(rest)


def _plain_option(shown: Shown, said: YesNo | None) -> str | None:
    """The option that a plain yes or no means here; that of its value in a talk stored before it was kept."""
    if said is None:
        return None
    named = shown.yes if said == "yes" else shown.no
    return named or (said if said in (value for value, _ in shown.options) else None)


def _by_ordinal(shown: Shown, said: str) -> str | None:
    words = [word for word in _words(said) if word not in _FILLERS]
    return _by_number(shown, _ORDINALS.get(words[0])) if len(words) == 1 else None


@dataclass(frozen=True, slots=True)
class _Called:
    """What the options of a question are called: to the letter, besides, in words alone, and as it sounds."""

    labels: dict[str, set[str]]
    names: dict[str, set[str]]
    names_in_words: dict[str, set[str]]
    vocabulary: Vocabulary


def _called(shown: Shown) -> _Called:
    """What its options are called; made once for all replies, because it is ours."""
    return _names_of(replace(shown, today="", skip_word=""))


@lru_cache(maxsize=256)
def _names_of(shown: Shown) -> _Called:
    others = list(_other_names(shown))
    return _Called(
        _by_key((_bare_label(label), value) for value, label in (*shown.options, *shown.unlisted, *shown.also)),
        _by_key((_bare_label(name), value) for value, name in others),
        _by_key((" ".join(_words(name.replace("'", " "))), value) for value, name in others),
        Vocabulary(_guessable(shown), _phrases(shown)),
    )


def _by_key(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return found


def _guessable(shown: Shown) -> Iterator[tuple[str, str]]:
    """The words of the options that may be misspelt: never a yes or a no."""
    plain = {_plain_option(shown, "yes"), _plain_option(shown, "no")}
    for value, label in (*shown.options, *shown.unlisted):
        words = _apart_from_yes_and_no(label, shown.language) if value in plain else label
        if words and _bare_label(words) not in YES_AND_NO:
            yield value, words
    yield from ((value, name) for value, name in _other_names(shown) if " " not in name and value not in _YES_NO)
    yield from shown.also


def _phrases(shown: Shown) -> Iterator[tuple[str, str]]:
    """What an option is called besides in more words than one."""
    return ((value, name) for value, name in _other_names(shown) if " " in name and value not in _YES_NO)


def _other_names(shown: Shown) -> Iterator[tuple[str, str]]:
    names = also_called(shown.language)
    for value, _ in (*shown.options, *shown.unlisted):
        for called in (value, f"{shown.key}.{value}"):
            yield from ((value, name) for name in names.get(called, ()))


@lru_cache(maxsize=2048)
def _apart_from_yes_and_no(label: str, language: str) -> str:
    """What an option is called; "le bureau seul" of "non, le bureau seul"."""
    said, rest = apart(_bare_label(label), language)
    return rest if said else label


def _read_choices(shown: Shown, text: str, said: Said) -> Reading:
    numbers = re.findall(r"\d+", text)
    if numbers and not re.search(r"[^\W\d_]{3,}", text):
        picked = [int(each) for each in (numbers[0] if len(numbers) == 1 and len(shown.options) < 10 else numbers)]
        if any(not 1 <= each <= len(shown.options) for each in picked):
            return UNCLEAR
        return Answered([value for number, (value, _) in enumerate(shown.options, start=1) if number in picked])
    whole = _read_choice(shown, text, said)
    if isinstance(whole, Answered):
        return Answered([whole.value])
    parts = _BETWEEN.split(fold(text[:_LONGEST_OPTION]))
    if not 1 < len(parts) <= len(shown.options):
        return UNCLEAR
    named = [_read_choice(shown, part, said) for part in parts]
    if not all(isinstance(part, Answered) for part in named):
        return UNCLEAR
    return Answered([value for value, _ in shown.options if Answered(value) in named])


def _read_number(shown: Shown, text: str, _said: Said) -> Reading:
    counted = " ".join(word for word in _words(text[:_LONGEST_OPTION]) if word not in _COUNTED)
    number = None if text.startswith("-") else whole_number(counted, shown.language)
    if number is None or number < (shown.low or 0) or (shown.high is not None and number > shown.high):
        return UNCLEAR
    return Answered(number)


def _read_digits(shown: Shown, text: str, _said: Said) -> Reading:
    row = re.sub(r"[\s,;.:/-]+", "", text)
    if not row.isdecimal() or len(row) != shown.low or any(int(each) > (shown.high or 0) for each in row):
        return UNCLEAR
    return Answered(row)


def _read_day(shown: Shown, text: str, _said: Said) -> Reading:
    today = date.fromisoformat(shown.today)
    said = fold(text)
    if said in _TODAY:
        return Answered(today.isoformat())
    if said in _YESTERDAY:
        return Answered((today - timedelta(days=1)).isoformat())
    found = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})(?:[/. -](\d{4}))?", said)
    if not found:
        return UNCLEAR
    try:
        day = date(int(found[3] or today.year), int(found[2]), int(found[1]))
    except ValueError:
        return UNCLEAR
    if not found[3] and day > today:
        day = day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else day
    return Answered(day.isoformat())


def _read_text(_shown: Shown, text: str, said: Said) -> Reading:
    return Answered(said.text.strip()) if any(character.isalnum() for character in text) else UNCLEAR


def _read_place(_shown: Shown, text: str, said: Said) -> Reading:
    names_one = any(character.isalpha() for character in text) and not is_greeting(text)
    return Answered(said.text.strip()[:200]) if names_one else UNCLEAR


def _read_media(*kinds: str) -> Callable[[Shown, str, Said], Reading]:
    def reader(_shown: Shown, _text: str, said: Said) -> Reading:
        for media in said.media:
            if media.kind in kinds:
                return Answered(media.reference)
        return UNCLEAR

    return reader


_READERS: dict[str, Callable[[Shown, str, Said], Reading]] = {
    "choice": _read_choice,
    "choices": _read_choices,
    "number": _read_number,
    "digits": _read_digits,
    "day": _read_day,
    "place": _read_place,
    "photo": _read_media("photo"),
    "voice": _read_media("voice"),
    "recording": _read_media("photo", "voice"),
}
