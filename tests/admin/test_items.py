"""From a report to the seats and back on the pages, with canaries: what a seat must not see is on no page of its own."""

import html
import re
from dataclasses import dataclass

import pytest

from tests.chat import Phone
from tests.desk import Desk, Visitor, form_token

#: What was told, what triage wrote of it, and what is asked: only the last two may reach a seat.
RAW = "Amadou Canari 76123456 a vu le pont de Konna coupe"
SUMMARY = "Resume-pour-les-sieges"
ASKED = "Reparer-le-pont"


@dataclass
class Story:
    """The desk, and a report that became an event."""

    desk: Desk
    triage: Visitor
    event: str

    def routes(self, lead: str, *others: str) -> None:
        """Send it to these seats."""
        fields = {"lead": lead, "request": ASKED, "days": "2"}
        content = [("csrf_token", self.triage.csrf()), ("token", lead.ljust(24, "t")), *fields.items()]
        data = [*content, *(("contributors", each) for each in others)]
        answer = self.triage.client.post(
            f"{self.event}/route", base_url=self.desk.base, data=_many(data), headers={"Referer": self.desk.base}
        )
        assert answer.status_code == 303

    def sits(self, username: str, code: str) -> Visitor:
        """A member of the committee who holds this seat, in a browser of their own."""
        member = self.desk.make(username, "committee")
        self.desk.enter("secretary").post(f"/admin/committee/{code}/holder", username=username)
        return self.desk.let_in(member)


