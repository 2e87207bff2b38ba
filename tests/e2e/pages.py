"""Every page of the panel and how somebody gets there, for all tests that look at pages.

A page that stands neither in PAGES nor in ELSEWHERE fails the suite: what nobody looks at can't be promised.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from bot.translations import Source
from tests.e2e.visitor import DrawnPhone, Visitor

_REPORT = "/admin/reports/<uuid:report_id>"
_INCIDENT = "/admin/incidents/<uuid:incident_id>"
_RUMOUR = "/admin/rumours/<uuid:incident_id>"


@dataclass(frozen=True)
class Visit:
    """The rule of the application by which the page is served, and the way there."""

    rule: str
    go: Callable[[Visitor], Page]


def _at(path: str, rule: str = "") -> Visit:
    return Visit(rule or path.partition("?")[0], lambda visitor: visitor.opens(path))


def _report(text: str) -> Callable[[Visitor], Page]:
    def go(visitor: Visitor) -> Page:
        page = visitor.opens("/admin/inbox")
        line = page.locator(".line", has_text=text)
        # What others of the suite have told may have pushed it further down.
        while not line.count():
            page = visitor.opens(page.locator(".older a").get_attribute("href") or "")
            line = page.locator(".line", has_text=text)
        line.get_by_role("link").click()
        page.locator("summary").first.click()
        return page

    return go


def _event(visitor: Visitor) -> Page:
    """Two reports of one bridge, joined; the first visitor joins them."""
    page = visitor.opens("/admin/incidents")
    joined = page.locator(".line", has_text="Konna")
    if not joined.count():
        page = _report("le pont de Konna")(visitor)
        page.get_by_label("Inondation à Konna").check()
        page.get_by_role("button", name="joindre").click()
    else:
        joined.get_by_role("link").first.click()
    page.wait_for_url("**/admin/incidents/*")
    return page


def _rumour(visitor: Visitor) -> Page:
    """What somebody asks, with a page of its own."""
    page = visitor.opens("/admin/rumours")
    taken_up = page.get_by_role("button", name="Vérifier si c’est vrai")
    (taken_up if taken_up.count() else page.locator(".line h2 a")).first.click()
    page.get_by_role("heading", name="Vérifié avec qui").wait_for()
    page.locator("main summary").first.click()
    return page


def _answered_rumour(visitor: Visitor) -> Page:
    """One of which something is known, with an answer that waits for a second person; the first visitor writes it."""
    page = _rumour(visitor)
    if not page.locator(".item").count():
        page.get_by_label("Probablement faux").check()
        page.get_by_role("button", name="Garder ce que l’on sait").click()
        page.get_by_label("La phrase").fill("Les services compétents le vérifient encore.")
        page.get_by_role("button", name="Donner à une seconde personne").first.click()
        page.locator(".item").first.wait_for()
    page.locator("main details:not([open]) > summary").last.click()
    return page


def _routed(visitor: Visitor) -> Page:
    """An event whose summary was sent to the seat of the demonstration; the first visitor sends it."""
    page = _event(visitor)
    page.get_by_role("button", name="Garder le résumé").click()
    page.get_by_role("heading", name="Comité", exact=True).wait_for()
    if not page.locator(".item").count():
        page.get_by_label("Ce qui est demandé").fill("Dire ce qui peut être fait pour le pont.")
        page.get_by_role("button", name="Envoyer le résumé").click()
        page.locator(".item").first.wait_for()
    return page


def _item(visitor: Visitor) -> Page:
    _routed(visitor)
    page = visitor.opens("/admin/items")
    page.locator(".line a").first.click()
    page.wait_for_url("**/admin/items/*")
    return page


def _link(visitor: Visitor) -> Page:
    page = _routed(visitor)
    page.get_by_role("button", name="Lien à usage unique").first.click()
    page.goto(page.locator(".secret code").inner_text())
    return page


def _opened_link(visitor: Visitor) -> Page:
    page = _link(visitor)
    page.get_by_role("button", name="Ouvrir sur cet appareil").click()
    page.locator("#words").wait_for()
    return page


def _who_told(visitor: Visitor) -> Page:
    page = _report("attaque a konna")(visitor)
    page.get_by_role("link", name="Qui l'a dit").click()
    page.get_by_role("heading", name="Qui l'a dit").wait_for()
    return page


def _found_places(visitor: Visitor) -> Page:
    page = _report("4 1 Douentza")(visitor)
    page.get_by_label("Lieu", exact=True).and_(page.get_by_role("textbox")).fill("Dou")
    page.get_by_role("button", name="Chercher").click()
    page.locator("[name=place]").nth(2).wait_for()
    return page


def _one_call(visitor: Visitor) -> Page:
    page = visitor.opens("/admin/call-backs")
    page.get_by_role("link", name="Appeler", exact=True).first.click()
    page.get_by_role("heading", name="Que dire").wait_for()
    return page


def _number_shown(visitor: Visitor) -> Page:
    page = visitor.opens("/admin/call-backs")
    page.get_by_role("link", name="Appeler", exact=True).first.click()
    page.get_by_role("button", name="Afficher le numéro").click()
    page.locator(".phone-number").wait_for()
    return page


def _contact(visitor: Visitor) -> Page:
    """Somebody whom the visitor writes down."""
    page = visitor.opens("/admin/contacts")
    page.get_by_label("Numéro de téléphone").fill(f"7{secrets.randbelow(10**7):07}")
    page.get_by_label("Nom", exact=True).fill("Awa Cissé")
    page.get_by_label("D'où vient le consentement").fill("Demandé par téléphone le 3 mars")
    page.get_by_role("button", name="Garder", exact=True).click()
    page.get_by_role("heading", name="Comment joindre cette personne").wait_for()
    return page


def _list_sent(visitor: Visitor) -> Page:
    """A list with wrong rows, which a worker has read."""
    page = visitor.opens("/admin/contacts/file")
    content = "numero;nom;consentement\n12;Awa;liste du 3 mars\n76123456;Moussa;oui\n"
    page.get_by_label("Un fichier CSV ou XLSX").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Le vérifier seulement").click()
    page.get_by_text("Ligne 3", exact=True).wait_for()
    return page


def _group(visitor: Visitor) -> Page:
    """A cell that the visitor makes, with one member."""
    page = visitor.opens("/admin/groups")
    page.get_by_label("Titre").fill(f"Benkadi {secrets.token_hex(4)}")
    page.get_by_role("button", name="Garder", exact=True).click()
    page.locator(".marks").first.wait_for()
    made = page.url
    page = _contact(visitor)
    page.get_by_label("Mettre dans").select_option(made.rpartition("/")[2])
    page.get_by_role("button", name="Mettre dans le groupe").click()
    page.get_by_role("heading", name="Comment joindre cette personne").wait_for()
    page.goto(made)
    page.locator(".line").first.wait_for()
    return page


def _person_on_duty(visitor: Visitor) -> Page:
    page = visitor.opens("/admin/duty")
    page.locator(".facts dt a").first.click()
    page.wait_for_url("**/admin/duty/people/*")
    return page


def _colleague(visitor: Visitor) -> Page:
    page = visitor.opens("/admin/staff")
    page.locator(".line a").first.click()
    page.wait_for_url("**/admin/staff/*")
    return page


def _invited(visitor: Visitor) -> Page:
    """The link as the inviter sees it, once; one of the roles waits for a second person."""
    page = visitor.opens("/admin/staff")
    page.get_by_label("Nom tel que").fill("Fanta Traoré")
    page.get_by_label("Nom de connexion").fill(f"fanta-{secrets.token_hex(4)}")
    page.get_by_label("Approbateur").check()
    page.get_by_role("button", name="Créer l'invitation").click()
    page.locator(".secret code").wait_for()
    return page


def _invitation(visitor: Visitor) -> Page:
    page = _invited(visitor)
    page.goto(page.locator(".secret code").inner_text())
    return page


def _hand_over(visitor: Visitor) -> Page:
    page = visitor.opens("/admin/hand-overs")
    page.get_by_label("Ce que l'équipe suivante doit savoir").fill("Rappeler la radio de Konna à 14 h.")
    page.get_by_role("button", name="Laisser la note").click()
    page.locator(".note-text").first.wait_for()
    return page


def _talking_phones(visitor: Visitor) -> Page:
    page = visitor.opens("/phone")
    DrawnPhone(visitor, page).writes("ߒ ߓߘߊ߫ ߖߌ ߡߊߛߐ߬ߘߐ߲߬ 🌾")
    DrawnPhone(visitor, page, 2).bips()
    return page


def _no_invitation(visitor: Visitor) -> Page:
    visitor.complaints.expected.add(404)
    return visitor.opens("/admin/invitation/no-such-link")


def _nothing_there(visitor: Visitor) -> Page:
    visitor.complaints.expected.add(404)
    return visitor.opens("/admin/nothing")


def _wording(tag: str, msgid: str) -> Visit:
    return _at(f"/admin/translations/{tag}/{Source(msgid, '').key}", "/admin/translations/<tag>/<key>")


def _to_translate(visitor: Visitor) -> Page:
    """A message in Arabic that waits for a translator; the first visitor gives it away."""
    visitor.complaints.expected.add(422)
    page = _report("قرية بوني")(visitor)
    if not page.get_by_text("Attend un traducteur").count():
        give = page.get_by_role("button", name="Donner aux traducteurs")
        if not give.is_visible():
            page.locator("summary", has_text="Faire traduire").click()
        give.click()
        # No list reads these letters: a person says that they have looked.
        page.get_by_label("Il ne nomme personne").check()
        give.click()
    page = visitor.opens("/admin/translation-tasks")
    if not page.locator(".task").count():
        page.locator("summary", has_text="Langues que vous traduisez").click()
        page.get_by_label("Arabe", exact=True).check()
        page.get_by_role("button", name="Garder ces langues").click()
        page.locator(".task").first.wait_for()
    return page


PAGES: Mapping[str, Visit] = {
    "inbox": _at("/admin/inbox"),
    "inbox, nothing set aside": _at("/admin/inbox?status=set_aside"),
    "report of an attack": Visit(_REPORT, _report("attaque a konna")),
    "report in Arabic": Visit(_REPORT, _report("قرية بوني")),
    "report with places found": Visit(_REPORT, _found_places),
    "events": _at("/admin/incidents"),
    "one event": Visit(_INCIDENT, _event),
    "event on its way to the committee": Visit(_INCIDENT, _routed),
    "rumours": _at("/admin/rumours"),
    "one rumour": Visit(_RUMOUR, _rumour),
    "a rumour with an answer": Visit(_RUMOUR, _answered_rumour),
    "items of a seat": _at("/admin/items"),
    "one item": Visit("/admin/items/<uuid:item_id>", _item),
    "a one-time link": Visit("/admin/link/<secret>", _link),
    "a one-time link, opened": Visit("/admin/link/<secret>", _opened_link),
    "a link that opens nothing": _at("/admin/link/no-such-link", "/admin/link/<secret>"),
    "seats": _at("/admin/committee"),
    "report of the committee": _at("/admin/committee/report"),
    "search": _at("/admin/search?q=konna"),
    "search, nothing found": _at("/admin/search?q=zzqqwe"),
    "closed queue": _at("/admin/closed"),
    "report-backs": _at("/admin/report-backs"),
    "who told it": Visit("/admin/reports/<uuid:report_id>/identity", _who_told),
    "numbers asked for": _at("/admin/reveals"),
    "contacts": _at("/admin/contacts"),
    "people from a file": _at("/admin/contacts/file"),
    "a list that was sent": Visit("/admin/contacts/imports/<uuid:import_id>", _list_sent),
    "one contact": Visit("/admin/contacts/<uuid:contact_id>", _contact),
    "groups": _at("/admin/groups"),
    "one group": Visit("/admin/groups/<uuid:group_id>", _group),
    "entering for somebody": _at("/admin/entry"),
    "call-backs": _at("/admin/call-backs"),
    "call-backs, one call": Visit("/admin/call-backs/<uuid:call_back_id>", _one_call),
    "call-backs, number shown": Visit("/admin/call-backs/<uuid:call_back_id>/number", _number_shown),
    "hand-over notes": Visit("/admin/hand-overs", _hand_over),
    "duty rota": _at("/admin/duty"),
    "languages of a colleague": Visit("/admin/duty/people/<uuid:staff_id>", _person_on_duty),
    "staff": _at("/admin/staff"),
    "one colleague": Visit("/admin/staff/<uuid:staff_id>", _colleague),
    "a link for a colleague": Visit("/admin/staff", _invited),
    "an invitation": Visit("/admin/invitation/<secret>", _invitation),
    "an invitation that opens nothing": Visit("/admin/invitation/<secret>", _no_invitation),
    "audit": _at("/admin/audit"),
    "audit, nothing found": _at("/admin/audit?act=keys.rotated&since=2020-01-01&until=2020-01-02"),
    "what is kept": _at("/admin/retention"),
    "words": _at("/admin/lexicon?kind=attack"),
    "length of the texts": _at("/admin/coverage"),
    "cards": _at("/admin/cards"),
    "a card": _at("/admin/cards/ar", "/admin/cards/<tag>"),
    "spelling on SMS": _at("/admin/translations/bm/spelling", "/admin/translations/<tag>/spelling"),
    "news": _at("/admin/infos"),
    "translations": _at("/admin/translations"),
    "messages to translate": Visit("/admin/translation-tasks", _to_translate),
    "translations of one language": _at("/admin/translations/bm?show=all", "/admin/translations/<tag>"),
    "one message in Bambara": _wording("bm", "yes"),
    "one message in Arabic": _wording("ar", "yes"),
    "account": _at("/admin/account"),
    "new second key": _at("/admin/second-factor/new"),
    "new security key": _at("/admin/keys/new"),
    "phones": _at("/phone"),
    "phones, talking": Visit("/phone", _talking_phones),
    "no such page": Visit("", _nothing_there),
}

#: Rules that answer a GET and stand in no visit: what they are instead.
ELSEWHERE: Mapping[str, str] = {
    "/admin/rumours/<uuid:incident_id>/answers/<uuid:answer_id>": "takes two people who approve: test_rumours",
    "/admin/": "leads to the first page of whoever asks",
    "/admin/sign-in": "looked at without a session, in test_pages",
    "/admin/second-factor": "there only in production: test_live",
    "/admin/inbox/changes": "a mark, for the script of the inbox",
    "/admin/reports/<uuid:report_id>/media/<uuid:message_id>/<int:number>": "a photo or a voice note: test_media",
    "/admin/file/<digest>/<name>": "stylesheet, scripts, sign",
    "/admin/translations/<tag>/file": "a file to keep",
    "/admin/contacts/template": "a file to fill in",
    "/phone/messages": "the bubbles, for the script of the phone",
    "/health": "a word, for a machine",
    "/ready": "a word, for a machine",
}


def unvisited(rules: set[str]) -> list[str]:
    """For each rule of the application that answers a GET and that nobody looks at: what to do, in a sentence."""
    known = {visit.rule for visit in PAGES.values()} | set(ELSEWHERE)
    return [f"no test looks at {rule}: add a visit to PAGES in tests/e2e/pages.py" for rule in sorted(rules - known)]
