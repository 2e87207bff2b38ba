"""The inbox: its order, its tabs, and how it learns that something came."""

import html
import re

import pytest

from tests.admin import bell
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
        assert len(answer.data) < 300
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


def test_a_report_of_a_life_in_danger_rings_until_anybody_opens_it(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    def ringing() -> tuple[int, bool]:
        said = visitor.get("/admin/inbox/changes", X_Fragment="1").get_json()
        return said["ringing"], 'data-ringing="1"' in visitor.get("/admin/account").text

    assert ringing() == (0, False)
    phone.says("attaque au marche, des tirs")
    assert ringing() == (1, True)
    desk.enter("secretary").get(f"/admin/reports/{desk.road.report().id}")
    assert ringing() == (0, False)


def test_what_rings_in_the_closed_queue_is_heard_by_its_officers_alone(
    desk: Desk, visitor: Visitor, phone: Phone
) -> None:
    phone.says("ma fille a ete enlevee maintenant a Konna")
    officer = desk.enter("closed_queue")
    assert [each.get("/admin/inbox/changes").get_json()["ringing"] for each in (visitor, officer)] == [0, 1]


@sqlite_is_enough
def test_the_bell_is_small_is_what_we_made_and_no_page_loads_it_before_it_rings(visitor: Visitor) -> None:
    page = visitor.get("/admin/inbox").text
    address = re.search('data-sound="([^"]+)"', page)
    assert address
    assert page.count("bell.wav") == 1
    sound = visitor.get(address[1], Accept_Encoding="gzip")
    assert (sound.content_type, sound.data) == ("audio/wav", bell.sound())
    assert len(sound.data) <= 10 * 1024


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


# Filters and views


def test_a_filter_is_an_address_and_the_form_shows_it(desk: Desk, visitor: Visitor) -> None:
    for number, text in enumerate(("attaque a konna, des tirs", "le puits est sec")):
        desk.road.phone(f"7000000{number}").says(text)
    page = html.unescape(visitor.get("/admin/inbox?kind=attack&place=Konna&unread=1&channel=simulator").text)
    assert _order(page) == ["attaque a konna, des tirs"]
    assert '<option value="attack" selected>' in page
    assert 'value="Konna (Mopti)"' in page
    assert 'href="/admin/inbox?kind=attack&channel=simulator&unread=1&place=' in page
    assert "D'abord" not in page
    assert _order(visitor.get("/admin/inbox?place=Konna (Mopti)").text) == ["attaque a konna, des tirs"]
    assert _order(visitor.get("/admin/inbox?place=région de Mopti").text) == ["attaque a konna, des tirs"]
    assert "Aucun signalement ne correspond" in visitor.get("/admin/inbox?kind=attack&late=1").text


@sqlite_is_enough
@pytest.mark.parametrize("query", ["kind=x", "urgency=9", "language=<b>", "channel=x", "unread=2", "late=", "place="])
def test_a_filter_that_means_nothing_filters_nothing(visitor: Visitor, phone: Phone, query: str) -> None:
    phone.says("le puits est sec")
    assert _order(visitor.get(f"/admin/inbox?{query}").text) == ["le puits est sec"]


@sqlite_is_enough
def test_a_place_that_nobody_knows_is_said_and_not_lost(visitor: Visitor) -> None:
    page = html.unescape(visitor.get("/admin/inbox?place=xyzzy&kind=attack").text)
    assert "Aucun lieu unique" in page
    assert 'value="xyzzy"' in page
    assert '<option value="attack" selected>' in page


def test_a_view_is_saved_shown_deleted_and_brought_back(desk: Desk, visitor: Visitor) -> None:
    answer = visitor.post("/admin/views", name="Mopti <b>", kind="attack", place="Konna", q="secret", after="x")
    assert answer.headers["Location"] == "/admin/inbox?kind=attack&place=kun:mopti/mopti/konna"
    page = visitor.get(answer.headers["Location"]).text
    assert re.search(r'<a href="/admin/inbox\?kind=attack[^"]*" aria-current="page">Mopti &lt;b&gt;</a>', page)
    delete = re.search(r'action="(/admin/views/[^"]+/delete)"', page)
    assert delete
    assert desk.enter("secretary").post(delete[1]).status_code == 303
    assert "Vous n'avez pas cette vue" not in html.unescape(visitor.get("/admin/inbox").text)
    visitor.post(delete[1])
    page = visitor.get("/admin/inbox").text
    back = re.search(r'action="(/admin/views/[^"]+/bring-back)"', page)
    assert back
    assert "Vos vues" not in page
    visitor.post(back[1])
    assert "Vos vues" in visitor.get("/admin/inbox").text
    assert [each for each in reversed(desk.actions()) if each.startswith("view")] == [
        "view.saved", "view.deleted", "view.brought_back",
    ]  # fmt: skip


@sqlite_is_enough
def test_a_view_without_a_filter_or_beyond_the_twelfth_is_refused_in_one_sentence(visitor: Visitor) -> None:
    visitor.post("/admin/views", name="rien")
    assert "Choisissez d'abord un filtre" in html.unescape(visitor.get("/admin/inbox").text)
    for number in range(13):
        visitor.post("/admin/views", name=f"vue {number}", call="1")
    assert "Il y a déjà 12 vues" in html.unescape(visitor.get("/admin/inbox").text)
