"""The heaviest page is a full inbox; what every other one weighs is seen where it is visited (test_pages)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot import config, main
from bot.casework.desk import PAGE
from tests.e2e.office import demonstration
from tests.e2e.visitor import Visitor, Way
from tests.e2e.weight import Wire

#: An inbox with a second page of reports, each with words of its own.
_TOLD = (
    "Bonsoir, depuis trois jours le puits de {place} est à sec, les femmes marchent jusqu'au fleuve et reviennent à la nuit",
    "On dit à {place} que la foire de lundi est annulée, les marchands hésitent à partir, est-ce que c'est vrai ou non",
    "La route entre {place} et le goudron est coupée par l'eau, deux camions de mil attendent, personne n'est venu voir",
    "I ni ce, {place} dugutigi ko sanji tɛ na, ji ka dɔgɔ, an mago bɛ dɛmɛ na sisan, aw ye an dɛmɛ",
    "Au dispensaire de {place} il n'y a plus de médicaments contre la fièvre, beaucoup d'enfants sont malades cette semaine",
    "Des éleveurs et des cultivateurs de {place} ne s'entendent plus pour le passage des bêtes, il faut envoyer quelqu'un",
)
_PLACES = ("Konna", "Bankass", "Djenné", "Douentza", "Boni")


@pytest.fixture
def visitor(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """Somebody signed in at a demonstration of their own, where thirty more people have written."""
    with demonstration(tmp_path) as office:
        parts = main.assemble(config.read({"DEMO": "1", "DATA_DIR": str(tmp_path / "data")}), in_process=True)
        for number in range(30):
            text = _TOLD[number % len(_TOLD)].format(place=_PLACES[number % len(_PLACES)])
            moment = datetime.now(UTC) - timedelta(days=3, minutes=7 * number)
            main.simulate(parts, f"w{number}", f"{text} ({number * 37})", False, moment)
        parts.close()
        context = browser.new_context(**Way.WIDE.context())
        visitor = Visitor(office, context, Way.WIDE)
        page = visitor.opens("/admin/sign-in")
        visitor.signs_in(page)
        page.wait_for_url("**/admin/inbox")
        yield visitor
        context.close()


def test_a_full_inbox_is_light_and_what_is_heavy_is_noticed(visitor: Visitor) -> None:
    assert visitor.opens("/admin/inbox").locator(".line").count() == PAGE
    assert Wire(visitor).excess("/admin/inbox") == []
    first, later = Wire(visitor).excess("/admin/inbox", most_first=6 * 1024, most_later=2 * 1024)
    assert first.endswith("on first load")
    assert later.endswith("on each later one")
