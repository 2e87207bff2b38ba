"""Messages in the scripts of Mali: read from the right side, in letters and not in boxes, and unable to turn the page."""

import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import MakeVisitor
from tests.e2e.visitor import DrawnPhone, Way

_LETTERS = Path(__file__).with_name("letters.js").read_text()

#: A greeting and a need, by script; and the side from which it is read.
_TEXTS = {
    "N'Ko": ("ߌ ߣߌ߫ ߛߐ߲߬ߜߐߡߊ߫، ߖߌ ߕߍ߫ ߊ߲ ߓߟߏ߫", "rtl"),
    "Arabic": ("السلام عليكم، نحتاج الماء. جَامْ نَ، نْدِيَمْ ݝ", "rtl"),
    "Tifinagh": ("ⴰⵎⴰⵏ ⴰⴱⴰⵜⵏ ⴷⵖ ⴰⵖⵔⵎ", "ltr"),
    "Bambara": ("ji tɛ an ka dugu kɔnɔ, ɲɛ ni ŋɔmi", "ltr"),
}


def _direction(found: Locator) -> str:
    direction: str = found.evaluate("(element) => getComputedStyle(element).direction")
    return direction


@pytest.mark.parametrize("script", _TEXTS)
def test_a_message_is_read_from_its_own_side_and_in_its_own_letters(
    visit: MakeVisitor, cookies: Path, script: str
) -> None:
    visitor = visit(Way.SMALL, cookies=cookies)
    text, side = _TEXTS[script]
    text = f"{text} {secrets.randbelow(10**6)}"
    phone = DrawnPhone(visitor, visitor.opens("/phone"))
    field = phone.page.locator("#text-1")
    field.fill(text)
    assert _direction(field) == side
    phone.writes(text)
    inbox = visitor.opens("/admin/inbox")
    line = inbox.locator(".line", has_text=text)
    shown = [phone.said.last, line.locator(".excerpt")]
    for found in shown:
        expect(found).to_have_text(text)
        assert _direction(found) == side
        assert found.evaluate(_LETTERS) == []
    line.get_by_role("link").click()
    for found in (inbox.locator(".narrative"), inbox.locator(".talk .theirs .bubble").first):
        expect(found).to_have_text(text)
        assert _direction(found) == side
    assert _direction(inbox.locator("h1")) == "ltr"


def test_a_letter_that_no_font_has_is_noticed(visit: MakeVisitor) -> None:
    heading = visit().opens("/phone").locator("h1")
    heading.evaluate("(heading) => { heading.textContent = 'a ߊ \\u{f1234}' }")
    assert heading.evaluate(_LETTERS) == ["\U000f1234"]


def test_controls_that_turn_text_around_are_shown_and_do_nothing(visit: MakeVisitor, cookies: Path, way: Way) -> None:
    visitor = visit(way, cookies=cookies)
    mark = secrets.token_hex(4)
    phone = DrawnPhone(visitor, visitor.opens("/phone"))
    phone.writes(f"{mark} \u202eabc\u2066")
    expect(phone.said.last).to_have_text(f"{mark} [U+202E]abc[U+2066]")
    expect(visitor.opens("/admin/inbox").locator(".excerpt", has_text=mark)).to_have_text(f"{mark} [U+202E]abc[U+2066]")
