"""News: kept by the secretariat with a last day, refused with one sentence when something is wrong."""

import pytest

from tests.desk import Desk, Visitor

GOOD = {"topic": "market", "place": "Konna", "language": "fr", "text": "Marché: jeudi.", "until": "2099-01-01"}


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return desk.enter("secretary")


def _until(desk: Desk, days: int) -> str:
    from datetime import timedelta

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
