"""Words are found although they are sealed; what a seat may not see, or was forgotten, is not found."""

from datetime import timedelta
from uuid import UUID

import pytest

from bot.casework import desk, search
from bot.casework.search import Wanted
from bot.conversation.kinds import Kind
from bot.store.tables import report_word
from bot.store.words import words_of
from tests.bot.casework.clerk import TAKEN, Clerk
from tests.chat import Phone, Road

KONNA = "kun:mopti/mopti/konna"


def _tells(road: Road, number: str, text: str) -> Phone:
    phone = road.phone(number)
    for said in (text, "1", "0", "0", "0"):
        phone.says(said)
    return phone


def _index(road: Road) -> int:
    with road.store.writing() as session:
        return search.index_new(session)


def _finds(clerk: Clerk, text: str = "", **wanted: object) -> set[UUID]:
    return {line.id for line in clerk.asks(search.find, Wanted(words=words_of(text), **wanted))}  # type: ignore[arg-type]


@pytest.fixture
def bridge(road: Road) -> Phone:
    """One report, indexed."""
    phone = _tells(road, "76000001", "Le pont de Konna est coupé par la crue")
    assert _index(road) == 1
    return phone


@pytest.mark.parametrize("text", ["pont", "PONT", "coupe", "coupé", "pont crue", "konna", "la crue"])
def test_words_are_found_however_they_are_accented(usual: Clerk, road: Road, bridge: Phone, text: str) -> None:
    assert _finds(usual, text) == {road.report().id}


@pytest.mark.parametrize("text", ["route", "pont route", "pon"])
def test_all_of_the_words_must_be_there_and_whole(usual: Clerk, bridge: Phone, text: str) -> None:
    assert _finds(usual, text) == set()


def test_a_report_is_found_by_its_number(usual: Clerk, road: Road, bridge: Phone) -> None:
    assert _finds(usual, bridge.code) == {road.report().id}
    assert _finds(usual, "99999") == set()


def test_kind_place_language_and_days_narrow_it(usual: Clerk, road: Road, bridge: Phone) -> None:
    line = road.report()
    usual.does(desk.confirm, line.id, kind=Kind.DISASTER, place=KONNA, urgency=2)
    today = road.now.date()
    assert _finds(usual, kind=Kind.DISASTER, places=(KONNA,), language="fr", since=today, until=today) == {line.id}
    assert _finds(usual, kind=Kind.ATTACK) == set()
    assert _finds(usual, places=("kun:mopti/mopti/mopti",)) == set()
    assert _finds(usual, since=today + timedelta(days=1)) == set()
    assert _finds(usual, until=today - timedelta(days=1)) == set()


def test_what_is_added_is_found_and_nothing_is_indexed_twice(usual: Clerk, road: Road, bridge: Phone) -> None:
    assert _index(road) == 0
    bridge.says("les pirogues ne passent plus non plus")
    assert _finds(usual, "pirogues") == set()
    assert _index(road) == 1
    assert _finds(usual, "pirogues pont") == {road.report().id}


def test_the_closed_queue_is_found_by_who_may_see_it_alone(usual: Clerk, trusted: Clerk, road: Road) -> None:
    _tells(road, "76000001", f"{TAKEN} a Konna")
    _index(road)
    assert _finds(usual, "frere") == set()
    assert _finds(trusted, "frere") == {road.report().id}


@pytest.mark.parametrize("indexed", [True, False])
def test_what_was_forgotten_is_found_no_more(usual: Clerk, road: Road, indexed: bool) -> None:
    phone = _tells(road, "76000001", "Le pont de Konna est coupé")
    if indexed:
        _index(road)
    phone.says("oubliez-moi")
    _index(road)
    assert _finds(usual, "pont") == set()
    assert road.rows(report_word.c.word) == []


def test_the_index_says_nothing_without_the_keys(road: Road, bridge: Phone) -> None:
    words = {bytes(row.word) for row in road.rows(report_word.c.word)}
    assert len(words) == 7, "pont, konna, est, coupe, par, crue, and the number"
    with road.store.reading() as session:
        assert session.keys.blind("word", "pont")[:8] in words
    assert not any(b"pont" in word for word in words)
