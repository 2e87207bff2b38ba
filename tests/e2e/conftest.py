"""Offices and visitors: one running program per process of the tests, fresh cookies per test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import open_browser
from tests.e2e.office import Office, demonstration
from tests.e2e.pictures import PICTURES, Album
from tests.e2e.visitor import Visitor, Way, Windows

MakeVisitor = Callable[..., Visitor]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this folder, in each process of the tests."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A demonstration that runs while the tests do; each test has its own phones and texts."""
    with demonstration(tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture(scope="package")
def windows(browser: Browser) -> Windows:
    """A browser window for each kind of screen, used by one test after another: to open one costs more than a test."""
    return Windows(browser)


@pytest.fixture
def visit(office: Office, windows: Windows) -> Iterator[MakeVisitor]:
    """Makes visitors, one for each kind of screen at most; the test fails if a browser of theirs complained."""
    visitors: list[Visitor] = []

    def make(way: Way = Way.WIDE, *, cookies: Path | None = None) -> Visitor:
        assert way not in {each.way for each in visitors}
        visitor = Visitor(office, windows.clean(way, office, cookies), way)
        visitors.append(visitor)
        return visitor

    yield make
    for visitor in visitors:
        visitor.leaves()
    assert [complaint for visitor in visitors for complaint in visitor.complaints.heard] == []


@pytest.fixture(scope="package")
def cookies(office: Office, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those of a browser that is signed in at the demonstration."""
    context = browser.new_context(**Way.WIDE.context())
    page = context.new_page()
    Visitor(office, context, Way.WIDE).signs_in(page)
    page.wait_for_url("**/admin/inbox")
    path = tmp_path_factory.mktemp("cookies") / "cookies.json"
    context.storage_state(path=path)
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
    return visit(way, cookies=cookies)


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    """Where pictures go, if somebody asked for them."""
    return Album(PICTURES if request.config.getoption("--pictures") else None)
