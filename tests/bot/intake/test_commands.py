"""Commands work in the middle of anything, and never betray what was said before."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.casework import call_backs, desk, thread
from bot.casework.keeping import forgetting
from bot.channels.telegram import Telegram
from bot.conversation.kinds import Kind
from bot.errors import NotAllowed
from bot.store.tables import address, message, outbox, report, talk
from tests.chat import TRUSTED, Phone, Road
from tests.words import asks_call, asks_how_soon, asks_language, asks_place, is_closing, is_menu

ATTACK = "attaque a konna des gens armes"
TOLD = (ATTACK, "1", "2", "5")


def test_stop_is_noted_and_start_takes_it_back(road: Road, phone: Phone) -> None:
    phone.says("bonjour")
    phone.says("STOP")
    assert "vous ne recevrez plus de messages" in phone.hears
    (row,) = road.rows(address.c.opted_out_at)
    assert row.opted_out_at is not None
    phone.says("start")
    (row,) = road.rows(address.c.opted_out_at)
    assert row.opted_out_at is None


def test_the_first_button_of_telegram_makes_no_report_and_what_is_told_after_it_is_one(
    make_road: Callable[..., Road], telegram: Telegram
) -> None:
    road = make_road(wire=telegram)
    phone = road.phone("5551", telegram)
    assert is_menu(phone.says("/start"))
    assert not road.reports()
    phone.says(ATTACK)
    report = road.report()
    assert (report.narrative, report.place) == (ATTACK, "kun:mopti/mopti/konna")
    assert report.suggested_kind is Kind.ATTACK


def test_who_said_stop_is_still_read_and_answered(road: Road, phone: Phone) -> None:
    phone.says("stop")
    phone.says(ATTACK)
    assert asks_language(phone.hears)
    assert road.report().narrative == ATTACK


def test_the_desk_can_not_write_to_who_said_stop(road: Road, phone: Phone) -> None:
    for text in (*TOLD, "stop"):
        phone.says(text)
    with road.store.writing() as session, pytest.raises(NotAllowed):
        thread.reply(session, road.now, TRUSTED, road.report().id, "Comment allez-vous?", "token-1", road.means)


def test_stop_cancels_what_the_desk_has_waiting_but_not_our_answer(road: Road, phone: Phone) -> None:
    for text in TOLD:
        phone.says(text)
    with road.store.writing() as session:
        thread.reply(session, road.now, TRUSTED, road.report().id, "Comment allez-vous?", "token-1", road.means)
    phone.says("stop")
    road.deliver()
    (note,) = road.wire.mailbox.take("76000001")  # type: ignore[attr-defined]
    assert note.text.startswith("C'est fait, vous ne recevrez plus de messages.")


@pytest.mark.parametrize("text", ["STOP", "AIDE", "?", "MENU", "START", "SUIVI", "SUIVI 12345"])
def test_a_command_in_the_middle_leaves_the_question_open(road: Road, phone: Phone, text: str) -> None:
    for said in (ATTACK, "1"):
        phone.says(said)
    phone.says(text)
    phone.says("2")
    assert asks_call(phone.hears)
    assert road.report().answer_needed == "today"


def test_language_in_the_middle_goes_on_with_the_question_in_the_new_language(road: Road, phone: Phone) -> None:
    for said in (ATTACK, "1", "langue"):
        phone.says(said)
    phone.says("2")
    assert "1 sisan" in phone.hears, "the question that was open, in Bambara"
    phone.says("2")
    assert "sogoma" in phone.hears or "sògòma" in phone.hears
    phone.says("5")
    line = road.report()
    assert (line.answer_needed, line.language) == ("today", "bm")
    (row,) = road.rows(address.c.language)
    assert row.language == "bm"


def test_a_language_of_the_second_page_in_the_middle_is_not_asked_for_again(road: Road, phone: Phone) -> None:
    for said in (ATTACK, "1", "langue", "6"):
        phone.says(said)
    phone.says("9")
    assert "نجيبكم؟" in phone.hears
    phone.says("٢")
    assert road.report().answer_needed == "today"
    assert road.report().language == "ar"


def test_a_known_contact_who_changes_the_language_in_the_middle_keeps_it_after_the_end(
    road: Road, phone: Phone
) -> None:
    for said in TOLD:
        phone.says(said)
    road.later(hours=30)
    for said in ("le puits est sec", "langue", "2", "0", "0", "0"):
        phone.says(said)
    (row,) = road.rows(address.c.language)
    assert row.language == "bm"
    phone.says("langue")
    assert phone.hears.startswith("Kan jum")


def test_a_stranger_may_choose_the_language_before_anything_else(road: Road, phone: Phone) -> None:
    phone.says("langue")
    phone.says("2")
    assert "kan in na" in phone.hears
    phone.says("dugu kono ji te yen")
    assert not asks_language(phone.hears)
    assert road.report().language == "bm"


def test_words_instead_of_a_language_are_a_report(road: Road, phone: Phone) -> None:
    phone.says("langue")
    phone.says("ils ont brule le village")
    assert road.report().narrative == "ils ont brule le village"
    assert asks_language(phone.hears)


def test_words_while_choosing_a_language_in_the_middle_join_the_report_and_its_question(
    road: Road, phone: Phone
) -> None:
    for said in (ATTACK, "1", "langue"):
        phone.says(said)
    phone.says("et ils reviennent vers nous")
    assert road.report().narrative == f"{ATTACK}\net ils reviennent vers nous"
    assert asks_how_soon(phone.hears)


def test_back_asks_the_last_question_again_and_the_new_answer_counts(road: Road, phone: Phone) -> None:
    for said in ("le puits est sec", "1", "2"):
        phone.says(said)
    assert asks_place(phone.hears)
    phone.says("retour")
    assert asks_how_soon(phone.hears)
    phone.says("3")
    assert road.report().answer_needed == "week"


def test_back_at_the_first_question_asks_it_again(phone: Phone) -> None:
    phone.says(ATTACK)
    phone.says("retour")
    assert asks_language(phone.hears)


def test_back_over_a_place_forgets_what_was_looked_up_for_it(road: Road, phone: Phone) -> None:
    for said in ("le puits est sec", "1", "2", "Farako", "retour"):
        phone.says(said)
    assert asks_place(phone.hears)
    phone.says("Konna")
    assert road.report().place == "kun:mopti/mopti/konna"
    assert asks_call(phone.hears)


def test_back_with_no_question_open_shows_what_we_are(phone: Phone) -> None:
    phone.says("retour")
    assert is_menu(phone.hears)


def test_status_says_open_then_done(road: Road, phone: Phone) -> None:
    for said in TOLD:
        phone.says(said)
    code = phone.code
    phone.says(f"suivi {code}")
    assert phone.hears == f"No {code}: en cours."
    with road.store.writing() as session:
        thread.reply(session, road.now, TRUSTED, road.report().id, "Merci.", "a" * 24, road.means)
    assert road.deliver() == 1
    phone.says(f"suivi {code}")
    assert phone.hears == f"No {code}: en cours.", "a reply is not the end"
    with road.store.writing() as session:
        desk.set_aside(session, road.now, TRUSTED, road.report().id, "other")
    phone.says(f"Suivi no {code}")
    assert phone.hears == f"No {code}: terminé."


def test_status_answers_every_wrong_try_alike(road: Road, phone: Phone) -> None:
    for said in TOLD:
        phone.says(said)
    other = road.phone("76000002")
    code = phone.code
    wrong = {other.says(f"suivi {code}"), other.says("suivi"), other.says("suivi 123456789"), other.says("suivi 1")}
    body = code[:-1]
    wrong |= {phone.says(f"suivi {body}{(int(code[-1]) + 1) % 10}"), phone.says(f"suivi {code}{code}")}
    assert len(wrong) == 1
    assert road.report().narrative == ATTACK, "a wrong code is no report"


def test_after_five_wrong_codes_the_right_one_is_wrong_too_until_tomorrow(road: Road, phone: Phone) -> None:
    for said in TOLD:
        phone.says(said)
    code = phone.code
    answers = set()
    for number in range(5):
        answers.add(phone.says(f"suivi 111{number}"))
        road.later(minutes=2)
        phone.says("aide")
    answers.add(phone.says(f"suivi {code}"))
    assert answers == {"Envoyez SUIVI et votre numéro de suivi, par exemple SUIVI 12345."}
    road.later(hours=25)
    assert phone.says(f"suivi {code}") == f"No {code}: en cours."


def test_forget_me_cuts_the_link_and_every_word_at_once_and_the_event_stays(road: Road, phone: Phone) -> None:
    for said in (ATTACK, "1", "4", "2"):
        phone.says(said)
    phone.says("oubliez-moi")
    assert "Nous ne connaissons plus" in phone.hears
    (kept,) = road.rows(report.c.address_id, report.c.place, report.c.suggested_kind, report.c.urgency)
    assert kept == (None, "kun:mopti/mopti/konna", "attack", 1)
    assert road.report().narrative is None
    assert road.call_backs() == []
    texts = [text for _, text in road.conversation(road.report())]
    assert ATTACK not in texts
    facts = road.rows(talk.c.facts, talk.c.answers, talk.c.asked)
    assert all(row == (None, None, None) for row in facts)


def test_after_forget_me_the_next_message_is_a_strangers(road: Road, phone: Phone) -> None:
    for said in (*TOLD, "oubliez moi"):
        phone.says(said)
    code = phone.code
    phone.says(f"suivi {code}")
    assert "en cours" not in phone.hears
    phone.says("et ils reviennent vers nous")
    assert asks_language(phone.hears)
    assert len(road.reports()) == 2


def test_after_forget_me_nothing_that_waited_is_sent_but_our_answer(road: Road, phone: Phone) -> None:
    for said in TOLD:
        phone.says(said)
    with road.store.writing() as session:
        thread.reply(session, road.now, TRUSTED, road.report().id, "Comment allez-vous?", "token-1", road.means)
    phone.says("oubliez-moi")
    road.deliver()
    notes = road.wire.mailbox.take("76000001")  # type: ignore[attr-defined]
    assert ["Nous ne connaissons plus" in note.text for note in notes] == [True]


def test_the_number_itself_is_destroyed_when_nothing_waits_for_it_any_more(road: Road, phone: Phone) -> None:
    for said in TOLD:
        phone.says(said)
    phone.says("oubliez-moi", inline=False)
    finish = lambda: _in_writing(road, forgetting.finish)  # noqa: E731
    assert finish() == 0, "the answer to it has not left yet"
    road.deliver()
    with road.store.writing() as session:
        session.run(outbox.update().values(status="delivered"))
    assert finish() == 1
    (row,) = road.rows(address.c.sealed, address.c.data_key, address.c.language)
    assert row == (None, None, None)
    assert all(row.body is None for row in road.rows(message.c.body))


def test_an_answer_that_nobody_will_ever_know_of_does_not_keep_the_number_for_ever(road: Road, phone: Phone) -> None:
    phone.says("bonjour")
    phone.says("oubliez-moi")
    with road.store.writing() as session:
        session.run(outbox.update().values(status="unknown", lease_until=None))
    assert _in_writing(road, forgetting.finish) == 1


def test_stop_and_forget_me_work_when_the_budget_of_replies_is_used_up(road: Road, phone: Phone) -> None:
    _use_up(phone)
    assert phone.says("stop") is None
    (row,) = road.rows(address.c.opted_out_at)
    assert row.opted_out_at is not None
    assert phone.says("oubliez-moi") is None
    with road.store.reading() as session:
        found = session.run(select(address.c.forgotten_at)).one()
    assert found.forgotten_at is not None


def test_the_budget_comes_back_with_time(road: Road, phone: Phone) -> None:
    _use_up(phone)
    road.later(seconds=31)
    assert phone.says("aide") is not None


def test_help_speaks_of_missed_calls_only_where_the_wire_hears_them(road: Road, phone: Phone) -> None:
    assert "bip" in (phone.says("aide") or "")


def test_the_closing_is_the_same_for_everybody_but_for_the_number(road: Road) -> None:
    closings = set()
    for number, texts in enumerate(
        ((ATTACK, "1", "4", "5"), ("le puits est sec", "1", "0", "Konna", "1"), ("3 2 Konna",), ("7 4 Mopti",))
    ):
        phone = road.phone(f"7600000{number}")
        for text in texts:
            phone.says(text)
        assert is_closing(phone.hears)
        closings.add(phone.hears.replace(phone.code, "N"))
    assert len(closings) == 1


def test_no_command_returns_what_was_said_before(road: Road, phone: Phone) -> None:
    for said in ("attaque a Konna, Moussa Canari est parti", "1", "4", "5"):
        phone.says(said)
    before = len(phone.heard)
    for command in ("menu", "aide", "suivi", f"suivi {phone.code}", "retour", "langue", "1", "stop", "start"):
        phone.says(command)
    told = " ".join(phone.heard[before:]).lower()
    assert not any(word in told for word in ("attaque", "konna", "canari", "moussa"))


def test_open_call_backs_of_a_forgotten_person_are_gone(road: Road, phone: Phone) -> None:
    phone.bips()
    assert len(road.call_backs()) == 1
    phone.says("oubliez-moi")
    with road.store.reading() as session:
        assert call_backs.open_call_backs(session, TRUSTED) == []


def _use_up(phone: Phone) -> None:
    words = ("aide", "bonjour")
    number = 0
    while phone.says(words[number % 2]) is not None:
        number += 1
        assert timedelta(seconds=number) < timedelta(minutes=5), "the budget never ends"


def _in_writing(road: Road, act):  # type: ignore[no-untyped-def]
    with road.store.writing() as session:
        return act(session)
