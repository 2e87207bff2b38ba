"""One message, one transaction: repeats, two at once, budgets, loops, and flows that break."""

import itertools
import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot import main
from bot.conversation import (
    Choice,
    Context,
    Fetch,
    Flow,
    NewReport,
    Nothing,
    ReportSoFar,
    Say,
    Talking,
    Text,
    closing,
)
from bot.delivery.queue import Bells
from bot.errors import StoreAway
from bot.messages import Delivery, Inbound, InboundKind, Media, Press
from bot.store import Store
from bot.store.audit import Action
from bot.store.tables import OutboxStatus, TalkStatus, address, audit, call_back, message, outbox, talk
from flows import FLOWS
from tests.chat import Phone, Road
from tests.words import asks_how_soon, asks_language, is_closing, is_menu

ATTACK = "attaque a konna des gens armes"


# The same message again


def test_a_repeated_webhook_gets_the_same_answer_while_nothing_proves_the_first(road: Road, phone: Phone) -> None:
    phone.confirms = False
    first = phone.says(ATTACK, provider_id="SM1")
    again = phone.says(ATTACK, provider_id="SM1")
    assert first == again
    assert len(road.outbox()) == 1
    assert road.report().narrative == ATTACK
    assert len(road.rows(message, outbound=False)) == 1


def test_a_repeated_webhook_gets_nothing_once_the_first_answer_is_proved(road: Road, phone: Phone) -> None:
    phone.says(ATTACK, provider_id="SM1")
    assert phone.says(ATTACK, provider_id="SM1") is None


def test_a_repeated_webhook_gets_nothing_after_a_minute(road: Road, phone: Phone) -> None:
    phone.confirms = False
    phone.says(ATTACK, provider_id="SM1")
    road.later(seconds=62)
    assert phone.says(ATTACK, provider_id="SM1") is None
    assert road.report().narrative == ATTACK


