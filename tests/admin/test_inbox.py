"""The inbox: its order, its tabs, and how it learns that something came."""

import re

import pytest

from tests.chat import Phone
from tests.desk import Desk, Visitor

sqlite_is_enough = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    """Somebody of the triage."""
    return desk.enter("triage")


def _order(page: str) -> list[str]:
    return re.findall(r'<p class="excerpt"[^>]*>([^<]*)</p>', page)


def test_the_most_urgent_stands_first_and_within_that_the_newest(desk: Desk, visitor: Visitor) -> None:
    said = ["je propose une fete", "le puits est sec et vide", "attaque au marche, des tirs", "tirs pres du village"]
    for number, text in enumerate(said):
        desk.road.phone(f"7000000{number}").says(text)
    assert _order(visitor.get("/admin/inbox").text) == [said[3], said[2], said[1], said[0]]


def test_the_mark_changes_when_something_comes_and_only_then(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    def mark() -> str:
        answer = visitor.get("/admin/inbox/changes", X_Fragment="1")
        assert len(answer.data) < 100
        return str(answer.get_json()["mark"])

    empty = mark()
    phone.says("le puits de Konna est sec")
    one = mark()
    assert one != empty
    assert mark() == one
    assert f'data-mark="{one}"' in visitor.get("/admin/inbox", X_Fragment="1").text


def test_the_closed_queue_does_not_even_change_the_mark_of_others(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    before = visitor.get("/admin/inbox/changes").get_json()
    phone.says("ma fille a ete enlevee hier a Konna")
    assert visitor.get("/admin/inbox/changes").get_json() == before
    assert desk.enter("closed_queue").get("/admin/inbox/changes").get_json() != before


def test_a_script_gets_the_list_and_nothing_around_it(visitor: Visitor, phone: Phone) -> None:
    phone.says("le puits de Konna est sec")
    fragment = visitor.get("/admin/inbox", X_Fragment="1").text
    assert "<html" not in fragment
    assert fragment.strip() in visitor.get("/admin/inbox").text


def test_unread_urgent_reports_are_counted_for_the_title(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    phone.says("attaque au marche, des tirs")
    assert 'data-urgent="1"' in visitor.get("/admin/inbox").text
    visitor.get(f"/admin/reports/{desk.road.report().id}")
    assert 'data-urgent="0"' in visitor.get("/admin/inbox").text


@sqlite_is_enough
def test_a_long_inbox_is_turned_page_by_page_and_shows_each_report_once(desk: Desk, visitor: Visitor) -> None:
    for number in range(60):
        desk.road.phone(f"7000{number:04}").says(f"le puits numero {number} est sec")
    address, seen = "/admin/inbox", []
    while address:
        page = visitor.get(address).text
        seen += re.findall(r'<h2><a href="/admin/reports/([^"]+)"', page)
        older = re.search(r'<p class="older"><a class="button" href="([^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == 60


@sqlite_is_enough
@pytest.mark.parametrize(
    "query", ["status=nonsense", "after=x", "after=1|2|3", "after=9999999999|x|y", "status=%00", "x=" + "y" * 5000]
)
def test_a_mistyped_address_still_shows_the_inbox(visitor: Visitor, phone: Phone, query: str) -> None:
    phone.says("le puits de Konna est sec")
    answer = visitor.get(f"/admin/inbox?{query}")
    assert answer.status_code == 200
    assert _order(answer.text) == ["le puits de Konna est sec"]


@sqlite_is_enough
def test_an_empty_inbox_says_what_happens_next(visitor: Visitor, demo_desk: Desk) -> None:
    assert "Un signalement apparaît ici" in visitor.get("/admin/inbox").text
    assert 'href="/phone"' in demo_desk.enter("triage").get("/admin/inbox").text.partition('class="empty"')[2]
    assert "Voir tous" in visitor.get("/admin/inbox?status=set_aside").text


@sqlite_is_enough
def test_the_page_works_without_a_script(visitor: Visitor, phone: Phone) -> None:
    phone.says("le puits de Konna est sec")
    page = visitor.get("/admin/inbox").text
    assert re.search(r'<a id="refresh" href="/admin/inbox">', page)
    assert "http-equiv" not in page
