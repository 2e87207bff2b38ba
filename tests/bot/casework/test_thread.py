"""Talking back: each answer is read against its own question, and nothing goes out against the wish or the hour."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from bot.casework import call_backs, closed, desk, incidents, search, thread
from bot.casework.betrayal import Why
from bot.casework.desk import Line
from bot.casework.telling.reach import Not
from bot.casework.thread import Betrays, Entry, NotReached, Unreviewed
from bot.conversation.templates import TEMPLATES
from bot.errors import NotAllowed, Stale
from bot.store.audit import Action
from bot.store.tables import DeskMessageStatus, ReportStatus, audit, desk_message
from tests.bot.casework.clerk import TAKEN, WELL, Clerk, times
from tests.chat import USUAL, Phone, Road

#: A stranger's report, told to its end: French, an answer today, a place, no call; and the same with a call by morning.
TOLD = (WELL, "1", "2", "Konna", "0")
MORNINGS = (WELL, "1", "2", "Konna", "2")


@pytest.fixture(autouse=True)
def _by_day(road: Road) -> None:
    road.now = road.now.replace(hour=10, minute=0)


@pytest.fixture
def line(road: Road, phone: Phone) -> Line:
    """A report told to its end."""
    return _told(road, phone)


def _told(road: Road, phone: Phone, said: tuple[str, ...] = TOLD) -> Line:
    for text in said:
        phone.says(text)
    return road.report()


def _asks(clerk: Clerk, line: Line, template: str, token: str = "token") -> Entry:
    entry: Entry = clerk.does(thread.ask, line.id, TEMPLATES[template], token, clerk.road.means)
    return entry


def _writes(clerk: Clerk, line: Line, text: str = "Merci", token: str = "token", **named: Any) -> Entry:
    entry: Entry = clerk.does(thread.reply, line.id, text, token, clerk.road.means, **named)
    return entry


def _mailbox(road: Road, number: str = "76000001") -> list[str]:
    road.deliver()
    return [note.text for note in road.wire.mailbox.take(number)]  # type: ignore[attr-defined]


def _clock(road: Road) -> int:
    return thread.send_waiting(road.store, road.now, road.means)


def _entries(clerk: Clerk, line: Line) -> list[Entry]:
    found: list[Entry] = clerk.asks(thread.entries, line.id)
    return found


# Questions and answers


@pytest.mark.parametrize(
    ("template", "said", "answer"),
    [
        ("happened", "2", "yesterday"),
        ("ongoing", "1", "yes"),
        ("ongoing", "oui", "yes"),
        ("ongoing", "0", None),
        ("people", "40", 40),
        ("arrived", "3", "no"),
        ("more", "tout le quartier attend", "tout le quartier attend"),
        ("call", "3", "afternoon"),
        ("consent", "2", "yes"),
        ("not_to", "le maire", "le maire"),
        ("not_to", "0", None),
    ],
)
def test_an_answer_is_read_against_its_question_and_kept(
    usual: Clerk, road: Road, phone: Phone, line: Line, template: str, said: str, answer: object
) -> None:
    usual.does(desk.mark_seen, line.id)
    _asks(usual, line, template)
    (asked,) = _mailbox(road)
    french = TEMPLATES[template].words(road.catalogues.translator("fr").gettext, "")
    assert asked == road.talks.as_shown(french, "fr", road.wire)
    assert _entries(usual, line)[0].answered_at is None
    phone.says(said)
    (entry,) = _entries(usual, line)
    assert (entry.template, entry.answer, entry.status) == (template, answer, DeskMessageStatus.SENT)
    assert entry.answered_at == road.now
    assert road.report().unread
    assert times(road, Action.REPORT_ANSWERED) == 1
    assert [text for who, text in road.conversation(line) if who == "they"][-1] == said


@pytest.mark.parametrize(("template", "words"), [("call", "bm"), ("arrived", "fr")])
def test_a_question_is_asked_in_the_language_of_the_person_or_whole_in_french(
    usual: Clerk, road: Road, phone: Phone, template: str, words: str
) -> None:
    """Bambara has all of one and a part of the other."""
    line = _told(road, phone, (WELL, "2", *TOLD[2:]))
    _asks(usual, line, template)
    (asked,) = _mailbox(road)
    gettext = road.catalogues.translator(words).gettext
    assert asked == road.talks.as_shown(TEMPLATES[template].words(gettext, ""), words, road.wire)


def test_what_is_asked_waits_while_the_person_answers_something_else(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _told(road, phone, TOLD[:3])
    assert _asks(usual, line, "ongoing").status is DeskMessageStatus.WAITING
    assert (_clock(road), _mailbox(road)) == (0, [])
    phone.says("Konna")
    assert phone.says("0")
    assert _clock(road) == 1
    phone.says("1")
    assert _entries(usual, line)[0].answer == "yes"
    assert road.report().place, "the answer that was under way went where it belongs"


def test_a_question_that_was_let_lie_keeps_no_other_waiting(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _told(road, phone, TOLD[:3])
    road.later(minutes=6)
    _asks(usual, line, "ongoing")
    phone.says("2")
    assert _entries(usual, line)[0].answer == "no"


def test_a_statement_leaves_the_open_question_open(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _told(road, phone, TOLD[:3])
    _asks(usual, line, "read")
    (said,) = _mailbox(road)
    assert said.startswith("Merci. Une personne a lu")
    phone.says("Konna")
    assert road.report().place


def test_a_later_question_takes_the_place_of_an_earlier_one(usual: Clerk, road: Road, phone: Phone, line: Line) -> None:
    _asks(usual, line, "ongoing", "a")
    road.later(minutes=6)
    _asks(usual, line, "arrived", "b")
    phone.says("3")
    first, second = _entries(usual, line)
    assert (first.answered_at, second.answer) == (None, "no")


def test_words_in_the_middle_of_a_question_join_the_report_and_it_is_asked_again(
    usual: Clerk, road: Road, phone: Phone, line: Line
) -> None:
    _asks(usual, line, "ongoing")
    phone.says("le forage est en panne aussi")
    assert "le forage est en panne" in str(road.report().narrative)
    phone.says("1")
    assert _entries(usual, line)[0].answer == "yes"


def test_an_answer_opens_a_report_that_was_done(usual: Clerk, road: Road, phone: Phone, line: Line) -> None:
    _asks(usual, line, "ongoing")
    usual.does(desk.set_aside, line.id, "unclear")
    phone.says("1")
    assert road.report().status is ReportStatus.RECEIVED


def test_who_may_be_called_stands_on_the_list_and_who_may_not_is_off_it(
    usual: Clerk, road: Road, phone: Phone, line: Line
) -> None:
    _asks(usual, line, "call", "a")
    phone.says("2")
    (task,) = usual.asks(call_backs.open_call_backs)
    assert (task.report_id, task.hour, road.report().call) == (line.id, "morning", "morning")
    _asks(usual, line, "call", "b")
    phone.says("0")
    assert (usual.asks(call_backs.open_call_backs), road.report().call) == ([], "no")


@pytest.mark.parametrize(("said", "consent"), [("1", "no"), ("2", "yes"), ("0", "no")])
def test_consent_is_asked_and_kept(usual: Clerk, road: Road, phone: Phone, line: Line, said: str, consent: str) -> None:
    assert road.report().consent is None
    _asks(usual, line, "consent")
    assert road.report().consent == "asked"
    phone.says(said)
    assert road.report().consent == consent
    _asks(usual, line, "consent", "again")
    assert road.report().consent == consent, "what was answered counts until it is answered otherwise"


def test_who_must_not_hear_of_it_stays_out_of_what_was_told(usual: Clerk, road: Road, phone: Phone, line: Line) -> None:
    _asks(usual, line, "not_to")
    phone.says("le chef du village voisin")
    assert road.report().narrative == line.narrative
    with road.store.writing() as session:
        search.index_new(session)
    with road.store.reading() as session:
        assert search.find(session, USUAL, search.Wanted(("voisin",))) == []


def test_an_answer_that_tells_of_something_is_told_too(usual: Clerk, road: Road, phone: Phone, line: Line) -> None:
    """Nobody's news get lost in an answer that the desk keeps for itself."""
    _asks(usual, line, "not_to")
    phone.says(TAKEN)
    assert road.report().closed_queue
    assert TAKEN in str(road.report().narrative)


