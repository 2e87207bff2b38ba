"""Search and delays on the pages."""

from bot.casework import search
from tests.chat import Phone
from tests.desk import Desk


def test_words_are_searched_from_the_inbox(desk: Desk, phone: Phone) -> None:
    visitor = desk.enter("triage")
    for said in ("le pont de Konna est coupe", "1", "0", "0", "0"):
        phone.says(said)
    with desk.road.store.writing() as session:
        search.index_new(session)
    assert 'action="/admin/search"' in visitor.get("/admin/inbox").text
    assert "est coupe" in visitor.get("/admin/search?q=PONT").text
    assert "est coupe" in visitor.get(f"/admin/search?q={phone.code}").text
    assert "est coupe" in visitor.get("/admin/search?place=region de Mopti&language=fr").text
    assert "Rien n&#39;a été trouvé" in visitor.get("/admin/search?q=route").text
    assert "est coupe" not in visitor.get("/admin/search").text
    assert visitor.get("/admin/search?place=zzqqwe").status_code == 422
    assert visitor.get("/admin/search?since=hier").status_code == 422


def test_what_nobody_looked_at_in_time_is_late(desk: Desk, phone: Phone) -> None:
    desk.road.now = desk.road.now.replace(hour=9)
    visitor = desk.enter("secretary")
    phone.says("attaque a konna des gens armes")
    assert 'strong">en retard' not in visitor.get("/admin/inbox").text
    desk.road.later(minutes=16)
    assert 'strong">en retard' in visitor.get("/admin/inbox").text
    visitor.post("/admin/targets", urgency="1", minutes="60")
    assert 'strong">en retard' not in visitor.get("/admin/inbox").text
    assert (
        "au plus trente jours"
        in visitor.client.get(
            visitor.post("/admin/targets", urgency="1", minutes="nie").location, base_url=desk.base
        ).text
    )


def test_what_matters_first_stands_first(desk: Desk) -> None:
    visitor = desk.enter("triage")
    for number, said in enumerate(["le puits est sec"] * 6 + ["attaque a konna des gens armes"]):
        desk.road.phone(f"7600000{number}").says(said)
    page = visitor.get("/admin/inbox").text
    first = page.split('id="first"')[1].split("</section>")[0]
    assert first.count("<li>") == 5
    assert first.index("P1") < first.index("P3")
