"""Entering for somebody: the form, its sentences, and the number that is said once."""

import html
import re

import pytest
from werkzeug.test import TestResponse

from bot.store.tables import report, talk
from tests.desk import Desk, Visitor, form_token

_GOOD = {"behalf": "walk_in", "text": "le puits est sec", "urgency": "3", "kind": "need"}


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    """Somebody of the triage."""
    return desk.enter("triage", username="awa")


def _enter(visitor: Visitor, **changes: str) -> TestResponse:
    return visitor.post("/admin/entry", **{**_GOOD, **changes})


def _code(answer: TestResponse) -> str:
    found = re.search(r'class="phone-number">(\d+)<', answer.text)
    assert found
    return found[1]


def test_the_person_s_number_is_said_once_and_the_report_is_there(desk: Desk, visitor: Visitor) -> None:
    assert 'href="/admin/entry"' in visitor.get("/admin/inbox").text
    answer = _enter(visitor, place="kun:mopti/mopti/konna")
    code = _code(answer)
    line = desk.road.report()
    page = html.unescape(visitor.get(f"/admin/reports/{line.id}").text)
    assert "quelqu'un qui est venu · saisi par Awa" in page
    assert "personne n'a accepté qu'on lui écrive" in page
    assert 'id="reply"' not in page
    assert code not in page


def test_a_number_is_masked_everywhere_and_may_be_answered_if_they_agreed(desk: Desk) -> None:
    desk.road.now = desk.road.now.replace(hour=9)
    visitor = desk.enter("triage", username="awa")
    _enter(visitor, number="76 12 34 56", may_write="week", call="morning")
    line = desk.road.report()
    page = visitor.get(f"/admin/reports/{line.id}").text
    assert 'id="reply"' in page
    assert "76123456" not in page.replace(" ", "")
    assert visitor.post(f"/admin/reports/{line.id}/reply", text="Merci").status_code == 303
    desk.road.deliver()
    assert desk.road.wire.mailbox.take("76123456")[-1].text == "Merci"  # type: ignore[attr-defined]
    assert len(desk.road.call_backs()) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"behalf": ""}, "Choisissez pour qui"),
        ({"behalf": "police"}, "Choisissez pour qui"),
        ({"text": "  "}, "Écrivez ce qui a été dit"),
        ({"urgency": "7"}, "Choisissez une urgence"),
        ({"number": "7612"}, "Ce n'est pas un numéro"),
        ({"number": "appelez Awa"}, "Ce n'est pas un numéro"),
        ({"may_write": "week"}, "Sans numéro"),
        ({"call": "now"}, "Sans numéro"),
        ({"place_words": "konna"}, "Choisissez un des lieux"),
        ({"place_words": "xyzzy"}, "ou videz la case"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_typed_is_lost(
    desk: Desk, visitor: Visitor, changes: dict[str, str], sentence: str
) -> None:
    answer = _enter(visitor, **{"language": "bm", **changes})
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert sentence in page
    for typed in {**_GOOD, **changes}.values():
        assert typed in page or typed in {"police", "7", "", "  "}
    assert '<option value="bm" selected>' in page
    assert not desk.road.reports()


def test_a_place_is_found_by_name_with_and_without_a_script(desk: Desk, visitor: Visitor) -> None:
    page = _enter(visitor, find="1", place_words="konna").text
    assert re.search(r'name="place" value="kun:mopti/mopti/konna" checked', page)
    assert "le puits est sec" in page
    content = {"csrf_token": visitor.csrf(), "find": "1", "place_words": "konna"}
    fragment = visitor.sends("/admin/entry", content.items(), X_Fragment="1").text
    assert "<html" not in fragment
    assert "Konna (Mopti)" in fragment
    assert visitor.post("/admin/entry", **_GOOD, place="nowhere").status_code == 400
    assert not desk.road.reports()


def test_a_form_that_is_sent_twice_is_one_report(desk: Desk, visitor: Visitor) -> None:
    token = form_token()
    answers = [visitor.post("/admin/entry", token=token, **_GOOD).status_code for _ in range(2)]
    assert answers == [200, 303]
    assert len(desk.road.reports()) == 1


def test_a_clerk_enters_into_the_closed_queue_and_does_not_see_it_after(desk: Desk, visitor: Visitor) -> None:
    answer = _enter(visitor, kind="child")
    assert _code(answer)
    assert "file confidentielle" in answer.text
    line = desk.road.report()
    assert str(line.id) not in answer.text
    assert visitor.get(f"/admin/reports/{line.id}").status_code == 404
    officer = desk.enter("closed_queue")
    assert officer.get(f"/admin/reports/{line.id}").status_code == 200
    assert "Ouvrir le signalement" in _enter(officer, kind="child").text


def test_what_a_telephone_told_before_is_not_said_to_whoever_enters_its_number(desk: Desk, visitor: Visitor) -> None:
    desk.road.phone("76123456").says("attaque au marche, des tirs")
    desk.road.later(minutes=5)
    _enter(visitor, number="76123456")
    page = visitor.get(f"/admin/reports/{desk.road.reports()[-1].id}").text
    assert "signalement précédent" not in page
    assert len({row.address_id for row in desk.road.rows(report.c.address_id)}) == 1
    assert {row.flow for row in desk.road.rows(talk.c.flow)} == {"report", "desk"}
