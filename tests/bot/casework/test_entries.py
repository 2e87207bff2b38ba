"""What a clerk enters for somebody else: sealed like any report, bound to the number that was given, silent."""

import threading
from uuid import UUID

import pytest

from bot.casework import desk, entries, search, thread
from bot.casework.entries import Behalf, Entered, Told
from bot.casework.telling.reach import Not, When
from bot.conversation.kinds import Kind
from bot.conversation.lexicon import Lexicon
from bot.errors import NotAllowed
from bot.people.addresses import Telephone
from bot.store.audit import Action
from bot.store.tables import ReportStatus, address, audit, message, report, talk
from tests.bot.casework.clerk import TAKEN, WELL, Clerk
from tests.chat import Phone, Road

_LEXICON = Lexicon.load()
KONNA = "kun:mopti/mopti/konna"


def _enter(clerk: Clerk, text: str = WELL, **known: object) -> Entered:
    told = Told(Behalf.CALLER, text, **{"urgency": 2, **known})  # type: ignore[arg-type]
    entered: Entered = clerk.does(entries.enter, told, _LEXICON.suggest(text), "simulator")
    return entered


def _why(road: Road, report_id: UUID) -> When | Not:
    """Whether its person may be written to, and why."""
    with road.store.reading() as session:
        return thread.reachable(session, road.now, report_id).why


def test_what_was_told_is_a_report_that_the_desk_works_on(usual: Clerk, road: Road) -> None:
    entered = _enter(usual, kind=Kind.NEED, place=KONNA, language="bm")
    line = road.report()
    assert (line.id, line.narrative, line.channel, line.language) == (entered.id, WELL, "desk", "bm")
    assert (line.kind, line.urgency, line.place, line.place_confirmed) == (Kind.NEED, 2, KONNA, True)
    assert (line.status, line.unread, line.closed_queue) == (ReportStatus.TRIAGED, True, False)
    assert road.conversation(line) == [("they", WELL)]
    entry = next(each for each in road.rows(audit) if each.action == Action.REPORT_ENTERED)
    assert (entry.actor, entry.subject, entry.detail) == (usual.seat.actor, str(line.id), {"behalf": "caller"})
    assert road.outbox() == []


def test_a_kind_that_nobody_decided_is_suggested_by_the_words(usual: Clerk, road: Road) -> None:
    _enter(usual, "attaque a konna des gens armes")
    line = road.report()
    assert (line.status, line.kind, line.suggested_kind) == (ReportStatus.RECEIVED, None, Kind.ATTACK)


@pytest.mark.parametrize(("text", "kind"), [(WELL, Kind.CHILD), (TAKEN, None), (TAKEN, Kind.NEED)])
def test_what_belongs_to_the_closed_queue_lands_there_whoever_enters_it(
    usual: Clerk, trusted: Clerk, road: Road, text: str, kind: Kind | None
) -> None:
    entered = _enter(usual, text, kind=kind)
    assert entered.closed_queue
    assert usual.asks(desk.look, entered.id) is None
    assert trusted.asks(desk.look, entered.id).narrative == text


def test_whoever_gave_a_number_asks_from_that_telephone_and_nobody_from_another(
    usual: Clerk, road: Road, phone: Phone
) -> None:
    entered = _enter(usual, address=phone.address)
    assert phone.says(f"suivi {entered.code}") == f"No {entered.code}: en cours."
    assert "en cours" not in (road.phone("76000002").says(f"suivi {entered.code}") or "")


def test_a_number_that_wrote_before_is_the_same_address(usual: Clerk, road: Road, phone: Phone) -> None:
    phone.says(WELL)
    _enter(usual, "la pompe aussi", address=phone.address)
    assert len(road.rows(address.c.id)) == 1
    (row,) = road.rows(report.c.address_id, channel="desk")
    assert row.address_id == road.rows(address.c.id)[0].id


def test_a_number_that_is_entered_twice_at_one_instant_is_one_address(usual: Clerk, trusted: Clerk, road: Road) -> None:
    failures: list[BaseException] = []

    def run(clerk: Clerk) -> None:
        try:
            _enter(clerk, address="sim:76000009")
        except BaseException as failure:  # noqa: BLE001 - carried over to the test's own thread
            failures.append(failure)

    both = [threading.Thread(target=run, args=(clerk,)) for clerk in (usual, trusted)]
    for each in both:
        each.start()
    for each in both:
        each.join(30)
    assert failures == []
    assert (len(road.rows(address.c.id)), len(road.reports())) == (1, 2)


