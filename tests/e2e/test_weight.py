"""What each page weighs on the wire, as the running program sends it: the link of the desk is poor and paid for.

A first load is the page with all that it links to, by a browser that was never here; after that the files are kept.
"""

import contextlib
import gzip
import http.client
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from bot import config, main
from bot.casework.desk import PAGE
from tests.e2e.office import demonstration
from tests.e2e.pages import PAGES
from tests.e2e.visitor import Visitor, Way

_FIRST, _AFTER = 60 * 1024, 25 * 1024
_FOR_EVER = "public, max-age=31536000, immutable"
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


class Wire:
    """Asks for pages as a browser with this visitor's cookies does, and counts what comes over the wire."""

    def __init__(self, visitor: Visitor) -> None:
        self._host = urlsplit(visitor.office.base).netloc
        self._cookies = "; ".join(f"{each['name']}={each['value']}" for each in visitor.context.cookies())
        self._kept: dict[str, int] = {}

    def page(self, path: str) -> tuple[int, int]:
        """Bytes of a first load, with all that the page links to, and of each later one."""
        size, content, _ = self._ask(path)
        files = set(re.findall(r'(?:href|src)="(/admin/file/[^"]+)"', content))
        return size + sum(map(self._file, files)), size

    def _file(self, path: str) -> int:
        if path not in self._kept:
            self._kept[path], _, headers = self._ask(path)
            assert headers["Cache-Control"] == _FOR_EVER, path
        return self._kept[path]

    def _ask(self, path: str) -> tuple[int, str, http.client.HTTPMessage]:
        with contextlib.closing(http.client.HTTPConnection(self._host, timeout=60)) as connection:
            connection.request("GET", path, headers={"Cookie": self._cookies, "Accept-Encoding": "gzip, deflate, br"})
            answer = connection.getresponse()
            body = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip" or len(body) < 1500, path
        content = gzip.decompress(body) if answer.headers["Content-Encoding"] else body
        return len(body) + len(str(answer.headers)), content.decode(), answer.headers


def test_every_page_is_light(visitor: Visitor) -> None:
    paths = {}
    for name, visit in PAGES.items():
        page = visit.go(visitor)
        paths[name] = page.url.removeprefix(visitor.office.base)
        assert name != "inbox" or page.locator(".line").count() == PAGE
    wire = Wire(visitor)
    # What a form answers can't be asked for again; it is the same page with a line more.
    weights = {name: wire.page(path) for name, path in paths.items() if not path.endswith("/number")}
    heavy = {name: each for name, each in weights.items() if each[0] > _FIRST or each[1] > _AFTER}
    assert not heavy, "\n".join(
        f"{first:7,} first, {after:7,} after: {name}" for name, (first, after) in sorted(weights.items())
    )
    assert min(after for _, after in weights.values()) > 500  # each was really there
