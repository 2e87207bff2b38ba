"""The paper cards: whole in one language, naming neither the service nor a number."""

from bot.conversation.coded import NEWEST
from tests.desk import Desk


def test_a_sheet_has_every_digit_of_the_card_in_the_language_asked_for(desk: Desk) -> None:
    page = desk.enter("secretary").get("/admin/cards/ar").text
    sheet = page[page.index('class="sheet"') : page.index("</main>")]
    assert 'lang="ar" dir="rtl"' in sheet
    assert sheet.count('class="paper"') == 10
    assert all(f"<b>{digit}</b>" in sheet for digit in (*NEWEST.kinds, *NEWEST.needed))
    assert NEWEST.example in sheet
    assert "Kunnafoni" not in sheet
    assert "attack" not in sheet


def test_a_language_that_lacks_a_word_is_printed_whole_in_its_fallback_and_says_so(desk: Desk) -> None:
    visitor = desk.enter("translator")
    page = visitor.get("/admin/cards/taq").text
    assert "imprimée en Français" in page
    assert 'class="sheet" lang="fr"' in page
    assert visitor.get("/admin/cards").text.count("imprimée en") > 5


def test_there_is_no_card_in_a_language_that_is_not_ours(desk: Desk) -> None:
    assert desk.enter("secretary").get("/admin/cards/xx").status_code == 404
