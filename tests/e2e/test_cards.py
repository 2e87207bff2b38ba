"""The printed card: 85 by 54 mm, ten on a page of A4, and no word of any language cut off."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from bot.languages import TAGS
from tests.e2e.conftest import MakeVisitor

#: CSS counts 96 points to the inch.
_MM = 96 / 25.4


def _cut_off(page: Page) -> list[str]:
    """The texts on the first card that reach over its edge."""
    found: list[str] = page.evaluate(
        """() => {
          const card = document.querySelector('.paper'), edge = card.getBoundingClientRect();
          return [...card.querySelectorAll('li, p, b')].filter(each => {
            const box = each.getBoundingClientRect();
            return box.bottom > edge.bottom || box.right > edge.right + 1 || box.left < edge.left - 1;
          }).map(each => each.textContent);
        }"""
    )
    return found


@pytest.mark.parametrize("tag", TAGS)
def test_a_card_holds_all_its_words(visit: MakeVisitor, cookies: Path, tag: str) -> None:
    page = visit(cookies=cookies).opens(f"/admin/cards/{tag}")
    page.emulate_media(media="print")
    box = page.locator(".paper").first.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (pytest.approx(85 * _MM, abs=1), pytest.approx(54 * _MM, abs=1))
    assert _cut_off(page) == []


def test_ten_cards_are_one_sheet_and_nothing_else_is_printed(visit: MakeVisitor, cookies: Path) -> None:
    page = visit(cookies=cookies).opens("/admin/cards/fr")
    page.emulate_media(media="print")
    sheet = page.locator(".sheet").bounding_box()
    assert sheet
    assert sheet["height"] <= 277 * _MM  # A4 less 10 mm above and below
    assert page.locator(".paper").count() == 10
    assert not page.locator("h1").is_visible()
    assert not page.locator(".top").is_visible()


def test_a_word_that_is_cut_off_is_found_out(visit: MakeVisitor, cookies: Path) -> None:
    page = visit(cookies=cookies).opens("/admin/cards/fr")
    page.evaluate("document.querySelector('.paper li').style.fontSize = '60pt'")
    assert _cut_off(page)
