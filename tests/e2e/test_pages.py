"""How each page looks and is reached: small and wide, light and dark, by finger and by keyboard, in every script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from bot.translations import Source
from tests.e2e.conftest import MakeVisitor
from tests.e2e.inspection import faults, inspect
from tests.e2e.visitor import DrawnPhone, Visitor


def _at(path: str) -> Callable[[Visitor], Page]:
    return lambda visitor: visitor.opens(path)


def _report(text: str) -> Callable[[Visitor], Page]:
    def go(visitor: Visitor) -> Page:
        page = visitor.opens("/admin/inbox")
        page.locator(".line", has_text=text).get_by_role("link").click()
        page.locator("summary").click()
        return page

    return go


def _event(visitor: Visitor) -> Page:
    """Two reports of one bridge, joined; the first visitor joins them."""
    page = visitor.opens("/admin/incidents")
    if not page.locator(".line").count():
        page = _report("le pont de Konna")(visitor)
        page.get_by_label("Inondation à Konna").check()
        page.get_by_role("button", name="joindre").click()
        return page
    page.locator(".line a").first.click()
    return page


def _routed(visitor: Visitor) -> Page:
    """An event whose summary can be sent, or was."""
    page = _event(visitor)
    page.get_by_role("button", name="Garder le résumé").click()
    page.get_by_role("heading", name="Comité", exact=True).wait_for()
    return page


def _link(visitor: Visitor) -> Page:
    return visitor.opens("/admin/link/no-such-link")


def _found_places(visitor: Visitor) -> Page:
    page = _report("4 1 Douentza")(visitor)
    page.get_by_label("Lieu", exact=True).and_(page.get_by_role("textbox")).fill("Dou")
    page.get_by_role("button", name="Chercher").click()
    page.locator("[name=place]").nth(2).wait_for()
    return page


def _number_shown(visitor: Visitor) -> Page:
    page = visitor.opens("/admin/call-backs")
    page.get_by_role("button", name="Afficher le numéro").first.click()
    page.locator(".phone-number").wait_for()
    return page


def _person_on_duty(visitor: Visitor) -> Page:
    page = visitor.opens("/admin/duty")
    page.locator(".facts dt a").first.click()
    return page


def _talking_phones(visitor: Visitor) -> Page:
    page = visitor.opens("/phone")
    DrawnPhone(visitor, page).writes("ߒ ߓߘߊ߫ ߖߌ ߡߊߛߐ߬ߘߐ߲߬ 🌾")
    DrawnPhone(visitor, page, 2).bips()
    return page


def _nothing_there(visitor: Visitor) -> Page:
    visitor.complaints.expected.add(404)
    return visitor.opens("/admin/nothing")


def _wording(tag: str, msgid: str) -> Callable[[Visitor], Page]:
    key = Source(msgid, "").key
    return _at(f"/admin/translations/{tag}/{key}")


_PAGES: dict[str, Callable[[Visitor], Page]] = {
    "inbox": _at("/admin/inbox"),
    "inbox, nothing set aside": _at("/admin/inbox?status=set_aside"),
    "report of an attack": _report("attaque a konna"),
    "report in Arabic": _report("قرية بوني"),
    "report with places found": _found_places,
    "events": _at("/admin/incidents"),
    "one event": _event,
    "event on its way to the committee": _routed,
    "items of a seat": _at("/admin/items"),
    "committee": _at("/admin/committee"),
    "a link that opens nothing": _link,
    "search": _at("/admin/search?q=konna"),
    "search, nothing found": _at("/admin/search?q=zzqqwe"),
    "call-backs": _at("/admin/call-backs"),
    "call-backs, number shown": _number_shown,
    "duty rota": _at("/admin/duty"),
    "languages of a colleague": _person_on_duty,
    "audit": _at("/admin/audit?check=1"),
    "words": _at("/admin/lexicon?kind=attack"),
    "length of the texts": _at("/admin/coverage"),
    "cards": _at("/admin/cards"),
    "a card": _at("/admin/cards/ar"),
    "spelling on SMS": _at("/admin/translations/bm/spelling"),
    "news": _at("/admin/infos"),
    "members": _at("/admin/members"),
    "translations": _at("/admin/translations"),
    "translations of one language": _at("/admin/translations/bm?show=all"),
    "one message in Bambara": _wording("bm", "yes"),
    "one message in Arabic": _wording("ar", "yes"),
    "account": _at("/admin/account"),
    "new second key": _at("/admin/second-factor/new"),
    "phones": _at("/phone"),
    "phones, talking": _talking_phones,
    "no such page": _nothing_there,
}


@pytest.mark.parametrize("name", _PAGES)
def test_a_page_can_be_read_and_used_by_everybody(visit: MakeVisitor, cookies: Path, name: str) -> None:
    page = _PAGES[name](visit(cookies=cookies))
    assert faults(page) == []


def test_the_page_to_sign_in_can_be_read_and_used_by_everybody(visit: MakeVisitor) -> None:
    assert faults(visit().opens("/admin/sign-in")) == []


_DAMAGES = {
    "scrolls sideways": "document.querySelector('h1').style.width = '5000px'",
    "headings of the first level": "document.querySelector('main').append(document.createElement('h1'))",
    "no label": "document.querySelector('main').append(document.createElement('textarea'))",
    "no name": "document.querySelector('.brand span').remove()",
    "small": "document.querySelector('.languages button').style.cssText = 'min-height: 0; height: 23px; padding: 0'",
    "contrast": "document.querySelector('main p').style.color = 'rgb(0 0 0 / .5)'",
    "no alt": "document.querySelector('img').removeAttribute('alt')",
    "id twice": "document.querySelector('h1').id = 'main'",
    "has no language": "document.documentElement.lang = ''",
}


def test_the_inspection_notices_each_thing_that_it_is_there_for(visit: MakeVisitor) -> None:
    page = visit().opens("/admin/sign-in")
    for fault, deed in _DAMAGES.items():
        assert not any(each.startswith(fault) for each in inspect(page))
        page.evaluate(deed)
        assert any(fault in each for each in inspect(page)), fault


_MISDEEDS = {
    "console: ": "document.body.setAttribute('style', 'color: red')",
    "another host: ": "open('http://kunnafoni.invalid/')",
    "script: ": "setTimeout(() => { throw new Error('oh') })",
    "answer 404": "fetch('/nothing')",
}


def test_what_a_browser_complains_about_is_heard(visit: MakeVisitor) -> None:
    visitor = visit()
    page = visitor.opens("/admin/sign-in")
    for sign, deed in _MISDEEDS.items():
        visitor.complaints.heard.clear()
        page.evaluate(f"() => {{ {deed} }}")
        for _ in range(100):
            if visitor.complaints.heard:
                break
            page.wait_for_timeout(20)
        assert [each for each in visitor.complaints.heard if each.startswith(sign)], sign
    visitor.complaints.heard.clear()
