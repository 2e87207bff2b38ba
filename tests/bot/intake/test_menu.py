"""The services behind the menu, from the first digit to what the desk has of it."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import main, staff, talks
from bot.casework import desk, infos
from bot.casework.codes import code_hash
from bot.casework.seats import Seat
from bot.channels.simulator import Simulator
from bot.channels.telegram import Telegram
from bot.config import Settings
from bot.conversation.kinds import Kind
from bot.languages.catalogue import Catalogues
from bot.messages import Media
from bot.places.gazetteer import Gazetteer
from bot.store import Store, migrations
from bot.store.sealing import Keys, unseal
from bot.store.tables import ReportStatus, Veracity, address, message, report, subscription, talk
from flows import FLOWS
from tests.chat import TRUSTED, Phone, Road
from tests.providers.settings import SETTINGS
from tests.words import is_closing, is_menu


@pytest.fixture
def road(settings: Callable[..., Settings], database_url: str) -> Iterator[Road]:
    store = Store.open(settings(database_url=database_url), Keys.make())
    migrations.upgrade(store.engine)
    catalogues = Catalogues.load(main.LOCALES, "bot", drafts=True)
    yield Road.build(store, Simulator(), FLOWS, main.VERBS, catalogues, Gazetteer.load())
    store.close()


@pytest.fixture
def phone(road: Road) -> Phone:
    return road.phone()


@pytest.fixture
def writer(road: Road) -> Seat:
    with road.store.writing() as session:
        return Seat(staff.make(session, road.now, "command", "awa", "Awa", "-", ["secretary"]))


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    wire = Telegram(SETTINGS)
    yield wire
    wire.close()


def _say(phone: Phone, *texts: str) -> str:
    for text in texts:
        phone.road.later(seconds=40)
        phone.says(text)
    return phone.hears


def test_what_somebody_chose_to_tell_is_a_report_from_its_first_words(road: Road, phone: Phone) -> None:
    _say(phone, "bonjour", "8")
    assert road.reports() == []
    _say(phone, "le puits est sec")
    assert (road.report().status, road.report().narrative) == (ReportStatus.HALF_TOLD, "le puits est sec")
    assert is_closing(_say(phone, "Konna", "0"))
    assert road.report().status is ReportStatus.RECEIVED
    assert road.report().place == "kun:mopti/mopti/konna"


def test_the_place_in_the_words_is_not_asked_for_again(road: Road, phone: Phone) -> None:
    assert is_closing(_say(phone, "bonjour", "8", "le puits de Konna est sec", "0"))
    assert road.report().place == "kun:mopti/mopti/konna"


def test_the_code_in_the_closing_is_the_report_s(phone: Phone) -> None:
    _say(phone, "bonjour", "5", "on dit que le pont est coupe", "1", "1")
    code = phone.code
    assert f"SUIVI {code}" in phone.hears
    assert _say(phone, f"suivi {code}") == f"No {code}: nous vérifions. Avant, mieux vaut ne pas répéter cela."


def test_what_was_heard_is_never_repeated(road: Road, phone: Phone) -> None:
    _say(phone, "bonjour", "5", "on dit que le pont de Sevare est coupe", "3", "2")
    assert road.report().suggested_kind is Kind.RUMOUR
    assert road.report().answer_needed == "none"
    assert not any("pont" in text for text in phone.heard)


def test_words_of_the_closed_queue_go_there_whatever_service_was_chosen(road: Road, phone: Phone) -> None:
    _say(phone, "bonjour", "4", "1", "2", "2", "une fille violee par un enseignant", "0")
    assert road.report().closed_queue
    assert road.report().suggested_kind is Kind.SEXUAL_VIOLENCE


@pytest.mark.parametrize(("digit", "kind"), [("2", Kind.IDEA), ("3", Kind.TENSION)])
def test_an_idea_and_a_wish_for_a_mediator_are_reports_of_their_kind(
    road: Road, phone: Phone, digit: str, kind: Kind
) -> None:
    assert is_closing(_say(phone, "bonjour", "4", digit, "que les jeunes se voient", "0", "0").split("\n")[-1])
    assert road.report().suggested_kind is kind


def test_support_gives_the_same_bytes_whatever_was_chosen_and_leaves_nothing(road: Road) -> None:
    heard = {_say(road.phone(f"7600000{digit}"), "bonjour", "3", digit) for digit in ("0", "1", "2", "3", "4", "5")}
    assert len(heard) == 1
    assert road.reports() == []
    assert road.call_backs() == []


def test_free_words_in_the_menu_are_a_report_all_the_same(road: Road, phone: Phone) -> None:
    _say(phone, "bonjour", "des hommes armes sont venus hier")
    assert road.report().narrative == "des hommes armes sont venus hier"


def test_a_photo_in_the_menu_is_a_report(road: Road, phone: Phone) -> None:
    phone.says("bonjour")
    phone.shows(Media("photo", "handle"))
    assert road.report().narrative == "[photo]"


def test_a_greeting_in_the_menu_shows_it_again_and_never_gives_up(road: Road, phone: Phone) -> None:
    for _ in range(3):
        assert is_menu(_say(phone, "bonjour"))
    assert road.call_backs() == []


def _publish(road: Road, writer: Seat, place: str | None, text: str, days: float = 1) -> uuid.UUID:
    with road.store.writing() as session:
        until = road.now + timedelta(days=days)
        return infos.publish(session, road.now, writer, "market", place, "fr", text, until)


def test_the_nearest_news_is_sent(road: Road, phone: Phone, writer: Seat) -> None:
    _publish(road, writer, None, "Partout: samedi.")
    _publish(road, writer, "cod2021:ML0506", "Cercle: mardi.")
    assert _say(phone, "bonjour", "1", "3", "Konna") == "Cercle: mardi."
    assert _say(phone, "menu", "1", "3", "0") == "Partout: samedi."


def test_news_that_has_run_out_is_never_sent(road: Road, phone: Phone, writer: Seat) -> None:
    _publish(road, writer, None, "Partout: samedi.", days=1)
    assert _say(phone, "bonjour", "1", "3", "0") == "Partout: samedi."
    road.later(days=1)
    assert "321" in _say(phone, "menu", "1", "3", "0")


def test_news_that_was_withdrawn_or_renewed_is_never_sent(road: Road, phone: Phone, writer: Seat) -> None:
    first = _publish(road, writer, None, "Samedi.")
    _publish(road, writer, None, "Dimanche.")
    assert _say(phone, "bonjour", "1", "3", "0") == "Dimanche."
    with road.store.writing() as session:
        (living,) = infos.listed(session)
        assert living.id != first
        infos.withdraw(session, road.now, writer, living.id)
    assert "321" in _say(phone, "menu", "1", "3", "0")


def test_menu_leads_back_from_any_service_but_lets_go_of_nothing_that_was_told(phone: Phone) -> None:
    assert is_menu(_say(phone, "bonjour", "1", "3", "menu"))
    assert "médiateur" in _say(phone, "4")
    assert is_menu(_say(phone, "menu"))
    asked = _say(phone, "8", "le puits est sec")
    assert _say(phone, "menu") == asked


def test_who_asks_for_peace_messages_is_on_the_list_until_they_say_no(road: Road, phone: Phone) -> None:
    _say(phone, "bonjour", "7", "1", "2", "1")
    assert [(row.day, row.theme) for row in road.rows(subscription.c.day, subscription.c.theme)] == [
        ("sunday", "tales")
    ]
    _say(phone, "menu", "7", "1", "1", "0")
    assert [(row.day, row.theme) for row in road.rows(subscription.c.day, subscription.c.theme)] == [("friday", None)]
    assert _say(phone, "menu", "7", "2") == "C'est fait."
    assert road.rows(subscription.c.day) == []


def test_who_is_forgotten_is_on_no_list(road: Road, phone: Phone) -> None:
    _say(phone, "bonjour", "7", "1", "2", "1", "oubliez-moi")
    assert road.rows(subscription.c.day) == []


def test_a_question_that_goes_by_the_outbox_lists_its_options_in_words(road: Road, telegram: Telegram) -> None:
    """The outbox carries no buttons: with long polling, or behind an unsent message, the words must do."""
    phone = road.phone("123", telegram)
    phone.says("bonjour", inline=False)
    row = road.outbox()[-1]
    with road.store.reading() as session:
        kept = session.run(
            select(message.c.id, message.c.body, talk.c.id.label("talk"), talk.c.data_key)
            .join(talk, talk.c.id == message.c.talk_id)
            .where(message.c.id == row.message_id)
        ).one()
        key = session.keys.unwrap(kept.data_key, kept.talk)
    assert is_menu(unseal(key, "message.body", kept.id, kept.body))
    assert "9 Langue" in unseal(key, "message.body", kept.id, kept.body)


@pytest.mark.parametrize(
    "text",
    [
        "Ceci est une reponse automatique. Je suis en voiture, je vous rappelle plus tard.",
        "Cher client, rechargez 1000F et recevez 100% de bonus. Tapez #123#",
    ],
)
def test_what_a_machine_wrote_is_kept_and_never_answered(road: Road, phone: Phone, text: str) -> None:
    phone.says("bonjour")
    assert phone.says(text) is None
    assert road.reports() == []
    assert phone.says("8") is not None, "the open question waits"
    bodies = road.rows(message.c.outbound)
    assert len([row for row in bodies if not row.outbound]) == 3


def test_a_person_who_names_an_operator_is_answered(road: Road, phone: Phone) -> None:
    phone.says("la boutique orange de Konna a ete attaquee")
    assert road.report().place == "kun:mopti/mopti/konna"


@pytest.mark.parametrize(
    ("veracity", "says"),
    [
        (Veracity.CONFIRMED_TRUE, "c'est vrai. Vérifié par 2 sources."),
        (Veracity.CONFIRMED_FALSE, "c'est faux. Vérifié par 2 sources. Écoutez la radio locale."),
        (Veracity.PROBABLY_TRUE, "c'est probablement vrai. Nous vérifions encore. Mieux vaut ne pas répéter cela."),
        (Veracity.PROBABLY_FALSE, "c'est probablement faux. Nous vérifions encore. Mieux vaut ne pas répéter cela."),
        (Veracity.CANNOT_BE_CHECKED, "nous n'avons pas pu vérifier. Ni vrai ni faux. Mieux vaut ne pas répéter cela."),
        (Veracity.UNDER_CHECK, "nous vérifions. Avant, mieux vaut ne pas répéter cela."),
        (Veracity.NEW, "nous vérifions. Avant, mieux vaut ne pas répéter cela."),
    ],
)
def test_whoever_asked_hears_by_status_what_was_found_out(
    road: Road, phone: Phone, veracity: Veracity, says: str
) -> None:
    _say(phone, "bonjour", "5", "on dit que le pont est coupe", "1", "1")
    with road.store.writing() as session:
        desk.judge(session, road.now, TRUSTED, road.report().id, veracity)
    code = phone.code
    assert _say(phone, f"suivi {code}") == f"No {code}: {says}"
    with road.store.writing() as session:
        desk.close(session, road.now, TRUSTED, road.report().id)
    assert _say(phone, f"suivi {code}") == f"No {code}: {says if veracity.is_settled else 'terminé.'}"
    other = road.phone("76000009")
    assert "SUIVI 12345" in _say(other, f"suivi {code}"), "a code is good for its own phone only"


def test_a_number_that_the_same_phone_was_given_before_loses_no_report(road: Road, phone: Phone) -> None:
    """One in nine thousand: the talk has its number before the report, and an older report has the same."""
    _say(phone, "langue", "1", "le puits est sec", "0", "0", "0")
    road.later(hours=30)
    _say(phone, "bonjour", "5")
    (opened,) = [row for row in road.rows(talk.c.id, talk.c.status) if row.status == "open"]
    with road.store.writing() as session:
        kept = talks.load(session, opened.id)
        assert kept
        (sender,) = session.run(select(address.c.hash)).all()
        taken = code_hash(session, sender.hash, kept.facts["code"])
        session.run(update(report).values(code_hash=taken))
    _say(phone, "on dit que le pont est coupe", "1", "1")
    assert [line.narrative for line in road.reports()] == ["le puits est sec", "on dit que le pont est coupe"]
    assert (
        _say(phone, f"suivi {phone.code}") == f"No {phone.code}: nous vérifions. Avant, mieux vaut ne pas répéter cela."
    )


def test_an_option_is_understood_in_the_words_of_another_language(road: Road, phone: Phone) -> None:
    """Whoever speaks Songhay may write "papiers", which their menu calls tiirawey."""
    own, other = phone, road.phone("76000002")
    _say(own, "LANGUE", "4", "MENU", "tiirawey")
    _say(other, "LANGUE", "4", "MENU", "papiers")
    assert own.hears == other.hears
    assert not is_menu(own.hears)


def test_a_plain_no_ends_the_peace_messages_in_any_spelling(phone: Phone) -> None:
    assert _say(phone, "bonjour", "7", "non merci") == _say(phone, "bonjour", "7", "2")


@pytest.mark.parametrize(("name", "tag"), [("soninké", "snk"), ("عربي", "ar"), ("dogon", "dts")])
def test_a_language_of_the_second_page_is_understood_on_the_first(
    road: Road, phone: Phone, name: str, tag: str
) -> None:
    phone.says("le puits est sec")
    phone.says(name)
    assert road.report().language == tag


@pytest.mark.parametrize("word", ["menu", "start", "retour"])
def test_whoever_looks_through_the_services_and_begins_again_is_in_one_talk(
    road: Road, phone: Phone, word: str
) -> None:
    for said in ("langue", "1", "menu", "4", word, word):
        phone.says(said)
    assert is_menu(phone.hears)
    rows = road.rows(talk.c.flow, talk.c.status)
    assert [row.flow for row in rows if row.status == "open"] == ["menu"]


def test_a_skip_that_is_called_like_an_option_is_no_button_of_its_own(road: Road, telegram: Telegram) -> None:
    """ "May we call you?": one button says no."""
    phone = road.phone("123", telegram)
    _say(phone, "bonjour", "8", "le puits de Konna est sec")
    assert phone.last
    labels = [button.label for button in phone.last.buttons]
    assert labels.count("non") == 1
    _say(phone, "0", "menu", "7")
    assert phone.last
    assert "fin" in [button.label for button in phone.last.buttons]


def test_who_chooses_a_language_that_nobody_has_reviewed_is_not_told_that_we_write_in_it(
    make_road: Callable[..., Road],
) -> None:
    live = make_road(catalogues=Catalogues.load(main.LOCALES, "bot", drafts=False), demo=False)
    said = {}
    for tag, digit in (("fr", "1"), ("bm", "2")):
        phone = live.phone(f"7600000{digit}")
        _say(phone, "langue", digit)
        said[tag] = phone.hears
    assert "dans cette langue" in said["fr"]
    assert "dans cette langue" not in said["bm"]
    assert "Écrivez dans votre langue" in said["bm"]


def test_a_greeting_under_the_choice_of_a_language_opens_the_menu_and_leaves_the_one_before(
    road: Road, phone: Phone
) -> None:
    for said in ("bonjour", "1", "menu", "langue", "i ni ce"):
        phone.says(said)
    assert is_menu(phone.hears)
    rows = road.rows(talk.c.flow, talk.c.status)
    assert [row.flow for row in rows if row.status == "open"] == ["menu"]
