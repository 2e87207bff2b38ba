"""One report: what the desk reads of it, decides, writes and sets aside."""

import html
import re

import pytest

from admin.thread import MOST_SEGMENTS
from bot.casework.desk import Line
from bot.conversation.kinds import Kind
from bot.store.tables import ReportStatus
from tests.chat import Phone
from tests.desk import Desk, Visitor, form_token


@pytest.fixture
def line(desk: Desk, phone: Phone) -> Line:
    """A report of a village whose well is dry."""
    phone.says("le puits de Konna est sec")
    return desk.road.report()


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    """Somebody of the triage."""
    return desk.enter("triage", username="awa")


def _said(visitor: Visitor, line: Line) -> str:
    """What the page says happened."""
    page = html.unescape(visitor.get(f"/admin/reports/{line.id}").text)
    return " ".join(re.findall(r'<p class="said[^>]*>([^<]*)', page))


def _labels(page: str) -> list[str]:
    return re.findall(r'name="place" value="([^"]*)"', page)


def test_opening_a_report_is_noted_once(desk: Desk, visitor: Visitor, line: Line) -> None:
    for _ in range(2):
        assert visitor.get(f"/admin/reports/{line.id}").status_code == 200
    assert desk.actions().count("report.seen") == 1
    assert not desk.road.report().unread


def test_the_conversation_tells_what_became_of_each_message(desk: Desk, visitor: Visitor, line: Line) -> None:
    visitor.post(f"/admin/reports/{line.id}/reply", text="Merci, nous avons lu.")
    before = html.unescape(visitor.get(f"/admin/reports/{line.id}").text)
    assert "le puits de Konna est sec" in before
    assert "en attente d'envoi" in before
    desk.road.deliver()
    after = html.unescape(visitor.get(f"/admin/reports/{line.id}").text)
    assert "en attente d'envoi" not in after
    assert after.index("le puits de Konna est sec") < after.index("Merci, nous avons lu.")


def test_the_timeline_names_who_did_what(desk: Desk, visitor: Visitor, line: Line) -> None:
    visitor.post(f"/admin/reports/{line.id}/set-aside", reason="test")
    timeline = html.unescape(visitor.get(f"/admin/reports/{line.id}").text.partition('class="timeline"')[2])
    assert re.search(r"<b>Mis de côté</b>\s*<span>Un essai ou un exercice</span>\s*<span[^>]*>Awa ·", timeline)
    assert "la personne au téléphone" in timeline


@pytest.mark.parametrize("text", ["هجوم على قرية", "ߒ ߠߊ߫ ߛߏ ߘߐ߫", "ⵜⴰⵎⴰⵛⴻⵇ", "le puits"])
def test_a_text_of_any_script_stands_in_its_own_direction(desk: Desk, visitor: Visitor, text: str) -> None:
    desk.road.phone("70000000").says(text)
    page = visitor.get(f"/admin/reports/{desk.road.report().id}").text
    assert re.search(rf'<blockquote class="narrative" dir="auto"[^>]*>{text}</blockquote>', page)


# Deciding


def test_kind_place_and_urgency_are_what_a_person_decides(desk: Desk, visitor: Visitor, line: Line) -> None:
    place = _labels(visitor.get(f"/admin/reports/{line.id}").text)[0]
    answer = visitor.post(f"/admin/reports/{line.id}/decide", kind="need", urgency="2", place=place)
    assert answer.headers["Location"] == f"/admin/reports/{line.id}"
    now = desk.road.report()
    assert (now.kind, now.urgency, now.place, now.place_confirmed) == (Kind.NEED, 2, place, True)
    assert now.status == ReportStatus.TRIAGED
    assert "Enregistré" in _said(visitor, line)


def test_a_place_may_stay_unknown(desk: Desk, visitor: Visitor, line: Line) -> None:
    visitor.post(f"/admin/reports/{line.id}/decide", kind="need", urgency="3", place="")
    assert (desk.road.report().place, desk.road.report().place_confirmed) == (None, False)


