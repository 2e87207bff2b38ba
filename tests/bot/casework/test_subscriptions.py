"""Whoever asked for a peace message gets one on their day: approved by two people, never the same again, until they
say no more.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot import staff
from bot.casework import infos, subscriptions
from bot.casework.seats import Seat
from tests.chat import Phone, Road

#: A Thursday; the days to choose are Friday, Sunday and Monday.
THURSDAY = datetime(2026, 11, 26, 12, tzinfo=UTC)
FRIDAYS_TALES = ("bonjour", "7", "1", "1", "1")
SUNDAYS_ALL = ("bonjour", "7", "1", "2", "3")


@pytest.fixture(autouse=True)
def _on_thursday(road: Road) -> None:
    road.now = THURSDAY


@pytest.fixture
def people(road: Road) -> list[Seat]:
    with road.store.writing() as session:
        made = [staff.make(session, road.now, "command", name, name, "x", ["secretary"]) for name in ("awa", "ba")]
    return [Seat(each) for each in made]


def _write(road: Road, people: list[Seat], text: str, topic: str = "tales", language: str = "fr") -> UUID:
    writer, second = people
    with road.store.writing() as session:
        until = road.now + timedelta(days=60)
        identity = infos.publish(session, road.now, writer, topic, None, language, text, until)
        infos.approve(session, road.now, second, identity)
    return identity


def _says(phone: Phone, *texts: str) -> None:
    for text in texts:
        phone.says(text)


def _clock(road: Road) -> list[str]:
    """Let the clock send, and what the phone then gets unasked."""
    heard = len(_mailbox(road))
    subscriptions.send_due(road.store, road.now, road.talks, {road.wire.name: road.wire})
    road.deliver()
    return _mailbox(road)[heard:]


def _mailbox(road: Road) -> list[str]:
    return [note.text for note in road.wire.mailbox.take("76000001")]  # type: ignore[attr-defined]


def test_it_comes_on_the_day_that_was_chosen_in_the_hours_of_the_desk_and_once(
    road: Road, phone: Phone, people: list[Seat]
) -> None:
    _write(road, people, "Qui écoute dort tranquille.")
    _says(phone, *FRIDAYS_TALES)
    assert _clock(road) == [], "it is Thursday"
    road.now = THURSDAY.replace(day=27, hour=7)
    assert _clock(road) == [], "too early"
    road.now = THURSDAY.replace(day=27, hour=8)
    (text,) = _clock(road)
    assert "dort tranquille" in text
    assert _clock(road) == []
    road.later(hours=3)
    assert _clock(road) == []


def test_the_same_text_never_comes_again_and_a_new_one_the_next_week(
    road: Road, phone: Phone, people: list[Seat]
) -> None:
    _write(road, people, "Premier.")
    _says(phone, *FRIDAYS_TALES)
    road.later(days=1)
    assert _clock(road) == ["Premier."]
    road.later(days=7)
    assert _clock(road) == []
    _write(road, people, "Second.")
    assert _clock(road) == ["Second."]
    road.later(minutes=1)
    _write(road, people, "Troisième.")
    assert _clock(road) == [], "one a week"
    road.later(days=7)
    assert _clock(road) == ["Troisième."]


def test_who_wants_everything_gets_what_waits_longest_first(road: Road, phone: Phone, people: list[Seat]) -> None:
    _write(road, people, "Entraide.", "help")
    road.later(minutes=1)
    _write(road, people, "Conte.", "tales")
    _says(phone, *SUNDAYS_ALL)
    road.later(days=3)
    assert _clock(road) == ["Entraide."]
    road.later(days=7)
    assert _clock(road) == ["Conte."]


def test_another_theme_and_a_text_that_no_second_person_approved_or_that_ran_out_are_not_sent(
    road: Road, phone: Phone, people: list[Seat]
) -> None:
    _says(phone, *FRIDAYS_TALES)
    _write(road, people, "Entraide.", "help")
    with road.store.writing() as session:
        until = road.now + timedelta(days=60)
        infos.publish(session, road.now, people[0], "tales", None, "fr", "Pas encore.", until)
    road.later(days=1)
    assert _clock(road) == []
    _write(road, people, "Bientôt passé.")
    road.later(days=63)
    assert _clock(road) == []


@pytest.mark.parametrize("leaving", [("menu", "7", "2"), ("STOP",), ("oubliez-moi", "1")])
def test_who_said_no_more_gets_none(road: Road, phone: Phone, people: list[Seat], leaving: tuple[str, ...]) -> None:
    _write(road, people, "Un conte.")
    _says(phone, *FRIDAYS_TALES, *leaving)
    road.later(days=1)
    assert _clock(road) == []


def test_who_comes_back_after_stop_gets_it_again(road: Road, phone: Phone, people: list[Seat]) -> None:
    _write(road, people, "Un conte.")
    _says(phone, *FRIDAYS_TALES, "STOP", "START")
    road.later(days=1)
    assert _clock(road) == ["Un conte."]


def test_who_chooses_anew_does_not_hear_again_what_they_had(road: Road, phone: Phone, people: list[Seat]) -> None:
    _write(road, people, "Un conte.")
    _says(phone, *FRIDAYS_TALES)
    road.later(days=1)
    assert _clock(road) == ["Un conte."]
    _says(phone, *SUNDAYS_ALL)
    road.later(days=2)
    assert _clock(road) == []
