"""Translation tasks: redacted, given once, back on the report with whose; nothing of the closed queue, nothing for long."""

from dataclasses import fields
from uuid import UUID

import pytest
from sqlalchemy import select

from bot import staff
from bot.casework import apart, desk, interpreting
from bot.casework.betrayal import Reader, Why
from bot.casework.desk import Line
from bot.casework.duty import rota
from bot.casework.interpreting import Task, Translated
from bot.casework.keeping import forgetting, retention
from bot.casework.masking.listed import shipped
from bot.conversation.lexicon import Lexicon
from bot.errors import NotAllowed, Stale
from bot.places.gazetteer import Gazetteer
from bot.store.audit import Action
from bot.store.tables import address, duty_profile, translation_task
from tests.bot.casework.clerk import TAKEN, WELL, Clerk, times
from tests.chat import USUAL, Phone, Road

REDACTED, FRENCH = "ji tè […] na", "il n'y a pas d'eau à […]"


@pytest.fixture
def line(road: Road, phone: Phone) -> Line:
    """A report in Bambara."""
    for text in (WELL, "2", "2", "Konna", "0"):
        phone.says(text)
    return road.report()


@pytest.fixture
def oumou(road: Road) -> UUID:
    """A translator."""
    with road.store.writing() as session:
        identity = staff.make(session, road.now, "command", "oumou", "Oumou", "x", ["translator"])
        rota.set_languages(session, road.now, USUAL, identity, ["bm", "fr"])
    return identity


def _waiting(road: Road, oumou: UUID) -> list[Task]:
    with road.store.reading() as session:
        return interpreting.waiting(session, oumou)


def _translate(road: Road, who: UUID, task: Task, text: str = FRENCH) -> None:
    with road.store.writing() as session:
        interpreting.translate(session, road.now, who, task.id, text)


def _of(clerk: Clerk, line: Line) -> list[Translated]:
    found: list[Translated] = clerk.asks(interpreting.of, line.id)
    return found


@pytest.fixture
def member(usual: Clerk, road: Road) -> Clerk:
    """Somebody of the desk who is in the table of the staff, too."""
    with road.store.writing() as session:
        identity = staff.make(session, road.now, "command", "awa", "Awa", "x", ["triage"])
    return Clerk(road, type(usual.seat)(identity))


def test_it_goes_to_the_translator_and_comes_back_with_whose_it_is(
    member: Clerk, road: Road, line: Line, oumou: UUID
) -> None:
    member.does(desk.mark_seen, line.id)
    member.does(interpreting.ask, line.id, REDACTED, "bm")
    (task,) = _waiting(road, oumou)
    assert (task.text, task.language) == (REDACTED, "bm")
    _translate(road, oumou, task)
    assert _waiting(road, oumou) == []
    (back,) = _of(member, line)
    assert (back.translation, back.translated_by, back.translated_at) == (FRENCH, oumou, road.now)
    assert road.report().unread, "so that the desk sees that it came"
    assert times(road, Action.TRANSLATION_TASK_ASKED) == times(road, Action.TRANSLATION_TASK_DONE) == 1


def test_nothing_leads_from_a_task_to_its_report() -> None:
    assert {each.name for each in fields(Task)} == {"id", "language", "text", "asked_at"}


def test_one_text_of_a_report_waits_at_a_time_and_each_is_translated_once(
    member: Clerk, road: Road, line: Line, oumou: UUID
) -> None:
    member.does(interpreting.ask, line.id, REDACTED, "bm")
    with pytest.raises(Stale):
        member.does(interpreting.ask, line.id, REDACTED, "bm")
    (task,) = _waiting(road, oumou)
    _translate(road, oumou, task)
    with pytest.raises(Stale):
        _translate(road, oumou, task, "autre chose")
    with pytest.raises(Stale):
        member.does(interpreting.withdraw, line.id, task.id)
    assert _of(member, line)[0].translation == FRENCH


