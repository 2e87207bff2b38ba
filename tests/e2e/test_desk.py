"""What the desk and the people on the phones do with each other, on a wide screen, a small one, and without scripts."""

import re
import secrets

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import MakeVisitor
from tests.e2e.visitor import DrawnPhone, Visitor, Way

_LETTERS = str.maketrans("0123456789", "ghijkmnpqr")


def _told(what: str) -> str:
    """A text that no other test wrote, in letters alone: what looks like a number is not sent unasked."""
    return f"{what} {secrets.token_hex(4).translate(_LETTERS)}"


def _line(page: Page, text: str) -> Locator:
    return page.locator(".line").filter(has_text=text)


def _writes(clerk: Visitor, text: str, place: int = 1) -> DrawnPhone:
    phone = DrawnPhone(clerk, clerk.opens("/phone"), place)
    phone.writes(text)
    return phone


def _reads(clerk: Visitor, text: str) -> Page:
    """The page of the report with this text, reached from the inbox."""
    page = clerk.opens("/admin/inbox")
    _line(page, text).get_by_role("link").click()
    expect(page.locator(".narrative")).to_contain_text(text)
    return page


def _opens_setting_aside(page: Page) -> None:
    page.locator("summary", has_text="Mettre ce signalement de côté").click()


def test_a_member_of_staff_signs_in_and_out_and_the_way_back_is_closed(visit: MakeVisitor, way: Way) -> None:
    visitor = visit(way)
    page = visitor.opens("/admin/audit")
    visitor.signs_in(page)
    expect(page).to_have_url(visitor.office.at("/admin/audit"))
    page.get_by_role("button", name="Quitter").click()
    expect(page.get_by_text("Vous êtes déconnecté")).to_be_visible()
    page.go_back()
    page.goto(visitor.office.at("/admin/inbox"))
    expect(page).to_have_url(visitor.office.at("/admin/sign-in"))


def test_a_wrong_password_is_told_and_the_name_stays(visit: MakeVisitor, way: Way) -> None:
    visitor = visit(way)
    visitor.complaints.expected.add(401)
    page = visitor.opens("/admin/sign-in")
    page.get_by_label("Nom", exact=True).fill("demo")
    page.get_by_label("Mot de passe").fill("not this one")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    expect(page.get_by_label("Nom", exact=True)).to_have_value("demo")


def test_what_is_written_on_a_phone_arrives_in_the_open_inbox(clerk: Visitor) -> None:
    inbox = clerk.opens("/admin/inbox")
    if clerk.scripted:
        inbox.evaluate("window.neverLoadedAgain = true")
    text = _told("le puits de Sévaré est à sec")
    phone = _writes(clerk, text)
    expect(phone.said.last).to_have_text(text)
    expect(phone.heard.last).to_contain_text("Kunnafoni")
    clerk.sees(_line(inbox, text))
    expect(_line(inbox, text)).to_contain_text("nouveau")
    if clerk.scripted:
        assert inbox.evaluate("window.neverLoadedAgain") is True
        expect(inbox.locator("#news")).to_contain_text("a changé")


def test_kind_and_place_and_urgency_are_decided_and_stand_in_the_timeline(clerk: Visitor) -> None:
    text = _told("il y a beaucoup d'eau")
    _writes(clerk, text)
    page = _reads(clerk, text)
    timeline = page.locator(".timeline")
    expect(timeline).to_contain_text("Signalement reçu")
    expect(timeline).to_contain_text("Lu pour la première fois")
    page.get_by_label("Nature").select_option(label="Inondation, feu, catastrophe")
    page.get_by_label("Lieu", exact=True).and_(page.get_by_role("textbox")).fill("Kona")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_label("Konna").first.check()
    if not clerk.scripted:
        expect(page.get_by_label("Nature")).to_have_value("disaster")
    page.get_by_role("radio", name=re.compile("^P2")).check()
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_role("status").filter(has_text="décidés")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Inondation, feu, catastrophe · Konna")
    expect(timeline.locator("li").first).to_contain_text("Nature, lieu et urgence décidés")
    expect(timeline.locator("li").first).to_contain_text("Démonstration")


