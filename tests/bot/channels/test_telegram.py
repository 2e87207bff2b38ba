"""Telegram: what is genuine, what is read, what is answered."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
import telegram
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.telegram import MAX_BODY, Telegram
from bot.errors import NotGenuine, Refused, Unreadable
from bot.messages import Button, Inbound, InboundKind, Media, Outbound, Press, Request
from tests.providers import pressed, said, secret_json
from tests.providers.settings import SETTINGS

INBOUND = "/channels/telegram/inbound"
WIRE = Telegram(SETTINGS)
AWA = 700_123_456


def posted(update):
    headers, body = secret_json(SETTINGS, update)
    return Request("POST", INBOUND, "", body, headers)


def received(update):
    request = posted(update)
    WIRE.verify(request)
    return WIRE.read(request)


# the secret


def test_the_secret_makes_an_update_genuine():
    WIRE.verify(posted(said(1, AWA, "Bonjour")))


@pytest.mark.parametrize("secret", ["", "s" * 39, "s" * 41, "S" * 40, "é", "\ud800", "s" * 40 + "\n"])
def test_any_other_secret_is_refused(secret):
    request = posted(said(1, AWA, "Bonjour"))
    with pytest.raises(NotGenuine):
        WIRE.verify(replace(request, headers={"x-telegram-bot-api-secret-token": secret}))


def test_a_missing_secret_is_refused_also_where_none_is_set():
    for wire in (WIRE, Telegram(replace(SETTINGS, telegram_secret=""))):
        for headers in ({}, {"x-telegram-bot-api-secret-token": ""}):
            with pytest.raises(NotGenuine):
                wire.verify(Request("POST", INBOUND, "", b"{}", headers))


def test_only_a_post_is_genuine():
    with pytest.raises(NotGenuine):
        WIRE.verify(replace(posted(said(1, AWA, "Bonjour")), method="GET"))


def test_an_oversized_update_is_unreadable():
    with pytest.raises(Unreadable):
        WIRE.verify(replace(posted({}), body=b" " * (MAX_BODY + 1)))


# reading


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("I ni ce, Kɔ̀nna", "I ni ce, K\u0254\u0300nna"),
        ("a\0b", "a b"),
        ("\ud800", "\ufffd"),
        ("ߒߞߏ", "ߒߞߏ"),
        ("😀" * 4_096, "😀" * 4_096),
        ("/start", "/start"),
    ],
)
def test_a_text_is_read_as_it_was_written_but_for_what_no_one_can_store(sent, read):
    assert received(said(77, AWA, sent)) == Inbound("telegram", "77", f"telegram:{AWA}", read)


def test_of_a_photo_the_largest_size_is_named_and_its_caption_is_the_text():
    sizes = [
        {"file_id": f"size{width}", "file_unique_id": "u", "width": width, "height": width, "file_size": width * 9}
        for width in (90, 800, 320)
    ]
    heard = received(said(1, AWA, photo=sizes, caption="le pont"))
    assert heard.text == "le pont"
    assert heard.media == (Media("photo", "size800", "image/jpeg", 7_200),)


def test_a_voice_note_is_named():
    voice = {"file_id": "AwACAgQ", "file_unique_id": "u", "duration": 3, "mime_type": "audio/ogg"}
    assert received(said(1, AWA, voice=voice)).media == (Media("voice", "AwACAgQ", "audio/ogg"),)


def test_what_we_do_not_read_is_answered_like_an_empty_text():
    sticker = {
        "file_id": "CAAC",
        "file_unique_id": "u",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
    }
    assert received(said(1, AWA, sticker=sticker)) == Inbound("telegram", "1", f"telegram:{AWA}")
    assert received(said(1, AWA, location={"latitude": 14.5, "longitude": -4.2})).text == ""


def test_telegrams_own_notices_need_no_act():
    assert received(said(1, AWA, pinned_message=said(2, AWA, "Bonjour")["message"])) is None
    assert received(said(1, AWA)) is None


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_only_private_chats_are_heard(kind):
    assert received(said(1, AWA, "Bonjour", chat={"id": -100, "type": kind, "title": "x"})) is None
    press = pressed(1, AWA, "talk:key:1")
    press["callback_query"]["message"]["chat"] = {"id": -100, "type": kind, "title": "x"}
    assert received(press) is None


def test_another_bot_is_not_heard():
    bot = {"id": 9, "is_bot": True, "first_name": "Loop"}
    assert received(said(1, AWA, "Bonjour", **{"from": bot})) is None


def test_an_edited_message_makes_no_second_report():
    edited = said(2, AWA, "Bonjour, corrigé")
    assert received({"update_id": 2, "edited_message": edited["message"]}) is None


@pytest.mark.parametrize("kind", ["channel_post", "my_chat_member", "poll_answer", "a_kind_of_tomorrow"])
def test_other_kinds_of_update_need_no_act(kind):
    with suppress(Unreadable):
        assert received({"update_id": 2, kind: {}}) is None


def test_a_pressed_button_names_its_talk_question_and_option():
    talk = "0190" + "a" * 28
    heard = received(pressed(5, AWA, f"{talk}:answer_needed:right away"))
    assert heard.kind is InboundKind.BUTTON
    assert heard.press == Press(talk, "answer_needed", "right away")
    assert (heard.provider_id, heard.address, heard.text) == ("5", f"telegram:{AWA}", "")


@pytest.mark.parametrize("data", ["", "x", "a:b", "a:B:c", ":key:1", "a:key:", "a:key:\0", "a b:key:1", "a:key:\ud800"])
def test_data_that_no_button_of_ours_carries_needs_no_act(data):
    assert received(pressed(5, AWA, data)) is None


def test_a_button_under_no_message_needs_no_act():
    press = pressed(5, AWA, "a:key:1")
    del press["callback_query"]["message"]
    assert received(press) is None


def test_a_button_under_a_message_that_telegram_has_forgotten_still_counts():
    press = pressed(5, AWA, "a:key:1")
    press["callback_query"]["message"] = {"chat": {"id": AWA, "type": "private"}, "message_id": 1, "date": 0}
    assert received(press).press == Press("a", "key", "1")


@pytest.mark.parametrize("number", [None, "1", -1, True, 1.0, 2**63, [], {}])
def test_an_update_without_a_proper_id_is_unreadable_though_the_library_takes_it(number):
    update = said(1, AWA, "Bonjour") | {"update_id": number}
    with pytest.raises(Unreadable):
        received(update)
    assert telegram.Update.de_json(update, None).message.text == "Bonjour"  # the control


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'{"update_id": 1',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"update_id":' + b"9" * 5_000 + b"}",
        b'{"update_id": 1, "message": {"message_id": 1}}',
        b'{"update_id": 1, "message": {"date": 1e999, "message_id": 1, "chat": {"id": 1, "type": "private"}}}',
        b'{"update_id": 1, "message": []}',
        b'{"update_id": 1, "message": 7}',
    ],
)
def test_a_body_of_the_wrong_form_is_unreadable(body):
    with suppress(NotGenuine), pytest.raises(Unreadable):
        WIRE.read(replace(posted({}), body=body))


@pytest.mark.parametrize(
    "changed",
    [
        {"text": 5},
        {"text": ["a"]},
        {"chat": {"id": "7", "type": "private"}},
        {"chat": {"id": True, "type": "private"}},
        {"chat": {"id": -7, "type": "private"}},
        {"photo": [{"file_id": "a/../b", "file_unique_id": "u", "width": 1, "height": 1}]},
        {"voice": {"file_id": "../x", "file_unique_id": "u", "duration": 1}},
        {"date": "today"},
    ],
)
def test_a_field_of_the_wrong_type_is_unreadable(changed):
    with pytest.raises(Unreadable):
        received(said(1, AWA, **changed))


def test_broken_encoding_is_read_with_replacements():
    request = posted(said(1, AWA, "cafE"))
    assert WIRE.read(replace(request, body=request.body.replace(b"cafE", b"caf\xe9"))).text == "caf\ufffd"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just("private"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "chat", "from", "type", "text", "date", "data", "photo", "is_bot"]), inner
        )
    ),
    max_leaves=4,
)
VALUES = st.one_of(JSON, st.sampled_from([0, 1, -1, "", "private", AWA]))


@settings(max_examples=1_500, deadline=None)
@given(
    update=st.one_of(
        JSON,
        st.dictionaries(st.sampled_from(["update_id", "message", "callback_query", "edited_message"]), VALUES),
        st.builds(
            lambda number, changes: said(number, AWA, "hi", **changes),
            st.integers(0, 9),
            st.dictionaries(
                st.sampled_from(
                    ["text", "caption", "chat", "from", "date", "photo", "voice", "message_id", "entities"]
                ),
                VALUES,
                max_size=2,
            ),
        ),
        st.builds(
            lambda number, data, changes: pressed(number, AWA, data, **changes),
            st.integers(0, 9),
            st.text(max_size=70),
            st.dictionaries(st.sampled_from(["from", "message", "data", "id"]), VALUES, max_size=2),
        ),
    )
)
@example(update={"update_id": 0, "message": {"chat": {}, "date": 10**400, "message_id": 0}})
def test_nothing_that_arrives_raises_anything_but_a_refusal(update):
    with suppress(NotGenuine, Unreadable):
        received(update)


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=200))
def test_no_octets_raise_anything_but_a_refusal(body):
    with suppress(Unreadable):
        WIRE.read(replace(posted({}), body=body))


# the answer


def test_the_answer_carries_the_message_and_its_buttons():
    buttons = (Button("Oui", "t:call:yes"), Button("Non", "t:call:no"))
    answer = WIRE.reply(Outbound(1, 1, f"telegram:{AWA}", "On vous appelle ? <b>&", buttons))
    body = json.loads(answer.body)
    assert answer.content_type == "application/json"
    assert (body["method"], body["chat_id"], body["text"]) == ("sendMessage", AWA, "On vous appelle ? <b>&")
    assert "parse_mode" not in body
    assert body["reply_markup"]["inline_keyboard"] == [
        [{"text": "Oui", "callback_data": "t:call:yes"}],
        [{"text": "Non", "callback_data": "t:call:no"}],
    ]


def test_what_a_button_carries_comes_back_as_the_same_press():
    talk = "0190" + "a" * 28
    answer = WIRE.reply(Outbound(1, 1, f"telegram:{AWA}", "?", (Button("Oui", f"{talk}:answer_needed:now"),)))
    data = json.loads(answer.body)["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert received(pressed(1, AWA, data)).press == Press(talk, "answer_needed", "now")


def test_the_text_goes_alone_if_a_button_does_not_fit():
    fits, too_long = Button("Oui", "x" * 64), Button("Non", "ߒ" * 33)
    assert "reply_markup" in json.loads(WIRE.reply(Outbound(1, 1, f"telegram:{AWA}", "?", (fits,))).body)
    assert "reply_markup" not in json.loads(WIRE.reply(Outbound(1, 1, f"telegram:{AWA}", "?", (fits, too_long))).body)


def test_the_empty_answer_is_empty():
    assert WIRE.reply(None).body == ""
    assert WIRE.reply(None).status == 200


@pytest.mark.parametrize("address", ["tel:+22376123456", "telegram:", "telegram:x", "telegram:-5", "telegram:٣"])
def test_an_address_of_another_wire_is_refused(address):
    with pytest.raises(Refused):
        WIRE.reply(Outbound(1, 1, address, "x"))


def test_long_polling_answers_by_the_outbox():
    assert WIRE.answers_inline
    assert not Telegram(replace(SETTINGS, telegram_mode="polling")).answers_inline


def test_telegram_can_not_be_asked_about_a_message():
    with pytest.raises(NotImplementedError):
        WIRE.look_up(Outbound(1, 1, f"telegram:{AWA}", "x"), None, 0)
