"""Replies as people write them: what is read right, and that a yes, a no or a number is never read wrong.

`replies/tuned.csv` grew with the reader; `replies/held_out.csv` was written before it, and nothing was tuned on it.
"""

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from bot.conversation import Said, Shown
from bot.conversation.number_words import considered, number_of
from bot.conversation.understanding import UNCLEAR, Answered, Reading, read
from bot.conversation.yes_no import YES_AND_NO, yes_or_no

FOLDER = Path(__file__).parent / "replies"
#: Of longer phrases every letter is too much to try: that no yes is near a no is looked at pair by pair.
LONGEST_TRIED = 9
LETTERS = "abcdefghijklmnopqrstuvwxyzاهلنمعك'"
#: Questions whose answer is a yes, a no or a number: there, better asked again than read wrong.
NEVER_WRONG = ("yes_no", "count", "digits")

# The labels are those of the catalogues and of languages.md §4; French stands where a language has none.
_HOURS = {
    "fr": ("maintenant", "le matin", "l'après-midi", "le soir", "non"),
    "bm": ("sisan", "sɔgɔma", "wula", "su", "ayi"),
    "ar": ("الآن", "صباحا", "بعد الظهر", "مساء", "لا"),
}
_YES_NO = {
    "fr": ("oui", "non"), "en": ("yes", "no"), "bm": ("ɔwɔ", "ayi"), "ffm": ("eey", "alaa"), "ses": ("ayyo", "kala"),
    "snk": ("yo", "ayi"), "taq": ("oui", "non"), "ar": ("نعم", "لا"),
}  # fmt: skip


@dataclass(frozen=True)
class Reply:
    """A row: what was asked in which language, what came back, and what it means ("unclear": ask again)."""

    question: str
    language: str
    text: str
    expected: str
    source: str


def replies(name: str) -> list[Reply]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return [Reply(**row) for row in csv.DictReader(lines)]


TUNED, HELD_OUT = replies("tuned.csv"), replies("held_out.csv")


def choice(
    key: str, language: str, values: str, labels: tuple[str, ...], skip: str = "", kind: str = "choice"
) -> Shown:
    options = tuple(zip(values.split(), labels, strict=True))
    return Shown(key, kind, language, options, skip=bool(skip), skip_word=skip)


@cache
def asked(question: str, language: str) -> Shown:
    hours, yes_no = _HOURS.get(language, _HOURS["fr"]), _YES_NO.get(language, _YES_NO["fr"])
    needs = ("tout de suite", "aujourd'hui", "dans la semaine", "pas besoin")
    names = ("Français", "Bamanankan", "Fulfulde", "Songhay", "Tamasheq", "Autre")
    numbered = ("mot un", "mot deux", "mot trois", "mot quatre", "mot cinq")
    return {
        "count": Shown("count", "number", language, low=0, high=20),
        "yes_no": choice("yes_no", language, "yes no", yes_no),
        "hours": choice("hours", language, "now morning afternoon evening no", hours, hours[-1]),
        "language": choice("language", language, "fr bm ffm ses taq other", names),
        "need": choice("need", language, "now today week none", needs, "passer"),
        "towns": choice("towns", language, "a b", ("Bandiagara", "Bandiagora")),
        "several": choice("several", language, "a b c", ("Eau", "Vivres", "Soins"), kind="choices"),
        "digits": choice("digits", language, "1 2 3 4 5", numbered),
    }[question]


Reader = Callable[[Shown, Said], Reading]


def said(reading: Reading) -> str:
    if not isinstance(reading, Answered):
        return "unclear"
    if reading.value is None:
        return "skip"
    return " ".join(reading.value) if isinstance(reading.value, list) else str(reading.value)


def misread(rows: list[Reply], reader: Reader = read) -> list[tuple[Reply, str]]:
    """The rows that are read otherwise than expected, with what was read."""
    found = [(row, said(reader(asked(row.question, row.language), Said(row.text)))) for row in rows]
    return [(row, reading) for row, reading in found if reading != row.expected]


def wrong(rows: list[Reply], reader: Reader = read) -> list[tuple[Reply, str]]:
    """The rows that are taken for something that nobody said; to ask again is no such error."""
    return [(row, reading) for row, reading in misread(rows, reader) if reading != "unclear"]


def nearest(shown: Shown, reply: Said) -> Reading:
    """The reader that we must not be: always the likest option or number word."""
    labels = list(shown.options) or [
        (str(number), word) for number, word in enumerate(("un", "deux", "trois"), start=1)
    ]
    return Answered(min(labels, key=lambda option: Levenshtein.distance(option[1], reply.text.casefold()))[0])


def test_there_are_replies_enough_of_every_drafted_language_and_each_stands_once() -> None:
    assert len(TUNED) >= 500
    assert len(HELD_OUT) >= 120
    everything = [(row.question, row.language, row.text) for row in TUNED + HELD_OUT]
    assert len(set(everything[: len(TUNED)])) == len(TUNED)
    assert len(set(everything[len(TUNED) :])) == len(HELD_OUT)
    assert all(row.source for row in TUNED + HELD_OUT)
    counted = Counter(row.language for row in TUNED)
    assert all(counted[language] >= 40 for language in ("fr", "bm", "ffm", "ses", "snk", "taq", "ar"))


def test_at_least_98_of_100_replies_are_read_right(record_property: Callable[[str, object], None]) -> None:
    for name, rows in (("tuned", TUNED), ("held out", HELD_OUT), ("both", TUNED + HELD_OUT)):
        right = 1 - len(misread(rows)) / len(rows)
        record_property(f"replies read right, {name}", f"{right:.1%} of {len(rows)}")
        print(f"{name}: {right:.1%} of {len(rows)}")
    assert len(misread(TUNED + HELD_OUT)) <= 0.02 * len(TUNED + HELD_OUT)


