"""The desk's words and letters from outside: added, switched off, tried, and refused in one sentence."""

import pytest

from bot.casework.lexicon import follow_lexicon
from bot.conversation.kinds import Kind
from bot.store.following import Follower
from tests.chat import Phone
from tests.desk import Desk


def test_a_word_is_added_tried_and_switched_off_again(desk: Desk) -> None:
    triage = desk.enter("triage")
    word = {"kind": "health", "language": "bm", "word": "Banakisɛ"}
    assert triage.post("/admin/lexicon", **word).status_code == 303
    assert "banakise" in triage.get("/admin/lexicon?kind=health").text
    assert "Santé, maladie" in triage.post("/admin/lexicon", kind="health", text="banakisɛ bɛ yan", **{"try": "1"}).text
    triage.post("/admin/lexicon", **word, off="1")
    assert "Aucun mot" in triage.post("/admin/lexicon", kind="health", text="banakisɛ bɛ yan", **{"try": "1"}).text
    Follower(desk.road.store, follow_lexicon(desk.road.lexicon)).look()
    assert desk.road.lexicon.suggest("banakisɛ").kind is None


def test_only_an_officer_of_the_closed_queue_changes_its_words(desk: Desk) -> None:
    word = {"kind": "sexual_violence", "language": "fr", "word": "viol", "off": "1"}
    refused = desk.enter("triage", "secretary").post("/admin/lexicon", **word)
    assert refused.status_code == 403
    assert "file confidentielle" in refused.text
    Follower(desk.road.store, follow_lexicon(desk.road.lexicon)).look()
    assert desk.road.lexicon.suggest("un viol").kind is Kind.SEXUAL_VIOLENCE
    assert desk.enter("closed_queue").post("/admin/lexicon", **word).status_code == 303


@pytest.mark.parametrize("wrong", [{"word": "x"}, {"word": ""}, {"language": "xx"}, {"word": "12345"}])
def test_a_word_that_is_none_is_one_sentence_and_stays_in_the_field(desk: Desk, wrong: dict[str, str]) -> None:
    answer = desk.enter("triage").post("/admin/lexicon", **{"kind": "need", "language": "fr", "word": "puits", **wrong})
    assert answer.status_code == 422
    assert "2 à 40 lettres" in answer.text
    assert "lexicon.changed" not in desk.actions()


def test_the_report_shows_the_words_that_led_to_the_suggestion(desk: Desk, phone: Phone) -> None:
    phone.says("des tirs et une attaque")
    page = desk.enter("triage").get(f"/admin/reports/{desk.road.report().id}").text
    assert '<q dir="auto">tirs</q> <q dir="auto">attaque</q>' in page


def test_a_letter_is_spelt_otherwise_and_a_language_keeps_its_letters(desk: Desk) -> None:
    translator = desk.enter("translator")
    address = "/admin/translations/bm/spelling"
    assert translator.post(address, letter="ɲ", sms="gn").status_code == 303
    assert "ɲ → gn" in translator.get(address).text
    assert translator.post(address, kept="yes").status_code == 303
    assert "garde ses lettres" in translator.get(address).text
    answer = translator.post(address, letter="e", sms="a")
    assert answer.status_code == 422
    assert "alphabet SMS de base" in answer.text
    assert translator.get("/admin/translations/xx/spelling").status_code == 404
