"""FORGET ME: the number, every word and every key are gone, at once or with the last answer; the event stays."""

from typing import Any

import pytest
from sqlalchemy import LargeBinary, Table, update

from bot.casework import desk
from bot.casework.keeping import forgetting
from bot.channels.telegram import Telegram
from bot.conversation.kinds import Kind
from bot.store.tables import (
    address,
    call,
    contact,
    contact_word,
    desk_message,
    message,
    metadata,
    outbox,
    report,
    report_word,
    talk,
    translation_task,
)
from tests.bot.casework.clerk import ATTACK, Clerk
from tests.chat import Phone, Road
from tests.words import asks_language

KONNA = "kun:mopti/mopti/konna"
#: Every column that a key opens or that is one, of the tables that know anything of a reporter.
SEALED = {
    table: [column for column in table.c if isinstance(column.type, LargeBinary) and column.name not in _hashes]
    for _hashes in ({"hash", "code_hash", "same_reply"},)
    for table in (
        address,
        call,
        contact,
        contact_word,
        desk_message,
        talk,
        message,
        report,
        report_word,
        translation_task,
    )
}


@pytest.fixture
def known(road: Road, phone: Phone) -> Phone:
    """A phone that has told all and was answered."""
    for text in (ATTACK, "1", "4", "2"):
        phone.says(text)
    return phone


def _secrets(road: Road, table: Table) -> list[Any]:
    """What is sealed in a table, or a key in it, and not empty."""
    return [value for row in road.rows(*SEALED[table]) for value in row if value is not None] if SEALED[table] else []


def _finish(road: Road) -> int:
    with road.store.writing() as session:
        return forgetting.finish(session)


def test_what_was_told_is_gone_at_once_and_what_happened_stays(usual: Clerk, known: Phone, road: Road) -> None:
    (key,) = {row.data_key for row in road.rows(talk.c.data_key)}
    assert _secrets(road, report)
    known.says("oubliez-moi")
    assert _secrets(road, report) == []
    line = road.report()
    assert (line.narrative, line.place, line.suggested_kind, line.urgency) == (None, KONNA, Kind.ATTACK, 1)
    assert key not in {row.data_key for row in road.rows(talk.c.data_key)}
    assert {text for who, text in road.conversation(line) if who == "they"} == {None}
    usual.does(desk.confirm, line.id, kind=Kind.ATTACK, place=KONNA, urgency=1)
    assert road.report().kind is Kind.ATTACK, "the desk still works on the event"


def test_nothing_sealed_and_no_key_is_left_when_the_last_answer_has_gone(known: Phone, road: Road) -> None:
    assert all(_secrets(road, table) for table in (address, talk, message, report))
    known.says("oubliez-moi")
    assert _finish(road) == 1
    assert {table.name: _secrets(road, table) for table in SEALED} == {table.name: [] for table in SEALED}
    assert _finish(road) == 0


def test_every_table_that_holds_sealed_text_is_looked_at_here() -> None:
    about_staff = {
        "staff",
        "staff_session",
        "staff_invitation",
        "security_key",
        "sign_in_failure",
        "installation",
        "audit",
    }
    about_staff.add("incident")  # what the desk wrote of an event, naming nobody: it stays
    about_staff |= {"item_note", "item_link"}  # what seats and the desk wrote of it, and the hashes of a link
    about_staff.add("contact_group")  # the title that the desk gave a group; it names no person
    about_staff.add("draft")  # what somebody at the desk has typed and not sent: its row goes
    about_staff.add("contact_import")  # a list that waits whole, for minutes; who is in it is looked up when it lands
    about_staff.add("saved_view")  # what somebody at the desk calls a filter of the inbox
    about_staff.add("invitation")  # a blind hash of a code that the desk made; it names nobody
    about_staff |= {"hand_over", "duty_phone"}  # what one shift leaves to the next, and the desk's own telephone
    about_staff |= {"sighting", "rumour_check", "rumour_answer"}  # what the desk wrote of a rumour, naming nobody
    about_staff.add("reveal")  # why somebody asked for a number: it goes with the number
    holding = {name for name, table in metadata.tables.items() if any(isinstance(c.type, LargeBinary) for c in table.c)}
    assert holding - about_staff == {table.name for table in SEALED}


def test_the_others_lose_nothing(known: Phone, road: Road) -> None:
    other = road.phone("76000002")
    for text in (ATTACK, "1", "4", "2"):
        other.says(text)
    code = other.code
    known.says("oubliez-moi")
    _finish(road)
    assert [line.narrative for line in road.reports()] == [None, ATTACK]
    assert len(road.call_backs()) == 1
    assert other.says(f"suivi {code}") == f"No {code}: en cours."


def test_the_answer_that_still_waits_arrives_and_then_the_number_goes(known: Phone, road: Road) -> None:
    known.says("oubliez-moi", inline=False)
    assert _finish(road) == 0
    assert _secrets(road, address), "without it the answer could not be sent"
    road.deliver()
    (note,) = road.wire.mailbox.take("76000001")  # type: ignore[attr-defined]
    assert "Nous ne connaissons plus" in note.text
    with road.store.writing() as session:
        session.run(update(outbox).values(status="delivered"))
    assert _finish(road) == 1
    assert _secrets(road, address) == _secrets(road, talk) == _secrets(road, message) == []


def test_nobody_can_find_the_code_any_more_not_even_who_was_given_it(known: Phone, road: Road) -> None:
    code = known.code
    assert known.says(f"suivi {code}") == f"No {code}: en cours."
    known.says("oubliez-moi")
    assert "en cours" not in (known.says(f"suivi {code}") or "")


def test_a_later_message_is_a_strangers_and_joins_nothing(known: Phone, road: Road) -> None:
    before = {row.id for row in road.rows(address.c.id)}
    known.says("oubliez-moi")
    known.says("et ils reviennent vers nous")
    assert asks_language(known.hears)
    assert [line.narrative for line in road.reports()] == [None, "et ils reviennent vers nous"]
    assert len({row.id for row in road.rows(address.c.id)} - before) == 1


def test_who_comes_back_may_be_forgotten_again(known: Phone, road: Road) -> None:
    for text in ("oubliez-moi", ATTACK, "oubliez-moi"):
        known.says(text)
    assert _finish(road) == 2
    assert {table.name: _secrets(road, table) for table in SEALED} == {table.name: [] for table in SEALED}


def test_the_wish_told_twice_by_a_wire_is_answered_once_and_makes_no_stranger(
    known: Phone, road: Road, telegram: Telegram
) -> None:
    for phone in (known, road.phone("4711", telegram)):
        phone.confirms = False
        phone.says(ATTACK, provider_id=f"{phone.address} 1")
        known_before = len(road.rows(address.c.id))
        assert phone.says("oubliez-moi", provider_id=f"{phone.address} 2") is not None
        phone.says("oubliez-moi", provider_id=f"{phone.address} 2")
        assert len(road.rows(address.c.id)) == known_before
