"""A life in danger rings in every open page of the desk until somebody opens the report."""

import re
import secrets
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import MakeVisitor
from tests.e2e.visitor import DrawnPhone, Visitor

_RINGS = re.compile(r"^\([0-9]+!\) ")
_PATIENCE = 20_000
#: Lets the page count how often it was asked to sound.
_COUNTS = """() => {
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () { window.played = (window.played || 0) + 1; return play.call(this); };
}"""
#: A browser that lets nothing sound before somebody has pressed something.
_BLOCKS = """
    const play = () => window.pressed ? Promise.resolve() : Promise.reject(new Error("no gesture"));
    HTMLMediaElement.prototype.play = play;
    addEventListener("click", () => { window.pressed = true; }, true);
"""


def _tells(visitor: Visitor) -> str:
    """A phone writes that a life is in danger; the words by which the report is found."""
    text = f"attaque au marche, des tirs {secrets.token_hex(4)}"
    DrawnPhone(visitor, visitor.opens("/phone")).writes(text)
    return text


def _reads(visitor: Visitor) -> None:
    """Open every report that rings."""
    page = visitor.opens("/admin/inbox")
    while page.locator(".line.u1.unread").count():
        page.locator(".line.u1.unread").first.get_by_role("link").first.click()
        page.goto(visitor.office.at("/admin/inbox"))


def _played(page: Page) -> int:
    return int(page.evaluate("() => window.played || 0"))


def test_it_rings_on_a_page_that_stands_open_and_stops_when_somebody_has_read_it(
    visit: MakeVisitor, cookies: Path
) -> None:
    visitor = visit(cookies=cookies)
    _reads(visitor)
    open_page = visitor.opens("/admin/duty")
    open_page.evaluate(_COUNTS)
    expect(open_page).not_to_have_title(_RINGS)
    _tells(visitor)
    expect(open_page).to_have_title(_RINGS, timeout=_PATIENCE)
    expect(open_page.locator("#waits")).to_be_visible()
    assert _played(open_page) > 0
    _reads(visitor)
    expect(open_page).not_to_have_title(_RINGS, timeout=_PATIENCE)
    expect(open_page.locator("#waits")).to_be_hidden()


def test_a_browser_that_blocks_the_sound_says_so_until_a_button_is_pressed(visit: MakeVisitor, cookies: Path) -> None:
    visitor = visit(cookies=cookies)
    page = visitor.opens("/admin/duty")
    _tells(visitor)
    page.add_init_script(_BLOCKS)
    page.reload()
    expect(page.locator("#blocked")).to_be_visible(timeout=_PATIENCE)
    page.locator("#sound").click()
    expect(page.locator("#blocked")).to_be_hidden()
    page.locator("#sound").click()
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")
    expect(page).to_have_title(_RINGS, timeout=_PATIENCE)
    page.locator("#sound").click()
    _reads(visitor)