def test_who_has_not_its_language_is_neither_shown_it_nor_may_translate_it(
    member: Clerk, road: Road, line: Line, oumou: UUID
) -> None:
    member.does(interpreting.ask, line.id, REDACTED, "bm")
    (task,) = _waiting(road, oumou)
    with road.store.writing() as session:
        rota.set_profile(session, road.now, USUAL, oumou, ["ar"], as_woman=True)
        assert not interpreting.has_translator(session, "bm")
    assert _waiting(road, oumou) == []
    with road.store.reading() as session:
        assert interpreting.waiting_for_others(session, oumou) == ["bm"]
    with pytest.raises(NotAllowed):
        _translate(road, oumou, task)
    with road.store.writing() as session:
        rota.set_languages(session, road.now, USUAL, oumou, ["bm"])
        assert interpreting.has_translator(session, "bm")
        assert session.run(select(duty_profile.c.as_woman)).scalars().all() == [True], "what else they said stays"
    _translate(road, oumou, task)


def test_what_is_taken_back_is_erased(member: Clerk, road: Road, line: Line, oumou: UUID) -> None:
    member.does(interpreting.ask, line.id, REDACTED, "bm")
    (task,) = _waiting(road, oumou)
    member.does(interpreting.withdraw, line.id, task.id)
    with pytest.raises(Stale):
        _translate(road, oumou, task)
    assert road.rows(translation_task.c.id) == []


def test_of_the_closed_queue_nothing_is_given_and_what_was_is_erased(
    member: Clerk, trusted: Clerk, road: Road, line: Line, phone: Phone
) -> None:
    member.does(interpreting.ask, line.id, REDACTED, "bm")
    with road.store.writing() as session:
        apart.set_apart(session, road.now, trusted.seat.actor, line.id)
    assert road.rows(translation_task.c.id) == []
    for clerk in (member, trusted):
        with pytest.raises(NotAllowed):
            clerk.does(interpreting.ask, line.id, REDACTED, "bm")
    other = road.phone("76000002")
    other.says(TAKEN)
    hidden = max(road.reports(), key=lambda each: each.id)
    with pytest.raises(NotAllowed):
        trusted.does(interpreting.ask, hidden.id, REDACTED, "fr")


@pytest.mark.parametrize("how", ["done", "forgotten", "old"])
def test_it_waits_and_is_kept_no_longer_than_its_report(
    member: Clerk, road: Road, line: Line, oumou: UUID, how: str
) -> None:
    member.does(interpreting.ask, line.id, REDACTED, "bm")
    if how == "forgotten":
        with road.store.writing() as session:
            forgetting.forget(session, road.now, road.rows(address.c.id)[0].id, "")
    else:
        member.does(desk.set_aside, line.id, "test")
    if how == "old":
        road.later(days=181)
        retention.enforce(road.store, road.now)
    assert _waiting(road, oumou) == []
    assert len(road.rows(translation_task.c.id)) == (1 if how == "done" else 0)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Lexicon.load(), Gazetteer.load())


def test_a_first_redaction_masks_names_numbers_and_places(reader: Reader) -> None:
    masked = reader.masked("M. Diallo de Konna, 34 ans, 76 12 34 56: le puits est sec", shipped())
    assert masked == "M. […] de […], […], […]: le puits est sec"
    assert reader.naming(masked, shipped()) == ()


def test_letters_that_no_list_reads_go_only_after_a_person_has_looked(reader: Reader) -> None:
    masked = reader.masked("قرية بوني تحتاج الماء والدواء", shipped())
    assert masked == "قرية […] تحتاج الماء والدواء"
    assert [mark.why for mark in reader.naming(masked, shipped())] == [Why.SCRIPT]
    assert {mark.why for mark in reader.naming("قرية بوني", shipped())} == {Why.PLACE, Why.SCRIPT}


def test_what_names_is_marked_and_what_happened_is_not(reader: Reader) -> None:
    assert reader.naming("attaque au village", shipped()) == ()
    assert [mark.words for mark in reader.naming("attaque à Konna", shipped())] == ["Konna"]
