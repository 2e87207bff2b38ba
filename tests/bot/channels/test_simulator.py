"""The simulated phone: JSON in, JSON out, a mailbox for what comes later."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels import simulator
from bot.channels.simulator import MAX_BODY, Mailbox, Simulator
from bot.errors import NotGenuine, Refused, Unreadable
from bot.messages import Delivery, Inbound, InboundKind, Outbound, Receipt, Request

WIRE = Simulator()
ID = "a" * 32


def posted(payload, path="/channels/simulator/inbound"):
    headers = {"content-type": "application/json", "x-kunnafoni-simulator": "1"}
    return Request("POST", path, "", json.dumps(payload).encode(), headers)


def received(request):
    WIRE.verify(request)
    return WIRE.read(request)


def test_a_text_and_a_bip_are_heard():
    text = received(posted({"id": ID, "phone": "1", "text": "Bonjour\0"}))
    assert text == Inbound("simulator", ID, "sim:1", "Bonjour ")
    bip = received(posted({"id": ID, "phone": "Awa2", "call": True}))
    assert bip == Inbound("simulator", ID, "sim:Awa2", kind=InboundKind.MISSED_CALL)


def test_what_the_form_of_another_site_can_post_is_refused():
    request = posted({"id": ID, "phone": "1", "text": "x"})
    for changed in (
        replace(request, headers={"content-type": "text/plain"}),
        replace(request, headers={"x-kunnafoni-simulator": "true"}),
        replace(request, method="GET"),
    ):
        with pytest.raises(NotGenuine):
            WIRE.verify(changed)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        {"phone": "1", "text": "x"},
        {"id": ID},
        {"id": ID, "phone": "1"},
        {"id": ID, "phone": "1", "call": "yes"},
        {"id": ID, "phone": "1", "text": 5},
        {"id": ID.upper(), "phone": "1", "text": "x"},
        {"id": ID + "\n", "phone": "1", "text": "x"},
        {"id": ID, "phone": "+223 76", "text": "x"},
        {"id": ID, "phone": "x" * 21, "text": "x"},
        {"id": ID, "phone": "", "text": "x"},
    ],
)
def test_a_field_of_the_wrong_form_is_unreadable(payload):
    with pytest.raises(Unreadable):
        received(posted(payload))


def test_an_oversized_body_is_unreadable():
    with pytest.raises(Unreadable):
        WIRE.verify(replace(posted({}), body=b" " * (MAX_BODY + 1)))


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=60) | st.just(b"[" * 100_000) | st.text().map(lambda text: json.dumps(text).encode()))
def test_nothing_that_arrives_raises_anything_but_a_refusal(body):
    for path in ("/channels/simulator/inbound", "/channels/simulator/receipt"):
        with suppress(Unreadable):
            received(replace(posted({}, path), body=body))


def test_the_answer_counts_what_the_text_takes_as_an_sms():
    answer = WIRE.reply(Outbound(7, 2, "sim:1", "ɛ" * 71))
    assert json.loads(answer.body) == {
        "id": 7,
        "attempt": 2,
        "text": "ɛ" * 71,
        "alphabet": "ucs2",
        "units": 71,
        "segments": 2,
        "per_segment": 67,
        "left": 63,
    }
    assert json.loads(WIRE.reply(None).body) == {"text": None}


def test_a_message_waits_in_its_phones_mailbox():
    wire = Simulator()
    first = wire.send(Outbound(1, 1, "sim:1", "un"))
    wire.send(Outbound(2, 1, "sim:2", "pour un autre"))
    wire.send(Outbound(3, 1, "sim:1", "deux"))
    assert [note.text for note in wire.mailbox.take("1")] == ["un", "deux"]
    assert [note.text for note in wire.mailbox.take("1", int(first))] == ["deux"]
    assert wire.mailbox.take("3") == []


def test_the_mailbox_is_bounded(monkeypatch):
    monkeypatch.setattr(simulator, "MAX_NOTES", 3)
    monkeypatch.setattr(simulator, "MAX_PHONES", 2)
    box = Mailbox()
    for phone in ("1", "2", "1", "3", "1", "1", "1"):
        box.put(phone, Outbound(0, 1, f"sim:{phone}", "x"))
    assert [note.number for note in box.take("1")] == [5, 6, 7]
    assert box.take("2") == []
    assert len(box.take("3")) == 1


def test_an_address_of_another_wire_is_refused():
    for address in ("tel:+22376123456", "sim:", "sim:a b"):
        with pytest.raises(Refused):
            WIRE.send(Outbound(1, 1, address, "x"))


def test_the_page_confirms_a_message_and_the_wire_can_be_asked():
    receipt = received(posted({"id": 7, "attempt": 2}, "/channels/simulator/receipt"))
    assert receipt == Receipt("simulator", Delivery.DELIVERED, id=7, attempt=2)
    wire, message = Simulator(), Outbound(7, 2, "sim:1", "x")
    assert wire.look_up(message, None, 0) is None
    wire.reply(message)
    assert wire.look_up(message, None, 0).status is Delivery.DELIVERED
    assert wire.look_up(replace(message, attempt=3), None, 0) is None
    for odd in ({"id": "7", "attempt": 1}, {"id": True, "attempt": 1}, {"id": 2**63, "attempt": 1}, {"id": 7}):
        with pytest.raises(Unreadable):
            received(posted(odd, "/channels/simulator/receipt"))
