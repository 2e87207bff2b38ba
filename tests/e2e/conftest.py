"""Offices and visitors: one running program per module, one browser per module, fresh cookies per test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.e2e.office import Office, demonstration
from tests.e2e.visitor import Complaints, Visitor, Way

MakeVisitor = Callable[..., Visitor]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Office]:
    """A demonstration that runs while the module's tests do; a module that needs another makes its own."""
    with demonstration(tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture
def visit(office: Office, browser: Browser) -> Iterator[MakeVisitor]:
    """Makes visitors; the test fails if a browser of theirs complained."""
    visitors: list[Visitor] = []

    def make(way: Way = Way.WIDE, **options: Any) -> Visitor:
        context = browser.new_context(**way.context() | options)
        context.set_default_timeout(15_000)
        visitor = Visitor(office, context, way, Complaints(urlsplit(office.base).netloc))
        visitor.complaints.listen(context)
        visitors.append(visitor)
        return visitor

    yield make
    for visitor in visitors:
        visitor.context.close()
    assert [complaint for visitor in visitors for complaint in visitor.complaints.heard] == []


@pytest.fixture(scope="module")
def cookies(office: Office, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those of a browser that is signed in at the demonstration."""
    context = browser.new_context(locale="fr-FR")
    visitor = Visitor(office, context, Way.WIDE, Complaints(""))
    page = context.new_page()
    visitor.signs_in(page)
    page.wait_for_url("**/admin/inbox")
    path = visitor.keeps(tmp_path_factory.mktemp("cookies"))
    context.close()
    return path


@pytest.fixture(params=Way, ids=lambda way: way.name.lower())
def way(request: pytest.FixtureRequest) -> Way:
    """A wide screen, a small one, and one without scripts: what can be done can be done on each."""
    found: Way = request.param
    return found


@pytest.fixture
def clerk(visit: MakeVisitor, way: Way, cookies: Path) -> Visitor:
    """A member of staff who is signed in, on each kind of screen."""
    return visit(way, storage_state=cookies)
