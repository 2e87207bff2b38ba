"""Members in the panel: an invitation is shown once, and nobody is named."""

import re

import pytest

from tests.desk import Desk, Visitor


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return desk.enter("secretary")


def test_the_code_is_in_the_answer_and_nowhere_after_it(desk: Desk, visitor: Visitor) -> None:
    page = visitor.post("/admin/members", group="cell", place="Konna").text
    code = re.search(r"INSCRIPTION (\d{8})", page)
    assert code
    assert code[1] not in visitor.get("/admin/members").text
    phone = desk.road.phone("76555555")
    for said in (f"inscription {code[1]}", "1", "1"):
        phone.says(said)
    page = visitor.get("/admin/members").text
    assert "1 sur la liste" in page
    assert "76555555" not in page
    assert {"member.invited", "member.joined"} <= set(desk.actions())


@pytest.mark.parametrize(("group", "place"), [("army", "Konna"), ("cell", "zzqqwe"), ("cell", "Farako"), ("cell", "")])
def test_a_wrong_form_is_answered_with_one_sentence(desk: Desk, visitor: Visitor, group: str, place: str) -> None:
    answer = visitor.post("/admin/members", group=group, place=place)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "member.invited" not in desk.actions()
