"""Production, and an administrator with a security key: Chromium's own, made of software (WebAuthn over CDP)."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import services
from tests.conftest import lacks
from tests.e2e.conftest import MakeVisitor
from tests.e2e.inspection import faults
from tests.e2e.office import Office, live
from tests.e2e.visitor import Way

_KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A service in production with one new administrator."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(services.postgres(fsync=True))
        except services.MissingProgram as missing:
            lacks(missing)
        folder = tmp_path_factory.mktemp("keys")
        (found,) = stack.enter_context(live(folder, server.url(server.create()), {"awa": ["administrator"]}))
        yield found


def _puts_a_key_in(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _KEY})


def test_an_administrator_adds_a_key_and_comes_in_with_it(visit: MakeVisitor, office: Office) -> None:
    visitor = visit(Way.WIDE)
    page = visitor.opens("/admin/")
    _puts_a_key_in(page)
    visitor.signs_in(page)
    expect(page).to_have_url(office.at("/admin/keys/new"))
    assert faults(page) == []
    page.get_by_label("Nom de la clé").fill("bleue")
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="Je les ai écrits").click()
    expect(page).to_have_url(office.at("/admin/staff"))

    page.get_by_role("button", name="Quitter").click()
    visitor.signs_in(page)
    expect(page).to_have_url(office.at("/admin/second-factor"))
    assert faults(page) == []
    page.get_by_role("button", name="Utiliser ma clé de sécurité").click()
    expect(page).to_have_url(office.at("/admin/staff"))
