"""The page of what was heard and done: whose month, the message, its second person."""

import re

from bot.conversation.kinds import Kind
from tests.bot.casework.clerk import file_reports
from tests.chat import Phone
from tests.desk import Desk


def _month(desk: Desk) -> str:
    return f"{desk.road.now:%Y-%m}"


def test_a_month_is_shown_worded_by_one_and_approved_by_another(desk: Desk, phone: Phone) -> None:
    one, other = desk.enter("secretary"), desk.enter("secretary")
    phone.says("aide")
    file_reports(desk.road, [Kind.NEED] * 6, seconds=0)
    desk.road.now = desk.road.now.replace(day=15)
    month = _month(desk)
    page = one.get(f"/admin/report-backs?group=cell&month={month}").text
    assert "Trop peu a été entendu" in page
    whole = one.post("/admin/report-backs", place="", group="cell", month=month, language="fr", text="Merci à vous.")
    assert whole.status_code == 303
    assert "/approve" not in one.get("/admin/report-backs").text, "not by whoever wrote it"
    page = other.get("/admin/report-backs").text
    (approve,) = re.findall(r'action="(/admin/report-backs/[^"]+/approve)"', page)
    assert "Merci à vous." in page
    one.post(approve)
    assert "attend une seconde personne" in other.get("/admin/report-backs").text
    other.post(approve)
    assert "envoyé à 0 téléphone" in other.get("/admin/report-backs").text


def test_bad_input_is_one_sentence_and_what_was_typed_stays(desk: Desk) -> None:
    visitor = desk.enter("secretary")
    month = _month(desk)
    for query, said in (
        (f"month={month}", "Nommez un lieu ou choisissez un groupe"),
        ("group=cell&month=hier", "année-mois"),
        ("group=cell&month=2999-01", "déjà commencé"),
        ("group=cell&month=1999-01", "déjà commencé"),
        (f"place=zzqqwe&month={month}", "Aucun lieu unique"),
        (f"group=army&month={month}", "groupe dans la liste"),
    ):
        answer = visitor.get(f"/admin/report-backs?{query}")
        assert answer.status_code == 422
        assert said in answer.text
    form = {"place": "", "group": "cell", "month": month, "language": "fr"}
    for text in ("", "x" * 400):
        answer = visitor.post("/admin/report-backs", **form, text=text)
        assert answer.status_code == 422
        assert "deux SMS" in answer.text
    answer = visitor.post("/admin/report-backs", group="", place="", month="", language="fr", text="Merci")
    assert answer.status_code == 422


def test_a_message_to_many_names_somebody_only_on_purpose(desk: Desk) -> None:
    visitor = desk.enter("secretary")
    form = {"place": "", "group": "cell", "month": _month(desk), "language": "fr", "text": "Merci à Qwerto Zamblé."}
    answer = visitor.post("/admin/report-backs", **form)
    assert answer.status_code == 422
    assert "Zamblé" in answer.text.split("À masquer")[1]
    assert "Merci à Qwerto Zamblé.</textarea>" in answer.text
    assert visitor.post("/admin/report-backs", keep="1", **form).status_code == 303