@pytest.mark.parametrize(
    ("kind", "urgency"), [("", "2"), ("suspect", "2"), ("need", ""), ("need", "0"), ("need", "5"), ("need", "²")]
)
def test_what_is_no_kind_and_no_urgency_is_asked_again(
    desk: Desk, visitor: Visitor, line: Line, kind: str, urgency: str
) -> None:
    answer = visitor.post(f"/admin/reports/{line.id}/decide", kind=kind, urgency=urgency)
    assert answer.status_code == 422
    assert desk.road.report().kind is None


def test_a_place_that_nobody_knows_is_refused(desk: Desk, visitor: Visitor, line: Line) -> None:
    path = f"/admin/reports/{line.id}/decide"
    assert visitor.post(path, kind="need", urgency="2", place="kun:atlantis").status_code == 400
    assert desk.road.report().kind is None


def test_a_kind_of_the_closed_queue_takes_the_report_out_of_sight(desk: Desk, visitor: Visitor, line: Line) -> None:
    visitor.post(f"/admin/reports/{line.id}/decide", kind="child", urgency="1")
    assert visitor.get(f"/admin/reports/{line.id}").status_code == 404
    assert desk.road.report().closed_queue


@pytest.mark.parametrize(
    ("name", "first"), [("konna", "Konna"), ("tonbouctou", "Tombouctou"), ("Bandiag", "Bandiagara")]
)
def test_a_place_is_found_by_name_without_a_script(visitor: Visitor, line: Line, name: str, first: str) -> None:
    page = visitor.post(f"/admin/reports/{line.id}/decide", find="1", place_words=name, kind="need", urgency="4").text
    assert re.search(rf'name="place" value="[^"]+" checked> <bdi>{first}', page)
    assert '<option value="need" selected>' in page
    assert re.search(r'name="urgency" value="4" checked', page)


def test_of_a_locality_that_the_desk_chose_the_cercle_is_kept(desk: Desk, visitor: Visitor, line: Line) -> None:
    path = f"/admin/reports/{line.id}/decide"
    page = visitor.post(path, find="1", place_words="Bougountin", kind="need", urgency="2").text
    offered = re.findall(r'name="place" value="(geonames:[^"]+)"[^>]*> <bdi>Bougountinti \(Bafoulabé\)', page)[0]
    visitor.post(path, kind="need", urgency="2", place=offered)
    assert desk.road.report().place == "cod2021:ML0101"


def test_a_cercle_of_both_layouts_is_offered_once_and_so_is_what_stands_already(
    desk: Desk, visitor: Visitor, line: Line
) -> None:
    path = f"/admin/reports/{line.id}/decide"
    visitor.post(path, kind="need", urgency="2", place="cod2025:ML1801")
    page = visitor.post(path, find="1", place_words="Douentza").text
    offered = re.findall(r'name="place" value="([^"]+)"', page)
    assert len(offered) == len(set(offered))
    assert offered.count("cod2025:ML1801") == 1
    assert "cod2021:ML0504" not in offered
    assert page.count("<bdi>Douentza (cercle)</bdi></label>") == 1


def test_a_script_gets_only_the_places(visitor: Visitor, line: Line) -> None:
    content = {"csrf_token": visitor.csrf(), "find": "1", "place_words": "konna"}
    answer = visitor.sends(f"/admin/reports/{line.id}/decide", content.items(), X_Fragment="1")
    assert "<html" not in answer.text
    assert "Konna (Mopti)" in answer.text


@pytest.mark.parametrize("name", ["", " ", "xyzzy", "\x00", "a" * 500, "%", "***"])
def test_a_name_that_means_no_place_gets_a_sentence(visitor: Visitor, line: Line, name: str) -> None:
    answer = visitor.post(f"/admin/reports/{line.id}/decide", find="1", place_words=name)
    assert answer.status_code == 200
    assert len(_labels(answer.text)) == 2


def test_a_name_written_but_not_chosen_is_not_lost(desk: Desk, visitor: Visitor, line: Line) -> None:
    path = f"/admin/reports/{line.id}/decide"
    page = visitor.post(path, kind="need", urgency="2", place="", place_words="djenné").text
    assert "Djenné" in page
    assert desk.road.report().kind is None


# Replying


