"""The rumour desk on the pages: where it is heard, who was asked, and nothing confirmed before two sources say so."""

import html
import re
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from bot.store.tables import Veracity
from tests.chat import Phone
from tests.desk import Desk, Visitor

TOLD = "on dit que le pont est coupe"


def _asks(phone: Phone, told: str = TOLD, through: str = "3", send: str = "1") -> None:
    for said in ("bonjour", "5", told, through, send):
        phone.says(said)


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return desk.enter("triage")


@pytest.fixture
def rumour(desk: Desk, visitor: Visitor, phone: Phone) -> str:
    """The address of the page of a rumour that one telephone asked about."""
    _asks(phone)
    return visitor.post(f"/admin/reports/{desk.road.report().id}/check").location


def _check(visitor: Visitor, rumour: str, source: str, says: str = "false") -> int:
    return visitor.post(f"{rumour}/checks", source=source, says=says, finding="appel de ce matin").status_code


def test_a_report_that_asks_is_listed_and_taken_up(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    assert "Aucune rumeur ici." in visitor.get("/admin/rumours").text
    _asks(phone)
    report = desk.road.report()
    page = visitor.get("/admin/rumours").text
    assert TOLD in page
    assert "personne ne l’a encore regardé" in page
    assert "Vérifier si c’est vrai" in visitor.get(f"/admin/reports/{report.id}").text
    where = visitor.post(f"/admin/reports/{report.id}/check").location
    assert where.startswith("/admin/rumours/")
    assert visitor.post(f"/admin/reports/{report.id}/check").location == where, "there is one page for it"
    page = visitor.get(where).text
    assert TOLD in page
    assert "la radio" in page
    assert "personne ne l’a encore regardé" not in visitor.get("/admin/rumours").text
    for path in (f"/admin/reports/{report.id}", where.replace("rumours", "incidents")):
        assert where in visitor.get(path).text


def test_of_a_report_nobody_asks_whether_it_is_true(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    phone.says("attaque a konna")
    assert "Est-ce vrai" not in visitor.get(f"/admin/reports/{desk.road.report().id}").text
    event = visitor.post(f"/admin/reports/{desk.road.report().id}/check").location
    assert visitor.get(event).status_code == 200, "the desk may ask it of any report"


def test_two_sources_confirm_and_one_does_not(desk: Desk, visitor: Visitor, rumour: str) -> None:
    assert visitor.post(f"{rumour}/veracity", veracity="perhaps").status_code == 422
    visitor.post(f"{rumour}/veracity", veracity="confirmed_false")
    assert "deux sources différentes" in visitor.get(rumour).text
    assert _check(visitor, rumour, "mairie de Konna") == 303
    visitor.post(f"{rumour}/veracity", veracity="confirmed_false")
    assert "deux sources différentes" in visitor.get(rumour).text
    assert desk.road.report().veracity is Veracity.NEW
    assert _check(visitor, rumour, "gendarmerie de Mopti") == 303
    visitor.post(f"{rumour}/veracity", veracity="confirmed_false")
    assert desk.road.report().veracity is Veracity.CONFIRMED_FALSE
    page = visitor.get(rumour).text
    assert "mairie de Konna" in page
    assert page.count("Confirmé : faux") >= 3, "the mark, the choice and the history"
    assert {"check.noted", "incident.judged", "report.judged"} <= set(desk.actions())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"source": ""}, "Écrivez à qui"),
        ({"says": "perhaps"}, "Écrivez à qui"),
        ({"finding": " "}, "Écrivez à qui"),
        ({"source": "x" * 121}, "Écrivez à qui"),
        ({"source": "Amadou Diallo"}, "la fonction ou l’organisme"),
        ({"source": "le 76 12 34 56"}, "la fonction ou l’organisme"),
    ],
)
def test_a_source_that_is_a_person_is_refused_and_what_was_typed_stays(
    visitor: Visitor, rumour: str, wrong: dict[str, str], says: str
) -> None:
    good = {"source": "mairie de Konna", "says": "false", "finding": "tout est ouvert"}
    answer = visitor.post(f"{rumour}/checks", **{**good, **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    if "finding" not in wrong:
        assert "tout est ouvert" in answer.text


def test_what_confirms_is_not_taken_back_before_the_answer(desk: Desk, visitor: Visitor, rumour: str) -> None:
    for source in ("mairie de Konna", "gendarmerie de Mopti"):
        _check(visitor, rumour, source)
    visitor.post(f"{rumour}/veracity", veracity="confirmed_false")
    first = _first(f'{rumour}/checks/[^/"]+/withdraw', visitor.get(rumour).text)
    visitor.post(first)
    assert "repose sur cette source" in visitor.get(rumour).text
    visitor.post(f"{rumour}/veracity", veracity="under_check")
    visitor.post(first)
    assert "mairie de Konna</b>" not in visitor.get(rumour).text
    assert "check.withdrawn" in desk.actions()


def _first(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found
    return found[0]


def test_what_a_radio_says_is_noted_with_its_place_and_taken_back(desk: Desk, visitor: Visitor, rumour: str) -> None:
    good = {"through": "radio", "place": "Boni, Douentza", "heard_at": desk.road.now.strftime("%Y-%m-%dT%H:%M")}
    assert visitor.post(f"{rumour}/sightings", **good, words="le pont serait ferme").status_code == 303
    page = visitor.get(rumour).text
    assert "<b>Boni (" in page
    assert "le pont serait ferme" in page
    page = visitor.get("/admin/rumours").text
    assert "entendue 2 fois" in page
    assert "<bdi>Boni (" in page
    visitor.post(_first(f'{rumour}/sightings/[^/"]+/withdraw', visitor.get(rumour).text))
    assert "Boni" not in visitor.get(rumour).text
    assert {"sighting.noted", "sighting.withdrawn"} <= set(desk.actions())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"through": "dream"}, "par quoi"),
        ({"place": "Farako"}, "Aucun lieu unique"),
        ({"place": "zzqqwe"}, "Aucun lieu unique"),
        ({"heard_at": "hier"}, "le jour et l’heure"),
        ({"heard_at": ""}, "le jour et l’heure"),
        ({"heard_at": "2099-01-01T10:00"}, "aujourd’hui ou avant"),
        ({"heard_at": "2001-01-01T10:00"}, "aujourd’hui ou avant"),
    ],
)
def test_a_sighting_that_cannot_be_is_refused_and_what_was_typed_stays(
    desk: Desk, visitor: Visitor, rumour: str, wrong: dict[str, str], says: str
) -> None:
    good = {
        "through": "radio",
        "place": "Boni",
        "heard_at": desk.road.now.strftime("%Y-%m-%dT%H:%M"),
        "words": "on crie",
    }
    answer = visitor.post(f"{rumour}/sightings", **{**good, **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert "on crie" in answer.text


def test_rumours_are_filtered_by_state(desk: Desk, visitor: Visitor, rumour: str) -> None:
    visitor.post(f"{rumour}/veracity", veracity="under_check")
    assert TOLD in visitor.get("/admin/rumours?state=under_check").text
    for state in set(Veracity) - {Veracity.UNDER_CHECK}:
        assert TOLD not in visitor.get(f"/admin/rumours?state={state}").text
    assert TOLD in visitor.get("/admin/rumours?state=nonsense").text, "a state that is none shows all"


@pytest.mark.parametrize("what", ["", "/veracity", "/sightings", "/checks"])
def test_a_rumour_that_is_not_there_is_not_found(desk: Desk, visitor: Visitor, phone: Phone, what: str) -> None:
    phone.says("vol de boeufs a Konna")
    path = f"/admin/rumours/00000000-0000-0000-0000-000000000001{what}"
    answer = visitor.post(path) if what else visitor.get(path)
    assert answer.status_code == 404


def test_the_same_form_sent_twice_notes_it_once(visitor: Visitor, rumour: str) -> None:
    said = {"source": "mairie de Konna", "says": "false", "finding": "tout est ouvert"}
    for _ in range(2):
        visitor.post(f"{rumour}/checks", token="t" * 24, **said)
    assert visitor.get(rumour).text.count("mairie de Konna</b>") == 1


def test_nothing_of_the_closed_queue_is_taken_up(desk: Desk, phone: Phone) -> None:
    _asks(phone, "on dit que des enfants sont enleves")
    officer = desk.enter("closed_queue")
    report = desk.road.report()
    officer.post(f"/admin/reports/{report.id}/check")
    assert desk.road.report().incident_id is None
    assert "enleves" not in officer.get("/admin/rumours").text
    assert desk.enter("triage").post(f"/admin/reports/{report.id}/check").status_code == 404


# The end of a report


def test_the_desk_closes_a_report_and_takes_it_back(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    _asks(phone)
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


def test_who_is_not_written_to_is_said_before_the_desk_closes(desk: Desk, visitor: Visitor, phone: Phone) -> None:
    _asks(phone, send="2")
    assert "Personne ne reçoit de message" in visitor.get(f"/admin/reports/{desk.road.report().id}").text


# What is answered

SENTENCE = "Les services compétents l'ont vérifié ce matin."
#: Seventy words and more: half a minute at least.
ALOUD = "Voici une annonce du secrétariat permanent. " * 14


@pytest.fixture
def settled(visitor: Visitor, rumour: str) -> str:
    """The page of a rumour that two sources say is false."""
    for source in ("transporteurs", "gendarmerie de Mopti"):
        _check(visitor, rumour, source)
    visitor.post(f"{rumour}/veracity", veracity="confirmed_false")
    return rumour


def _answers(desk: Desk, visitor: Visitor, rumour: str, **changes: str) -> TestResponse:
    until = (desk.road.now + timedelta(days=3)).date().isoformat()
    good = {"form": "sentence", "language": "fr", "text": SENTENCE, "until": until}
    return visitor.post(f"{rumour}/answers", **{**good, **changes})


def _approve(desk: Desk, rumour: str) -> None:
    other = desk.enter("triage")
    other.post(_first(f'{rumour}/answers/[^/"]+/approve', other.get(rumour).text))


def test_a_sentence_is_written_approved_by_another_and_told(
    desk: Desk, visitor: Visitor, settled: str, phone: Phone
) -> None:
    assert _answers(desk, visitor, settled).status_code == 303
    page = visitor.get(settled).text
    assert "attend une seconde personne" in page
    assert "/approve" not in page, "who wrote it has no button"
    _approve(desk, settled)
    page = visitor.get(settled).text
    assert "attend une seconde personne" not in page
    assert {"answer.written", "answer.approved"} <= set(desk.actions())
    phone.says(f"suivi {phone.code}")
    assert SENTENCE in phone.hears
    visitor.post(_first(f'{settled}/answers/[^/"]+/withdraw', page))
    assert SENTENCE not in visitor.get(settled).text
    phone.says(f"suivi {phone.code}")
    assert SENTENCE not in phone.hears


def test_who_wrote_it_cannot_approve_it_by_the_address_either(desk: Desk, visitor: Visitor, settled: str) -> None:
    _answers(desk, visitor, settled)
    page = visitor.get(settled).text
    visitor.post(_first(f'{settled}/answers/[^/"]+/withdraw', page).replace("withdraw", "approve"))
    page = visitor.get(settled).text
    assert "Quelqu’un d’autre doit approuver" in page
    assert "attend une seconde personne" in page
    assert "answer.approved" not in desk.actions()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": "Rien de tel à Konna."}, "un lieu"),
        ({"text": "Aucune attaque n'a eu lieu."}, "un mot d’événement ou de danger"),
        ({"text": "Diallo dit que non."}, "quelqu’un"),
        ({"text": "Non, le pont n'est pas coupé."}, "les mots mêmes de la rumeur"),
        ({"text": ""}, "en un SMS"),
        ({"text": "x" * 161}, "en un SMS"),
        ({"form": "radio", "text": "Trop court."}, "environ 1 secondes"),
        ({"form": "radio", "text": "mot " * 200}, "environ 86 secondes"),
        ({"form": "drum"}, "Choisissez une langue"),
        ({"language": "xx"}, "Choisissez une langue"),
        ({"until": "demain"}, "dernier jour"),
        ({"until": "2001-01-01"}, "dernier jour"),
        ({"until": "2099-01-01"}, "dernier jour"),
    ],
)
def test_an_answer_that_repeats_or_does_not_fit_is_refused_and_what_was_typed_stays(
    desk: Desk, visitor: Visitor, settled: str, wrong: dict[str, str], says: str
) -> None:
    answer = _answers(desk, visitor, settled, **{"keep": "1", **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    if wrong.get("form") != "drum":
        assert wrong.get("text", SENTENCE).strip() in unescape(answer.text)
    assert "answer.written" not in desk.actions()


def test_a_single_word_in_common_may_stay_if_a_person_says_so(desk: Desk, visitor: Visitor, settled: str) -> None:
    answer = _answers(desk, visitor, settled, text="Les cars prennent le pont.")
    assert answer.status_code == 422
    assert "un mot de la rumeur" in answer.text
    assert _answers(desk, visitor, settled, text="Les cars prennent le pont.", keep="1").status_code == 303


def test_nothing_is_answered_before_something_is_settled(desk: Desk, visitor: Visitor, rumour: str) -> None:
    assert "Décidez d’abord ce que l’on sait." in visitor.get(rumour).text
    _answers(desk, visitor, rumour)
    assert "answer.written" not in desk.actions()


def test_a_text_for_the_radios_is_printed_when_it_is_approved_with_where_it_is_heard(
    desk: Desk, visitor: Visitor, settled: str
) -> None:
    heard = {"through": "radio", "place": "Lassa, Bamako", "heard_at": desk.road.now.strftime("%Y-%m-%dT%H:%M")}
    visitor.post(f"{settled}/sightings", **heard)
    assert _answers(desk, visitor, settled, form="radio", text=ALOUD).status_code == 303
    sheet = _first(f'{settled}/answers/[^/"]+/withdraw', visitor.get(settled).text).removesuffix("/withdraw")
    assert visitor.get(sheet).status_code == 404, "nobody else has approved it"
    _approve(desk, settled)
    assert sheet in visitor.get(settled).text
    page = visitor.get(sheet).text
    assert ALOUD.strip() in page
    assert "Commune IV" in page
    assert "environ 36 secondes" in page
    assert "le pont" not in page
    visitor.post(f"{settled}/veracity", veracity="under_check")
    assert visitor.get(sheet).status_code == 404, "it no longer says what is known"


def test_the_sheet_names_the_radios_of_the_cercles_where_it_is_heard(
    desk: Desk, visitor: Visitor, settled: str
) -> None:
    secretary = desk.enter("secretary")
    heard = {"through": "radio", "place": "Konna", "heard_at": desk.road.now.strftime("%Y-%m-%dT%H:%M")}
    visitor.post(f"{settled}/sightings", **heard)
    _answers(desk, visitor, settled, form="radio", text=ALOUD)
    _approve(desk, settled)
    sheet = _first(f'{settled}/answers/[^/"]+/withdraw', visitor.get(settled).text).removesuffix("/withdraw")
    assert "Aucune radio de ces cercles" in secretary.get(sheet).text
    for kind, place, title in (
        ("radio", "Konna", "L'Écho"),
        ("radio", "Fatoma", "La Voix"),
        ("radio", "Niafunké", "Le Fleuve"),
        ("women", "Konna", "Les Amies"),
    ):
        made = secretary.post("/admin/groups", kind=kind, place=place, title=title)
        assert "/admin/groups/" in made.location
    page = html.unescape(secretary.get(sheet).text)
    assert "Konna (Mopti)</bdi> · <bdi>L'Écho" in page
    assert "La Voix" in page
    assert "Le Fleuve" not in page
    assert "Les Amies" not in page
    triage = html.unescape(visitor.get(sheet).text)
    assert "Konna (Mopti)" in triage
    assert "L'Écho" not in triage, "titles are for secretaries"


def test_a_sentence_has_no_sheet(desk: Desk, visitor: Visitor, settled: str) -> None:
    _answers(desk, visitor, settled)
    _approve(desk, settled)
    sheet = _first(f'{settled}/answers/[^/"]+/withdraw', visitor.get(settled).text).removesuffix("/withdraw")
    assert visitor.get(sheet).status_code == 404


def test_who_asks_the_same_is_joined_on_the_page(desk: Desk, visitor: Visitor, settled: str) -> None:
    _asks(desk.road.phone("76000002"), TOLD)
    page = visitor.get(settled).text
    assert "Ceux-ci demandent la même chose" in page
    *_, newer = desk.road.reports()
    assert visitor.post(f"{settled}/reports").status_code == 422
    assert visitor.post(f"{settled}/reports", reports="x").status_code == 400
    visitor.post(f"{settled}/reports", reports=str(newer.id))
    assert {line.veracity for line in desk.road.reports()} == {Veracity.CONFIRMED_FALSE}
    assert "Ceux-ci demandent la même chose" not in visitor.get(settled).text
