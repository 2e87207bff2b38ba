"""Contacts and groups in the panel: names for secretaries, counts for the desk, numbers for nobody."""

import re

import pytest

from tests.desk import Desk, Visitor

_NUMBER, _NAME, _TITLE = "76555512", "Zanzibarkatou", "Quatrevingtdix"
_ID = r"[0-9a-f-]{36}"


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return desk.enter("secretary")


def _contact(visitor: Visitor, **changes: str) -> str:
    known = {"number": _NUMBER, "name": _NAME, "language": "bm", "place": "Konna", "consent": "liste du 3 mars"}
    answer = visitor.post("/admin/contacts", **{**known, **changes})
    assert answer.status_code == 303
    return answer.headers["Location"]


def _group(visitor: Visitor, **changes: str) -> str:
    return visitor.post("/admin/groups", **{"kind": "cell", "place": "Konna", "title": _TITLE, **changes}).headers[
        "Location"
    ]


def _put(visitor: Visitor, contact: str, group: str) -> None:
    (link,) = re.findall(rf'<select id="link" name="link"><option value="({_ID})"', visitor.get(contact).text)
    visitor.post(f"{contact}/join", group=group.rpartition("/")[2], link=link, role="member")


def test_a_contact_is_found_by_number_and_name_and_its_number_is_masked(desk: Desk, visitor: Visitor) -> None:
    where = _contact(visitor)
    for asked in (_NUMBER, "76 55 55 12", "zanzibarkatou"):
        page = visitor.get(f"/admin/contacts?q={asked}").text
        assert where in page, asked
    page = visitor.get(where).text
    assert "•••• ••12" in page
    assert _NUMBER not in page
    assert where not in visitor.get("/admin/contacts").text, "nobody is listed unasked"
    assert "contact.made" in desk.actions()


def test_a_number_that_only_wrote_is_nobodys(desk: Desk, visitor: Visitor) -> None:
    desk.road.phone(_NUMBER).says("le puits est sec")
    assert "Personne n&#39;a été trouvé" in visitor.get(f"/admin/contacts?q={_NUMBER}").text


def test_a_number_of_another_contact_is_told_and_a_shared_telephone_has_digits(desk: Desk, visitor: Visitor) -> None:
    first = _contact(visitor)
    form = {"number": _NUMBER, "name": "Moussa", "consent": "liste"}
    answer = visitor.post("/admin/contacts", **form)
    assert answer.status_code == 409
    assert first in answer.text
    assert 'value="Moussa"' in answer.text, "what was typed is kept"
    second = _contact(visitor, name="Moussa", shared="1")
    assert "personne 2 sur ce téléphone" in visitor.get(second).text
    assert second in visitor.get(first).text


@pytest.mark.parametrize("wrong", [{"number": "abc"}, {"place": "Farako"}, {"consent": ""}])
def test_a_wrong_form_is_answered_in_one_sentence(desk: Desk, visitor: Visitor, wrong: dict[str, str]) -> None:
    known = {"number": _NUMBER, "name": _NAME, "place": "Konna", "consent": "liste"}
    answer = visitor.post("/admin/contacts", **{**known, **wrong})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "contact.made" not in desk.actions()


def test_a_membership_is_ended_and_taken_back(desk: Desk, visitor: Visitor) -> None:
    contact, group = _contact(visitor), _group(visitor)
    _put(visitor, contact, group)
    page = visitor.get(group).text
    assert _NAME in page
    assert _NUMBER not in page
    (end,) = re.findall(rf'action="(/admin/members/{_ID}/end)"', page)
    visitor.post(end)
    assert end not in visitor.get(group).text
    visitor.post(end.replace("/end", "/take-back"))
    assert end in visitor.get(group).text
    assert {"member.added", "member.ended", "member.taken_back"} <= set(desk.actions())


def test_the_desk_sees_counts_and_neither_a_name_nor_a_title(desk: Desk, visitor: Visitor) -> None:
    contact, group = _contact(visitor), _group(visitor)
    _put(visitor, contact, group)
    for path in ("/admin/groups", group):
        page = desk.enter("triage").get(path).text
        assert "1 non confirmé" in page
        assert not any(secret in page for secret in (_NAME, _TITLE, _NUMBER, "••12", contact)), path


def test_an_invitation_to_a_group_is_shown_once_and_joins_it(desk: Desk, visitor: Visitor) -> None:
    group = _group(visitor)
    code = re.search(r"INSCRIPTION (\d{8})", visitor.post(f"{group}/invite").text)
    assert code
    assert code[1] not in visitor.get(group).text
    for said in (f"inscription {code[1]}", "1", "1"):
        desk.road.phone("76555599").says(said)
    page = visitor.get(group).text
    assert "1 sur la liste" in page
    assert "nom non communiqué" in page


def test_a_group_and_an_invitation_into_it_are_made_at_once(desk: Desk, visitor: Visitor) -> None:
    page = visitor.post("/admin/groups", kind="cell", place="Konna", title="", invite="1").text
    code = re.search(r"INSCRIPTION (\d{8})", page)
    assert code
    phone = desk.road.phone("76555555")
    for said in (f"inscription {code[1]}", "1", "1"):
        phone.says(said)
    page = visitor.get("/admin/groups").text
    assert "1 sur la liste" in page
    assert code[1] not in page
    assert "76555555" not in page
    assert {"group.made", "member.invited", "member.joined"} <= set(desk.actions())


@pytest.mark.parametrize(("kind", "place"), [("army", "Konna"), ("cell", "zzqqwe"), ("cell", "Farako"), ("cell", "")])
def test_a_wrong_form_of_a_group_is_answered_with_one_sentence(
    desk: Desk, visitor: Visitor, kind: str, place: str
) -> None:
    answer = visitor.post("/admin/groups", kind=kind, place=place, title="", invite="1")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert not {"group.made", "member.invited"} & set(desk.actions())
