"""The desk's own words for triage: read by every process that follows, in whatever language they are."""

import pytest

from bot import staff
from bot.casework import lexicon
from bot.casework.lexicon import NotAWord, change, entry_of, follow_lexicon
from bot.conversation.kinds import Kind
from bot.store.audit import newest
from bot.store.following import Follower
from tests.bot.casework.clerk import Clerk
from tests.chat import Phone, Road


def _change(road: Road, language: str, topic: str, word: str, *, read: bool = True) -> None:
    with road.store.writing() as session:
        found = staff.find(session, "awa")
        staff_id = found[0].id if found else staff.make(session, road.now, "command", "awa", "Awa", "none", ["triage"])
        change(session, road.now, staff_id, entry_of(language, topic, word), read=read)


def test_a_word_of_the_desk_is_read_and_one_switched_off_is_not(road: Road, phone: Phone) -> None:
    follower = Follower(road.store, follow_lexicon(road.lexicon))
    _change(road, "bm", "health", "Banakisɛ")
    _change(road, "fr", "attack", "tirs", read=False)
    assert follower.look()
    assert road.lexicon.suggest("banakise be yan").kind is Kind.HEALTH
    assert road.lexicon.suggest("des tirs").kind is None
    assert road.lexicon.suggest("une attaque").kind is Kind.ATTACK
    _change(road, "bm", "health", "banakisɛ", read=False)
    _change(road, "fr", "attack", "tirs")
    assert follower.look()
    assert road.lexicon.suggest("banakise be yan").kind is None
    assert road.lexicon.suggest("des tirs").kind is Kind.ATTACK
    assert not follower.look()


def test_a_word_added_for_the_closed_queue_keeps_a_first_text_from_those_who_may_not_see_it(
    road: Road, phone: Phone, usual: Clerk, trusted: Clerk
) -> None:
    _change(road, "bm", "abduction", "minɛnen don")
    Follower(road.store, follow_lexicon(road.lexicon)).look()
    phone.says("ne ka cɛ minɛnen don")
    assert road.report().closed_queue
    assert usual.sees() == set()
    assert len(trusted.sees()) == 1


@pytest.mark.parametrize(
    ("language", "topic", "word"),
    [("fr", "attack", "x"), ("fr", "attack", "1234"), ("fr", "attack", "a" * 41), ("xx", "attack", "tirs"),
     ("fr", "gossip", "tirs"), ("fr", "other", "tirs"), ("fr", "attack", "  "), ("fr", "attack", "(?:.*)x{"),
     ("fr", "attack", "+ tirs"), ("fr", "attack", "tirs + hier + nuit"), ("fr", "attack", "**")],
)  # fmt: skip
def test_what_is_no_word_is_refused_or_harmless(road: Road, language: str, topic: str, word: str) -> None:
    try:
        entry = entry_of(language, topic, word)
    except NotAWord:
        return
    road.lexicon.lay_over({entry: True})
    assert road.lexicon.suggest("xx").kind is None


def test_every_change_is_in_the_audit(road: Road) -> None:
    _change(road, "bm", "health", "banakisɛ")
    with road.store.reading() as session:
        entry = newest(session, 1)[0]
        assert lexicon.changes(session) == {entry_of("bm", "health", "banakise"): True}
    assert (str(entry.action), entry.detail["kind"]) == ("lexicon.changed", "health")
