"""How each page looks and is reached: small and wide, light and dark, by finger and by keyboard, in every script."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.routing import Map

from bot import config, main
from tests.e2e.conftest import MakeVisitor
from tests.e2e.inspection import axe, faults, inspect, unsent, untranslated
from tests.e2e.pages import ELSEWHERE, PAGES, unvisited
from tests.e2e.visitor import Way
from tests.e2e.weight import Wire


@pytest.fixture(scope="package")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Map:
    """All addresses of the application, as it is mounted."""
    settings = config.read({"DEMO": "1", "DATA_DIR": str(tmp_path_factory.mktemp("rules"))})
    main.migrate(settings)
    parts = main.assemble(settings, in_process=True)
    parts.close()
    return main.create_app(parts).url_map


def _read_by_get(rules: Map) -> set[str]:
    return {rule.rule for rule in rules.iter_rules() if "GET" in (rule.methods or set())}


def test_every_page_is_looked_at(rules: Map) -> None:
    assert unvisited(_read_by_get(rules)) == []
    served = {rule.rule for rule in rules.iter_rules()}
    assert {visit.rule for visit in PAGES.values()} | set(ELSEWHERE) <= served | {""}


def test_a_page_that_nobody_looks_at_is_told_where_to_go() -> None:
    assert unvisited({"/admin/inbox", "/admin/forgotten"}) == [
        "no test looks at /admin/forgotten: add a visit to PAGES in tests/e2e/pages.py"
    ]


def _rule_of(rules: Map, page: Page) -> str:
    """The rule by which the page that stands there was served, by whatever method."""
    address = rules.bind("")
    path = urlsplit(page.url).path
    for method in address.allowed_methods(path):
        return address.match(path, method, return_rule=True)[0].rule
    return ""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_and_used_by_everybody(visit: MakeVisitor, cookies: Path, rules: Map, name: str) -> None:
    visitor = visit(cookies=cookies)
    page = PAGES[name].go(visitor)
    assert _rule_of(rules, page) == PAGES[name].rule
    assert faults(page) == []
    if not page.url.endswith(
        "/number"
    ):  # What a form answers can't be asked for again; it is its page with a line more.
        assert Wire(visitor).excess(page.url.removeprefix(visitor.office.base)) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_and_used_without_scripts_in_french(visit: MakeVisitor, cookies: Path, name: str) -> None:
    page = PAGES[name].go(visit(Way.WITHOUT_SCRIPT, cookies=cookies))
    assert inspect(page) == []
    assert unsent(page) == []
    assert untranslated(page) == []


def test_the_page_to_sign_in_can_be_read_and_used_by_everybody(visit: MakeVisitor) -> None:
    assert faults(visit().opens("/admin/sign-in")) == []


_DAMAGES = {
    "scrolls sideways": "document.querySelector('h1').style.width = '5000px'",
    "headings of the first level": "document.querySelector('main').append(document.createElement('h1'))",
    "no label": "document.querySelector('main').append(document.createElement('textarea'))",
    "no name": "document.querySelector('.brand span').remove()",
    "small": "document.querySelector('.languages button').style.cssText = 'min-height: 0; height: 23px; padding: 0'",
    "contrast": "document.querySelector('main p').style.color = 'rgb(0 0 0 / .5)'",
    "no alt": "document.querySelector('img').removeAttribute('alt')",
    "id twice": "document.querySelector('h1').id = 'main'",
    "has no language": "document.documentElement.lang = ''",
}


def test_the_inspection_notices_each_thing_that_it_is_there_for(visit: MakeVisitor) -> None:
    page = visit().opens("/admin/sign-in")
    for fault, deed in _DAMAGES.items():
        assert not any(each.startswith(fault) for each in inspect(page))
        page.evaluate(deed)
        assert any(fault in each for each in inspect(page)), fault


_BARRIERS = {
    "axe label": "document.querySelector('label').outerHTML = '<input name=nameless>'",
    "axe color-contrast": "document.querySelector('h1').style.color = '#bbb'",
    "axe html-has-lang": "document.documentElement.lang = ''",
    "axe heading-order": "document.querySelector('h1').insertAdjacentHTML('afterend', '<h4>too deep</h4>')",
    "axe button-name": "document.querySelector('main button').textContent = ''",
}


@pytest.mark.parametrize("barrier", _BARRIERS)
def test_axe_notices_a_barrier(visit: MakeVisitor, barrier: str) -> None:
    page = visit().opens("/admin/sign-in")
    assert axe(page) == []
    page.evaluate(_BARRIERS[barrier])
    assert any(each.startswith(barrier) for each in axe(page))


def test_english_and_a_form_that_only_a_script_could_send_are_noticed(visit: MakeVisitor) -> None:
    page = visit().opens("/admin/sign-in")
    assert (unsent(page), untranslated(page)) == ([], [])
    page.evaluate("document.querySelector('h1').textContent = 'Sign in'")
    assert untranslated(page) == ["not in French: Sign in"]
    page.evaluate("document.querySelector('main form button').type = 'button'")
    assert unsent(page) == ["a form without a way to send it: /admin/sign-in"]


_MISDEEDS = {
    "console: ": "document.body.setAttribute('style', 'color: red')",
    "another host: ": "open('http://kunnafoni.invalid/')",
    "script: ": "setTimeout(() => { throw new Error('oh') })",
    "answer 404": "fetch('/nothing')",
}


def test_what_a_browser_complains_about_is_heard(visit: MakeVisitor) -> None:
    visitor = visit()
    page = visitor.opens("/admin/sign-in")
    for sign, deed in _MISDEEDS.items():
        visitor.complaints.heard.clear()
        page.evaluate(f"() => {{ {deed} }}")
        for _ in range(100):
            if visitor.complaints.heard:
                break
            page.wait_for_timeout(20)
        assert [each for each in visitor.complaints.heard if each.startswith(sign)], sign
    visitor.complaints.heard.clear()
