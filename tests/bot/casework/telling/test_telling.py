"""Who agreed is told once, by itself, when it can be taken back no more; nobody else is ever written to."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.casework import desk
from bot.casework.desk import Line
from bot.casework.telling import telling
from bot.casework.telling.telling import THINKING
from bot.conversation.kinds import Kind
from bot.errors import Stale
from bot.store.audit import Action
from bot.store.tables import ReportStatus, Veracity, report
from tests.bot.casework.clerk import WELL, Clerk, times
from tests.chat import TRUSTED, Phone, Road

#: A stranger asks whether something is true and wants to be told; the same without wanting it.
WANTS = ("bonjour", "5", "on dit que le pont est coupe", "1", "1")
WANTS_NOT = (*WANTS[:-1], "2")


@pytest.fixture(autouse=True)
def _by_day(road: Road) -> None:
    road.now = road.now.replace(hour=10)


def _asked(road: Road, phone: Phone, said: tuple[str, ...] = WANTS) -> Line:
    for text in said:
        phone.says(text)
    return road.report()


def _tell(road: Road, **later: float) -> list[str]:
    """Let the clock speak after this time, and what the phone then gets unasked."""
    road.later(**(later or {"seconds": THINKING.total_seconds()}))
    heard = len(_mailbox(road))
    telling.tell_all(road.store, road.now, road.talks, {road.wire.name: road.wire})
    road.deliver()
    return _mailbox(road)[heard:]


def _mailbox(road: Road) -> list[str]:
    return [note.text for note in road.wire.mailbox.take("76000001")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("veracity", "words"),
    [
        (Veracity.CONFIRMED_TRUE, "c'est vrai"),
        (Veracity.CONFIRMED_FALSE, "c'est faux"),
        (Veracity.CANNOT_BE_CHECKED, "ni vrai"),
    ],
)
def test_who_asked_whether_it_is_true_is_told_once(
    usual: Clerk, road: Road, phone: Phone, veracity: Veracity, words: str
) -> None:
    line = _asked(road, phone)
    usual.does(desk.judge, line.id, veracity)
    assert _tell(road, seconds=60) == [], "the desk may still think again"
    (text,) = _tell(road)
    assert words in text.lower()
    assert phone.code in text
    assert "pont" not in text
    assert _tell(road, hours=1) == []
    assert times(road, Action.REPORT_TOLD) == 1
    phone.says(f"suivi {phone.code}")
    assert phone.hears == text, "STATUS says the same"


def test_a_veracity_that_changes_in_time_is_told_as_it_stands_and_later_as_a_correction(
    usual: Clerk, road: Road, phone: Phone
) -> None:
    line = _asked(road, phone)
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_TRUE)
    road.later(seconds=100)
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_FALSE)
    assert _tell(road, seconds=60) == []
    assert ["faux" in text for text in _tell(road)] == [True]
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_FALSE)
    assert _tell(road) == [], "nothing has changed"
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_TRUE)
    assert ["vrai" in text for text in _tell(road)] == [True]


def test_what_is_checked_again_in_time_is_not_told(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _asked(road, phone)
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_TRUE)
    usual.does(desk.judge, line.id, Veracity.UNDER_CHECK)
    assert _tell(road) == []
    assert _tell(road, hours=24) == []


@pytest.mark.parametrize("said", [WANTS_NOT, (*WANTS[:-1], "0")])
def test_who_did_not_agree_hears_it_by_status_alone(
    usual: Clerk, road: Road, phone: Phone, said: tuple[str, ...]
) -> None:
    line = _asked(road, phone, said)
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_TRUE)
    usual.does(desk.close, line.id)
    assert _tell(road) == []
    phone.says(f"suivi {phone.code}")
    assert "vrai" in phone.hears


def test_who_agreed_is_asked_whether_it_helped(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _asked(road, phone)
    usual.does(desk.close, line.id)
    (text,) = _tell(road)
    assert text.startswith(f"No {phone.code}: c'est fait.")
    phone.says("1")
    assert "Merci" in phone.hears
    assert (road.report().helped, road.report().status) == ("yes", ReportStatus.CLOSED)


def test_who_was_not_helped_is_heard_again_under_the_same_number(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _asked(road, phone)
    usual.does(desk.close, line.id)
    _tell(road)
    for said in ("3", "attaque a konna cette nuit"):
        phone.says(said)
    again = road.report()
    assert (again.id, again.helped, again.status, again.unread) == (line.id, "no", ReportStatus.RECEIVED, True)
    assert "attaque a konna cette nuit" in str(again.narrative)
    assert again.urgency == 1, "what is missing may be urgent"
    assert len(road.conversation(again)) > len(WANTS), "both talks are its conversation"


def test_who_was_not_helped_and_says_no_more_is_in_the_inbox_too(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _asked(road, phone)
    usual.does(desk.close, line.id)
    _tell(road)
    for said in ("3", "0"):
        phone.says(said)
    assert (road.report().status, road.report().narrative) == (ReportStatus.RECEIVED, line.narrative)


def test_a_closing_that_is_taken_back_in_time_is_not_told(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _asked(road, phone)
    usual.does(desk.close, line.id)
    with pytest.raises(Stale):
        usual.does(desk.close, line.id)
    usual.does(desk.take_back, line.id)
    with pytest.raises(Stale):
        usual.does(desk.take_back, line.id)
    assert _tell(road) == []
    assert road.report().tell is None


@pytest.mark.parametrize("word", ["STOP", "oubliez-moi"])
def test_who_wants_no_messages_gets_none(usual: Clerk, road: Road, phone: Phone, word: str) -> None:
    line = _asked(road, phone)
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_TRUE)
    phone.says(word)
    assert _tell(road) == []
    assert _tell(road, hours=24) == []
    assert times(road, Action.REPORT_TOLD) == 0


def test_nobody_of_the_closed_queue_is_written_to(road: Road, phone: Phone) -> None:
    clerk = Clerk(road, TRUSTED)
    line = _asked(road, phone)
    clerk.does(desk.judge, line.id, Veracity.CONFIRMED_TRUE)
    clerk.does(desk.confirm, line.id, kind=Kind.CHILD, place=None, urgency=1)
    clerk.does(desk.close, line.id)
    assert _tell(road) == []


def test_at_night_nobody_is_told_but_who_needs_it_right_away(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _asked(road, phone)
    road.now = road.now.replace(hour=22)
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_TRUE)
    assert _tell(road) == []
    with road.store.writing() as session:
        session.run(update(report).values(answer_needed="now"))
    assert len(_tell(road)) == 1


def test_an_hour_that_was_named_is_kept(usual: Clerk, road: Road, phone: Phone) -> None:
    for said in (WELL, "1", "2", "Konna", "3"):  # an answer today; a call in the afternoon
        phone.says(said)
    usual.does(desk.close, road.report().id)
    assert _tell(road) == []
    assert len(_tell(road, hours=4)) == 1


def test_who_has_a_question_open_is_asked_later(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _asked(road, phone)
    phone.says("menu")
    usual.does(desk.close, line.id)
    assert _tell(road) == []
    phone.says("2")
    phone.says("0")
    assert len(_tell(road)) == 1


def test_two_clocks_at_once_tell_once(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _asked(road, phone)
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_TRUE)
    road.later(minutes=5)
    start, told = threading.Barrier(2), []

    def run() -> None:
        start.wait(10)
        told.append(telling.tell_all(road.store, road.now, road.talks, {road.wire.name: road.wire}))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == [0, 1]


def test_what_stands_in_the_outbox_is_not_told_again_and_keeps_nobody_waiting(
    usual: Clerk, road: Road, phone: Phone
) -> None:
    """A clock that was restored to before it told: the cause in the outbox is there once, and the next one is told."""
    line = _asked(road, phone)
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_TRUE)
    (before,) = road.rows(report.c.tell_at)
    assert len(_tell(road)) == 1
    with road.store.writing() as session:
        session.run(update(report).values(tell="verdict", tell_at=before.tell_at))
    other = road.phone("76000002")
    for said in WANTS:
        other.says(said)
    (second,) = [each for each in road.reports() if each.id != line.id]
    usual.does(desk.judge, second.id, Veracity.CONFIRMED_TRUE)
    assert _tell(road) == []
    assert len(road.wire.mailbox.take("76000002")) == 1  # type: ignore[attr-defined]
    assert {each.tell for each in road.reports()} == {None}


def test_a_clock_that_forgets_what_it_has_told_is_found_out(usual: Clerk, road: Road, phone: Phone) -> None:
    """The negative control: with another cause each time, the same telling would arrive twice."""
    line = _asked(road, phone)
    usual.does(desk.judge, line.id, Veracity.CONFIRMED_TRUE)
    (before,) = road.rows(report.c.tell_at)
    assert len(_tell(road)) == 1
    with road.store.writing() as session:
        session.run(update(report).values(tell="verdict", tell_at=before.tell_at - timedelta(seconds=1)))
    assert len(_tell(road)) == 1
