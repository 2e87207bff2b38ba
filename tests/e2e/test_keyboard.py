"""Without a mouse: every control is reached by the Tab key, is seen when it is, and does what it says."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import MakeVisitor
from tests.e2e.pages import PAGES
from tests.e2e.visitor import Way

_WALK = Path(__file__).with_name("keyboard.js").read_text()
_MOST_STOPS = 150


def _tabs_to(page: Page, selector: str) -> None:
    """Press Tab until this control has the focus."""
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the Tab key never reaches {selector}")


@pytest.mark.parametrize("name", PAGES)
def test_the_tab_key_reaches_every_control_and_shows_where_it_is(visit: MakeVisitor, cookies: Path, name: str) -> None:
    _walks(PAGES[name].go(visit(Way.SMALL, cookies=cookies)))


def test_the_tab_key_reaches_every_control_of_the_page_to_sign_in(visit: MakeVisitor) -> None:
    _walks(visit(Way.SMALL).opens("/admin/sign-in"))


def _walks(page: Page) -> None:
    # Wherever it begins, one round and the browser's own stop between the last control and the first.
    for _ in range(page.evaluate(_WALK) + 1):
        page.keyboard.press("Tab")
    assert page.evaluate("walk.stops.filter((stop) => !walk.reached.includes(stop))") == []
    assert page.evaluate("walk.unseen()") == []


def test_the_first_stop_skips_the_menu(visit: MakeVisitor, cookies: Path) -> None:
    page = visit(cookies=cookies).opens("/admin/inbox")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()


def test_the_arrows_lead_from_report_to_report_and_x_ticks(visit: MakeVisitor, cookies: Path) -> None:
    page = visit(cookies=cookies).opens("/admin/inbox")
    lines = page.locator(".line")
    _tabs_to(page, ".line h2 a")
    page.keyboard.press("ArrowDown")
    expect(lines.nth(1).get_by_role("link")).to_be_focused()
    page.keyboard.press("x")
    expect(lines.nth(1).get_by_role("checkbox")).to_be_checked()
    expect(page.locator("#ticked")).to_have_text("1")
    page.keyboard.press("ArrowUp")
    expect(lines.nth(0).get_by_role("link")).to_be_focused()
    page.locator("#q").focus()
    page.keyboard.press("x")
    expect(page.locator("#q")).to_have_value("x")


def test_a_person_signs_in_decides_and_replies_without_a_mouse(visit: MakeVisitor) -> None:
    visitor = visit()
    page = visitor.opens("/admin/sign-in")
    expect(page.get_by_label("Nom", exact=True)).to_be_focused()
    page.keyboard.type(visitor.office.username)
    page.keyboard.press("Tab")
    page.keyboard.type(visitor.office.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/inbox")

    _tabs_to(page, ".line a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/reports/*")
    _tabs_to(page, "#text")
    answer = "Merci beaucoup, bonne route."
    page.keyboard.type(answer)
    _tabs_to(page, "#reply .main")
    page.keyboard.press("Enter")
    expect(page.locator(".talk .bubble").last).to_have_text(answer)

    _tabs_to(page, "[name=place_words]")
    page.keyboard.type("Bankas")
    page.keyboard.press("Enter")
    expect(page.locator("[name=place]:checked")).to_be_focused()
    _tabs_to(page, "[name=urgency]")
    page.keyboard.press("ArrowDown")
    _tabs_to(page, "#decision .main")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bankass")
    expect(page.get_by_role("status").filter(has_text="décidés")).to_be_visible()


def test_enter_sends_from_the_phone_and_a_new_line_does_not(visit: MakeVisitor) -> None:
    page = visit().opens("/phone")
    _tabs_to(page, "#text-1")
    page.keyboard.type("le bac de Diafarabé")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("est en panne")
    page.keyboard.press("Enter")
    expect(page.locator("#phone-1 .mine .text")).to_have_text("le bac de Diafarabé\nest en panne", use_inner_text=True)
    expect(page.locator("#phone-1 .theirs")).to_have_count(1)
