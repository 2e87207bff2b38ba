"""Reports: what a person adds, and what their answers change; never less urgent, never over what the desk decided."""

import pytest
from sqlalchemy import update

from bot.casework import desk, reports
from bot.casework.reports import Filing
from bot.conversation.kinds import Kind
from bot.conversation.lexicon import Lexicon
from bot.conversation.outcomes import ReportSoFar
from bot.store.audit import Action
from bot.store.tables import ReportStatus, address, report
from bot.store.types import new_id
from tests.bot.casework.clerk import ATTACK, TAKEN, WELL, Clerk, times
from tests.chat import Phone, Road

_LEXICON = Lexicon.load()

KONNA, MOPTI = "kun:mopti/mopti/konna", "kun:mopti/mopti/mopti"


def _draft(road: Road, urgency: int = 3, **so_far: str) -> None:
    road.later(seconds=1)
    with road.store.writing() as session:
        reports.update_draft(session, road.now, road.report().id, ReportSoFar(**so_far), urgency)


def _complete(road: Road, call: str | None) -> None:
    line, (sender,) = road.report(), road.rows(address.c.id)
    (row,) = road.rows(report.c.talk_id)
    with road.store.writing() as session:
        so_far = ReportSoFar(language="bm", call=call)
        reports.complete(session, road.now, line.id, sender.id, row.talk_id, so_far)


@pytest.mark.parametrize(
    ("kind", "needed", "urgency"),
    [
        (None, None, 3), (Kind.ATTACK, None, 1), (Kind.ATTACK, "none", 1), (Kind.IDEA, None, 4), (Kind.IDEA, "now", 2),
        (Kind.IDEA, "today", 3), (Kind.IDEA, "week", 4), (Kind.ROAD, "today", 2),
    ],
)  # fmt: skip
def test_the_first_urgency_is_that_of_the_kind_or_of_who_needs_an_answer(
    kind: Kind | None, needed: str | None, urgency: int
) -> None:
    filing = Filing(new_id(), WELL, _LEXICON.suggest(WELL), "12345", kind=kind, answer_needed=needed)
    assert filing.urgency == urgency


# More words


@pytest.mark.parametrize(("first", "more"), [(WELL, ATTACK), (ATTACK, WELL)])
def test_more_words_may_raise_the_urgency_and_never_lower_it(road: Road, phone: Phone, first: str, more: str) -> None:
    phone.says(first)
    phone.says(more)
    assert road.report().urgency == 1
    assert road.report().narrative == f"{first}\n{more}"
    assert times(road, Action.REPORT_ADDED_TO) == 1


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (ReportStatus.CLOSED, ReportStatus.RECEIVED),
        (ReportStatus.SET_ASIDE, ReportStatus.RECEIVED),
        (ReportStatus.TRIAGED, ReportStatus.TRIAGED),
        (ReportStatus.ANSWERED, ReportStatus.ANSWERED),
    ],
)
def test_more_words_open_a_report_again_that_was_done(
    road: Road, phone: Phone, status: ReportStatus, after: ReportStatus
) -> None:
    phone.says(WELL)
    with road.store.writing() as session:
        session.run(update(report).values(status=status.value, seen_at=road.now))
    phone.says("et les animaux meurent de soif")
    assert (road.report().status, road.report().unread) == (after, True)


def test_more_words_take_a_report_to_the_closed_queue_and_none_take_it_out(road: Road, phone: Phone) -> None:
    phone.says(WELL)
    assert not road.report().closed_queue
    for text in (TAKEN, "le puits est toujours sec"):
        phone.says(text)
        assert road.report().closed_queue


def test_words_added_after_the_text_was_erased_begin_it_anew(road: Road, phone: Phone) -> None:
    phone.says(WELL)
    with road.store.writing() as session:
        session.run(update(report).values(narrative=None))
    phone.says(ATTACK)
    assert road.report().narrative == ATTACK


# Answers


def test_answers_are_in_the_report_before_the_last_question(road: Road, phone: Phone) -> None:
    phone.says(WELL)
    _draft(road, language="bm", answer_needed="now", place=KONNA, call="morning")
    line = road.report()
    assert (line.language, line.answer_needed, line.place, line.call) == ("bm", "now", KONNA, "morning")
    assert (line.urgency, line.place_confirmed) == (2, False)


def test_an_answer_not_given_takes_nothing_away(road: Road, phone: Phone) -> None:
    phone.says(WELL)
    _draft(road, language="bm", answer_needed="now", place=KONNA, call="morning")
    before = road.report()
    _draft(road)
    after = road.report()
    assert (after.language, after.answer_needed, after.place, after.call) == ("bm", "now", KONNA, "morning")
    assert (after.urgency, before.urgency) == (2, 2)


@pytest.mark.parametrize("place", [KONNA, None])
def test_answers_do_not_change_what_a_person_decided(usual: Clerk, road: Road, phone: Phone, place: str | None) -> None:
    phone.says(WELL)
    usual.does(desk.confirm, road.report().id, kind=Kind.NEED, place=place, urgency=4)
    _draft(road, place=MOPTI, answer_needed="now", call="evening")
    line = road.report()
    assert (line.kind, line.place, line.place_confirmed, line.urgency) == (Kind.NEED, place, place is not None, 4)
    assert (line.answer_needed, line.call) == ("now", "evening"), "what only the sender can know is still taken"


@pytest.mark.parametrize(("call", "tasks"), [("morning", 1), ("now", 1), ("no", 0), (None, 0)])
def test_who_may_be_called_becomes_a_task_once_all_is_told(
    trusted: Clerk, road: Road, phone: Phone, call: str | None, tasks: int
) -> None:
    phone.says(WELL)
    _complete(road, call)
    assert [(task.hour, task.language, task.report_id) for task in road.call_backs()] == [
        (call, "bm", road.report().id)
    ] * tasks
    assert times(road, Action.REPORT_COMPLETED) == 1


def test_the_latest_report_of_an_address_is_its_own_newest(road: Road) -> None:
    one, other = road.phone("76000001"), road.phone("76000002")
    one.says("3 2 Konna")
    one.says("7 1 Mopti")
    other.says(WELL)
    (mine,) = [row.id for row in road.rows(address.c.id, address.c.hash) if row.hash == _hash(road, one)]
    with road.store.reading() as session:
        found = reports.latest(session, mine)
        assert reports.latest(session, new_id()) is None
    assert found.id == next(line.id for line in road.reports() if line.place == MOPTI)


def _hash(road: Road, phone: Phone) -> bytes:
    return road.store.keys.blind("address", phone.address)
