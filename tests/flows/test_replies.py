"""Replies to the questions of our flows as they are shown, in every drafted language: right, or asked again.

`replies.txt` was written after the reader and held against it as it stood; the languages are mixed as people mix them.
`fresh_replies.txt` says who wrote it and how much of it was read right at first.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.conversation import TEMPLATES, Choice, Context, Said, Shown, replay
from bot.conversation.questions import Digits, Number, Question
from bot.conversation.understanding import UNCLEAR, Answered, mixed, read
from bot.languages.catalogue import Catalogues
from flows import FLOWS

_CATALOGUES = Catalogues.load(Path("locales"), "bot", drafts=True)
_FOLDER = Path(__file__).parent
_OTHERS = ("fr", "bm", "ar", "en")


@cache
def questions(language: str, words: str) -> dict[str, Shown]:
    """Every question of every flow in a talk of this language, with the words of another or the same."""
    found: dict[str, Shown] = {}
    gettext = _CATALOGUES.translator(words).gettext
    for name, flow in FLOWS.items():
        for template in TEMPLATES if name == "question" else [""]:
            context = Context(
                gettext, language, date(2026, 11, 26), "12344", stranger=name == "report", template=template
            )
            found |= {question.key: question.shown(context) for question in _asked(flow.talk, context)}
    return found


def _asked(flow: Callable[[Context], object], context: Context) -> Iterator[Question]:
    waiting: list[dict[str, object]] = [{}]
    seen = set()
    while waiting:
        answers = waiting.pop()
        turn = replay(flow, context, answers, next(reversed(answers), None))  # type: ignore[arg-type]
        if turn.need:
            waiting.append({**answers, turn.need.key: [] if "_place" in str(turn.need.request) else None})
        elif turn.ask and turn.ask.key not in seen:
            seen.add(turn.ask.key)
            yield turn.ask
            waiting += [{**answers, turn.ask.key: answer} for answer in _answers(turn.ask)]


def _answers(question: Question) -> list[object]:
    if isinstance(question, Choice):
        return list(question.options)
    if isinstance(question, Digits):
        return ["1" * question.length]
    return [3] if isinstance(question, Number) else ["mots"]


def _rows(name: str) -> Iterator[tuple[str, str, str, str]]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, key, expected, replies = line.split(" ", 3)
            yield from ((language, key, expected.lstrip("="), reply.strip()) for reply in replies.split(" / "))


def _understood(language: str, key: str, reply: str) -> str:
    shown = questions(language, language)[key]
    reading = read(shown, Said(reply))
    if reading == UNCLEAR and shown.options:
        reading = read(mixed(shown, [questions(language, other)[key] for other in _OTHERS]), Said(reply))
    if not isinstance(reading, Answered):
        return "?"
    return "-" if reading.value is None else str(reading.value)


def _held_against(name: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The rows of a list, and those that are read otherwise than they say, with what they are read as."""
    rows = list(dict.fromkeys(_rows(name)))
    return rows, [(*row, got) for row in rows if (got := _understood(row[0], row[1], row[3])) != row[2]]


def test_98_of_100_replies_are_read_right_and_none_as_what_nobody_said(
    record_property: Callable[[str, object], None],
) -> None:
    rows, misread = _held_against("replies.txt")
    record_property("replies to the flows read right", f"{1 - len(misread) / len(rows):.1%} of {len(rows)}")
    assert len(rows) >= 500
    assert [row for row in misread if row[-1] != "?"] == []
    assert len(misread) <= 0.02 * len(rows), misread


def test_replies_that_others_wrote_are_read_right_and_no_yes_as_a_no(
    record_property: Callable[[str, object], None],
) -> None:
    rows, misread = _held_against("fresh_replies.txt")
    record_property("replies that others wrote read right", f"{1 - len(misread) / len(rows):.1%} of {len(rows)}")
    assert len(rows) >= 1300
    assert [row for row in misread if row[-1] != "?"] == []
    assert len(misread) <= 0.04 * len(rows), misread


def test_a_yes_or_a_no_of_another_language_is_not_borrowed() -> None:
    """`ayi` is the label of "no" in Bambara, and asked again in a talk in Songhay."""
    assert _understood("bm", "send", "ayi") == "no"
    assert _understood("ses", "send", "ayi") == "?"
    assert _understood("ses", "call", "sɔgɔma") == "morning"


def test_what_is_needed_is_never_taken_for_no_need() -> None:
    for language, need in (("bm", "n mago b'a la"), ("ses", "ay baa"), ("ffm", "mi soklii"), ("taq", "t-ărheɣ")):
        assert _understood(language, "answer_needed", need) == "?"


