"""Retention: what was told goes when its time is over, for good, and nothing that is still needed goes with it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import staff
from bot.casework import desk, search, thread
from bot.casework.keeping import retention
from bot.casework.keeping.retention import Kept, NoPeriod
from bot.clock import keep_no_longer
from bot.errors import NotAllowed
from bot.messages import Inbound
from bot.store.audit import Action
from bot.store.spool import Spool
from bot.store.tables import address, call_back, message, outbox, report, report_word, talk
from tests.bot.casework.clerk import ATTACK, TAKEN, Clerk, times
from tests.chat import Phone, Road
from tests.words import asks_language


@pytest.fixture
def told(phone: Phone) -> Phone:
    """A phone that has told of something and agreed to a call."""
    for said in (ATTACK, "1", "2", "1"):
        phone.says(said)
    return phone


def _enforce(road: Road, **passed: float) -> dict[str, int]:
    road.later(**passed)
    return dict(retention.enforce(road.store, road.now))


def _close(clerk: Clerk, road: Road) -> None:
    for line in road.reports():
        clerk.does(desk.close, line.id)
    with road.store.writing() as session:
        session.run(update(outbox).values(status="delivered"))


def _numbers(road: Road) -> list[Any]:
    return [row.sealed for row in road.rows(address) if row.sealed is not None]


def test_nothing_leads_from_a_closed_report_to_the_telephone_after_thirty_days(
    trusted: Clerk, told: Phone, road: Road
) -> None:
    _close(trusted, road)
    assert _enforce(road, days=29.9) == {}
    assert _enforce(road, days=0.2)["link"] == 1
    (person,) = road.rows(address.c.id, kind="sim")
    assert person.id not in {row.address_id for row in road.rows(report.c.address_id)}
    assert person.id not in {row.address_id for row in road.rows(talk.c.address_id, talk.c.report_id) if row.report_id}
    of_report = {row.id for row in road.rows(talk.c.id, talk.c.report_id) if row.report_id}
    messages = {row.id for row in road.rows(message.c.id, message.c.talk_id) if row.talk_id in of_report}
    assert person.id not in {row.address_id for row in road.rows(outbox) if row.message_id in messages}
    assert [row.address_id for row in road.rows(call_back.c.address_id)] == [None]
    assert road.call_backs() == []
    line = road.report()
    assert (line.narrative, line.kind or line.suggested_kind) == (ATTACK, "attack"), "the words have their own time"
    with pytest.raises(NotAllowed):
        trusted.does(thread.reply, line.id, "Merci", "a" * 24, trusted.road.means)
    assert times(road, Action.REPORT_UNLINKED) == 1


def test_the_number_that_was_given_opens_nothing_any_more(trusted: Clerk, told: Phone, road: Road) -> None:
    code = told.code
    _close(trusted, road)
    assert "terminé" in (told.says(f"suivi {code}") or "")
    _enforce(road, days=31)
    assert "terminé" not in (told.says(f"suivi {code}") or "")


def test_what_is_open_is_kept_however_old_it_is(told: Phone, road: Road) -> None:
    assert _enforce(road, days=400) == {}
    assert road.report().narrative == ATTACK
    with road.store.reading() as session:
        assert retention.overdue(session, road.now) == 1


def test_the_closed_queue_forgets_who_told_a_day_after_its_end(trusted: Clerk, phone: Phone, road: Road) -> None:
    phone.says(TAKEN)
    _close(trusted, road)
    assert _enforce(road, days=1.1)["closed_link"] == 1


def test_the_words_go_after_half_a_year_and_the_event_stays(trusted: Clerk, told: Phone, road: Road) -> None:
    with road.store.writing() as session:
        search.index_new(session)
    assert road.rows(report_word)
    _close(trusted, road)
    assert _enforce(road, days=181)["text"] == 1
    line = road.report()
    assert (line.narrative, line.suggested_kind, line.urgency) == (None, "attack", 1)
    assert {text for _, text in road.conversation(line)} == {None}
    assert road.rows(report_word) == []
    assert [row.data_key for row in road.rows(talk.c.data_key)] == [None] * len(road.rows(talk.c.id))
    assert _numbers(road) == [], "and with them the number, to which nothing leads any more"
    assert _enforce(road) == {}, "once is enough"


def test_a_message_under_way_keeps_the_link_until_it_has_arrived(trusted: Clerk, told: Phone, road: Road) -> None:
    _close(trusted, road)
    with road.store.writing() as session:
        last = select(outbox.c.id).order_by(outbox.c.id.desc()).limit(1).scalar_subquery()
        session.run(update(outbox).where(outbox.c.id == last).values(status="queued"))
    assert "link" not in _enforce(road, days=31)
    with road.store.writing() as session:
        session.run(update(outbox).values(status="delivered"))
    assert _enforce(road)["link"] == 1


def test_a_conversation_that_told_of_nothing_goes_after_a_month_and_its_number_too(road: Road, phone: Phone) -> None:
    phone.says("aide")
    assert _numbers(road)
    assert _enforce(road, days=31) == {"talk": len(road.rows(talk)), "address": 1}
    assert _numbers(road) == []
    assert {row.body for row in road.rows(message.c.body)} == {None}
    assert asks_language(phone.says("le puits est sec") or ""), "who comes back is a stranger"


def test_whoever_wants_no_messages_stays_known_so_that_none_are_sent(road: Road, phone: Phone) -> None:
    phone.says("stop")
    assert "address" not in _enforce(road, days=400)
    assert len(_numbers(road)) == 1


def test_who_is_on_a_list_stays_on_it(road: Road, phone: Phone) -> None:
    for said in ("menu", "7", "1", "1", "0"):
        phone.says(said)
    assert "address" not in _enforce(road, days=400)


def test_a_period_of_this_desk_holds_and_a_senseless_one_is_refused(trusted: Clerk, told: Phone, road: Road) -> None:
    with road.store.writing() as session:
        who = staff.make(session, road.now, "command", "ami", "Ami", "x", ["administrator"])
        retention.change(session, road.now, who, Kept.LINK, 3)
        for days in (0, -1, 731):
            with pytest.raises(NoPeriod):
                retention.change(session, road.now, who, Kept.LINK, days)
        assert retention.periods(session)[Kept.LINK].days == 3
    _close(trusted, road)
    assert _enforce(road, days=3.1)["link"] == 1


# For good


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_byte_of_it_is_left_on_the_disk_not_in_the_log_either(
    trusted: Clerk, told: Phone, road: Road, data_dir: Path
) -> None:
    with road.store.writing() as session:
        search.index_new(session)
    traces = [row.narrative for row in road.rows(report.c.narrative)]
    traces += [row.word for row in road.rows(report_word.c.word)]
    traces += [row.data_key for row in road.rows(talk.c.data_key)]
    assert _left(data_dir, traces) == len(traces), "the negative control: they can be found at all"
    _close(trusted, road)
    _enforce(road, days=181)
    assert _left(data_dir, traces) > 0, "without emptying the log they would still be there"
    assert road.store.empty_log()
    assert _left(data_dir, traces) == 0


def _left(folder: Path, traces: list[bytes]) -> int:
    content = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    return sum(trace in content for trace in traces)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_reader_in_the_middle_of_something_is_not_waited_for(told: Phone, road: Road) -> None:
    with road.store.reading() as session:
        session.run(select(report)).first()
        told.says("menu")
        assert not road.store.empty_log()
    assert road.store.empty_log()


def test_what_could_never_be_taken_from_the_spool_goes_too(road: Road, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", road.store.keys)
    spool.keep(Inbound("simulator", "1", "sim:1", "vieux"), _days_before(road.now, 181))
    spool.keep(Inbound("simulator", "2", "sim:2", "neuf"), _days_before(road.now, 179))
    keep_no_longer(road.store, spool, road.now)
    assert [inbound.text for _, inbound, _ in spool.waiting()] == ["neuf"]


def _days_before(now: datetime, days: float) -> float:
    return now.timestamp() - days * 86400
