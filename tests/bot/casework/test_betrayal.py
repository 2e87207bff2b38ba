"""What a text to a reporter would betray is marked; what betrays nothing is not."""

import pytest

from bot.casework.betrayal import Mark, Reader, Why
from bot.casework.masking.listed import shipped
from bot.conversation.kinds import CLOSED, Kind
from bot.conversation.lexicon import NOW, Entry, Lexicon
from bot.places.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def reader() -> Reader:
    """Reads as this program was shipped."""
    return Reader(Lexicon.load(), Gazetteer.load())


def _whys(reader: Reader, text: str) -> set[Why]:
    return {mark.why for mark in reader.marks(text, shipped())}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Merci, l'attaque est connue.", Why.KIND),
        ("MERCI POUR L'INONDATION", Why.KIND),
        ("هجوم", Why.KIND),
        ("Nous cherchons l'enfant", Why.CLOSED),
        ("Elle a été violée", Why.CLOSED),
        ("Venez à Konna demain", Why.PLACE),
        ("Rendez-vous a Bandiagara", Why.PLACE),
        ("Appelez le 76 12 34 56", Why.NUMBER),
        ("Demandez M. Traoré", Why.NAME),
        ("Les Peuls sont prévenus", Why.PEOPLE),
        ("Le garçon de 12 ans", Why.AGE),
    ],
)
def test_what_would_betray_is_marked(reader: Reader, text: str, why: Why) -> None:
    assert why in _whys(reader, text)


@pytest.mark.parametrize(
    "text",
    [
        "Merci, nous avons lu votre message.",
        "Bonjour, quelqu'un vous rappelle demain matin.",
        "C'est fait, merci de nous avoir prévenus.",
        "Urgences: 17, 18, 15.",
        "I ni ce",
        "",
    ],
)
def test_what_betrays_nothing_is_not_marked(reader: Reader, text: str) -> None:
    assert reader.marks(text, shipped()) == ()


def test_every_word_for_triage_of_every_language_is_marked(reader: Reader) -> None:
    closed = {kind.value for kind in CLOSED}
    for entry in Lexicon.load().shipped:
        if entry.topic != NOW:
            assert (Why.CLOSED if entry.topic in closed else Why.KIND) in _whys(reader, entry.word), entry


def test_the_desks_own_words_count_too() -> None:
    lexicon = Lexicon.load()
    reader = Reader(lexicon, Gazetteer.load())
    assert reader.marks("le zouglou", shipped()) == ()
    lexicon.lay_over({Entry("fr", Kind.THEFT.value, "zouglou"): True})
    assert reader.marks("le zouglou", shipped()) == (Mark("zouglou", Why.KIND),)
