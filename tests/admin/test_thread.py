"""The conversation on the page: what may be asked, when it goes out, what is marked, and who may not be written to."""

import html
import re

import pytest

from bot.casework import call_backs, thread
from bot.conversation.templates import TEMPLATES
from tests.chat import USUAL, Phone
from tests.desk import Desk, Visitor, form_token

WELL = "le puits est sec"


@pytest.fixture(autouse=True)
def _by_day(desk: Desk) -> None:
    desk.road.now = desk.road.now.replace(hour=10, minute=0)


@pytest.fixture
def triage(desk: Desk) -> Visitor:
    """Somebody of the desk."""
    return desk.enter("triage")


def _told(desk: Desk, phone: Phone, *said: str) -> str:
    """The address of a report that was told so."""
    for text in said:
        phone.says(text)
    return f"/admin/reports/{desk.road.report().id}"


def _page(visitor: Visitor, address: str) -> str:
    return html.unescape(visitor.get(address).text)


def _mailbox(desk: Desk) -> list[str]:
    desk.road.deliver()
    return [note.text for note in desk.road.wire.mailbox.take("76123456")]  # type: ignore[attr-defined]


def _goes_out(page: str) -> str:
    found = re.search(r'id="goes-out">([^<]*)', page)
    assert found
    return found[1]


def test_a_question_its_answer_and_the_reply_stand_in_one_thread(desk: Desk, triage: Visitor, phone: Phone) -> None:
    report = _told(desk, phone, WELL, "1", "2", "Konna", "0")
    assert triage.post(f"{report}/ask", template="ongoing").status_code == 303
    assert desk.bells.event("simulator").is_set()
    page = _page(triage, report)
    assert re.search(r"Est-ce que ça continue\? <b[^>]*>pas encore de réponse", page)
    desk.road.deliver()
    phone.says("1")
    triage.post(f"{report}/reply", text="Merci, quelqu'un passe demain.")
    page = _page(triage, report)
    assert re.search(r"Est-ce que ça continue\? <b[^>]*>oui", page)
    order = [page.index(text) for text in (WELL, "Est-ce que ca continue?", "Merci, quelqu'un passe demain.")]
    assert order == sorted(order)
    assert "La personne a répondu à une question du bureau" in page, "the timeline says so"


def test_every_template_is_offered_with_its_state_and_its_language(desk: Desk, triage: Visitor, phone: Phone) -> None:
    report = _told(desk, phone, WELL, "2", "2", "Konna", "0")
    page = _page(triage, report)
    assert set(re.findall(r'name="template" value="(\w+)"', page)) == set(TEMPLATES)
    offered = {key: page.partition(f'value="{key}"')[2].partition("</li>")[0] for key in TEMPLATES}
    assert "<b>part en Français</b>" in offered["arrived"]
    assert 'lang="fr"' in offered["arrived"]
    assert "<b>brouillon</b>" in offered["call"], "Bambara has these words, as drafts"


@pytest.mark.parametrize(
    ("said", "hour", "words"),
    [
        (("1", "1", "Konna", "0"), 23, "Part maintenant : la personne a besoin d'une réponse tout de suite."),
        (("1", "2", "Konna", "2"), 21, "Part demain à 07:00 : la personne a dit : le matin."),
        (("1", "2", "Konna", "3"), 11, "Part à 12:00 : la personne a dit : l'après-midi."),
        (("1", "3", "Konna", "0"), 22, "Part demain à 07:00 : en journée."),
        (("1", "3", "Konna", "0"), 10, "Part maintenant : la personne vient d'écrire."),
    ],
)
def test_the_page_says_when_it_goes_out_and_why(
    desk: Desk, triage: Visitor, phone: Phone, said: tuple[str, ...], hour: int, words: str
) -> None:
    report = _told(desk, phone, WELL, *said)
    desk.road.now = desk.road.now.replace(hour=hour)
    assert _goes_out(_page(desk.enter("triage"), report)) == words


