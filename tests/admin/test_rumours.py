"""Whether it is true: asked of the desk for what people say, and for nothing else."""

from bot.store.tables import Veracity
from tests.chat import Phone
from tests.desk import Desk


def test_the_desk_keeps_what_it_found_out(desk: Desk, phone: Phone) -> None:
    visitor = desk.enter("triage")
    for said in ("bonjour", "5", "on dit que le pont est coupe", "1", "1"):
        phone.says(said)
    report = desk.road.report()
    assert "Est-ce vrai" in visitor.get(f"/admin/reports/{report.id}").text
    assert visitor.post(f"/admin/reports/{report.id}/veracity", veracity="perhaps").status_code == 422
    visitor.post(f"/admin/reports/{report.id}/veracity", veracity="confirmed_false")
    assert desk.road.report().veracity is Veracity.CONFIRMED_FALSE
    assert "report.judged" in desk.actions()


def test_of_a_report_nobody_asks_whether_it_is_true(desk: Desk, phone: Phone) -> None:
    phone.says("attaque a konna")
    assert "Est-ce vrai" not in desk.enter("triage").get(f"/admin/reports/{desk.road.report().id}").text


def test_the_desk_closes_a_report_and_takes_it_back(desk: Desk, phone: Phone) -> None:
    visitor = desk.enter("triage")
    for said in ("bonjour", "5", "on dit que le pont est coupe", "1", "1"):
        phone.says(said)
    path = f"/admin/reports/{desk.road.report().id}"
    assert "on lui dit que c&#39;est fait" in visitor.get(path).text
    visitor.post(f"{path}/close")
    page = visitor.get(path).text
    assert "prévenue dans deux minutes" in page
    assert "Reprendre" in page
    visitor.post(f"{path}/take-back")
    page = visitor.get(path).text
    assert "prévenue dans deux minutes" not in page
    assert "C&#39;est fait : clore" in page


def test_who_is_not_written_to_is_said_before_the_desk_closes(desk: Desk, phone: Phone) -> None:
    visitor = desk.enter("triage")
    for said in ("bonjour", "5", "on dit que le pont est coupe", "1", "2"):
        phone.says(said)
    assert "Personne ne reçoit de message" in visitor.get(f"/admin/reports/{desk.road.report().id}").text
