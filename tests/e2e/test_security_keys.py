"""Production, and an administrator with a security key."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests import services
from tests.conftest import lacks
from tests.e2e.conftest import MakeVisitor
from tests.e2e.inspection import faults
from tests.e2e.office import Office, live
from tests.e2e.visitor import Visitor, Way, Windows
from tests.providers import free_port


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A service in production with one new administrator."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(services.postgres(fsync=True))
        except services.MissingProgram as missing:
            lacks(missing)
        folder = tmp_path_factory.mktemp("keys")
        port = str(free_port())
        address = {"PORT": port, "PUBLIC_URL": f"http://localhost:{port}"}
        (found,) = stack.enter_context(live(folder, server.url(server.create()), {"awa": ["administrator"]}, **address))
        yield found


def test_an_administrator_adds_a_key_and_comes_in_with_it(visit: MakeVisitor, office: Office) -> None:
    visitor = visit(Way.WIDE)
    page = visitor.opens("/admin/")
    visitor.puts_a_key_in(page)
    visitor.signs_in(page)
    expect(page).to_have_url(office.at("/admin/keys/new"))
    assert faults(page) == []
    visitor.adds_the_key(page)
    page.get_by_role("link", name="Je les ai écrits").click()
    expect(page).to_have_url(office.at("/admin/staff"))

    page.get_by_role("button", name="Quitter").click()
    visitor.signs_in(page)
    expect(page).to_have_url(office.at("/admin/second-factor"))
    assert faults(page) == []
    page.get_by_role("button", name="Utiliser ma clé de sécurité").click()
    expect(page).to_have_url(office.at("/admin/staff"))


def test_at_another_address_the_page_says_where_keys_answer(windows: Windows, office: Office) -> None:
    elsewhere = replace(office, base=office.base.replace("localhost", "127.0.0.1"))
    visitor = Visitor(elsewhere, windows.clean(Way.WIDE, elsewhere, None), Way.WIDE)
    page = visitor.opens("/admin/sign-in")
    visitor.signs_in(page)
    expect(page.get_by_role("alert")).to_contain_text(f"ne répondent que pour {office.base}.")
    visitor.leaves()
    assert visitor.complaints.heard == []