def test_a_reply_goes_to_the_phone_and_rings_the_sender(desk: Desk, visitor: Visitor, line: Line) -> None:
    visitor.post(f"/admin/reports/{line.id}/reply", text="Merci, nous avons lu.")
    assert desk.bells.event("simulator").is_set()
    desk.road.deliver()
    assert desk.road.wire.mailbox.take("76123456")[-1].text == "Merci, nous avons lu."  # type: ignore[attr-defined]
    assert desk.road.report().status == ReportStatus.ANSWERED


def test_a_reply_is_written_in_letters_that_spare_an_sms(desk: Desk, visitor: Visitor, line: Line) -> None:
    visitor.post(f"/admin/reports/{line.id}/reply", text="C’est noté… à bientôt")
    desk.road.deliver()
    assert desk.road.wire.mailbox.take("76123456")[-1].text == "C'est noté... à bientot"  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["", "  ", "\n\t", "x" * (153 * MOST_SEGMENTS + 1), "ߛ" * (67 * MOST_SEGMENTS + 1)])
def test_an_empty_or_endless_reply_is_not_sent_and_not_lost(
    desk: Desk, visitor: Visitor, line: Line, text: str
) -> None:
    answer = visitor.post(f"/admin/reports/{line.id}/reply", text=text)
    assert answer.status_code == 422
    assert not text.strip() or text in answer.text
    assert not desk.bells.event("simulator").is_set()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Rien d'écrit"), ("Merci", "1 SMS"), ("x" * 161, "2 SMS"), ("ߛߌ", "réduit chaque SMS à 70")],
)
def test_the_size_of_a_reply_is_told_with_and_without_a_script(
    desk: Desk, visitor: Visitor, line: Line, text: str, sentence: str
) -> None:
    path = f"/admin/reports/{line.id}/reply"
    assert sentence in html.unescape(visitor.post(path, count="1", text=text).text)
    content = {"csrf_token": visitor.csrf(), "count": "1", "text": text}
    assert sentence in visitor.sends(path, content.items(), X_Fragment="1").get_json()["sentence"]
    assert not desk.bells.event("simulator").is_set()


def test_whoever_was_forgotten_can_t_be_written_to(desk: Desk, visitor: Visitor, phone: Phone, line: Line) -> None:
    assert "le puits" in visitor.get(f"/admin/reports/{line.id}").text
    phone.says("OUBLIEZ-MOI")
    page = visitor.get(f"/admin/reports/{line.id}").text
    assert "le puits" not in page
    assert "Le texte a été effacé" in html.unescape(page)
    assert 'name="template"' not in page, "no form is offered"
    answer = visitor.post(f"/admin/reports/{line.id}/reply", text="Merci")
    assert answer.status_code == 422
    assert "On ne peut plus joindre personne" in html.unescape(answer.text)


# Setting aside


def test_a_report_is_set_aside_for_a_reason_and_taken_back(desk: Desk, visitor: Visitor, line: Line) -> None:
    visitor.post(f"/admin/reports/{line.id}/set-aside", reason="duplicate")
    assert desk.road.report().status == ReportStatus.SET_ASIDE
    assert str(line.id) not in visitor.get("/admin/inbox").text
    assert str(line.id) in visitor.get("/admin/inbox?status=set_aside").text
    visitor.post(f"/admin/reports/{line.id}/take-back")
    assert desk.road.report().status == ReportStatus.RECEIVED


@pytest.mark.parametrize("reason", ["", "because", "duplicate "])
def test_nothing_is_set_aside_without_one_of_the_reasons(desk: Desk, visitor: Visitor, line: Line, reason: str) -> None:
    assert visitor.post(f"/admin/reports/{line.id}/set-aside", reason=reason).status_code == 422
    assert desk.road.report().status == ReportStatus.RECEIVED


def test_whoever_comes_second_is_told_so(desk: Desk, line: Line) -> None:
    first, second = desk.enter("triage"), desk.enter("secretary")
    for visitor in (first, second):
        visitor.post(f"/admin/reports/{line.id}/set-aside", token=form_token(), reason="test")
        desk.road.later(minutes=11)
    assert "Quelqu'un d'autre a été plus rapide" in _said(second, line)
    assert desk.actions().count("report.set_aside") == 1