@pytest.mark.parametrize("rows", [TUNED, HELD_OUT], ids=["tuned", "held_out"])
def test_no_reply_is_read_as_what_nobody_said(rows: list[Reply]) -> None:
    assert [row for row in rows if row.question in NEVER_WRONG]
    assert wrong(rows) == []


def test_a_reader_that_always_takes_the_nearest_says_yes_for_no() -> None:
    yes_no = [row for row in TUNED if row.question == "yes_no"]
    turned = [(row.expected, reading) for row, reading in wrong(yes_no, nearest) if row.expected != "unclear"]
    assert ("no", "yes") in turned or ("yes", "no") in turned
    assert len(wrong(yes_no, nearest)) > len(yes_no) // 4
    assert wrong([row for row in TUNED if row.question == "count"], nearest)


@pytest.mark.parametrize("language", ["bm", "ses", "snk", "ffm", "fr"])
def test_ayi_and_ayo_are_never_one_another(language: str) -> None:
    expected = {"bm": ("no", None), "ses": (None, "yes"), "snk": ("no", None), "ffm": ("no", None), "fr": ("no", None)}
    assert (yes_or_no("ayi", language), yes_or_no("ayo", language)) == expected[language]


@pytest.mark.parametrize(
    ("text", "language"),
    [("no", "snk"), ("yo", "fr"), ("ayyo", "bm"), ("kala", "bm"), ("", "fr"), ("oui" * 30, "fr"), ("ok", "fr")],
)
def test_a_word_of_another_language_or_near_the_opposite_is_neither(text: str, language: str) -> None:
    assert yes_or_no(text, language) is None


@pytest.mark.parametrize("language", ["fr", "en", "bm", "ffm", "ses", "snk", "ar", "mey", "taq"])
def test_one_letter_more_less_or_other_never_turns_a_yes_into_a_no(language: str) -> None:
    said = {word: meant for word in YES_AND_NO if (meant := yes_or_no(word, language))}
    opposite = [(word, other) for word in said for other in said if said[word] == "yes" and said[other] == "no"]
    assert [pair for pair in opposite if Levenshtein.distance(*pair, score_cutoff=1) <= 1] == []
    for word, meant in said.items():
        if len(word) > LONGEST_TRIED:
            continue
        around = {
            word[:i] + letter + word[j:] for i in range(len(word) + 1) for j in (i, i + 1) for letter in ["", *LETTERS]
        }
        assert {yes_or_no(each, language) for each in around} <= {meant, None}, (word, language)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [("no 1", "en", None), ("no 2", "en", "no"), ("la 1", "ar", None), ("la 2", "ar", "no"), ("n° 1", "fr", "yes"),
     ("numero 1", "fr", "yes"), ("no 3", "fr", None)],
)  # fmt: skip
def test_a_number_and_a_no_that_differ_are_asked_again(text: str, language: str, value: str | None) -> None:
    assert read(asked("yes_no", language), Said(text)) == (UNCLEAR if value is None else Answered(value))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.sampled_from(sorted({(row.question, row.language) for row in TUNED})))
def test_whatever_is_written_is_an_answer_or_asked_again(text: str, question: tuple[str, str]) -> None:
    shown = asked(*question)
    reading = read(shown, Said(text))
    if isinstance(reading, Answered) and shown.options and reading.value is not None:
        values = reading.value if isinstance(reading.value, list) else [reading.value]
        assert set(values) <= {value for value, _ in shown.options}


def test_options_that_are_all_a_yes_or_a_no_are_never_guessed() -> None:
    shown = choice("q", "fr", "agreed refused", ("oui", "non"))
    assert read(shown, Said("nonne")) == UNCLEAR
    assert read(shown, Said("non")) == Answered("refused")


@pytest.mark.parametrize("text", ["oui", "ayi", "1 non", "oui non", "awo"])
def test_yes_and_no_are_only_read_where_they_were_asked(text: str) -> None:
    weather = choice("weather", "bm", "rain dry", ("Pluie", "Sec"))
    assert read(weather, Said(text)) == UNCLEAR


@pytest.mark.parametrize(
    ("language", "first"),
    [("bm", ("bm", "fr", "en")), ("fr", ("fr", "bm", "en")), ("mey", ("mey", "ar", "fr", "bm", "en")),
     ("snk", ("snk", "fr", "bm", "en"))],
)  # fmt: skip
def test_a_talk_may_mix_its_own_language_with_french_bambara_and_english(language: str, first: tuple[str, ...]) -> None:
    assert considered(language) == first


@pytest.mark.parametrize(
    ("word", "language", "number"),
    [("saba", "bm", 3), ("saba", "mey", None), ("sabaa", "ar", None), ("set", "fr", 7), ("set", "mey", None),
     ("fou", "fr", None), ("fou", "bm", 0), ("tati", "ffm", 3), ("tati", "fr", None), ("trois", "taq", 3),
     ("fila", "taq", 2), ("hinka", "bm", None), ("x" * 5000, "bm", None), ("", "fr", None)],
)  # fmt: skip
def test_a_number_word_means_one_number_or_none(word: str, language: str, number: int | None) -> None:
    assert number_of(word, language) == number


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("necessaire", None),
        ("pas necessaire", "none"),
        ("insatisfait", None),
        ("satisfet", "good"),
        ("satisfaits", "good"),
    ],
)
def test_what_is_denied_is_never_taken_for_what_is_affirmed(reply: str, value: str | None) -> None:
    shown = choice("q", "fr", "none good", ("Pas nécessaire", "Satisfait"))
    assert read(shown, Said(reply)) == (UNCLEAR if value is None else Answered(value))
