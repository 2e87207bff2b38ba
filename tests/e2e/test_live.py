"""Production on PostgreSQL, in the processes of a national server: nobody comes in with a password alone."""

import contextlib
import secrets
import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests import services
from tests.conftest import lacks
from tests.e2e.conftest import MakeVisitor
from tests.e2e.inspection import faults
from tests.e2e.office import Office, live
from tests.e2e.visitor import Visitor, Way

#: A wide screen shows nothing here that the small one does not.
_WAYS = (Way.SMALL, Way.WITHOUT_SCRIPT)


@pytest.fixture(params=_WAYS, ids=lambda way: way.name.lower())
def way(request: pytest.FixtureRequest) -> Way:
    """A small screen, and one without scripts."""
    found: Way = request.param
    return found


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Way, Office]]:
    """One running service, and for each kind of screen a new member of staff."""
    names = {way.name.lower(): ["secretary"] for way in _WAYS}
    with contextlib.ExitStack() as stack:
        try:
            # Production refuses a database that does not write to the disk at once.
            server = stack.enter_context(services.postgres(fsync=True))
        except services.MissingProgram as missing:
            lacks(missing)
        found = stack.enter_context(live(tmp_path_factory.mktemp("live"), server.url(server.create()), names))
        yield dict(zip(_WAYS, found, strict=True))


@pytest.fixture
def office(offices: dict[Way, Office], way: Way) -> Office:
    """The service as the member of staff with this screen knows it."""
    return offices[way]


def _enrols(visitor: Visitor, page: Page) -> tuple[pyotp.TOTP, list[str]]:
    """From the first password to the page that was asked for: the app, and the recovery codes."""
    visitor.signs_in(page)
    expect(page).to_have_url(visitor.office.at("/admin/second-factor/new"))
    expect(page.locator(".square svg")).to_be_visible()
    _looks_right(visitor, page)
    app, codes = visitor.enrols(page)
    _looks_right(visitor, page)
    page.get_by_role("link", name="Je les ai écrits").click()
    return app, codes


def _looks_right(visitor: Visitor, page: Page) -> None:
    if visitor.scripted:
        assert faults(page) == []


def _signs_out_and_in(visitor: Visitor, page: Page) -> None:
    page.get_by_role("button", name="Quitter").click()
    expect(page).to_have_url(visitor.office.at("/admin/sign-in"))
    visitor.signs_in(page)
    expect(page).to_have_url(visitor.office.at("/admin/second-factor"))


def _writes_code(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Continuer").click()


def test_the_first_sign_in_asks_for_a_second_key_and_every_later_one_for_its_code(visit: MakeVisitor, way: Way) -> None:
    visitor = visit(way)
    visitor.complaints.expected.add(401)
    page = visitor.opens("/phone")
    inbox = visitor.office.at("/admin/inbox")
    app, codes = _enrols(visitor, page)
    expect(page).to_have_url(visitor.office.at("/phone"))

    _signs_out_and_in(visitor, page)
    page.goto(inbox)
    expect(page).to_have_url(visitor.office.at("/admin/second-factor"))
    _looks_right(visitor, page)
    _writes_code(page, "000000")
    expect(page.get_by_role("alert")).to_contain_text("ne convient pas")
    # The present code was used up by the enrolment; the neighbour's is taken for clocks that go wrong.
    code = app.at(time.time() + app.interval)
    _writes_code(page, code)
    expect(page).to_have_url(inbox)

    _signs_out_and_in(visitor, page)
    _writes_code(page, code)
    expect(page.get_by_role("alert")).to_contain_text("ne convient pas")
    page.wait_for_timeout(1100)
    _writes_code(page, codes[0])
    expect(page).to_have_url(inbox)

    page.goto(visitor.office.at("/phone"))
    text = f"la digue de Markala tient bon {secrets.token_hex(4)}"
    page.locator("#phone-1").get_by_label("Message", exact=True).fill(text)
    page.locator("#phone-1").get_by_role("button", name="Envoyer").click()
    expect(page.locator("#phone-1 .theirs")).to_have_count(1)
    page.goto(inbox)
    expect(page.locator(".line").filter(has_text=text)).to_contain_text("exercice")
