"""A message is redacted, given to a translator who sees nothing else, and comes back to the report."""

import html
import re
from uuid import UUID

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


def _translator(desk: Desk, *languages: str) -> Visitor:
    """Somebody who translates from these languages; Bambara, where nothing is said."""
    visitor = desk.enter("translator")
    visitor.post("/admin/translation-tasks/languages", language=list(languages or ("bm",)))  # type: ignore[arg-type]
    return visitor


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
    assert "Rien n'attend d'être traduit" in _reads(_translator(desk), "/admin/translation-tasks")


def test_a_translator_sees_the_text_and_its_language_and_the_desk_what_came_back(
    triage: Visitor, desk: Desk, report: str
) -> None:
    assert triage.post(f"{report}/translate", redacted=REDACTED, language="bm").status_code == 303
    assert "Attend un traducteur, langue : Bambara" in _reads(triage, report)
    translator = _translator(desk)
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
    assert REDACTED not in _reads(_translator(desk), "/admin/translation-tasks")


def test_nothing_of_the_closed_queue_is_offered_or_given(desk: Desk, phone: Phone) -> None:
    for text in ("mon frere a ete enleve", "1", "1", "0", "0"):
        phone.says(text)
    report = f"/admin/reports/{desk.road.report().id}"
    officer = desk.enter("closed_queue")
    assert "Faire traduire" not in _reads(officer, report)
    officer.post(f"{report}/translate", redacted="mon frere", language="fr")
    assert desk.enter("triage").post(f"{report}/translate", redacted="x", language="fr").status_code == 404
    assert "mon frere" not in _reads(_translator(desk), "/admin/translation-tasks")


def test_it_is_offered_to_whoever_has_its_language_and_the_desk_is_told_where_nobody_has(
    triage: Visitor, desk: Desk, report: str
) -> None:
    other = _translator(desk, "ar", "taq", "zzqq")
    answer = triage.post(f"{report}/translate", redacted=REDACTED, language="bm")
    assert answer.status_code == 303
    assert "aucun traducteur n'a cette langue" in (page := _reads(triage, report))
    assert "Aucun traducteur n'a cette langue" in page
    page = _reads(other, "/admin/translation-tasks")
    assert REDACTED not in page
    assert "des langues que vous n'avez pas nommées : Bambara" in " ".join(re.sub("<[^>]*>", "", page).split())
    administrator = desk.enter("administrator")
    administrator.post(f"/admin/staff/{other.staff_id}/languages", language=["bm", "ar"])
    assert REDACTED in _reads(other, "/admin/translation-tasks")
    assert "Aucun traducteur" not in _reads(triage, report)
    ticked = re.findall(
        'name="language" value="([a-z]+)" checked', administrator.get(f"/admin/staff/{other.staff_id}").text
    )
    assert set(ticked) == {"bm", "ar"}
    assert administrator.post(f"/admin/staff/{UUID(int=9)}/languages", language="bm").status_code == 404


def test_who_has_named_no_language_is_asked_for_them_first(triage: Visitor, desk: Desk, report: str) -> None:
    triage.post(f"{report}/translate", redacted=REDACTED, language="bm")
    page = _reads(desk.enter("translator"), "/admin/translation-tasks")
    assert "Dites d'abord quelles langues vous connaissez" in page
    assert REDACTED not in page
    suspended = _translator(desk)
    desk.enter("administrator").post(f"/admin/staff/{suspended.staff_id}/suspend")
    assert "Aucun traducteur n'a cette langue" in _reads(triage, report)
