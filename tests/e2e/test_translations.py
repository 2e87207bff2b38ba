"""The translation desk in a browser: what is typed is checked, kept and said, with and without scripts."""

import re
from pathlib import Path

from playwright.sync_api import expect

from bot.translations import Source
from tests.e2e.conftest import MakeVisitor
from tests.e2e.visitor import Way


def test_what_is_typed_is_checked_kept_and_said_by_the_demonstration(
    visit: MakeVisitor, cookies: Path, way: Way
) -> None:
    visitor = visit(way, cookies=cookies)
    # One office for all: each way words another message.
    key = Source({Way.WIDE: "skip", Way.SMALL: "end"}.get(way, "no"), "").key
    page = visitor.opens(f"/admin/translations/snk/{key}")
    field = page.get_by_label("Soninké")
    field.fill("yo %(code)s ŋa")
    if not visitor.scripted:
        visitor.complaints.expected.add(422)
        page.get_by_role("button", name="Garder comme brouillon").click()
    expect(page.locator("#problems")).to_contain_text("%(code)s n'est pas dans l'original")
    expect(page.locator("#sms-text")).to_have_text("yo %(code)s nga")
    field.fill("yo ŋa")
    page.get_by_role("button", name="Garder comme brouillon").click()
    expect(page.locator(".said.good")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("yo ŋa")
    expect(page.get_by_role("button", name="Approuver")).to_have_count(0)
    page.get_by_role("button", name="Retirer").click()
    expect(page.locator(".timeline .mark")).to_have_text(re.compile("retiré"))
