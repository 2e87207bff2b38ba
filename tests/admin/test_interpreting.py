"""A message is redacted, given to a translator who sees nothing else, and comes back to the report."""

import html

import pytest

from tests.chat import Phone
from tests.desk import Desk, Visitor

TOLD = "ji tè Konna, 76 12 34 56"
REDACTED, FRENCH = "ji tè […]", "il n'y a pas d'eau à […]"


@pytest.fixture
def triage(desk: Desk) -> Visitor:
    """Somebody of the desk."""
    return desk.enter("triage")


@pytest.fixture
def report(desk: Desk, phone: Phone) -> str:
    """The address of a report in Bambara."""
    for text in (TOLD, "2", "2", "0"):
        phone.says(text)
    return f"/admin/reports/{desk.road.report().id}"


def _reads(visitor: Visitor, path: str) -> str:
    return html.unescape(visitor.get(path).text)


def test_what_is_given_away_is_masked_first_and_marked_until_it_names_nobody(
    triage: Visitor, desk: Desk, report: str
) -> None:
    page = _reads(triage, report)
    assert "ji tè […], […]</textarea>" in page
    answer = triage.post(f"{report}/translate", redacted=TOLD, language="bm")
    assert answer.status_code == 422
    marked = html.unescape(answer.text).partition("marked")[2].partition("</ul>")[0]
    assert "Konna" in marked
    assert "76 12 34 56" in marked
    assert f"{TOLD}</textarea>" in html.unescape(answer.text)
    assert "Rien n'attend d'être traduit" in _reads(desk.enter("translator"), "/admin/translation-tasks")


def test_a_translator_sees_the_text_and_its_language_and_the_desk_what_came_back(
    triage: Visitor, desk: Desk, report: str
) -> None:
    assert triage.post(f"{report}/translate", redacted=REDACTED, language="bm").status_code == 303
    assert "Attend un traducteur, langue : Bambara" in _reads(triage, report)
    translator = desk.enter("translator")
    page = _reads(translator, "/admin/translation-tasks")
    assert REDACTED in page
    assert "Bambara" in page
    for betrays in ("Konna", "76 12", report.rpartition("/")[2]):
        assert betrays not in page
    task = page.partition('action="/admin/translation-tasks/')[2].partition('"')[0]
    assert translator.post(f"/admin/translation-tasks/{task}", text=" ").status_code == 422
    translator.post(f"/admin/translation-tasks/{task}", text=FRENCH)
    assert REDACTED not in _reads(translator, "/admin/translation-tasks")
    assert translator.get(report).status_code == 403
    page = _reads(triage, report)
    assert FRENCH in page
    assert "Traduit par" in page


def test_what_waits_is_taken_back(triage: Visitor, desk: Desk, report: str) -> None:
    triage.post(f"{report}/translate", redacted=REDACTED, language="bm")
    page = _reads(triage, report)
    where = page.partition(f'action="{report}/translations/')[2].partition('"')[0]
    triage.post(f"{report}/translations/{where}")
    assert REDACTED not in _reads(desk.enter("translator"), "/admin/translation-tasks")


def test_nothing_of_the_closed_queue_is_offered_or_given(desk: Desk, phone: Phone) -> None:
    for text in ("mon frere a ete enleve", "1", "1", "0", "0"):
        phone.says(text)
    report = f"/admin/reports/{desk.road.report().id}"
    officer = desk.enter("closed_queue")
    assert "Faire traduire" not in _reads(officer, report)
    officer.post(f"{report}/translate", redacted="mon frere", language="fr")
    assert desk.enter("triage").post(f"{report}/translate", redacted="x", language="fr").status_code == 404
    assert "mon frere" not in _reads(desk.enter("translator"), "/admin/translation-tasks")