def test_status_by_code_works_at_each_step(usual: Clerk, road: Road, phone: Phone, line: Line) -> None:
    code = phone.code
    seen = []

    def look(_done: object = None) -> None:
        road.deliver()
        phone.says(f"suivi {code}")
        seen.append(phone.hears)

    look()
    look(_asks(usual, line, "ongoing", "a"))
    look(phone.says("1"))
    look(_writes(usual, line, token="b"))
    look(usual.does(desk.close, line.id))
    assert [text.partition(":")[2].strip() for text in seen] == ["en cours."] * 4 + ["terminé."]


# The hour and the wish


def test_what_is_written_at_night_waits_for_the_hour_that_they_named(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _told(road, phone, MORNINGS)
    road.now = road.now.replace(hour=21)
    entry = _writes(usual, line)
    assert (entry.status, entry.send_at.hour, entry.send_at.date()) == (
        DeskMessageStatus.WAITING,
        7,
        road.now.date() + timedelta(days=1),
    )
    assert (_clock(road), _mailbox(road), road.report().status) == (0, [], ReportStatus.RECEIVED)
    assert _entries(usual, line)[0].text == "Merci"
    phone.says("menu")
    assert phone.hears, "what waits holds back no reply"
    road.now = entry.send_at
    assert _clock(road) == 1
    assert _mailbox(road) == ["Merci"]
    assert (_clock(road), _mailbox(road), road.report().status) == (0, ["Merci"], ReportStatus.ANSWERED)
    assert _entries(usual, line)[0].text is None


@pytest.mark.parametrize("what", ["reply", "question"])
def test_what_waits_can_be_taken_back(usual: Clerk, trusted: Clerk, road: Road, phone: Phone, what: str) -> None:
    line = _told(road, phone, MORNINGS)
    road.now = road.now.replace(hour=21)
    entry = _writes(usual, line) if what == "reply" else _asks(usual, line, "ongoing")
    trusted.does(thread.take_back, line.id, entry.id)
    with pytest.raises(Stale):
        usual.does(thread.take_back, line.id, entry.id)
    road.later(hours=12)
    assert (_clock(road), _mailbox(road)) == (0, [])
    assert _entries(usual, line)[0].text is None
    assert times(road, Action.MESSAGE_TAKEN_BACK) == 1


def test_what_has_gone_out_is_not_taken_back(usual: Clerk, line: Line) -> None:
    entry = _writes(usual, line)
    with pytest.raises(Stale):
        usual.does(thread.take_back, line.id, entry.id)


@pytest.mark.parametrize("wish", ["stop", "oubliez-moi", "closed"])
def test_what_waits_is_not_sent_against_a_wish_that_came_since(
    usual: Clerk, trusted: Clerk, road: Road, phone: Phone, wish: str
) -> None:
    line = _told(road, phone, MORNINGS)
    road.now = road.now.replace(hour=21)
    _writes(usual, line)
    if wish == "closed":
        usual.does(closed.send, line.id)
    else:
        phone.says(wish)
    road.later(hours=12)
    assert (_clock(road), _mailbox(road)) == (0, [])
    (entry,) = _entries(trusted, line)
    assert (entry.status, entry.text) == (DeskMessageStatus.DROPPED, None)
    assert entry.status is DeskMessageStatus.DROPPED


@pytest.mark.parametrize("end", ["close", "set_aside", "of its event"])
def test_a_question_that_waits_is_not_asked_of_a_report_that_is_done(
    usual: Clerk, road: Road, phone: Phone, end: str
) -> None:
    line = _told(road, phone, MORNINGS)
    road.now = road.now.replace(hour=21)
    _asks(usual, line, "ongoing")
    _writes(usual, line, token="another")
    if end == "close":
        usual.does(desk.close, line.id)
    elif end == "set_aside":
        usual.does(desk.set_aside, line.id, "test")
    else:
        usual.does(incidents.close, usual.does(incidents.join, line.id, []))
    assert [each.status for each in _entries(usual, line)] == [DeskMessageStatus.OVERTAKEN, DeskMessageStatus.WAITING]
    assert times(road, Action.MESSAGE_TAKEN_BACK) == 1
    road.later(hours=12)
    assert _clock(road) == 1
    assert _mailbox(road)[:1] == ["Merci"], "a reply is no question, and still goes"
    assert road.report().status is (ReportStatus.SET_ASIDE if end == "set_aside" else ReportStatus.CLOSED)
    usual.does(desk.take_back, line.id)
    assert _asks(usual, line, "ongoing", "a third").status is not DeskMessageStatus.OVERTAKEN


def test_a_clock_that_was_away_waits_for_the_next_hour(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _told(road, phone, MORNINGS)
    road.now = road.now.replace(hour=21)
    _writes(usual, line)
    road.now = road.now.replace(hour=15) + timedelta(days=1)
    assert (_clock(road), _mailbox(road)) == (0, [])
    assert _entries(usual, line)[0].send_at.hour == 7
    road.later(hours=16)
    assert _clock(road) == 1


@pytest.mark.parametrize(
    ("said", "passed", "why"),
    [
        ((WELL, "1", "4"), timedelta(minutes=1), Not.NO_NEED),
        ((WELL, "1", "0"), timedelta(hours=25), Not.NOT_AGREED),
        ((WELL,), timedelta(hours=25), Not.NOT_AGREED),
        ((*TOLD, "stop"), timedelta(minutes=1), Not.STOPPED),
        ((*TOLD, "oubliez-moi"), timedelta(minutes=1), Not.GONE),
    ],
)
def test_who_did_not_agree_is_neither_written_to_nor_asked(
    usual: Clerk, road: Road, phone: Phone, said: tuple[str, ...], passed: timedelta, why: Not
) -> None:
    line = _told(road, phone, said)
    road.now += passed
    before = len(road.outbox())
    for act in (_writes, lambda clerk, line: _asks(clerk, line, "read")):
        with pytest.raises(NotReached) as refused:
            act(usual, line)
        assert refused.value.why is why
    assert (len(road.outbox()), road.rows(desk_message)) == (before, [])
    with road.store.reading() as session:
        assert thread.reachable(session, road.now, line.id).why is why


def test_who_agreed_is_written_to_however_long_ago_they_wrote(usual: Clerk, road: Road, line: Line) -> None:
    road.later(days=20)
    assert _writes(usual, line).status is DeskMessageStatus.SENT


def test_two_clocks_at_once_send_once(usual: Clerk, road: Road, phone: Phone) -> None:
    line = _told(road, phone, MORNINGS)
    road.now = road.now.replace(hour=21)
    _asks(usual, line, "ongoing")
    road.later(hours=11)
    start, sent = threading.Barrier(2), []

    def run() -> None:
        start.wait(10)
        sent.append(_clock(road))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert sorted(sent) == [0, 1]
    assert len(_mailbox(road)) == 1


def test_what_stands_in_the_outbox_already_is_not_sent_again(usual: Clerk, road: Road, phone: Phone) -> None:
    """A database that was restored to before the clock had sent it."""
    line = _told(road, phone, MORNINGS)
    road.now = road.now.replace(hour=21)
    entry = _writes(usual, line)
    (kept,) = road.rows(desk_message)
    road.later(hours=11)
    assert _clock(road) == 1
    with road.store.writing() as session:
        session.run(desk_message.update().where(desk_message.c.id == entry.id).values(status="waiting", text=kept.text))
    assert _clock(road) == 0
    assert _mailbox(road) == ["Merci"]
    assert _entries(usual, line)[0].status is DeskMessageStatus.SENT


# What a text would betray


@pytest.mark.parametrize(
    ("text", "why"),
    [("l'attaque est connue", Why.KIND), ("venez a Bandiagara", Why.PLACE), ("appelez le 76123456", Why.NUMBER)],
)
def test_what_would_betray_something_goes_on_purpose_alone(
    usual: Clerk, road: Road, line: Line, text: str, why: Why
) -> None:
    with pytest.raises(Betrays) as refused:
        _writes(usual, line, text)
    assert why in {mark.why for mark in refused.value.marks}
    assert _mailbox(road) == []
    _writes(usual, line, text, on_purpose=True)
    assert _mailbox(road) == [text]
    (entry,) = [row for row in road.rows(audit) if row.action == "report.replied"]
    assert why.value in entry.detail["marked"]
    assert text not in str(entry.detail)


def test_what_befell_somebody_is_never_written(usual: Clerk, trusted: Clerk, road: Road, line: Line) -> None:
    for clerk in (usual, trusted):
        with pytest.raises(Betrays) as refused:
            _writes(clerk, line, "votre fils enleve est connu de nous", on_purpose=True)
        assert refused.value.never
    assert _mailbox(road) == []


@pytest.mark.parametrize(
    ("language", "written_in", "why"),
    [("2", "fr", Why.LANGUAGE), ("2", "bm", Why.UNREVIEWED), ("1", "fr", None), ("1", "bm", Why.LANGUAGE)],
)
def test_a_language_that_is_not_theirs_or_that_nobody_reviewed_goes_on_purpose_alone(
    usual: Clerk, road: Road, phone: Phone, language: str, written_in: str, why: Why | None
) -> None:
    line = _told(road, phone, (WELL, language, *TOLD[2:]))
    if why is None:
        _writes(usual, line, written_in=written_in)
        return
    with pytest.raises(Betrays) as refused:
        _writes(usual, line, written_in=written_in)
    assert [mark.why for mark in refused.value.marks] == [why]
    _writes(usual, line, written_in=written_in, on_purpose=True)


# The closed queue


@pytest.fixture
def sheltered(road: Road, phone: Phone) -> Line:
    """A report of the closed queue whose person wants an answer."""
    return _told(road, phone, (TAKEN, *TOLD[1:]))


def test_only_reviewed_words_of_support_go_to_who_has_just_come_back(
    trusted: Clerk, road: Road, sheltered: Line
) -> None:
    with pytest.raises(Unreviewed):
        _writes(trusted, sheltered, on_purpose=True)
    for template in TEMPLATES.values():
        if template.support:
            _asks(trusted, sheltered, template.key, template.key)
            road.later(minutes=6)
        else:
            with pytest.raises(Unreviewed):
                _asks(trusted, sheltered, template.key)
    assert len(_mailbox(road)) == 3


def test_a_draft_does_not_go_to_the_closed_queue(trusted: Clerk, road: Road, phone: Phone) -> None:
    line = _told(road, phone, (TAKEN, "2", *TOLD[2:]))
    drafted = [key for key, each in TEMPLATES.items() if each.support and thread.supports(road.catalogues, each, "bm")]
    for key, template in TEMPLATES.items():
        if template.support and key not in drafted:
            with pytest.raises(Unreviewed):
                _asks(trusted, line, key)
    assert "numbers" not in drafted


def test_nobody_else_may_write_to_them_and_after_a_day_nobody(
    usual: Clerk, trusted: Clerk, road: Road, phone: Phone, sheltered: Line
) -> None:
    for act in (_writes, lambda clerk, line: _asks(clerk, line, "read")):
        with pytest.raises(NotAllowed):
            act(usual, sheltered)
    assert usual.asks(thread.entries, sheltered.id) == []
    road.later(hours=25)
    with pytest.raises(NotReached) as refused:
        _asks(trusted, sheltered, "read")
    assert refused.value.why is Not.SHELTERED
    assert _mailbox(road) == []
    phone.says("bonjour")
    assert _asks(trusted, sheltered, "read").status is DeskMessageStatus.SENT, "they have come back"


def test_nothing_of_what_was_written_and_answered_outlives_forgetting(
    trusted: Clerk, road: Road, phone: Phone, line: Line
) -> None:
    _asks(trusted, line, "not_to")
    phone.says("le maire")
    phone.says("oubliez-moi")
    assert [(row.text, row.answer) for row in road.rows(desk_message)] == [(None, None)]
    assert trusted.asks(thread.entries, line.id)[0].answer is None
