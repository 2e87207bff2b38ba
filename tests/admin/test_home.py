"""The first page: each role's own work, or in plain words what the role is there for."""

import html

import pytest

from admin.labels import DUTIES
from tests.admin.matrix import ROLES
from tests.desk import Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

_WORK = {
    "secretary": "/admin/inbox",
    "triage": "/admin/inbox",
    "closed_queue": "/admin/inbox",
    "committee": "/admin/items",
    "translator": "/admin/translations",
    "administrator": "/admin/staff",
    "auditor": "/admin/audit",
}
_WITHOUT_PAGES = sorted(set(ROLES) - set(_WORK))


@pytest.mark.parametrize("role", _WORK)
def test_whoever_has_work_begins_with_it(desk: Desk, role: str) -> None:
    visitor = desk.enter(role)
    begun = visitor.get("/admin/").headers["Location"]
    assert begun == _WORK[role]
    assert visitor.get(begun).status_code == 200


def test_urgent_work_comes_first(desk: Desk) -> None:
    assert desk.enter("auditor", "translator", "triage").get("/admin/").headers["Location"] == "/admin/inbox"


@pytest.mark.parametrize("role", _WITHOUT_PAGES)
def test_a_role_without_pages_of_its_own_says_what_it_is_there_for(desk: Desk, role: str) -> None:
    visitor = desk.let_in(desk.make("awa", role, language="en"))
    page = html.unescape(visitor.get("/admin/").text)
    assert DUTIES[role] in page
    assert visitor.get("/admin/account").status_code == 200


def test_somebody_without_a_role_is_told_whom_to_ask(desk: Desk) -> None:
    assert "Demandez" in desk.enter().get("/admin/").text
