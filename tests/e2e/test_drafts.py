"""What one types outlasts a link that fails, and is there in another window."""

import secrets
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import MakeVisitor
from tests.e2e.visitor import DrawnPhone, Visitor, Way

_NO_LINK = "ERR_INTERNET_DISCONNECTED"
_PATIENCE = 20_000
_TYPED, _MORE = "Merci, on a bien lu.", " On vous tient au courant."


def _report(visitor: Visitor) -> Page:
    """The page of a report that has just come."""
    text = f"la route est longue {secrets.token_hex(4)}"
    DrawnPhone(visitor, visitor.opens("/phone")).writes(text)
    page = visitor.opens("/admin/inbox")
    page.locator(".line").filter(has_text=text).get_by_role("link").click()
    expect(page.locator("#text")).to_be_visible()
    return page


def test_what_is_typed_without_a_link_is_kept_when_it_is_back(visit: MakeVisitor, cookies: Path) -> None:
    visitor = visit(cookies=cookies)
    page = _report(visitor)
    kept, away = page.locator("#reply .kept"), page.locator("#reply .draft [role=status]")
    page.locator("#text").press_sequentially(_TYPED)
    expect(kept).to_contain_text("Brouillon gardé à", timeout=_PATIENCE)
    visitor.context.set_offline(True)
    page.locator("#text").press_sequentially(_MORE)
    expect(away).to_contain_text("Pas de connexion", timeout=_PATIENCE)
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.locator("#text")).to_have_value(_TYPED + _MORE)
    visitor.context.set_offline(False)
    expect(away).to_have_text("", timeout=_PATIENCE)
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    another = visitor.opens(page.url.removeprefix(visitor.office.base))
    expect(another.locator("#text")).to_have_value(_TYPED + _MORE)
    visitor.complaints.heard = [each for each in visitor.complaints.heard if _NO_LINK not in each]


def test_without_a_script_a_button_keeps_it_and_another_discards_it(visit: MakeVisitor, cookies: Path) -> None:
    visitor = visit(Way.WITHOUT_SCRIPT, cookies=cookies)
    page = _report(visitor)
    page.locator("#text").fill(_TYPED)
    page.get_by_role("button", name="Garder comme brouillon").click()
    expect(page.locator("#text")).to_have_value(_TYPED)
    page.get_by_role("button", name="Effacer le brouillon").click()
    expect(page.locator("#text")).to_have_value("")
