"""The table of what each language costs, as the panel shows it."""

import time

import pytest

from bot.translations import Source
from tests.desk import Desk


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_table_fills_and_says_what_is_not_known(desk: Desk) -> None:
    auditor = desk.enter("auditor")
    page = auditor.get("/admin/coverage").text
    for _ in range(600):
        if "Regarder à nouveau" not in page:
            break
        time.sleep(0.1)
        page = auditor.get("/admin/coverage").text
    assert "Koyraboro" not in page
    for name in ("Français", "Bambara", "Tamasheq", "Hassanya", "Anglais"):
        assert name in page
    assert "non fixé" in page
    assert "10 FCFA" in page


def test_a_message_is_shown_in_its_conversation(desk: Desk) -> None:
    translator = desk.enter("translator")
    key = Source("Thank you. You need an answer:", "").key
    page = translator.get(f"/admin/translations/fr/{key}").text
    assert "Dans la conversation" in page
    assert "1 tout de suite" in page or "tout de suite" in page