def test_what_waits_is_shown_with_its_hour_and_taken_back(desk: Desk, triage: Visitor, phone: Phone) -> None:
    report = _told(desk, phone, WELL, "1", "2", "Konna", "2")
    desk.road.now = desk.road.now.replace(hour=21)
    triage = desk.enter("triage")
    triage.post(f"{report}/reply", text="Nous avons bien lu.")
    page = _page(triage, report)
    assert "Gardé. Le message part à l'heure indiquée" in page
    assert "part demain à 07:00" in page
    assert "Nous avons bien lu." in page
    address = re.search(r'action="([^"]+/take-back)"', page.partition('class="ours waiting"')[2])
    assert address
    triage.post(address[1])
    page = _page(triage, report)
    assert "Repris : rien n'est envoyé." in page
    assert "Nous avons bien lu." not in page
    desk.road.later(hours=11)
    assert thread.send_waiting(desk.road.store, desk.road.now, desk.road.means) == 0
    assert _mailbox(desk) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_question_that_a_closing_overtook_is_named(desk: Desk, phone: Phone) -> None:
    page = _told(desk, phone, WELL, "1", "2", "Konna", "2")
    desk.road.now = desk.road.now.replace(hour=22)
    triage = desk.enter("triage")
    triage.post(f"{page}/ask", template="ongoing")
    triage.post(f"{page}/close")
    shown = html.unescape(triage.get(page).text)
    assert "Pas demandé, parce que le signalement a été clos ou écarté avant l'heure" in shown


def test_who_need_not_be_answered_is_offered_no_form_but_the_call_that_they_allowed(
    desk: Desk, triage: Visitor, phone: Phone
) -> None:
    report = _told(desk, phone, WELL, "1", "4", "Konna", "3")
    page = _page(triage, report)
    assert "Cette personne a dit ne pas avoir besoin de réponse" in _goes_out(page)
    assert "/reply" not in page
    assert 'name="template"' not in page
    assert "La personne attend un appel" in page
    (task,) = desk.road.call_backs()
    with desk.road.store.writing() as session:
        call_backs.done(session, desk.road.now, USUAL, task.id)
    assert "On peut l'appeler : l'après-midi." in _page(triage, report)
    triage.post(f"{report}/call")
    assert [each.report_id for each in desk.road.call_backs()] == [task.report_id]


def test_who_may_not_be_called_is_put_on_no_list(desk: Desk, triage: Visitor, phone: Phone) -> None:
    report = _told(desk, phone, WELL, "1", "4", "Konna", "0")
    assert "/call" not in _page(triage, report).partition('id="goes-out"')[2].partition("</section>")[0]
    triage.post(f"{report}/call")
    assert "Ce n'est pas possible" in _page(triage, report)
    assert desk.road.call_backs() == []


# Free text


def test_what_would_betray_is_shown_marked_and_kept_until_somebody_says_so(
    desk: Desk, triage: Visitor, phone: Phone
) -> None:
    report = _told(desk, phone, WELL, "1", "2", "Konna", "0")
    text = "L'attaque de Bandiagara est connue, appelez le 76 55 44 33"
    answer = triage.post(f"{report}/reply", text=text)
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert text in page
    marked = page.partition("marked")[2].partition("</ul>")[0]
    for words, why in (("attaque", "un type de fait"), ("Bandiagara", "un lieu"), ("76 55 44 33", "numéro")):
        assert re.search(rf"<q[^>]*>{words}</q> <small>{why}", marked)
    assert _mailbox(desk) == []
    assert triage.post(f"{report}/reply", text=text, on_purpose="1").status_code == 303
    assert len(_mailbox(desk)) == 1
    (entry,) = [each for each in desk.audit() if each.action == "report.replied"]
    assert entry.detail == {"marked": ["kind", "number", "place"]}