@pytest.mark.parametrize(
    ("key", "reply", "meant"),
    [
        ("public_service", "la gendarmerie", "security"),
        ("public_service", "au tribunal", "justice"),
        ("public_service", "l'hôpital", "health"),
        ("answer_needed", "aujourd'hui", "today"),
        ("through", "sur whatsapp", "phone"),
        ("situation", "sa va bien merci", "good"),
        ("situation", "c'est dur", "hard"),
        ("happened", "hier soir", "yesterday"),
        ("ongoing", "c'est fini", "no"),
        ("ongoing", "pas encore", "?"),
        ("arrived", "rien", "no"),
        ("arrived", "pas encore", "no"),
        ("helped", "oui ça m'a aidé", "yes"),
        ("helped", "non ça m'a aidé", "?"),
        ("agree", "j'accepte", "yes"),
        ("agree", "je n'accepte pas", "no"),
        ("agree", "pas tout à fait d'accord", "?"),
        ("call", "ne m'appelez pas", "no"),
        ("call", "demain matin", "morning"),
        ("call", "demain", "?"),
        ("answer_needed", "je n'ai pas besoin", "none"),
        ("answer_needed", "besoin", "?"),
    ],
)
def test_what_people_say_for_an_option_is_understood_and_its_contrary_is_not(key: str, reply: str, meant: str) -> None:
    assert _understood("fr", key, reply) == meant


@pytest.mark.parametrize(
    ("key", "reply", "meant"),
    [
        ("send", "oui chef", "yes"),
        ("send", "oui je veux la réponse", "yes"),
        ("agree", "oui pas de problème", "yes"),
        ("helped", "oui ça va mieux", "yes"),
        ("helped", "oui un peu", "little"),
        ("send", "non pas besoin", "no"),
        ("helped", "non toujours pas", "no"),
        ("ongoing", "non c'est fini", "no"),
        ("send", "non merci bien", "no"),
        ("send", "oui mais plus tard", "?"),
        ("send", "oui pas maintenant", "?"),
        ("send", "oui je pense", "?"),
        ("agree", "oui si vous payez", "?"),
        ("agree", "oui ou bien", "?"),
        ("send", "je ne dis pas oui", "?"),
        ("send", "non je veux la réponse", "?"),
        ("send", "non n'hésitez pas", "?"),
        ("send", "oui ?", "?"),
        ("send", "oui ??", "yes"),
        ("call", "le soir vers 20h", "evening"),
        ("call", "20h", "evening"),
        ("call", "à 8h30", "morning"),
        ("call", "8h du soir", "evening"),
        ("call", "12h", "?"),
        ("call", "9h et 20h", "?"),
        ("answer_needed", "dans 2h", "?"),
        ("public_service", "l'école primaire", "school"),
        ("through", "une personne du village", "person"),
        ("through", "quelqu'un du marché", "?"),
        ("situation", "dificile cette semaine", "hard"),
        ("ongoing", "sa s'est calmé", "no"),
        ("agree", "pa dacor", "no"),
        ("agree", "je suis dacor", "yes"),
        ("confirm", "cest bien moi", "still"),
        ("helped", "1 peu", "little"),
        ("answer_needed", "set semaine", "week"),
        ("answer_needed", "besoin", "?"),
    ],
)
def test_words_around_an_option_change_nothing_unless_they_deny_limit_or_put_off(
    key: str, reply: str, meant: str
) -> None:
    assert _understood("fr", key, reply) == meant


def test_a_yes_and_a_no_joined_in_arabic_are_asked_again() -> None:
    assert _understood("ar", "send", "نعم ولا") == "?"


@pytest.mark.parametrize(("language", "meant"), [("bm", "today"), ("fr", "today"), ("ses", "yesterday")])
def test_a_word_of_the_talks_own_language_is_not_borrowed_for_another(language: str, meant: str) -> None:
    """`bi` is today in Bambara and yesterday in Koyraboro Senni."""
    assert _understood(language, "happened", "bi") == meant


@pytest.mark.parametrize(
    ("language", "key", "reply", "meant"),
    [
        ("bm", "situation", "a ka ni", "good"),
        ("bm", "situation", "a man ni", "?"),
        ("bm", "call", "kana n wele", "no"),
        ("bm", "send", "ayi barika", "no"),
        ("ar", "agree", "لا أوافق", "no"),
        ("ar", "situation", "الحمد لله بخير", "good"),
        ("ar", "situation", "ليس بخير", "?"),
        ("ar", "answer_needed", "بلا حاجة", "none"),
        ("ar", "answer_needed", "حاجة", "?"),
        ("ar", "through", "الهاتف", "phone"),
    ],
)
def test_the_same_in_bambara_and_arabic(language: str, key: str, reply: str, meant: str) -> None:
    assert _understood(language, key, reply) == meant
