"""The main menu: few groups, the pages of the group one is in, and no link that leads to a refusal."""

import re

import pytest

from admin.menu import GROUPS
from tests.admin.matrix import MATRIX, ROLES
from tests.desk import Desk, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
#: Modules of pages that stand in no group: the way in and out, one's own account, what is no page.
_NOWHERE = frozenset({"account", "files", "home", "invitation", "links", "sign_in"})


def _menu(page: str) -> dict[str, list[tuple[str, str, str]]]:
    """Of each menu of the page by its name: where its links lead, whether they are current, their words."""
    found = {}
    for name, links in re.findall(
        r'<nav (?:class="section" )?aria-label="([^"]+)">\s*<ul>(.*?)</ul>\s*</nav>', page, re.S
    ):
        found[name] = re.findall(r'<a href="([^"]+)"(?: aria-current="(\w+)")?>(.*?)</a>', links)
    return found


def _paths(visitor: Visitor) -> set[str]:
    """Every page that the menus lead to, from the one that everybody has."""
    seen: set[str] = set()
    waiting = ["/phone"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        waiting += {where for links in _menu(answer.text).values() for where, _, _ in links} - seen - set(waiting)
    return seen


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_leads_each_role_to_its_own_pages_and_to_no_other(desk: Desk, role: str) -> None:
    rules = {rule for (method, rule), who in MATRIX.items() if method == "GET" and role in who}
    assert _paths(desk.enter(role)) <= rules


def test_every_page_that_has_no_subject_is_one_or_two_clicks_away(desk: Desk) -> None:
    reached = _paths(desk.enter(*ROLES))
    assert {desk.app.url_map.bind("").match(path)[0] for path in reached} == {
        entry.endpoint for group in GROUPS for entry in group.entries
    }


def test_every_page_has_its_place_in_the_menu(desk: Desk) -> None:
    placed = {desk.app.view_functions[entry.endpoint].__module__ for group in GROUPS for entry in group.entries}
    placed |= {f"admin.{module}" for group in GROUPS for entry in group.entries for module in entry.modules}
    views = {
        view.__module__
        for name, view in desk.app.view_functions.items()
        if name.partition(".")[0] in {"admin", "phone"}
    }
    strays = views - placed - {f"admin.{module}" for module in _NOWHERE}
    assert not strays, f"{sorted(strays)}: give their pages an entry in admin/menu.py"


def test_the_page_one_is_on_is_marked_and_the_group_of_a_report(desk: Desk) -> None:
    desk.road.phone("76123456").says("le puits de Konna est sec")
    visitor = desk.enter("triage")
    inbox = _menu(visitor.get("/admin/inbox").text)
    assert ("/admin/inbox", "page", "Signalements") in inbox["Bureau"]
    assert ("/admin/inbox", "true", "Bureau") in inbox["Menu principal"]
    report = _menu(visitor.get(f"/admin/reports/{desk.road.report().id}").text)
    assert ("/admin/inbox", "true", "Signalements") in report["Bureau"]


def test_what_waits_in_a_group_is_counted_on_it_from_everywhere(desk: Desk) -> None:
    desk.road.phone("76123456").bips()
    words = [each for _, _, each in _menu(desk.enter("secretary").get("/admin/groups").text)["Menu principal"]]
    assert words[0] == 'Bureau <span class="number">1</span>'


def test_a_group_of_which_one_page_may_be_seen_is_that_page(desk: Desk) -> None:
    menu = _menu(desk.enter("triage").get("/admin/lexicon").text)
    assert [words for _, _, words in menu["Menu principal"]] == [
        "Bureau",
        "Groupes",
        "Mots",
        "Conservation",
        "Téléphone",
    ]
    assert set(menu) == {"Menu principal"}