def test_what_befell_somebody_goes_on_no_tick(desk: Desk, triage: Visitor, phone: Phone) -> None:
    report = _told(desk, phone, WELL, "1", "2", "Konna", "0")
    answer = triage.post(f"{report}/reply", text="la femme violee va mieux", on_purpose="1")
    assert answer.status_code == 422
    assert "Cela ne peut pas être envoyé" in html.unescape(answer.text)
    assert 'name="on_purpose"' not in answer.text
    assert _mailbox(desk) == []


def test_who_writes_in_another_language_than_theirs_is_told(desk: Desk, triage: Visitor, phone: Phone) -> None:
    report = _told(desk, phone, WELL, "2", "2", "Konna", "0")
    answer = triage.post(f"{report}/reply", text="Merci", written_in="fr")
    assert "cette personne utilise une autre langue (Bambara)" in html.unescape(answer.text)
    answer = triage.post(f"{report}/reply", text="I ni ce", written_in="bm")
    assert "personne n'a encore relu de texte dans cette langue" in html.unescape(answer.text)
    assert '<option value="bm" selected>' in answer.text
    triage.post(f"{report}/reply", text="I ni ce", written_in="bm", on_purpose="1")
    assert _mailbox(desk) == ["I ni ce"]


@pytest.mark.parametrize("template", ["", "attack", "more "])
def test_what_is_no_template_is_asked_again(desk: Desk, triage: Visitor, phone: Phone, template: str) -> None:
    report = _told(desk, phone, WELL, "1", "2", "Konna", "0")
    assert triage.post(f"{report}/ask", template=template).status_code == 422
    assert _mailbox(desk) == []


def test_a_question_sent_twice_is_asked_once(desk: Desk, triage: Visitor, phone: Phone) -> None:
    report = _told(desk, phone, WELL, "1", "2", "Konna", "0")
    token = form_token()
    for _ in range(2):
        triage.post(f"{report}/ask", template="ongoing", token=token)
    assert len(_mailbox(desk)) == 1


# The closed queue


def test_to_the_closed_queue_only_support_is_offered_and_no_free_text(desk: Desk, phone: Phone) -> None:
    report = _told(desk, phone, "mon frere a ete enleve", "1", "2", "Konna", "2")
    officer = desk.enter("closed_queue")
    page = _page(officer, report)
    offered = set(re.findall(r'name="template" value="(\w+)"', page))
    assert offered == {key for key, each in TEMPLATES.items() if each.support}
    assert f"{report}/reply" not in page
    answer = officer.post(f"{report}/reply", text="Courage", on_purpose="1")
    assert answer.status_code == 422
    assert "Courage" in answer.text
    officer.post(f"{report}/ask", template="ongoing")
    assert "on n'envoie que des mots d'appui relus" in _page(officer, report)
    assert _mailbox(desk) == []
    officer.post(f"{report}/ask", template="read")
    assert len(_mailbox(desk)) == 1
    desk.road.later(hours=25)
    page = _page(desk.enter("closed_queue"), report)
    assert "Rien n'est envoyé à une personne de la file confidentielle" in _goes_out(page)
    assert "La personne attend un appel" in page


# What is kept apart, and consent


def test_what_must_not_be_heard_stands_beside_the_bodies(desk: Desk, triage: Visitor, phone: Phone) -> None:
    report = _told(desk, phone, WELL, "1", "2", "Konna", "0")
    triage.post(f"{report}/ask", template="not_to")
    desk.road.deliver()
    phone.says("le prefet")
    page = _page(triage, report)
    assert re.search(r"La personne a dit : <q[^>]*>le prefet</q>", page)
    assert "le prefet" not in page.partition('class="narrative"')[2].partition("</blockquote>")[0]


def test_whether_it_may_be_passed_on_is_shown(desk: Desk, triage: Visitor, phone: Phone) -> None:
    report = _told(desk, phone, WELL, "1", "2", "Konna", "0")
    triage.post(f"{report}/ask", template="consent")
    assert "demandé, pas encore de réponse" in _page(triage, report)
    desk.road.deliver()
    phone.says("1")
    assert "non : le bureau seul" in _page(triage, report)
