"""News: kept by the secretariat with a last day, refused with one sentence when something is wrong."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.casework import infos
from bot.casework.seats import Seat
from bot.store.tables import info
from tests.chat import Phone
from tests.desk import Desk, Visitor

GOOD = {"topic": "market", "place": "Konna", "language": "fr", "text": "Marché: jeudi.", "until": "2099-01-01"}


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return desk.enter("secretary")


def _until(desk: Desk, days: int) -> str:
    return (desk.road.now + timedelta(days=days)).date().isoformat()


def test_news_is_published_shown_and_withdrawn(desk: Desk, visitor: Visitor) -> None:
    assert visitor.post("/admin/infos", **{**GOOD, "until": _until(desk, 3)}).status_code == 303
    page = visitor.get("/admin/infos").text
    assert "Marché: jeudi." in page
    assert "Konna" in page
    end = page.split('action="/admin/infos/')[1].split('"')[0]
    assert visitor.post(f"/admin/infos/{end}").status_code == 303
    assert "Marché: jeudi." not in visitor.get("/admin/infos").text
    assert {"info.published", "info.withdrawn"} <= set(desk.actions())


def test_what_has_run_out_is_marked(desk: Desk, visitor: Visitor) -> None:
    visitor.post("/admin/infos", **{**GOOD, "until": _until(desk, 3)})
    desk.road.later(days=5)
    assert "périmé" in desk.enter("secretary").get("/admin/infos").text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"topic": "gold"}, "Choisissez un sujet"),
        ({"language": "xx"}, "Choisissez un sujet"),
        ({"place": "Farako"}, "Aucun lieu unique"),
        ({"place": "zzqqwe"}, "Aucun lieu unique"),
        ({"text": ""}, "deux SMS"),
        ({"text": "a" * 319}, "deux SMS"),
        ({"until": "demain"}, "dernier jour"),
        ({"until": "2001-01-01"}, "dernier jour"),
        ({"until": "2099-01-01"}, "dernier jour"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_what_was_typed_stays(
    desk: Desk, visitor: Visitor, wrong: dict[str, str], says: str
) -> None:
    answer = visitor.post("/admin/infos", **{**GOOD, "until": _until(desk, 3), **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert wrong.get("text", "Marché: jeudi.") in answer.text
    assert "info.published" not in desk.actions()


def test_a_peace_message_is_heard_only_when_a_second_person_has_approved_it(
    desk: Desk, visitor: Visitor, phone: Phone
) -> None:
    def asks() -> str:
        desk.road.later(minutes=10)
        for said in ("menu", "7", "3", "3"):
            phone.says(said)
        return phone.hears

    for said in ("langue", "1"):
        phone.says(said)
    tale = {**GOOD, "topic": "tales", "place": "", "text": "Le lion et le lievre.", "until": _until(desk, 30)}
    assert "second" in visitor.client.get(visitor.post("/admin/infos", **tale).location, base_url=desk.base).text
    assert asks() == "Rien de neuf aujourd'hui."
    page = visitor.get("/admin/infos").text
    assert "/approve" not in page, "nobody is offered to approve what they wrote"
    identity = page.split('action="/admin/infos/')[1].split("/")[0]
    visitor.post(f"/admin/infos/{identity}/approve")
    assert asks() == "Rien de neuf aujourd'hui."
    desk.enter("secretary").post(f"/admin/infos/{identity}/approve")
    assert asks() == "Le lion et le lievre."
    visitor.post("/admin/infos", **{**tale, "text": "Un autre conte."})
    assert asks() == "Le lion et le lievre.", "the old one is heard until the new one is approved"


def test_the_table_itself_refuses_one_person_for_two(desk: Desk) -> None:
    """The negative control: not even a page without its check could let somebody approve their own text."""
    writer = desk.make("writer", "secretary")
    with desk.road.store.writing() as session:
        identity = infos.publish(
            session, desk.road.now, Seat(writer), "tales", None, "fr", "x", desk.road.now + timedelta(days=1)
        )
    with pytest.raises(IntegrityError), desk.road.store.writing() as session:
        session.run(update(info).where(info.c.id == identity).values(approved_by=writer, approved_at=desk.road.now))
