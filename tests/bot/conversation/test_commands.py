"""Commands are the whole message, in French, English or Bambara; inside a sentence they are words."""

from pathlib import Path

import pytest

from bot.conversation.commands import _SPELLINGS, Command, Word, is_greeting, recognise
from bot.conversation.number_words import number_of
from bot.conversation.yes_no import yes_or_no
from bot.languages import TAGS, fold


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("STOP", Word.STOP), ("stop", Word.STOP), ("Stop.", Word.STOP), (" stop ! ", Word.STOP), ("«stop»", Word.STOP),
        ("ARRÊT", Word.STOP), ("arreter", Word.STOP), ("desabonner", Word.STOP), ("STOPALL", Word.STOP),
        ("START", Word.START), ("reprendre", Word.START), ("unstop", Word.START),
        ("AIDE", Word.HELP), ("help", Word.HELP), ("?", Word.HELP), ("dɛmɛ", Word.HELP), ("dèmè", Word.HELP),
        ("Menu", Word.MENU), ("accueil", Word.MENU),
        ("LANGUE", Word.LANGUAGE), ("kan", Word.LANGUAGE), ("language", Word.LANGUAGE), ("Langue?", Word.LANGUAGE),
        ("retour", Word.BACK), ("ka segin", Word.BACK), ("BACK", Word.BACK), ("précédent", Word.BACK),
        ("suivi", Word.STATUS), ("STATUS", Word.STATUS), ("état", Word.STATUS),
        ("oubliez-moi", Word.FORGET_ME), ("Oubliez moi", Word.FORGET_ME), ("forget me", Word.FORGET_ME),
        ("OUBLIEZ‑MOI.", Word.FORGET_ME),
    ],
)  # fmt: skip
def test_a_command_is_known_in_any_case_with_or_without_accents_and_points(text: str, word: Word) -> None:
    assert recognise(text) == Command(word)


@pytest.mark.parametrize(
    "text",
    ["dites-leur stop", "stop il y a le feu", "au menu du soir", "aide-nous vite", "besoin d'aide", "help us please",
     "retour des eleveurs", "la langue", "oubliez-moi pas", "ne m'oubliez pas", "il faut un suivi", "suivi des malades",
     "start up", "", "   ", "...", "??", "menu menu", "stopstop", "1", "0", "bonjour"],
)  # fmt: skip
def test_inside_a_sentence_it_is_never_a_command(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("dartin", Word.STOP), ("Haaytu", Word.STOP), ("fatta", Word.STOP), ("A bali", Word.STOP),
        ("توقف", Word.STOP), ("قِف", Word.STOP), ("إيقاف.", Word.STOP), ("الغاء", Word.STOP),
        ("ballal", Word.HELP), ("Faba!", Word.HELP), ("kounafoni", Word.HELP), ("Kunnafoni", Word.HELP),
        ("humpito", Word.HELP), ("alhabar", Word.HELP), ("xibaaru", Word.HELP), ("مساعدة", Word.HELP), ("معلومات؟", Word.HELP),
        ("ɗemngal", Word.LANGUAGE), ("Demngal", Word.LANGUAGE), ("Šenni", Word.LANGUAGE), ("لغة", Word.LANGUAGE),
        ("اللغة؟", Word.LANGUAGE), ("القائمة", Word.MENU), ("رجوع", Word.BACK), ("ابدأ", Word.START), ("انسوني", Word.FORGET_ME),
        ("stop svp", Word.STOP), ("Aide s'il vous plaît", Word.HELP), ("arrêtez svp!", Word.STOP), ("menu merci", Word.MENU),
    ],
)  # fmt: skip
def test_a_command_is_known_in_every_language_that_has_a_source(text: str, word: Word) -> None:
    assert recognise(text) == Command(word)


@pytest.mark.parametrize(
    "text",
    ["dɛmɛ an na", "i ka na an dɛmɛ", "ballal am", "faba ay", "wo faba ay", "a bali ka na", "kan bɛ yan", "fatta ka koy",
     "لا تتوقف", "نحتاج مساعدة", "مساعدة طبية", "kunnafoni jugu", "alhabar laala", "xibaaru xoore", "senni futu", "svp", "merci",
     "stop merci beaucoup aux soldats", "quitter le village"],
)  # fmt: skip
def test_the_same_words_in_a_sentence_of_their_language_are_words(text: str) -> None:
    assert recognise(text) is None


