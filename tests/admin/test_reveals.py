"""The number behind a report, on the pages: asked with a reason, allowed by another, shown and gone."""

import re

from tests.chat import Phone
from tests.desk import Desk

WHY = "Il faut prévenir la mairie tout de suite."


def test_the_number_stands_nowhere_until_a_second_person_allows_it(desk: Desk, phone: Phone) -> None:
    phone.says("le puits est sec")
    one, other = desk.enter("triage"), desk.enter("secretary")
    ours, theirs = (desk.enrol(visitor.staff_id)[0] for visitor in (one, other))
    base = f"/admin/reports/{desk.road.report().id}/identity"
    assert f'href="{base}"' in one.get(base.removesuffix("/identity")).text
    assert one.post(base, reason="urgent").status_code == 422
    one.post(base, reason=WHY)
    assert "76123456" not in one.get(base).text
    assert WHY in other.get("/admin/reveals").text
    (allow,) = re.findall(r'action="(/admin/reveals/[^"]+/allow)"', other.get("/admin/reveals").text)
    desk.road.later(minutes=6)
    assert other.post(allow).status_code == 401, "not without a second factor given just now"
    other.post(allow, fresh_code=desk.code(theirs))
    (look,) = re.findall(rf'action="({base}/[^"]+)"', one.get(base).text)
    assert "76123456" not in one.get(base).text
    assert "76123456" not in one.post(look).text, "nor without one of one's own"
    assert "76123456" in one.post(look, fresh_code=desk.code(ours)).text
    assert "76123456" not in other.post(look).text
    desk.road.later(minutes=16)
    assert one.post(look, fresh_code=desk.code(ours)).status_code == 303
    assert "identity.revealed" in desk.actions()


def test_who_has_no_part_in_it_sees_no_request(desk: Desk, phone: Phone) -> None:
    phone.says("le puits est sec")
    one = desk.enter("secretary")
    one.post(f"/admin/reports/{desk.road.report().id}/identity", reason=WHY)
    assert WHY not in one.get("/admin/reveals").text, "one's own wish is not there to be decided on"
    assert desk.enter("committee").get("/admin/reveals").status_code == 403