def test_who_agreed_is_written_to_and_who_did_not_is_not(usual: Clerk, road: Road, phone: Phone) -> None:
    road.now = road.now.replace(hour=10)
    agreed = _enter(usual, address=phone.address, answer_needed="week")
    assert _why(road, agreed.id) in set(When)
    assert usual.does(thread.reply, agreed.id, "Merci", "a" * 24, road.means).channel == "simulator"
    for known in ({"address": phone.address}, {}):
        entered = _enter(usual, **known)
        assert _why(road, entered.id) is Not.UNASKED
        with pytest.raises(NotAllowed):
            usual.does(thread.reply, entered.id, "Merci", "b" * 24, road.means)
    assert len(road.outbox()) == 1


def test_entering_a_number_does_not_tell_whether_it_said_stop_or_who_it_is(
    usual: Clerk, road: Road, phone: Phone
) -> None:
    phone.says("stop")
    stopped = _enter(usual, address=phone.address, answer_needed="now")
    stranger = _enter(usual, address="sim:76000002")
    assert _why(road, stopped.id) is _why(road, stranger.id) is Not.UNASKED
    with pytest.raises(NotAllowed):
        usual.does(thread.reply, stopped.id, "Merci", "a" * 24, road.means)


def test_who_may_be_called_is_a_task_of_the_clerks_asking(usual: Clerk, road: Road) -> None:
    _enter(usual, address="sim:76000001", call="morning", language="bm")
    (task,) = road.call_backs()
    assert (task.hour, task.language, task.report_id) == ("morning", "bm", road.report().id)
    entry = next(each for each in road.rows(audit) if each.action == Action.CALL_BACK_ASKED)
    assert entry.actor == usual.seat.actor


def test_without_a_number_there_is_neither_a_call_nor_an_answer(usual: Clerk, road: Road) -> None:
    _enter(usual, call="now", answer_needed="now")
    line = road.report()
    assert (line.call, line.answer_needed, road.call_backs()) == (None, "none", [])


def test_it_is_found_by_its_number_and_its_words(usual: Clerk, road: Road) -> None:
    entered = _enter(usual, "le puits de Konna est sec")
    with road.store.writing() as session:
        search.index_new(session)
    for words in (entered.code, "konna"):
        (line,) = usual.asks(search.find, search.Wanted(words=(words,)))
        assert line.id == entered.id


def test_of_two_reports_of_one_number_none_has_the_others_code(usual: Clerk, road: Road) -> None:
    codes = {_enter(usual, address="sim:76000001").code for _ in range(40)}
    assert len(codes) == 40


def test_forget_me_takes_what_was_told_at_the_desk_too(usual: Clerk, road: Road, phone: Phone) -> None:
    _enter(usual, address=phone.address)
    phone.says("oubliez-moi")
    (row,) = road.rows(report.c.narrative, report.c.address_id)
    assert (row.narrative, row.address_id) == (None, None)
    assert {each.body for each in road.rows(message.c.body, channel="desk")} == {None}
    assert {each.data_key for each in road.rows(talk.c.data_key, flow="desk")} == {None}


def test_nothing_that_was_told_is_kept_in_clear(usual: Clerk, road: Road) -> None:
    _enter(usual, "Zanzibarkatou", address="sim:76543210")
    everything = repr([road.rows(table) for table in (address, talk, message, report, audit)])
    assert "Zanzibarkatou" not in everything
    assert "76543210" not in everything


@pytest.mark.parametrize(
    ("typed", "uri"),
    [
        ("76 12 34 56", "tel:+22376123456"), ("+223 76123456", "tel:+22376123456"), ("0022376123456", "tel:+22376123456"),
        ("٧٦١٢٣٤٥٦", "tel:+22376123456"), ("+33 6 12 34 56 78", "tel:+33612345678"), ("76-12-34-56", "tel:+22376123456"),
        ("", None), ("x", None), ("1234", None), ("761234567890123", None), ("+", None), ("Awa", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(typed: str, uri: str | None) -> None:
    assert Telephone("tel", "twilio-sms").address(typed) == uri
