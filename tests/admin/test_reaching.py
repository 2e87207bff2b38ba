"""How a person is reached, on the page of a contact: other numbers, numbers of others, danger, one person twice."""

import re
from html import unescape

import pytest
from sqlalchemy import update

from bot.store.tables import address
from tests.desk import Desk, Visitor

_NUMBER, _OTHER = "76555512", "76555513"


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return desk.enter("secretary")


def _contact(visitor: Visitor, number: str = _NUMBER, name: str = "Fanta Traore") -> str:
    known = {"number": number, "name": name, "language": "bm", "place": "Konna", "consent": "liste du 3 mars"}
    return visitor.post("/admin/contacts", **known).headers["Location"]


def _page(visitor: Visitor, path: str) -> str:
    return unescape(visitor.get(path).text)


def _action(page: str, end: str) -> str:
    (found,) = set(re.findall(rf'action="([^"]+/{end})"', page))
    return found


def test_a_number_is_changed_and_the_old_one_is_no_longer_theirs(visitor: Visitor) -> None:
    contact = _contact(visitor)
    (older,) = re.findall(r'name="instead">.*?<option value="([0-9a-f-]{36})"', visitor.get(contact).text)
    visitor.post(f"{contact}/numbers", number=_OTHER, instead=older)
    page = _page(visitor, contact)
    assert "•••• ••13" in page
    assert "n'est plus à elle" in page
    assert _OTHER not in page


def test_a_wrong_number_is_said_and_kept_in_the_form(visitor: Visitor) -> None:
    contact = _contact(visitor)
    answer = visitor.post(f"{contact}/numbers", number="12", instead="")
    assert answer.status_code == 422
    assert 'value="12"' in answer.text
    assert "<details open>" in answer.text
    assert visitor.post(f"{contact}/numbers", number=_OTHER, instead="nobody").status_code == 400


def test_the_number_of_another_contact_is_told_and_taken_for_a_shared_telephone(visitor: Visitor) -> None:
    contact, other = _contact(visitor), _contact(visitor, _OTHER, "Moussa")
    answer = visitor.post(f"{contact}/numbers", number=_OTHER, instead="")
    assert answer.status_code == 409
    assert other in answer.text
    visitor.post(f"{contact}/numbers", number=_OTHER, instead="", shared="1")
    assert "personne 2 sur ce téléphone" in _page(visitor, contact)


def test_a_number_that_is_somebody_else_s_now_and_back(desk: Desk, visitor: Visitor) -> None:
    contact = _contact(visitor)
    visitor.post(_action(visitor.get(contact).text, "end"), recycled="1")
    page = _page(visitor, contact)
    assert "à quelqu'un d'autre maintenant" in page
    visitor.post(_action(page, "take-back"))
    assert "à quelqu'un d'autre maintenant" not in _page(visitor, contact)
    visitor.post(_action(visitor.get(contact).text, "end"), recycled="1")
    desk.road.phone(_NUMBER).says("bonjour")
    visitor.post(_action(visitor.get(contact).text, "take-back"))
    assert "ne peut pas être annulé" in _page(visitor, contact)


def test_a_telephone_that_must_not_ring_is_marked(desk: Desk, visitor: Visitor) -> None:
    contact = _contact(visitor)
    assert "Ne pas appeler" not in _page(visitor, contact)
    desk.road.phone("76123456").says("le puits est sec")
    report = f"/admin/reports/{desk.road.report().id}/identity"
    assert "Ne pas appeler" not in _page(visitor, report)
    with desk.road.store.writing() as session:
        session.run(update(address).values(unsafe_at=desk.road.now))
    assert "Ne pas appeler" in _page(visitor, contact)
    assert "Ne pas appeler" in _page(visitor, report)


def test_one_person_twice_is_found_joined_and_taken_apart(visitor: Visitor) -> None:
    contact, other = _contact(visitor), _contact(visitor, _OTHER, "Fanta Traoré")
    page = visitor.get(f"{contact}?q=fanta").text
    assert f'name="other" value="{other.rpartition("/")[2]}"' in page
    assert f'name="other" value="{contact.rpartition("/")[2]}"' not in page, "not with oneself"
    visitor.post(f"{contact}/merge", other=other.rpartition("/")[2])
    page = _page(visitor, contact)
    assert "•••• ••13" in page
    assert "Réuni avec" in page
    assert visitor.get(other).headers["Location"] == contact
    visitor.post(f"{contact}/split", other=other.rpartition("/")[2])
    assert "•••• ••13" not in _page(visitor, contact)
    assert "•••• ••13" in _page(visitor, other)


@pytest.mark.parametrize("other", ["", "x", "0"])
def test_a_form_that_names_no_contact_is_refused(visitor: Visitor, other: str) -> None:
    assert visitor.post(f"{_contact(visitor)}/merge", other=other).status_code == 400