def test_a_repeat_never_moves_the_talk(road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    phone.says("1", provider_id="SM2")
    phone.says("1", provider_id="SM2")
    phone.says("1", provider_id="SM2")
    phone.says("2")
    assert road.report().answer_needed == "today"


def test_the_same_id_on_another_wire_is_another_message(make_road: Callable[..., Road], telegram: Any) -> None:
    road = make_road()
    road.phone("1").says(ATTACK, provider_id="5")
    road.phone("1", telegram).says("le puits est sec", provider_id="5")
    assert len(road.reports()) == 2


def test_a_repeat_that_was_polled_is_answered_by_nobody(road: Road, phone: Phone) -> None:
    phone.says(ATTACK, provider_id="SM1", inline=False)
    assert phone.says(ATTACK, provider_id="SM1", inline=False) is None
    assert len(road.outbox()) == 1


# Two at the same instant


def test_the_same_message_at_the_same_instant_is_one_report(road: Road, phone: Phone) -> None:
    answers = _at_once(*[lambda: _receive(road, phone, text=ATTACK, provider_id="SM1")] * 4)
    assert road.report().narrative == ATTACK
    assert len(road.outbox()) == 1
    assert len(set(answers)) == 1, "each is answered as the first was"


def test_two_messages_of_a_stranger_at_the_same_instant_are_one_person_and_nothing_is_lost(
    road: Road, phone: Phone
) -> None:
    texts = ["attaque a konna des gens armes", "ils sont venus du nord"]
    _at_once(*[lambda text=text: _receive(road, phone, text=text) for text in texts])
    assert len(road.rows(address)) == 1
    assert sorted((road.report().narrative or "").split("\n")) == sorted(texts)


def test_two_answers_at_the_same_instant_are_read_one_after_the_other(road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    _at_once(lambda: _receive(road, phone, text="1"), lambda: _receive(road, phone, text="1"))
    line = road.report()
    assert (line.language, line.answer_needed) == ("fr", "now"), "each digit answered its own question"
    (kept,) = road.rows(talk.c.tries, talk.c.status)
    assert kept == (0, TalkStatus.OPEN)


def test_many_strangers_at_the_same_instant_are_all_kept(road: Road) -> None:
    phones = [road.phone(f"7600{number:04}") for number in range(8)]
    _at_once(*[lambda each=each: _receive(road, each, text=f"le puits est sec {each.address}") for each in phones])
    assert len(road.reports()) == 8


# Where the answer goes


def test_an_answer_waits_its_turn_behind_what_is_not_sent_yet(road: Road, phone: Phone) -> None:
    phone.says(ATTACK, inline=False)
    assert phone.says("1") is None, "the first question has not left yet"
    assert [row.status for row in road.outbox()] == [OutboxStatus.QUEUED, OutboxStatus.QUEUED]
    road.deliver()
    road.deliver()
    texts = [note.text for note in road.wire.mailbox.take("76000001")]  # type: ignore[attr-defined]
    assert asks_language(texts[0])
    assert len(texts) == 1 or asks_how_soon(texts[1])


def test_the_sender_is_woken_only_for_what_it_has_to_send(make_road: Callable[..., Road]) -> None:
    bells = Bells()
    road = make_road(doorbell=bells)
    phone = road.phone()
    phone.says("bonjour")
    assert not bells.event("simulator").is_set()
    phone.says("aide", inline=False)
    assert bells.event("simulator").is_set()


# Who is not answered


@pytest.mark.parametrize("sender", ["unanswerable:36000", "unanswerable:ORANGE"])
def test_a_sender_that_can_not_be_answered_is_kept_and_never_answered(road: Road, sender: str) -> None:
    phone = Phone(road, road.wire, sender)
    assert phone.says("Gagnez un million, envoyez OUI") is None
    assert phone.says("aide") is None
    assert road.outbox() == []
    assert road.reports() == []
    assert len(road.rows(message, outbound=False)) == 2


def test_two_machines_that_answer_each_other_stop_after_a_few(road: Road, phone: Phone) -> None:
    replies = [phone.says("menu") for _ in range(8)]
    assert [reply is not None for reply in replies] == [True] * 4 + [False] * 4
    road.later(hours=2)
    assert phone.says("menu") is not None


def test_a_loop_never_outgrows_its_counter(road: Road, phone: Phone) -> None:
    phone.says("menu")
    with road.store.writing() as session:
        session.run(address.update().values(same_replies=32767))
    assert phone.says("menu") is None
    assert phone.says("menu") is None
    assert len(road.rows(message, outbound=False)) == 3


def test_beyond_the_budget_the_talk_does_not_advance_and_nothing_is_lost(road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    phone.says("1")
    _spend(road, phone)
    assert phone.says("2") is None
    assert phone.says("et ils ont brule le grenier") is None
    assert road.report().answer_needed is None
    assert road.report().narrative == f"{ATTACK}\net ils ont brule le grenier"
    road.later(minutes=2)
    phone.says("2")
    assert road.report().answer_needed == "today"


def test_beyond_the_budget_words_of_somebody_without_a_report_are_a_report(road: Road, phone: Phone) -> None:
    _spend(road, phone)
    assert phone.says("le puits est sec") is None
    assert road.report().narrative == "le puits est sec"


def test_beyond_the_budget_a_missed_call_is_still_a_task(road: Road, phone: Phone) -> None:
    _spend(road, phone)
    assert phone.bips() is None
    assert len(road.call_backs()) == 1


def test_beyond_the_budget_neither_commands_nor_greetings_are_added_to_the_report(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "1", "4", "5"):
        phone.says(text)
    _spend(road, phone)
    for text in ("menu", "bonjour", "suivi 12345"):
        assert phone.says(text) is None
    assert road.report().narrative == ATTACK


def test_beyond_the_budget_words_after_a_day_are_a_new_report(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "1", "4", "5"):
        phone.says(text)
    road.later(hours=25)
    _spend(road, phone)
    phone.says("le puits est sec")
    assert [line.narrative for line in road.reports()] == [ATTACK, "le puits est sec"]


# Missed calls


def test_a_missed_call_is_one_task_with_language_and_hour(road: Road, phone: Phone) -> None:
    phone.bips()
    assert asks_language(phone.hears) or "rappelle" in phone.hears
    assert len(road.call_backs()) == 1, "before any question is answered"
    phone.says("2")
    phone.says("3")
    (task,) = road.call_backs()
    assert (task.language, task.hour, task.asked) == ("bm", "afternoon", 1)
    assert is_closing(phone.hears) or "no" in phone.hears


def test_ringing_again_is_the_same_task(road: Road, phone: Phone) -> None:
    phone.bips()
    phone.bips()
    phone.bips()
    (task,) = road.call_backs()
    assert task.asked == 3


def test_the_language_of_a_stranger_who_only_rang_is_not_guessed(road: Road, phone: Phone) -> None:
    phone.bips()
    (task,) = road.call_backs()
    assert task.language is None


@pytest.mark.parametrize("no", ["0", "5", "non"])
def test_who_does_not_want_to_be_called_is_not_called(road: Road, phone: Phone, no: str) -> None:
    phone.bips()
    phone.says("1")
    phone.says(no)
    assert is_closing(phone.hears)
    assert road.call_backs() == []


def test_a_missed_call_in_the_middle_of_a_talk_is_a_task_and_the_question_stands(road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    phone.says("1")
    phone.bips()
    assert asks_how_soon(phone.hears)
    (task,) = road.call_backs()
    assert task.report_id == road.report().id


def test_the_same_missed_call_twice_counts_once(road: Road, phone: Phone) -> None:
    phone.bips(provider_id="CA1")
    phone.bips(provider_id="CA1")
    (task,) = road.call_backs()
    assert task.asked == 1


# Buttons


def test_a_button_answers_the_question_it_was_shown_with(make_road: Callable[..., Road], telegram: Any) -> None:
    road = make_road(wire=telegram)
    phone = road.phone("123")
    phone.says(ATTACK)
    phone.presses("fr")
    assert asks_how_soon(phone.hears)
    phone.presses("today")
    assert road.report().answer_needed == "today"


def test_a_button_of_an_earlier_question_answers_nothing(make_road: Callable[..., Road], telegram: Any) -> None:
    road = make_road(wire=telegram)
    phone = road.phone("123")
    phone.says(ATTACK)
    old = phone.last
    phone.presses("fr")
    phone.last = old
    phone.presses("bm")
    assert asks_how_soon(phone.hears)
    assert road.report().language == "fr"


def test_a_button_of_a_talk_that_is_over_or_forged_opens_the_menu(
    make_road: Callable[..., Road], telegram: Any
) -> None:
    road = make_road(wire=telegram)
    phone = road.phone("123")
    press = Press(uuid.uuid4().hex, "answer_needed", "now")
    phone.sends(kind=InboundKind.BUTTON, press=press)
    assert is_menu(phone.hears)
    assert road.reports() == []


def test_a_button_with_a_value_that_was_not_shown_is_unclear(make_road: Callable[..., Road], telegram: Any) -> None:
    road = make_road(wire=telegram)
    phone = road.phone("123")
    phone.says(ATTACK)
    assert phone.last
    talk_id = phone.last.buttons[0].data.split(":")[0]
    phone.sends(kind=InboundKind.BUTTON, press=Press(talk_id, "language", "xx"))
    assert asks_language(phone.hears) or phone.last.buttons
    assert road.report().language is None


def test_a_photo_without_words_is_a_report(make_road: Callable[..., Road], telegram: Any) -> None:
    road = make_road(wire=telegram)
    phone = road.phone("123")
    phone.shows(Media("photo", "file-1"))
    assert road.report().narrative == "[photo]"


# Flows that break (rule 6)


class FlowFell(Exception):
    """What a broken flow raises."""


def _breaks_at_once(ctx: Context) -> Talking:
    yield Say("first words")
    raise FlowFell


def _breaks_after_an_answer(ctx: Context) -> Talking:
    yield Text("what", "And then?")
    raise FlowFell


def _asks_twice(ctx: Context) -> Talking:
    yield Text("what", "And then?")
    yield Text("what", "And then?")
    return NewReport()


def _never_ends(ctx: Context) -> Talking:
    for number in itertools.count():
        yield Say(str(number))


def _broken(flow: Any, draft: Any = None, name: str = "report") -> Mapping[str, Flow]:
    return {**FLOWS, name: Flow(name, flow, draft)}


APOLOGY = "Merci, c'est bien recu. Une personne va le lire. Urgences: 17, 18, 15."


@pytest.mark.parametrize("flow", [_breaks_at_once, _never_ends])
def test_a_flow_that_breaks_at_its_start_keeps_the_report_and_apologises_once(
    make_road: Callable[..., Road], flow: Any, caplog: pytest.LogCaptureFixture
) -> None:
    road = make_road(flows=_broken(flow))
    phone = road.phone()
    with caplog.at_level(logging.DEBUG):
        phone.says(ATTACK)
    assert phone.hears == APOLOGY
    assert road.report().narrative == ATTACK
    assert len(road.outbox()) == 1
    assert "konna" not in caplog.text
    (row,) = road.rows(talk.c.status)
    assert row.status == TalkStatus.BROKEN
    entries = road.rows(audit.c.subject, action=Action.TALK_BROKE)
    assert [entry.subject for entry in entries] == [str(road.report().id)], "staff see it in the report's timeline"


@pytest.mark.parametrize("flow", [_breaks_after_an_answer, _asks_twice])
def test_a_flow_that_breaks_later_keeps_the_answer_and_never_loops(make_road: Callable[..., Road], flow: Any) -> None:
    road = make_road(flows=_broken(flow))
    phone = road.phone()
    phone.says(ATTACK)
    assert phone.hears == "And then?"
    phone.says("ils ont brule le grenier")
    assert phone.hears == APOLOGY
    assert road.report().narrative == f"{ATTACK}\nils ont brule le grenier"
    phone.says("bonjour")
    assert is_menu(phone.hears), "the broken talk is over"


def test_a_draft_that_breaks_is_a_flow_that_breaks(make_road: Callable[..., Road]) -> None:
    def fails(answers: Mapping[str, Any]) -> ReportSoFar:
        if answers:
            raise FlowFell
        return ReportSoFar()

    road = make_road(flows={**FLOWS, "report": replace(FLOWS["report"], draft=fails)})
    phone = road.phone()
    phone.says(ATTACK)
    phone.says("1")
    assert phone.hears == APOLOGY
    assert road.report().narrative == ATTACK


def test_a_missed_call_whose_flow_breaks_is_still_a_task(make_road: Callable[..., Road]) -> None:
    road = make_road(flows=_broken(_breaks_at_once, name="call_back"))
    phone = road.phone()
    phone.bips()
    assert phone.hears == APOLOGY
    assert len(road.call_backs()) == 1
    assert road.reports() == []


def test_a_menu_that_breaks_makes_no_report_of_a_greeting(make_road: Callable[..., Road]) -> None:
    road = make_road(flows=_broken(_breaks_at_once, name="menu"))
    phone = road.phone()
    phone.says("bonjour")
    phone.says("menu")
    assert road.reports() == []
    assert len(road.rows(message, outbound=False)) == 2


def test_a_talk_whose_flow_is_gone_ends_with_an_apology(make_road: Callable[..., Road], store: Store) -> None:
    road = make_road()
    phone = road.phone()
    phone.says(ATTACK)
    newer = make_road(flows={name: flow for name, flow in FLOWS.items() if name != "report"})
    other = newer.phone()
    other.says("1")
    assert other.hears == APOLOGY


def test_the_same_message_to_a_broken_flow_at_the_same_instant_is_one_report(make_road: Callable[..., Road]) -> None:
    road = make_road(flows=_broken(_breaks_at_once))
    phone = road.phone()
    _at_once(*[lambda: _receive(road, phone, text=ATTACK, provider_id="SM1")] * 3)
    assert road.report().narrative == ATTACK
    assert len(road.outbox()) == 1


def test_a_verb_that_fails_leaves_no_trace_and_is_told_to_the_provider(make_road: Callable[..., Road]) -> None:
    def fails(*_: object) -> None:
        raise StoreAway("gone in the middle")

    road = make_road(verbs={**main.VERBS, NewReport: fails})
    phone = road.phone()
    for text in (ATTACK, "1", "4"):
        phone.says(text)
    before = len(road.rows(message))
    with pytest.raises(StoreAway):
        phone.says("5")
    assert len(road.rows(message)) == before
    phone = make_road().phone()
    phone.says("5")
    assert is_closing(phone.hears), "the talk is where it was"


# A newer version of a flow


def _older(ctx: Context) -> Talking:
    yield Choice("colour", "Colour?", {"red": "red", "green": "green"})
    yield Text("why", "Why?")
    return Nothing()


def _newer(ctx: Context) -> Talking:
    yield Choice("colour", "Which colour now?", {"green": "green", "blue": "blue"})
    yield Text("why", "Why?")
    yield Say(closing(ctx.gettext, ctx.code, ctx.reading))
    return Nothing()


def test_a_reply_is_read_against_the_question_as_it_was_shown(make_road: Callable[..., Road]) -> None:
    road = make_road(flows=_broken(_older))
    phone = road.phone()
    phone.says(ATTACK)
    assert phone.hears == "Colour? 1 red 2 green"
    newer = make_road(flows=_broken(_newer)).phone()
    newer.says("2")
    assert newer.hears == "Why?", "2 was green when it was shown, and green is still an answer"


def test_an_answer_that_no_longer_fits_is_asked_for_again(make_road: Callable[..., Road]) -> None:
    phone = make_road(flows=_broken(_older)).phone()
    phone.says(ATTACK)
    newer = make_road(flows=_broken(_newer)).phone()
    newer.says("1")
    assert newer.hears == "Which colour now? 1 green 2 blue"


def _fetches(ctx: Context) -> Talking:
    where = yield Text("where", "Where?")
    found = yield Fetch("where_found", {"find_place": where})
    again = yield Text("again", f"{len(found)} found. Again?")
    yield Say(again)
    return Nothing()


def test_a_look_up_is_made_once_and_kept_as_an_answer(make_road: Callable[..., Road]) -> None:
    road = make_road(flows=_broken(_fetches))
    phone = road.phone()
    for text in (ATTACK, "Farako"):
        phone.says(text)
    assert phone.hears == "2 found. Again?"
    empty = make_road(flows=_broken(_fetches))
    empty.talks._gazetteer = empty.talks._gazetteer.__class__((), {})
    again = empty.phone()
    again.says("aide")
    again.says("menu")
    assert again.hears == "2 found. Again?", "replayed from the answer, not looked up anew"


# Helpers


def _receive(road: Road, phone: Phone, **parts: Any) -> str | None:
    provider_id = parts.pop("provider_id", None) or uuid.uuid4().hex
    inbound = Inbound(phone.wire.name, provider_id, phone.address, **parts)
    out = road.intake.receive(inbound, phone.wire, road.now)
    return out.text if out else None


def _at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do these at the same instant, each in a thread; what each returned."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)
    failures: list[BaseException] = []

    def run(place: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[place] = act()
        except BaseException as failure:  # noqa: BLE001 - it is raised again below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results


def _spend(road: Road, phone: Phone) -> None:
    """Use up the budget of replies, as a phone that sends one thing after the other does."""
    words = itertools.cycle(("aide", "suivi", "stop", "aide"))
    while phone.says(next(words)) is not None:
        pass
    with road.store.writing() as session:
        session.run(address.update().values(opted_out_at=None, same_replies=0))
    with road.store.reading() as session:
        assert session.run(select(address.c.reply_tokens)).scalar_one() < 1


def test_receipts_and_calls_have_rows_of_their_own(road: Road, phone: Phone) -> None:
    phone.confirms = False
    phone.bips()
    phone.confirm(Delivery.FAILED)
    assert [row.status for row in road.outbox()] == [OutboxStatus.FAILED]
    assert len(road.rows(call_back)) == 1
    assert road.rows(outbox.c.attempt) == [(1,)]