def test_no_command_is_a_letter_a_number_a_yes_a_no_or_a_greeting() -> None:
    spellings = [spelling for words in _SPELLINGS.values() for spelling in words]
    assert len(spellings) > 80
    for spelling in spellings:
        assert len(spelling) > 1
        assert not is_greeting(spelling)
        for language in TAGS:
            assert number_of(spelling, language) is None
            assert yes_or_no(spelling, language) is None


def test_no_spelling_stands_for_two_commands() -> None:
    folded = [(fold(spelling), word) for word, words in _SPELLINGS.items() for spelling in set(words)]
    assert all(len({word for known, word in folded if known == spelling}) == 1 for spelling, _ in folded)


@pytest.mark.parametrize(
    ("text", "code"),
    [("SUIVI 48271", "48271"), ("suivi no 48271", "48271"), ("Suivi n° 48271", "48271"), ("suivi: 48271.", "48271"),
     ("suivi48271", "48271"), ("status 48 271", "48271"), ("suivi numéro 48271", "48271"), ("suivi ٤٨٢٧١", "48271"),
     ("suivi ߄߈߂߇߁", "48271"), ("suivi 1", "1"), ("suivi 123456789012345", "123456789012345")],
)  # fmt: skip
def test_a_status_carries_the_code_behind_it(text: str, code: str) -> None:
    assert recognise(text) == Command(Word.STATUS, code)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start", Command(Word.START)), ("/Start", Command(Word.START)), ("/start carte-3", Command(Word.START)),
        ("/stop", Command(Word.STOP)), ("/aide", Command(Word.HELP)), ("/suivi 48271", Command(Word.STATUS, "48271")),
    ],
)  # fmt: skip
def test_a_command_may_have_the_slash_with_which_telegram_writes_it(text: str, command: Command) -> None:
    assert recognise(text) == command


@pytest.mark.parametrize("text", ["/", "//", "1/2", "/start le puits est sec", "start carte-3", "le 3/stop", "/ start"])
def test_a_slash_makes_no_command_of_other_words(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize("text", ["menu 5", "stop 48271", "suivi 48271 merci", "suivi de 48271", "48271"])
def test_a_code_belongs_to_status_alone(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize(
    "text", ["Bonjour", "bonsoir!", "I ni sogoma", "i ni cɛ", "Salam aleykoum", "Ça va?", "merci", "OK", "  allo  "]
)
def test_a_greeting_is_the_whole_message(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize("text", ["bonjour il y a le feu", "merci de venir vite", "ca va mal ici", "attaque", "1", ""])
def test_a_greeting_before_something_else_is_none(text: str) -> None:
    assert not is_greeting(text)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("je veux arrêter svp", Command(Word.STOP)),
        ("STOP STOP", Command(Word.STOP)),
        ("arrêtez les messages", Command(Word.STOP)),
        ("Je ne veux plus de SMS", Command(Word.STOP)),
        ("n'envoyez plus de messages", Command(Word.STOP)),
        ("arrêtez de m'écrire", Command(Word.STOP)),
        ("désabonnez-moi", Command(Word.STOP)),
        ("le menu svp", Command(Word.MENU)),
        ("changer la langue", Command(Word.LANGUAGE)),
        ("effacez mon numéro", Command(Word.FORGET_ME)),
        ("suivi du no 48271", Command(Word.STATUS, "48271")),
        ("48271 suivi", Command(Word.STATUS, "48271")),
        ("inscription code 12345678", Command(Word.JOIN, "12345678")),
    ],
)
def test_a_sentence_that_can_mean_nothing_else_is_a_command(text: str, command: Command) -> None:
    assert recognise(text) == command


@pytest.mark.parametrize(
    "text",
    ["je veux arrêter les voleurs", "stop stop ils tirent", "arrêtez les militaires", "plus de riz", "plus de nouvelles",
     "envoyez plus de soldats", "le menu du jour", "effacez mon nom de la liste des vivres", "48271 boeufs",
     "reprendre la route", "je ne veux plus de guerre", "il faut arrêter", "changer le maire", "12 suivis"],
)  # fmt: skip
def test_the_same_beginnings_in_a_report_are_none(text: str) -> None:
    assert recognise(text) is None


def test_nothing_in_ordinary_sentences_is_a_command() -> None:
    sentences = (Path(__file__).parent / "first_words" / "no_command.txt").read_text(encoding="utf-8").splitlines()
    assert len(sentences) >= 200
    assert [text for text in sentences if recognise(text)] == []