def _many(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def story(desk: Desk, phone: Phone) -> Story:
    triage = desk.enter("triage")
    for said in (RAW, "1", "2", "0", "0"):
        phone.says(said)
    report = f"/admin/reports/{desk.road.report().id}"
    triage.post(f"{report}/decide", kind="disaster", urgency="2", place="kun:mopti/mopti/konna")
    other = desk.road.phone("76000002")
    for said in ("le pont de Konna ne passe plus", "1", "2", "0", "0"):
        other.says(said)
    (second,) = [line for line in desk.road.reports() if str(line.id) not in report]
    event = triage.post(f"{report}/join", others=str(second.id)).location
    return Story(desk, triage, event)


def _first_item(visitor: Visitor) -> str:
    found = re.search("/admin/items/[0-9a-f-]{36}", visitor.get("/admin/items").text)
    assert found
    return found[0]


def test_the_first_draft_has_what_names_somebody_taken_out(story: Story) -> None:
    page = story.triage.get(story.event).text
    draft = page.split('id="summary-text"')[1].split("</textarea>")[0]
    assert "Amadou" not in draft
    assert "76123456" not in draft
    assert "a vu le pont de Konna coupe" in draft


def test_a_summary_that_still_names_somebody_is_kept_only_on_purpose(story: Story) -> None:
    page = story.triage.post(f"{story.event}/summary", summary="Amadou a vu le pont")
    assert page.status_code == 422
    assert "À masquer" in page.text
    assert story.triage.post(f"{story.event}/summary", summary="Amadou a vu le pont", keep="1").status_code == 303
    assert story.triage.post(f"{story.event}/summary", summary=" ").status_code == 422


def test_a_word_in_small_letters_that_may_be_a_name_is_sent_only_on_purpose(story: Story) -> None:
    page = story.triage.post(f"{story.event}/summary", summary="Le vieux zarbolo a vu le pont")
    assert page.status_code == 422
    assert "zarbolo</q> <small>(mot inconnu" in page.text.split("À masquer")[1]
    secretary = story.desk.enter("secretary")
    secretary.post("/admin/committee/masking", why="name", word="zarbolo", off="1")
    again = story.triage.post(f"{story.event}/summary", summary="Le vieux zarbolo a vu le pont")
    assert again.status_code == 303, "the desk has said that it names nobody"


def test_what_is_asked_of_a_seat_names_somebody_only_on_purpose(story: Story) -> None:
    """Defence and Security read the request and nothing else: it is looked through like a summary."""
    seat = story.sits("awa", "security")
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    sent = {"lead": "security", "days": "3", "request": "Protéger Qwerto Zamblé, +223 76 00 00 01"}
    page = story.triage.post(f"{story.event}/route", **sent)
    assert page.status_code == 422
    assert "Zamblé" in page.text.split("À masquer")[1]
    assert 'value="security" selected' in page.text
    assert "/admin/items/" not in seat.get("/admin/items").text
    assert story.triage.post(f"{story.event}/route", keep="1", **sent).status_code == 303
    item = _first_item(seat)
    seat.post(f"{item}/step", step="asked", words="Qui ?")
    answer = f"{story.event}/items/{item.rpartition('/')[2]}/answer"
    refused = story.triage.post(answer, answer="Zoumana Traoré")
    assert refused.status_code == 422
    assert "Zoumana Traoré</textarea>" in refused.text
    assert "Zoumana" not in seat.get(item).text


@pytest.mark.parametrize("wrong", [{"days": "90"}, {"days": "bientôt"}, {"request": " "}])
def test_what_is_wrong_in_the_sending_loses_nothing_that_was_chosen(story: Story, wrong: dict[str, str]) -> None:
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    sent = {"lead": "justice", "contributors": "youth", "request": ASKED, "days": "3", **wrong}
    answer = story.triage.post(f"{story.event}/route", **sent)
    assert answer.status_code == 422
    page = _text(answer.text)
    assert "en combien de jours : 1 à 60" in page
    assert 'value="justice" selected' in page
    assert re.search(r'value="youth" checked', page)
    assert sent["request"].strip() in page
    assert f'value="{sent["days"]}"' in page


def test_the_story_to_a_seat_and_back(story: Story) -> None:
    solidarity, justice = story.sits("awa", "solidarity"), story.sits("ali", "justice")
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    story.routes("solidarity", "security")
    item = _first_item(solidarity)
    page = solidarity.get(item).text
    assert SUMMARY in page
    assert ASKED in page
    assert "Aucun" not in solidarity.get("/admin/items").text
    assert "Rien n&#39;est demandé" in justice.get("/admin/items").text
    assert justice.get(item).status_code == 404
    assert solidarity.post(f"{item}/step", step="done", words=" ").status_code == 422
    assert solidarity.post(f"{item}/step", step="sent", words="x").status_code == 400
    solidarity.post(f"{item}/step", step="accepted")
    solidarity.post(f"{item}/step", step="add", words="Le bac est commande")
    solidarity.post(f"{item}/step", step="asked", words="Depuis quand ?")
    desk_page = story.triage.get(story.event).text
    assert "Le bac est commande" in desk_page
    answer = re.search(r"/admin/incidents/[0-9a-f-]+/items/[0-9a-f-]+/answer", desk_page)
    assert answer
    story.triage.post(answer[0], answer="Depuis lundi")
    assert "Depuis lundi" in solidarity.get(item).text
    solidarity.post(f"{item}/step", step="done", words="Le bac passe")
    assert "Le bac passe" in story.triage.get(story.event).text
    assert {"item.sent", "item.accepted", "item.asked", "item.answered", "item.done", "item.refused"} <= set(
        story.desk.actions()
    )


def test_the_desk_finds_on_one_page_which_seats_wait_for_it(story: Story) -> None:
    seat = story.sits("awa", "solidarity")
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    assert "personne n'occupe ce siège" in _text(story.triage.get(story.event).text), "before it is sent"
    story.routes("solidarity")
    assert "Le comité attend" not in story.triage.get("/admin/incidents").text
    seat.post(f"{_first_item(seat)}/step", step="declined", words="La mairie s'en charge.")
    page = story.triage.get("/admin/incidents").text
    assert "pas pour ce siège" in page.split("Le comité attend le bureau")[1].split("</section>")[0]
    assert re.search(r'href="/admin/incidents"[^>]*>Événements <span class="number">1<', page)

    story.desk.road.later(minutes=1)
    story.routes("local")
    page = story.triage.get("/admin/incidents").text
    assert "personne n'occupe ce siège" in _text(page.split("Le comité attend le bureau")[1].split("</section>")[0])
    assert "Personne n'occupe ce siège, donc personne ne l'a lu" in _text(story.triage.get(story.event).text)
    item = re.findall('id="i([0-9a-f-]{36})"', story.triage.get(story.event).text)[-1]
    story.triage.post(f"{story.event}/items/{item}/link", token="u" * 24)
    assert "Le comité attend" not in story.triage.get("/admin/incidents").text


def _text(page: str) -> str:
    return html.unescape(page)


def test_the_secretary_chooses_who_sits_from_those_who_may(story: Story) -> None:
    """Nobody has to know the name that somebody else signs in with."""
    story.desk.make("awa", "committee")
    story.desk.make("fanta", "triage")
    page = story.desk.enter("secretary").get("/admin/committee").text
    chosen = page.split('<select id="ujustice"')[1].split("</select>")[0]
    assert 'value="awa"' in chosen
    assert 'value="fanta"' not in chosen


def test_the_report_for_a_meeting_says_how_much_and_never_what(story: Story) -> None:
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    story.routes("solidarity")
    secretary = story.desk.enter("secretary")
    assert "/admin/committee/report" in secretary.get("/admin/committee").text, "before anything is late"
    page = _text(secretary.get("/admin/committee/report").text)
    assert re.search(r"Solidarité et Action humanitaire</th><td>1</td><td>0</td><td>0</td><td>1</td><td>0</td>", page)
    assert "Moins de 5 signalements sont arrivés." in page, "of two reports somebody could be picked out"
    assert not any(word in page for word in (SUMMARY, ASKED, "Konna", "Mopti", "Inondation"))

    for number in range(4):
        phone = story.desk.road.phone(f"7610000{number}")
        phone.says("le puits est sec")
    hidden = story.desk.road.phone("76200000")
    hidden.says("mon frere a ete enleve")
    page = _text(secretary.get("/admin/committee/report?days=30").text)
    assert "<dt>Tous les signalements</dt><dd>6</dd>" in page, "none of the closed queue"
    story.desk.road.later(days=20)
    secretary = story.desk.enter("secretary")
    assert "Moins de 5 signalements sont arrivés." in _text(secretary.get("/admin/committee/report").text)
    assert "<dd>6</dd>" in _text(secretary.get("/admin/committee/report?days=30").text)


def test_a_seat_learns_the_day_and_not_the_minute_of_the_first_report(story: Story) -> None:
    """Whoever was seen with a telephone at that minute would be known."""
    seat = story.sits("awa", "solidarity")
    told = min(line.made_at for line in story.desk.road.reports())
    story.desk.road.later(seconds=7 * 60)
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    story.routes("solidarity")
    page = seat.get(_first_item(seat)).text
    since = page.split("<dt>Depuis</dt>")[1].split("</dd>")[0]
    assert str(told.day) in since
    assert ":" not in since


def test_a_seat_that_asks_for_the_source_is_refused_in_writing(story: Story) -> None:
    seat = story.sits("awa", "solidarity")
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    story.routes("solidarity")
    item = _first_item(seat)
    assert "Refus écrit" not in seat.get(item).text
    token = form_token()
    for _twice in range(2):
        assert seat.post(f"{item}/source", token=token).location.startswith(item)
    page = seat.get(item).text
    assert "Refus écrit" in page, "it stands there as long as the item does"
    assert "Solidarité et Action humanitaire" in page.split("Refus écrit")[1]
    assert story.desk.actions().count("item.source_refused") == 1


@pytest.mark.parametrize("code", ["solidarity", "security"])
def test_no_page_of_a_seat_holds_what_was_told_or_more_than_is_theirs(story: Story, code: str) -> None:
    """Field by field: neither the words, nor the number, nor the place of the report; Security not even the summary."""
    seat = story.sits("awa", code)
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    story.routes("solidarity", "security")
    item = _first_item(seat)
    pages = "".join(seat.get(path).text for path in ("/admin/items", item))
    report = story.desk.road.reports()[0]
    for canary in ("Canari", "76123456", "a vu le pont", "ne passe plus", str(report.id), story.event.split("/")[-1]):
        assert canary not in pages
    assert (SUMMARY in pages) is (code == "solidarity")
    assert ("Konna" in pages) is (code == "solidarity")
    assert "Mopti" in pages
    for path in (story.event, f"/admin/reports/{report.id}", "/admin/inbox", "/admin/incidents", "/admin/committee"):
        assert seat.get(path).status_code == 403


def test_a_link_is_opened_by_a_press_on_one_device(story: Story) -> None:
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    story.routes("justice")
    page = story.triage.get(story.event).text
    form = re.search(r"/admin/incidents/[0-9a-f-]+/items/[0-9a-f-]+/link", page)
    assert form
    shown = story.triage.post(form[0]).text
    link = re.search(r"/admin/link/[\w-]+", shown)
    assert link
    assert link[0] not in story.triage.get(story.event).text, "it is shown once"
    official, program = story.desk.visitor(), story.desk.visitor()
    assert SUMMARY not in program.get(link[0]).text, "who only looks at links uses none up"
    assert SUMMARY not in official.get(link[0]).text
    official.post(f"{link[0]}/open")
    assert SUMMARY in official.get(link[0]).text
    assert program.post(f"{link[0]}/open").status_code == 404
    assert program.post(f"{link[0]}/step", step="accepted").status_code == 404
    official.post(f"{link[0]}/step", step="done", words="Vu par le parquet")
    assert "Vu par le parquet" in story.triage.get(story.event).text
    assert "Canari" not in official.get(link[0]).text
    assert {"link.made", "link.opened", "link.refused"} <= set(story.desk.actions())


def test_the_desk_sees_how_a_link_stands_and_ends_one_in_wrong_hands(story: Story) -> None:
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    story.routes("justice")
    item = re.search(r"/admin/incidents/[0-9a-f-]+/items/[0-9a-f-]+", story.triage.get(story.event).text)
    assert item
    assert "Annuler le lien" not in story.triage.get(story.event).text
    token = form_token()
    link = re.search(r"/admin/link/[\w-]+", story.triage.post(f"{item[0]}/link", token=token).text)
    assert link
    story.triage.post(f"{item[0]}/link", token=token)
    assert "pas encore ouvert" in story.triage.get(story.event).text
    official = story.desk.visitor()
    official.post(f"{link[0]}/open")
    assert SUMMARY in official.get(link[0]).text, "loading the page with the link again ended none"
    assert "pas encore ouvert" not in story.triage.get(story.event).text
    story.triage.post(f"{item[0]}/link/end")
    assert official.get(link[0]).status_code == 404
    assert "Annuler le lien" not in story.triage.get(story.event).text


def test_two_who_write_the_summary_at_once_lose_no_word_of_either(story: Story) -> None:
    other = story.desk.enter("secretary", username="binta")
    first, second = "La digue est à revoir.", "Il faut un passeur."
    assert 'name="seen" value=""' in story.triage.get(story.event).text
    story.triage.post(f"{story.event}/summary", summary=first)
    page = other.post(f"{story.event}/summary", summary=second, seen="").location
    page = html.unescape(other.get(page).text)
    assert "Quelqu'un d'autre a été plus rapide" in page
    assert f">{first}</blockquote>" in page, "hers stands"
    assert f">{second}</textarea>" in page, "and what I wrote is there to go on from"
    assert second not in html.unescape(story.triage.get(story.event).text)
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    other.post(f"{story.event}/summary", summary=f"{first} {second}", seen=seen[1])
    assert f">{first} {second}</textarea>" in html.unescape(story.triage.get(story.event).text)
    assert story.triage.post(f"{story.event}/summary", summary=first, seen="hier").status_code == 400


@pytest.mark.parametrize("why", ["taken back", "too old", "form too old"])
def test_what_was_written_behind_a_link_that_has_ended_is_shown_again(story: Story, why: str) -> None:
    story.triage.post(f"{story.event}/summary", summary=SUMMARY)
    story.routes("justice")
    item = re.search(r"/admin/incidents/[0-9a-f-]+/items/[0-9a-f-]+", story.triage.get(story.event).text)
    assert item
    link = re.search(r"/admin/link/[\w-]+", story.triage.post(f"{item[0]}/link").text)
    assert link
    official = story.desk.visitor()
    official.post(f"{link[0]}/open")
    if why == "taken back":
        story.triage.post(f"{item[0]}/withdraw")
    elif why == "too old":
        story.desk.road.later(hours=73)
    answer = official.post(
        f"{link[0]}/step", step="done", words="L'accès est rouvert", csrf="x" if why == "form too old" else None
    )
    assert answer.status_code == (400 if why == "form too old" else 404)
    assert "L'accès est rouvert" in html.unescape(answer.text).split('id="unsent"')[1]
    assert "item.done" not in story.desk.actions()


def test_the_secretary_keeps_seats_and_words(story: Story) -> None:
    secretary = story.desk.enter("secretary")
    assert secretary.post("/admin/committee/justice/holder", username="nobody").status_code == 422
    story.sits("awa", "justice")
    page = secretary.get("/admin/committee").text
    holder = page.split('name="holder" value="')[1].split('"')[0]
    secretary.post("/admin/committee/justice/leave", holder=holder)
    assert 'name="holder"' not in secretary.get("/admin/committee").text
    secretary.post("/admin/committee/justice/title", title="Justice et Droits")
    assert "Justice et Droits" in secretary.get("/admin/committee").text
    assert secretary.post("/admin/committee/none/title", title="x").status_code == 404
    assert secretary.post("/admin/committee/justice/title", title="").status_code == 422
    assert secretary.post("/admin/committee/masking", why="name", word="deux mots").status_code == 422
    secretary.post("/admin/committee/masking", why="name", word="Zongo")
    assert story.triage.post(f"{story.event}/summary", summary="vu par zongo").status_code == 422
    secretary.post("/admin/committee/masking", why="name", word="Zongo", off="1")
    assert story.triage.post(f"{story.event}/summary", summary="vu par zongo").status_code == 303
