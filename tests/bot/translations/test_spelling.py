"""How the desk spells a language on an SMS: a letter its own way, or all letters kept at any price."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from bot import staff
from bot.languages import Folding, count
from bot.store import Store
from bot.store.following import Follower
from bot.translations import NotALetter, follow_spelling, keep_letters, spell

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WORDS = "ɲɛ ni bɔ" * 12


@pytest.fixture
def awa(store: Store) -> UUID:
    with store.writing() as session:
        return staff.make(session, NOW, "command", "awa", "Awa", "nothing fits", ["translator"])


def _spell(store: Store, who: UUID, letter: str, sms: str, tag: str = "bm") -> None:
    with store.writing() as session:
        spell(session, NOW, who, tag, letter, sms)


def test_a_letter_is_spelt_as_the_desk_says_in_that_language_alone(store: Store, awa: UUID) -> None:
    folding = Folding()
    follower = Follower(store, follow_spelling(folding))
    _spell(store, awa, "ɲ", "gn")
    assert follower.look()
    assert folding.for_sms("ɲɛ", "bm") == "gnè"
    assert folding.for_sms("ɲɛ", "snk") == "nyè"
    _spell(store, awa, "ɲ", "ñ")
    assert follower.look()
    assert folding.for_sms("ɲɛ", "bm") == "ñè"
    assert ("ɲ", "ñ") in folding.letters("bm")
    assert not follower.look()


def test_a_language_that_keeps_its_letters_is_sent_as_it_is_and_its_quotes_still_fold(store: Store, awa: UUID) -> None:
    folding = Folding()
    follower = Follower(store, follow_spelling(folding))
    for kept, alphabet in ((True, "ucs2"), (False, "gsm7")):
        with store.writing() as session:
            keep_letters(session, NOW, awa, "bm", kept=kept)
        assert follower.look()
        assert folding.keeps("bm") is kept
        assert count(folding.for_sms(WORDS, "bm")).alphabet == alphabet
        assert folding.for_sms("n’i y’a fɔ"[:6], "bm") == "n'i y'"
        assert count(folding.for_sms(WORDS, "dts")).alphabet == "gsm7"


@pytest.mark.parametrize(
    ("letter", "sms"),
    [("e", "a"), ("", "a"), ("ɛɔ", "a"), ("ɛ", ""), ("ɛ", "ê"), ("ɛ", "aaaaa"), ("ɛ", " "), ("’", "'"), ("ɛ", "a ")],
)
def test_what_would_not_fold_is_refused(store: Store, awa: UUID, letter: str, sms: str) -> None:
    with pytest.raises(NotALetter):
        _spell(store, awa, letter, sms)
    folding = Folding()
    Follower(store, follow_spelling(folding)).look()
    assert folding.for_sms("ɛ", "bm") == "è"