def test_a_reply_shows_on_the_phone_that_asked_and_on_no_other_and_its_arrival_on_the_desk(clerk: Visitor) -> None:
    text, answer = _told("y a-t-il de l'eau à Mopti"), _told("Merci. Une équipe viendra demain.")
    first = _writes(clerk, _told("bonjour, la route est coupée"))
    second = DrawnPhone(clerk, first.page, place=2)
    second.writes(text)
    page = _reads(clerk, text)
    page.get_by_label("Répondre avec vos mots").fill(answer)
    if clerk.scripted:
        expect(page.locator("#size")).to_contain_text("1 SMS")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.locator(".talk .ours .bubble").last).to_have_text(answer)
    clerk.sees(second.heard.filter(has_text=answer))
    expect(first.heard.filter(has_text=answer)).to_have_count(0)
    expect(page.locator(".timeline")).to_contain_text("Réponse écrite")
    # A phone without a script confirms nothing; the wire knows only that it was sent.
    arrived = "remis" if clerk.scripted else "envoyé|remis"
    _eventually(page.locator(".talk li", has_text=answer).locator(".delivery"), arrived)


def _eventually(found: Locator, pattern: str) -> None:
    """Load the page until it says so: what a wire tells comes when it comes."""
    for _ in range(40):
        if re.search(pattern, found.inner_text()):
            return
        found.page.wait_for_timeout(100)
        found.page.reload()
    expect(found).to_contain_text(re.compile(pattern))


def test_a_bip_becomes_a_call_that_is_waited_for_until_it_is_made(clerk: Visitor) -> None:
    phone = DrawnPhone(clerk, clerk.opens("/phone"))
    phone.bips()
    expect(phone.said.last).to_have_text("Appel manqué")
    page = clerk.opens("/admin/call-backs")
    before = page.locator(".task").count()
    page.locator(".task:not(.u1, .u2, .u3, .u4)").last.get_by_role("link", name="Appeler", exact=True).click()
    page.get_by_role("button", name="Afficher le numéro").click()
    expect(page.locator(".phone-number")).to_contain_text(phone.number)
    page.get_by_label("joint").check()
    page.get_by_label("Note pour").fill("rappellera demain")
    page.get_by_role("button", name="Noter l'appel").click()
    expect(page.get_by_role("status").filter(has_text="Noté")).to_be_visible()
    expect(page.locator(".task")).to_have_count(before - 1)
    expect(page.locator(".phone-number")).to_have_count(0)


def test_a_report_is_set_aside_with_a_reason_and_taken_back(clerk: Visitor) -> None:
    text = _told("essai de téléphone")
    _writes(clerk, text)
    page = _reads(clerk, text)
    _opens_setting_aside(page)
    page.get_by_label("Un essai ou un exercice").check()
    page.get_by_role("button", name="Mettre de côté").click()
    expect(page.locator(".timeline li").first).to_contain_text("Un essai ou un exercice")
    address = page.url
    page.goto(clerk.office.at("/admin/inbox"))
    expect(_line(page, text)).to_have_count(0)
    page.get_by_role("navigation", name="Signalements par état").get_by_role("link", name="Mis de côté").click()
    expect(_line(page, text)).to_be_visible()
    page.goto(address)
    page.get_by_role("button", name="Reprendre parmi les signalements ouverts").click()
    expect(page.locator(".timeline li").first).to_contain_text("Repris")
    page.goto(clerk.office.at("/admin/inbox"))
    expect(_line(page, text)).to_be_visible()


def test_the_language_is_switched_and_stays(clerk: Visitor) -> None:
    page = clerk.opens("/admin/call-backs")
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(clerk.office.at("/admin/call-backs"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Call-backs")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto(clerk.office.at("/admin/inbox"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signalements")


def test_the_keys_of_the_phone_write_digits_and_another_card_is_another_person(clerk: Visitor) -> None:
    phone = _writes(clerk, _told("la pompe est cassée"))
    number = phone.number
    body = phone.page.locator("#phone-1")
    body.get_by_role("button", name="1", exact=True).click()
    if clerk.scripted:
        body.get_by_role("button", name="Envoyer").click()
    clerk.sees(phone.heard.nth(1))
    expect(phone.said.last).to_have_text("1")
    body.get_by_role("button", name="Mettre une autre carte SIM").click()
    expect(phone.said).to_have_count(0)
    assert phone.number != number
