"""Reading a reply against the question as it was shown. Never a guess: what is not clear is asked again."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rapidfuzz import fuzz

from bot.conversation.commands import is_greeting
from bot.conversation.questions import SKIP_NUMBER, Said, Shown
from bot.languages.text import digits, fold

#: A misspelt option must be this like (0–100) and this much more like than the next one.
_CLOSE = 84.0
_CLEAR_LEAD = 12.0
#: Shorter labels than this are only matched to the letter.
_SHORTEST_GUESS = 4

#: Number words as people write them; French, and the Bambara of shared facts (numbers of the standard orthography,
#: and derived spellings that wait for a speaker).
_NUMBER_WORDS = {
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "quatr": 4, "cinq": 5, "six": 6, "sept": 7,
    "set": 7, "huit": 8, "neuf": 9, "dix": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "fu": 0, "kelen": 1, "kelin": 1, "fila": 2, "fla": 2, "saba": 3, "naani": 4, "nani": 4, "duuru": 5, "duru": 5,
    "dourou": 5, "wooro": 6, "woro": 6, "wolonwula": 7, "wolonfila": 7, "wolonwla": 7, "seegin": 8, "segin": 8,
    "seguin": 8, "kononton": 9, "konnonton": 9, "konoton": 9, "tan": 10,
}  # fmt: skip
_SKIP_WORDS = frozenset({"passer", "passe", "skip", "suivant", "next", "rien"})
_FILLERS = frozenset(
    {"svp", "sil", "s'il", "vous", "plait", "le", "la", "numero", "no", "n", "option", "choix", "please", "merci"}
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


def is_skip(text: str) -> bool:
    """Whether the words mean "pass over this question"."""
    bare = _bare(text)
    return bare == SKIP_NUMBER or bare in _SKIP_WORDS


def _is_skip_word(shown: Shown, text: str) -> bool:
    """Whether it is the word that stood behind `0 =`, and no option's label."""
    said = _bare(text)
    return bool(said) and said == _bare(shown.skip_word) and said not in (_bare(label) for _, label in shown.options)


def _bare(text: str) -> str:
    return fold(text).strip(" .!?,;:()")


def whole_number(text: str) -> int | None:
    """The one number that the words hold, as digits or as a number word, or None."""
    words = [word for word in re.split(r"[^\w']+", fold(digits(text))) if word and word not in _FILLERS]
    if len(words) != 1:
        return None
    word = words[0]
    if word.isdecimal():
        return int(word) if len(word) <= 9 else None
    return _NUMBER_WORDS.get(word)


def _read_press(shown: Shown, value: str) -> Reading:
    if value == SKIP_NUMBER and shown.skip:
        return Answered(None)
    if value in (known for known, _ in shown.options):
        return Answered([value] if shown.kind == "choices" else value)
    return UNCLEAR


def _read_choice(shown: Shown, text: str, _said: Said) -> Reading:
    number = whole_number(text)
    if number is not None:
        return Answered(shown.options[number - 1][0]) if 1 <= number <= len(shown.options) else UNCLEAR
    value = _by_label(shown, text)
    return UNCLEAR if value is None else Answered(value)


def _by_label(shown: Shown, text: str) -> str | None:
    said = _bare(text)
    labels = [(value, _bare(label)) for value, label in shown.options]
    for value, label in labels:
        if said == label:
            return value
    if len(said) < _SHORTEST_GUESS:
        return None
    likeness = sorted(((fuzz.ratio(said, label), value) for value, label in labels), reverse=True)
    best = likeness[0]
    second = likeness[1][0] if len(likeness) > 1 else 0.0
    return best[1] if best[0] >= _CLOSE and best[0] - second >= _CLEAR_LEAD else None


def _read_choices(shown: Shown, text: str, said: Said) -> Reading:
    numbers = re.findall(r"\d+", text)
    if not numbers or re.search(r"[^\W\d_]{3,}", text):
        single = _read_choice(shown, text, said)
        return Answered([single.value]) if isinstance(single, Answered) else UNCLEAR
    picked = [int(each) for each in (numbers[0] if len(numbers) == 1 and len(shown.options) < 10 else numbers)]
    if any(not 1 <= each <= len(shown.options) for each in picked):
        return UNCLEAR
    return Answered([value for number, (value, _) in enumerate(shown.options, start=1) if number in picked])


def _read_number(shown: Shown, text: str, _said: Said) -> Reading:
    number = None if text.startswith("-") else whole_number(text)
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


def _read_media(kind: str) -> Callable[[Shown, str, Said], Reading]:
    def reader(_shown: Shown, _text: str, said: Said) -> Reading:
        for media in said.media:
            if media.kind == kind:
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
}
