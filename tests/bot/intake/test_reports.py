"""Report first: what a person tells is a report before anything is asked, and nothing of it is lost."""

from collections.abc import Callable

import pytest

from bot.channels.simulator import Simulator
from bot.channels.telegram import Telegram
from bot.conversation.kinds import Kind
from bot.messages import Media
from bot.store.tables import ReportStatus, TalkStatus, message, talk
from tests.chat import TRUSTED, USUAL, Phone, Road
from tests.words import asks_call, asks_cercle, asks_how_soon, asks_language, asks_place, code_in, is_closing, is_menu

ATTACK = "attaque a konna des gens armes"
KONNA = "kun:mopti/mopti/konna"


def test_the_words_of_a_stranger_are_a_report_before_any_question_is_answered(road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    report = road.report()
    assert report.narrative == ATTACK
    assert report.status is ReportStatus.RECEIVED
    assert report.unread
    assert report.place == KONNA
    assert report.suggested_kind is Kind.ATTACK
    assert report.kind is None, "triage decides the kind, not the intake"
    assert asks_language(phone.hears)


@pytest.mark.parametrize("text", ["قرية بوني تحتاج الماء والدواء", "Boni: قرية بوني تحتاج الماء", "ماء 48271"])
def test_a_stranger_who_writes_in_arabic_letters_is_asked_in_them(road: Road, phone: Phone, text: str) -> None:
    asked = phone.says(text) or ""
    assert "اللغة" in asked
    assert "1 العربية" in asked
    assert "Langue" not in asked
    assert road.report().language is None, "the letters are not the language: a Tamasheq talk may begin so"
    assert phone.says("1").startswith("شكرا")
    assert road.report().language == "ar"


@pytest.mark.parametrize("text", ["le puits de Konna est sec", "le puits ماء est sec", "ߊߟߊ ߞߊ ߛߐ߲߬", "12 ???"])
def test_a_stranger_in_other_letters_is_asked_in_french(phone: Phone, text: str) -> None:
    assert asks_language(phone.says(text) or "")
    assert "1 Francais" in phone.hears


def test_the_menu_of_a_stranger_who_asks_for_it_in_arabic_is_arabic(phone: Phone) -> None:
    assert "النهر" in (phone.says("قائمة") or "")


def test_a_stranger_is_asked_at_most_three_questions_after_the_language(road: Road, phone: Phone) -> None:
    phone.says("il y a un probleme avec le puits")
    asked = [phone.says(reply) for reply in ("1", "2", "Farako", "Sikasso")]
    assert asks_how_soon(asked[0] or "")
    assert asks_place(asked[1] or "")
    assert asks_cercle(asked[2] or "")
    assert is_closing(asked[3] or "")
    report = road.report()
    assert report.place == "kun:sikasso/kolondieba/farako"
    assert (report.answer_needed, report.language) == ("today", "fr")


def test_a_known_contact_is_not_asked_for_the_language_again(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "1", "4", "5"):
        phone.says(text)
    assert is_closing(phone.hears)
    road.later(hours=30)
    phone.says("plus rien a manger a Konna")
    assert asks_how_soon(phone.hears)


def test_every_question_may_be_skipped(road: Road, phone: Phone) -> None:
    for text in ("le puits est sec", "1", "0", "0", "0"):
        phone.says(text)
    assert is_closing(phone.hears)
    report = road.report()
    assert (report.answer_needed, report.place, report.call) == (None, None, None)
    assert road.call_backs() == []


def test_who_may_be_called_becomes_a_task_in_the_language_they_chose(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "2", "1", "2"):
        phone.says(text)
    (task,) = road.call_backs()
    assert (task.hour, task.language, task.asked) == ("morning", "bm", 1)
    assert task.report_id == road.report().id
    assert road.report().call == "morning"


def test_a_known_contact_who_may_be_called_is_called_in_their_language(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "2", "1", "5"):
        phone.says(text)
    road.later(hours=30)
    for text in (ATTACK, "1", "2"):
        phone.says(text)
    (task,) = road.call_backs()
    assert task.language == "bm"


def test_the_answer_needed_right_away_raises_the_urgency(road: Road, phone: Phone) -> None:
    phone.says("le puits est sec")
    before = road.report().urgency
    phone.says("1")
    phone.says("1")
    assert (before, road.report().urgency) == (3, 2)


def test_free_text_within_a_day_is_added_to_the_report(road: Road, phone: Phone) -> None:
    road.now = road.now.replace(hour=12)  # the closing says when it is read: by night another hour than by day
    for text in (ATTACK, "1", "4", "5"):
        phone.says(text)
    first = phone.hears
    road.later(hours=23)
    phone.says("et ils reviennent vers nous")
    assert road.report().narrative == f"{ATTACK}\net ils reviennent vers nous"
    assert road.report().unread
    assert phone.hears == first, "the same closing, the same number"


def test_free_text_after_a_day_is_a_new_report(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "1", "4", "5"):
        phone.says(text)
    road.later(hours=25)
    phone.says("et ils reviennent vers nous")
    assert [line.narrative for line in road.reports()] == [ATTACK, "et ils reviennent vers nous"]


def test_free_text_within_a_day_is_added_whatever_was_said_in_between(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "1", "4", "5", "merci", "menu", "aide", "langue", "1"):
        phone.says(text)
    phone.says("et ils reviennent vers nous")
    assert road.report().narrative == f"{ATTACK}\net ils reviennent vers nous"
    assert is_closing(phone.hears)


def test_free_text_after_a_missed_call_is_added_to_the_report_of_the_day(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "1", "4", "5"):
        phone.says(text)
    phone.bips()
    phone.says("0")
    phone.says("et ils reviennent vers nous")
    assert road.report().narrative == f"{ATTACK}\net ils reviennent vers nous"


def test_words_that_make_the_matter_worse_raise_urgency_and_later_answers_do_not_lower_it(
    road: Road, phone: Phone
) -> None:
    phone.says("le puits est sec")
    phone.says("1")
    phone.says("maintenant ils tirent, une attaque")
    assert road.report().urgency == 1
    phone.says("4")
    assert road.report().urgency == 1


def test_a_long_text_that_fits_no_option_is_added_and_the_question_asked_again(road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    phone.says("ils ont des motos et viennent du nord")
    assert asks_language(phone.hears)
    assert "motos" in (road.report().narrative or "")
    phone.says("1")
    assert asks_how_soon(phone.hears)


def test_a_long_text_never_uses_up_the_tries(road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    for number in range(3):
        phone.says(f"encore une chose a dire {number}")
    assert asks_language(phone.hears)
    assert road.call_backs() == []


def test_words_on_the_closed_queue_close_the_report_even_as_an_answer(road: Road, phone: Phone) -> None:
    phone.says("il y a un probleme chez nous")
    phone.says("1")
    phone.says("0")
    assert asks_place(phone.hears)
    phone.says("a Konna ils ont enleve une femme")
    assert road.report().closed_queue
    assert "enleve une femme" in (road.report().narrative or "")
    assert road.reports(USUAL) == []


def test_a_short_text_with_a_word_of_alarm_is_kept_with_the_report(road: Road, phone: Phone) -> None:
    phone.says("il y a un probleme chez nous")
    phone.says("femme violée")
    report = road.report()
    assert report.closed_queue
    assert "femme violée" in (report.narrative or "")


def test_a_place_that_we_do_not_know_is_kept_in_the_senders_words(road: Road, phone: Phone) -> None:
    for text in ("le puits est sec", "1", "0", "hameau de Zzqwé", "0"):
        phone.says(text)
    assert is_closing(phone.hears)
    report = road.report()
    assert report.place is None
    assert "hameau de Zzqwé" in (report.narrative or "")


def test_of_a_locality_the_cercle_is_kept_in_clear_and_its_name_with_the_words(road: Road, phone: Phone) -> None:
    for text in ("le puits est sec", "1", "0", "Bougountinti", "0"):
        phone.says(text)
    report = road.report()
    assert report.place == "cod2021:ML0101"
    assert "Bougountinti" in (report.narrative or "")


def test_a_locality_that_shares_its_name_is_settled_by_the_cercle(road: Road, phone: Phone) -> None:
    for text in ("le puits est sec", "1", "0", "farabougou"):
        phone.says(text)
    assert "cercle" in (phone.hears or "")
    phone.says("niono")
    assert is_closing(phone.hears)
    report = road.report()
    assert report.place == "cod2021:ML0404"
    assert "farabougou, niono" in (report.narrative or "")


def test_a_place_that_is_no_locality_adds_no_words(road: Road, phone: Phone) -> None:
    for text in ("le puits est sec", "1", "0", "Konna", "0"):
        phone.says(text)
    report = road.report()
    assert (report.place, report.narrative) == (KONNA, "le puits est sec")


def test_a_choice_may_be_answered_after_a_week(road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    phone.says("1")
    road.later(days=7)
    phone.says("2")
    assert road.report().answer_needed == "today"
    assert asks_call(phone.hears)


def test_a_long_text_after_a_week_is_a_new_report(road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    phone.says("1")
    road.later(days=7)
    phone.says("la pluie a emporte le pont")
    assert [line.narrative for line in road.reports()] == [ATTACK, "la pluie a emporte le pont"]


def test_a_long_text_after_a_week_is_a_new_report_even_where_words_were_asked_for(road: Road, phone: Phone) -> None:
    for text in ("le puits est sec", "1", "0"):
        phone.says(text)
    assert asks_place(phone.hears)
    road.later(days=7)
    phone.says("la pluie a emporte le pont")
    assert [line.narrative for line in road.reports()] == ["le puits est sec", "la pluie a emporte le pont"]
    assert asks_how_soon(phone.hears)


def test_a_place_may_still_be_named_after_a_week(road: Road, phone: Phone) -> None:
    for text in ("le puits est sec", "1", "0"):
        phone.says(text)
    road.later(days=7)
    phone.says("Konna")
    assert road.report().place == KONNA


def test_three_unclear_replies_offer_a_human(road: Road, phone: Phone) -> None:
    phone.says(ATTACK)
    phone.says("1")
    for reply in ("xyz", "9", "bof"):
        phone.says(reply)
    assert "peut vous appeler" in phone.hears
    (task,) = road.call_backs()
    assert task.report_id == road.report().id
    (row,) = road.rows(talk.c.status, flow="report")
    assert row.status == TalkStatus.LEFT


def test_an_unclear_reply_is_explained_and_the_question_is_shown_again(phone: Phone) -> None:
    phone.says(ATTACK)
    phone.says("xyz")
    assert "un seul numéro" in phone.hears
    assert asks_language(phone.hears)


def test_a_clear_reply_begins_the_tries_anew(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "xyz", "xyz", "1", "xyz", "xyz"):
        phone.says(text)
    assert asks_how_soon(phone.hears)
    assert road.call_backs() == []


def test_a_greeting_opens_the_menu_and_makes_no_report(road: Road, phone: Phone) -> None:
    for greeting in ("Bonjour", "I ni sogoma", "Salam aleykoum!", "👍", "...", ""):
        phone.says(greeting)
        assert is_menu(phone.hears)
        road.later(hours=2)
    assert road.reports() == []


def test_a_greeting_is_no_place(road: Road, phone: Phone) -> None:
    for text in ("le puits est sec", "1", "0"):
        phone.says(text)
    phone.says("merci")
    assert asks_place(phone.hears)


def test_a_coded_line_is_a_report_with_its_kind_need_and_place(road: Road, phone: Phone) -> None:
    phone.says("3 2 Konna")
    report = road.report()
    assert (report.suggested_kind, report.answer_needed, report.place) == (Kind.EXPLOSIVE, "today", KONNA)
    assert report.kind is None
    assert is_closing(phone.hears)


@pytest.mark.parametrize(
    "text", ["12 hommes armes a moto", "13 personnes sont malades", "2 4 jours sans rien a manger"]
)
def test_a_text_that_begins_with_a_number_is_no_coded_line(road: Road, phone: Phone, text: str) -> None:
    phone.says(text)
    assert asks_language(phone.hears)
    assert road.report().answer_needed is None


@pytest.mark.parametrize("text", ["12 Konna", "1.2.Konna", "1 2 Djoliba", "1 2 Nouveau village"])
def test_a_coded_line_needs_no_spaces_and_no_place_that_we_know(road: Road, phone: Phone, text: str) -> None:
    phone.says(text)
    assert is_closing(phone.hears)
    assert (road.report().suggested_kind, road.report().answer_needed) == (Kind.ATTACK, "today")


def test_each_coded_line_is_a_report_of_its_own(road: Road, phone: Phone) -> None:
    phone.says("3 2 Konna")
    phone.says("7 1 Mopti")
    assert [line.place for line in road.reports()] == [KONNA, "kun:mopti/mopti/mopti"]


def test_a_coded_line_is_understood_while_a_question_is_open(road: Road, phone: Phone) -> None:
    for text in ("le puits est sec", "1", "2"):
        phone.says(text)
    assert asks_place(phone.hears)
    phone.says("3 2 Mopti")
    assert [line.narrative for line in road.reports()] == ["le puits est sec", "3 2 Mopti"]
    assert is_closing(phone.hears)


def test_a_stranger_over_no_budget_is_always_kept(road: Road) -> None:
    for number in range(30):
        road.phone(f"7600{number:04}").says(f"le puits numero {number} est sec")
    assert len(road.rows(message, outbound=False)) == 30
    assert len({line.id for line in road.reports(TRUSTED)}) >= 25


def test_the_report_of_a_live_simulator_is_an_exercise(make_road: Callable[..., Road], phone: Phone) -> None:
    phone.says(ATTACK)
    assert not phone.road.report().exercise
    live = make_road(demo=False)
    other = live.phone("2", Simulator())
    other.says("le puits est sec")
    assert [line.exercise for line in live.reports()] == [False, True]


def test_the_code_in_the_closing_is_that_of_the_report(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "1", "4", "5"):
        phone.says(text)
    phone.says(f"SUIVI {code_in(phone.hears)}")
    assert "en cours" in phone.hears


def test_a_new_event_lets_the_open_question_of_an_older_one_go(road: Road, phone: Phone) -> None:
    for text in (ATTACK, "1", "langue"):
        phone.says(text)
    road.later(days=31)
    phone.says("le puits du village est sec depuis hier")
    assert asks_how_soon(phone.hears)
    open_talks = [row for row in road.rows(talk.c.status) if row.status == TalkStatus.OPEN]
    assert len(open_talks) == 1


@pytest.mark.parametrize("kind", ["photo", "voice"])
def test_where_the_wire_carries_them_a_photo_or_a_voice_message_is_asked_for(
    make_road: Callable[..., Road], telegram: Telegram, kind: str
) -> None:
    road = make_road(wire=telegram)
    phone = road.phone("7000001")
    phone.says("le puits de Konna est sec")
    phone.presses("fr")
    phone.presses("today")
    assert phone.hears.startswith("Une photo ou un message vocal?")
    phone.says("oui")
    assert "Envoyez une photo" in phone.hears
    phone.shows(Media(kind, "handle-7"))
    assert asks_call(phone.hears)
    phone.presses("no")
    assert is_closing(phone.hears)
    assert ("they", f"[{kind}]") in road.conversation(road.report())


def test_a_wire_that_carries_none_does_not_ask_for_one(phone: Phone) -> None:
    for said in ("le puits de Konna est sec", "1", "2"):
        phone.says(said)
    assert asks_call(phone.hears)
