"""The simulated phone without a script: the same intake, the thread kept by the server."""

import html
import re

import pytest

from tests.desk import Desk, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def visitor(demo_desk: Desk) -> Visitor:
    """Somebody who tries the demonstration."""
    return demo_desk.visitor()


def _phones(visitor: Visitor) -> list[str]:
    return re.findall(r'data-phone="(\w+)"', visitor.get("/phone").text)


def _thread(visitor: Visitor, place: int) -> list[tuple[str, str]]:
    section = visitor.get("/phone").text.split('<section class="phone"')[place + 1]
    found = re.findall(r'<li class="(\w+)[^"]*"><p class="text" dir="auto">([^<]*)</p>', section)
    return [(who, html.unescape(text)) for who, text in found]


def test_what_is_written_becomes_a_report_and_the_answer_stands_below(demo_desk: Desk, visitor: Visitor) -> None:
    assert visitor.post("/phone", place="0", text="le puits de Konna est sec").status_code == 303
    assert demo_desk.road.report().narrative == "le puits de Konna est sec"
    (mine, said), (theirs, reply) = _thread(visitor, 0)
    assert (mine, said, theirs) == ("mine", "le puits de Konna est sec", "theirs")
    assert "Kunnafoni" in reply
    assert not _thread(visitor, 1)


def test_a_digit_and_a_missed_call_are_sent_by_their_keys(demo_desk: Desk, visitor: Visitor) -> None:
    visitor.post("/phone", place="1", text="le puits de Konna est sec")
    visitor.post("/phone", place="1", digit="1")
    visitor.post("/phone", place="0", call="1")
    first, second = _phones(visitor)
    assert demo_desk.simulated[1:] == [(second, "1", False), (first, "", True)]
    assert demo_desk.road.call_backs()


def test_each_message_shows_what_it_takes_as_sms(visitor: Visitor) -> None:
    for text in ("a" * 161, "ߛߌ"):
        visitor.post("/phone", place="0", text=text)
    sizes = re.findall(r'<p class="size">([^<]*)</p>', visitor.get("/phone").text)
    assert sizes[0] == "2 SMS · GSM7 · 161/306"
    assert sizes[2] == "1 SMS · UCS2 · 2/70"


def test_a_later_reply_of_the_desk_stands_where_it_came(demo_desk: Desk, visitor: Visitor) -> None:
    visitor.post("/phone", place="0", text="le puits de Konna est sec")
    demo_desk.enter("triage").post(f"/admin/reports/{demo_desk.road.report().id}/reply", text="Nous avons lu.")
    demo_desk.road.deliver()
    visitor.post("/phone", place="0", text="MENU")
    texts = [text for _, text in _thread(visitor, 0)]
    assert texts.index("le puits de Konna est sec") < texts.index("Nous avons lu.") < texts.index("MENU")


def test_the_script_finds_later_messages_of_its_own_phones_only(demo_desk: Desk, visitor: Visitor) -> None:
    visitor.post("/phone", place="0", text="le puits de Konna est sec")
    demo_desk.enter("triage").post(f"/admin/reports/{demo_desk.road.report().id}/reply", text="Nous avons lu.")
    demo_desk.road.deliver()
    number = _phones(visitor)[0]
    (note,) = visitor.get(f"/phone/messages?phone={number}&after=0").get_json()
    assert note["text"] == "Nous avons lu."
    assert visitor.get(f"/phone/messages?phone={number}&after={note['number']}").get_json() == []
    assert demo_desk.visitor().get(f"/phone/messages?phone={number}").status_code == 404


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40, "٣"])
def test_a_mistyped_mark_gives_everything(visitor: Visitor, after: str) -> None:
    assert visitor.get(f"/phone/messages?phone={_phones(visitor)[0]}&after={after}").status_code == 200


def test_another_sim_card_is_a_stranger(visitor: Visitor) -> None:
    visitor.post("/phone", place="0", text="le puits de Konna est sec")
    before = _phones(visitor)
    visitor.post("/phone/new", place="0")
    after = _phones(visitor)
    assert after[0] != before[0]
    assert after[1] == before[1]
    assert not _thread(visitor, 0)


@pytest.mark.parametrize("place", ["", "2", "-1", "x", "0x0"])
def test_there_are_two_phones(visitor: Visitor, place: str) -> None:
    assert visitor.post("/phone", place=place, text="bonjour").status_code == 400


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_nothing_is_sent_for_nothing(demo_desk: Desk, visitor: Visitor, text: str) -> None:
    visitor.post("/phone", place="0", text=text)
    assert not demo_desk.simulated


def test_whatever_is_written_is_drawn_as_text(visitor: Visitor) -> None:
    text = "<script>alert(1)</script> \u202egpj.exe"
    visitor.post("/phone", place="0", text=text)
    assert _thread(visitor, 0)[0] == ("mine", "<script>alert(1)</script> [U+202E]gpj.exe")


def test_a_live_desk_s_page_has_no_wire_for_a_script(desk: Desk) -> None:
    page = desk.enter("triage").get("/phone").text
    assert "data-inbound" not in page
    assert "exercice" in page


def test_the_memory_of_threads_has_an_end(demo_desk: Desk, visitor: Visitor) -> None:
    for number in range(130):
        visitor.post("/phone", place="0", text=f"bonjour {number}")
        demo_desk.road.later(minutes=2)
    assert len(_thread(visitor, 0)) <= 100
