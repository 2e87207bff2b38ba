"""Every page on paper: A4, nothing cut off, nothing that only a screen can do, little ink, dark letters."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import MakeVisitor
from tests.e2e.pages import PAGES
from tests.e2e.visitor import Visitor

_RULES = Path(__file__).with_name("print.js").read_text()
#: A4 less 10 mm on each side, at 96 points to the inch.
_SHEET = {"width": 718, "height": 1047}


def _on_paper(page: Page) -> list[str]:
    """What is wrong with it there; a sheet printed from a dark screen is a light one."""
    page.set_viewport_size(_SHEET)  # type: ignore[arg-type]
    page.emulate_media(media="print", color_scheme="dark")
    found: list[str] = page.evaluate(_RULES)
    page.emulate_media(media="print", color_scheme="light")
    return found + page.evaluate(_RULES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_on_paper(visit: MakeVisitor, cookies: Path, name: str) -> None:
    page = PAGES[name].go(visit(cookies=cookies))
    assert _on_paper(page) == []
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") in range(1, 40)


_DAMAGES = {
    "over the edge": "document.querySelector('.line').style.width = '900px'",
    "cut off": "document.querySelector('.gist').style.cssText = 'height: 1em; overflow: hidden'",
    "too pale": "document.querySelector('.gist a').style.color = '#ccc'",
    "costs ink": "document.querySelector('.line').style.background = '#14523f'",
    "nothing to press": "document.querySelector('main').append(document.createElement('textarea'))",
    "nothing is printed": "document.querySelector('main').textContent = ''",
}


@pytest.fixture
def inbox(visit: MakeVisitor, cookies: Path) -> Page:
    """A page that is whole on paper."""
    visitor: Visitor = visit(cookies=cookies)
    return visitor.opens("/admin/inbox")


@pytest.mark.parametrize("fault", _DAMAGES)
def test_what_would_spoil_a_sheet_is_noticed(inbox: Page, fault: str) -> None:
    assert _on_paper(inbox) == []
    inbox.evaluate(_DAMAGES[fault])
    assert any(each.startswith(fault) for each in _on_paper(inbox))
