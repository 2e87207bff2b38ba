"""Missed calls by Twilio: a call is refused unheard, becomes one task, and is answered by SMS."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import VoiceResponse
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from bot import main
from bot.casework import call_backs
from bot.casework.call_backs import CallBack
from bot.channels.twilio_sms import TwilioSms
from bot.channels.twilio_voice import TwilioVoice
from bot.clock import drain_spool
from bot.config import Settings
from bot.delivery.sender import Sender
from bot.errors import NotGenuine, Refused, Unreadable
from bot.main import Parts
from bot.messages import Inbound, InboundKind, Outbound, Request
from bot.store.sealing import unseal
from bot.store.tables import address, message, outbox, report
from tests import services
from tests.chat import TRUSTED
from tests.providers import FakeTwilio, call_end, call_fields, inbound_fields, signed_form
from tests.providers.fake_twilio import sid
from tests.providers.settings import SETTINGS as WITHOUT_VOICE

SETTINGS = replace(WITHOUT_VOICE, twilio_voice=True)
CALLS, TEXTS = "/channels/twilio-voice/inbound", "/channels/twilio-sms/inbound"
CALLER, CALL = "+22376123456", "CA" + "a" * 32
WIRE = TwilioVoice(SETTINGS, replies_by="twilio-sms")


def posted(fields: Mapping[str, str], path: str = CALLS, signer: Settings = SETTINGS) -> Request:
    headers, body = signed_form(signer, path, fields)
    return Request("POST", path, "", body, headers)


def received(request: Request) -> object:
    WIRE.verify(request)
    return WIRE.read(request)


def call(**changes: str) -> dict[str, str]:
    return call_fields(SETTINGS, CALLER, call=CALL, **changes)


# reading


def test_a_call_that_rings_is_a_missed_call_of_its_caller() -> None:
    expected = Inbound("twilio-voice", CALL, "tel:+22376123456", kind=InboundKind.MISSED_CALL)
    assert received(posted(call())) == expected


WITHHELD = [
    "", "anonymous", "Anonymous", "Restricted", "UNAVAILABLE", "unknown", "private", "+266696687", "+7378742833",
    "+86282452253", "+2562533", "+8656696", "+", "+223", "36111", "client:awa", "sip:awa@example.org", "sip:+22376123456@x",
]  # fmt: skip


@pytest.mark.parametrize("caller", WITHHELD)
def test_whoever_withholds_their_number_can_not_be_called_back(caller: str) -> None:
    assert received(posted(call(From=caller, Caller=caller))) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"Direction": "outbound-api", "From": SETTINGS.twilio_from, "To": CALLER},
        {"Direction": "outbound-dial"},
        {"From": SETTINGS.twilio_from},
        *[{"CallStatus": status} for status in ("queued", "in-progress", "completed", "busy", "no-answer", "canceled")],
    ],
)
def test_what_is_no_call_that_rings_us_needs_no_act(changes: dict[str, str]) -> None:
    assert received(posted(call(**changes))) is None


def test_a_status_callback_at_either_address_needs_no_act() -> None:
    fields = call(
        CallStatus="busy", CallDuration="0", Duration="0", SequenceNumber="0", SipResponseCode="486",
        CallbackSource="call-progress-events", Timestamp="Tue, 24 Nov 2026 09:00:00 +0000",
    )  # fmt: skip
    for path in (CALLS, "/channels/twilio-voice/receipt"):
        assert received(posted(fields, path)) is None
    assert received(posted(call(), "/channels/twilio-voice/receipt")) is None


def test_fields_that_only_some_networks_send_and_those_of_a_second_try_do_no_harm() -> None:
    fields = call(
        CallerName="AWA T", ForwardedFrom="+22320224455", StirVerstat="TN-Validation-Passed-A", CallToken="%7B" * 1_000,
        StirPassportToken="e" * 3_000, ErrorCode="11200", ErrorUrl=SETTINGS.public_url + CALLS, SomethingNew="x",
    )  # fmt: skip
    assert isinstance(received(posted(fields)), Inbound)


@pytest.mark.parametrize("name", ["CallSid", "CallStatus", "Direction"])
def test_a_form_without_a_required_field_is_unreadable(name: str) -> None:
    with pytest.raises(Unreadable):
        received(posted({found: value for found, value in call().items() if found != name}))


@pytest.mark.parametrize(
    "changes",
    [
        {"CallSid": CALL + "\n"},
        {"CallSid": "SM" + "a" * 32},
        {"CallSid": CALL.upper()},
        {"CallStatus": "ringing "},
        {"FromCity": "From+22366000000"},
        {"CallerName": "From+22366000000"},
        {"Extra": "one hump"},
        {"bad name": "x"},
    ],
)
def test_a_field_of_the_wrong_form_is_unreadable(changes: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        received(posted(call(**changes)))


def joined(fields: Mapping[str, str]) -> str:
    return "".join(name + value for name, value in sorted(fields.items()))


def test_a_form_cut_at_other_places_names_no_other_caller_though_its_signature_is_valid() -> None:
    genuine = call(CallerName="awaDirectioninboundFrom+22366000000FromAb")
    hidden = "CallerStateCallerZipDirectioninboundFrom+22376123456"
    forged = {**genuine, "CallerName": "awa", "From": "+22366000000", "FromAb": hidden}
    del forged["CallerState"], forged["CallerZip"]
    assert joined(forged) == joined(genuine), "the forgery must have the genuine signature"
    request = posted(forged)
    WIRE.verify(request)  # the control: a check of the signature alone, ours or the library's, lets it pass
    assert RequestValidator(SETTINGS.twilio_auth_token).validate(
        SETTINGS.public_url + CALLS, forged, request.header("x-twilio-signature")
    )
    with pytest.raises(Unreadable):
        WIRE.read(request)


@hypothesis_settings(max_examples=500, deadline=None)
@given(
    body=st.one_of(st.binary(max_size=200), st.text("CallSidFromTo=&+%0a", max_size=80).map(str.encode)),
    path=st.sampled_from([CALLS, "/channels/twilio-voice/receipt"]),
    headers=st.dictionaries(st.sampled_from(["content-type", "x-twilio-signature"]), st.text(max_size=30)),
)
def test_nothing_that_arrives_raises_anything_but_a_refusal(body: bytes, path: str, headers: dict[str, str]) -> None:
    request = Request("POST", path, "", body, headers)
    with suppress(NotGenuine, Unreadable):
        WIRE.verify(request)
    with suppress(Unreadable):
        WIRE.read(request)


# answering


def test_the_answer_is_the_refusal_that_the_library_writes_whatever_there_is_to_say() -> None:
    expected = VoiceResponse()
    expected.reject(reason="busy")
    for outbound in (None, Outbound(7, 1, f"tel:{CALLER}", "words")):
        answer = WIRE.reply(outbound)
        assert (answer.status, answer.content_type) == (200, "text/xml; charset=utf-8")
        assert answer.body.replace("/>", " />") == str(expected)
        assert call_end(answer.body) == "busy"


def test_nothing_can_be_sent_by_a_call() -> None:
    with pytest.raises(Refused):
        WIRE.send(Outbound(7, 1, f"tel:{CALLER}", "words"))
    with pytest.raises(NotImplementedError):
        WIRE.look_up(Outbound(7, 1, f"tel:{CALLER}", "words"), None, 0.0)


def test_sms_offers_a_missed_call_exactly_where_calls_are_heard() -> None:
    assert TwilioSms(SETTINGS).hears_calls
    assert "twilio-voice" in main.make_channels(SETTINGS)
    assert not TwilioSms(WITHOUT_VOICE).hears_calls
    assert "twilio-voice" not in main.make_channels(WITHOUT_VOICE)


# through the door


class House:
    """The web application over a database, and what it made of the calls."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.client: FlaskClient = main.create_app(parts).test_client()

    def post(self, path: str, fields: Mapping[str, str], *, token: str = SETTINGS.twilio_auth_token) -> TestResponse:
        """A form signed by Twilio's own library; unsigned without a token."""
        headers = {}
        if token:
            signed = RequestValidator(token).compute_signature(SETTINGS.public_url + path, fields)
            headers["X-Twilio-Signature"] = signed
        return self.client.post(path, data=dict(fields), headers=headers)

    def rings(self, caller: str = CALLER, name: str = "", **changes: str) -> TestResponse:
        """Somebody rings."""
        return self.post(CALLS, call_fields(SETTINGS, caller, call=name or sid("CA"), **changes))

    def says(self, text: str, caller: str = CALLER) -> TestResponse:
        """Somebody writes."""
        return self.post(TEXTS, inbound_fields(SETTINGS, caller, text))

    def send(self) -> int:
        """Send what waits for SMS."""
        return Sender(self.parts.store, self.parts.channels["twilio-sms"], threading.Event()).drain()

    def tasks(self) -> list[CallBack]:
        """The open call-back tasks."""
        with self.parts.store.reading() as session:
            return call_backs.open_call_backs(session, TRUSTED)

    def rows(self, *columns: Any) -> list[Any]:
        """All rows, in order."""
        with self.parts.store.reading() as session:
            return list(session.run(select(*columns).order_by(columns[0])))

    def number(self) -> str:
        """The only address there is, opened."""
        with self.parts.store.reading() as session:
            row = session.run(select(address)).one()
            return unseal(session.keys.unwrap(row.data_key, row.id), "address", row.id, row.sealed)


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio(SETTINGS, callback_delay=None) as twilio:
        yield twilio


@pytest.fixture
def make_house(
    settings: Callable[..., Settings], database_url: str, twilio: FakeTwilio
) -> Iterator[Callable[..., House]]:
    houses: list[House] = []

    def make(**changes: Any) -> House:
        of_here = {"data_dir": settings().data_dir, "database_url": database_url, "twilio_api_base": twilio.url}
        configured = replace(SETTINGS, **of_here, **changes)
        main.migrate(configured)
        houses.append(House(main.assemble(configured)))
        return houses[-1]

    yield make
    for house in houses:
        house.parts.close()


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    return make_house()


def refused(answer: TestResponse) -> bool:
    """Whether Twilio would refuse the call, so that nobody pays."""
    return answer.status_code == 200 and call_end(answer.text) == "busy"


def test_a_missed_call_is_refused_becomes_a_task_and_is_answered_by_sms(house: House, twilio: FakeTwilio) -> None:
    answer = house.rings()
    assert refused(answer)
    assert answer.content_type == "text/xml; charset=utf-8"
    (task,) = house.tasks()
    assert (task.asked, task.language, task.hour) == (1, None, None)
    assert house.number() == f"tel:{CALLER}"
    assert house.rows(outbox.c.id, outbox.c.channel, outbox.c.status)[0][1:] == ("twilio-sms", "queued")
    assert house.rows(message.c.at, message.c.channel, message.c.outbound)[0][1:] == ("twilio-voice", False)

    assert house.send() == 1
    (sent,) = twilio.ledger
    assert (sent.to, sent.sender, sent.direction) == (CALLER, SETTINGS.twilio_from, "outbound-api")
    assert "Langue?" in sent.body

    house.says("1")
    house.says("2")
    (task,) = house.tasks()
    assert (task.asked, task.language, task.hour) == (1, "fr", "morning"), "answered by SMS, on the same talk"
    assert {row.channel for row in house.rows(address.c.id, address.c.channel)} == {"twilio-sms"}


def test_the_desk_reaches_a_caller_by_sms_also_where_the_call_came_last(house: House) -> None:
    house.says("bonjour")
    house.rings()
    assert [row.channel for row in house.rows(address.c.id, address.c.channel)] == ["twilio-sms"]


def test_a_webhook_that_comes_again_is_refused_again_and_counts_once(house: House, twilio: FakeTwilio) -> None:
    for _ in range(3):
        assert refused(house.rings(name=CALL))
    house.send()
    assert refused(house.rings(name=CALL))
    assert [task.asked for task in house.tasks()] == [1]
    assert house.send() == 0
    assert len(twilio.ledger) == 1


def test_a_build_that_forgets_which_call_it_was_would_be_noticed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the test above."""
    read = TwilioVoice.read

    def forgetful(wire: TwilioVoice, request: Request) -> object:
        envelope = read(wire, request)
        return replace(envelope, provider_id=sid("CA")) if isinstance(envelope, Inbound) else envelope

    monkeypatch.setattr(TwilioVoice, "read", forgetful)
    for _ in range(3):
        house.rings(name=CALL)
    assert [task.asked for task in house.tasks()] == [3]


def test_whoever_rings_twice_is_one_task_that_counts_two(house: House) -> None:
    assert refused(house.rings())
    assert refused(house.rings())
    assert [task.asked for task in house.tasks()] == [2]


def test_webhooks_of_one_call_at_the_same_instant_count_once(house: House) -> None:
    headers, body = signed_form(SETTINGS, CALLS, call())
    clients = [house.client.application.test_client() for _ in range(4)]
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(lambda client: client.post(CALLS, data=body, headers=headers), clients))
    assert all(refused(answer) for answer in answers)
    assert [task.asked for task in house.tasks()] == [1]
    assert len(house.rows(outbox.c.id)) == 1


@pytest.mark.parametrize("caller", ["", "anonymous", "Restricted", "+266696687", "+86282452253"])
def test_a_withheld_number_is_refused_and_leaves_nothing(house: House, caller: str) -> None:
    assert refused(house.rings(caller))
    assert house.tasks() == []
    for column in (address.c.id, message.c.id, outbox.c.id):
        assert house.rows(column) == []


@pytest.mark.parametrize(
    "changes",
    [{"CallStatus": "completed"}, {"Direction": "outbound-api", "From": SETTINGS.twilio_from, "To": CALLER}],
)
def test_what_is_no_call_that_rings_us_leaves_nothing(house: House, changes: dict[str, str]) -> None:
    assert refused(house.rings(**changes))
    assert house.rows(address.c.id) == []


FORGERIES: dict[str, Callable[[House], TestResponse]] = {
    "unsigned": lambda house: house.post(CALLS, call(), token=""),
    "signed with another token": lambda house: house.post(CALLS, call(), token="another"),
    "a text's signature": lambda house: house.client.post(
        CALLS,
        data=call(),
        headers={
            "X-Twilio-Signature": RequestValidator(SETTINGS.twilio_auth_token).compute_signature(
                SETTINGS.public_url + TEXTS, call()
            )
        },
    ),
    "another account": lambda house: house.rings(AccountSid="AC" + "6" * 32),
    "another number": lambda house: house.rings(To="+22320000001"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_call_is_refused_as_a_forged_text_is(house: House, name: str) -> None:
    assert FORGERIES[name](house).status_code == 403
    assert house.rows(address.c.id) == []


def test_a_build_that_takes_every_request_for_genuine_would_be_noticed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(TwilioVoice, "verify", lambda wire, request: None)
    for name in ("unsigned", "signed with another token", "a text's signature", "another account"):
        assert FORGERIES[name](house).status_code == 200
    assert house.tasks()


@pytest.fixture
def crashing() -> Iterator[services.Postgres]:
    """A PostgreSQL of this test's own."""
    with services.postgres() as server:
        yield server


def test_a_call_while_the_database_is_away_is_refused_and_becomes_a_task_later(
    crashing: services.Postgres, tmp_path: Path, twilio: FakeTwilio
) -> None:
    configured = replace(
        SETTINGS, data_dir=tmp_path, database_url=crashing.url(crashing.create()), twilio_api_base=twilio.url
    )
    main.migrate(configured)
    house = House(main.assemble(configured))
    crashing.crash()
    assert refused(house.rings(name=CALL))
    assert refused(house.rings(name=CALL)), "Twilio comes again"
    assert house.parts.spool.count() == 1
    assert house.post(CALLS, call(), token="another").status_code == 403
    crashing.start()
    assert refused(house.rings(name=CALL)), "behind what waits in the spool"
    assert house.tasks() == []
    assert drain_spool(house.parts.spool, house.parts.channels, house.parts.intake) == 1
    assert refused(house.rings(name=CALL))
    assert [task.asked for task in house.tasks()] == [1]
    assert house.send() == 1
    assert [sent.to for sent in twilio.ledger] == [CALLER]
    house.parts.close()


def test_where_no_wire_can_write_the_task_is_made_and_nothing_is_said(house: House) -> None:
    channels = house.parts.channels
    assert isinstance(channels, dict)
    channels["twilio-voice"] = TwilioVoice(house.parts.settings, replies_by="")
    mute = House(replace(house.parts, channels=channels))
    assert refused(mute.rings(name=CALL))
    assert refused(mute.rings(name=CALL))
    assert [task.asked for task in mute.tasks()] == [1]
    assert mute.rows(outbox.c.id) == []


ABROAD = "+33612345678"


def test_who_writes_or_rings_from_far_away_is_heard_and_costs_nothing(house: House) -> None:
    assert "<Message" not in house.says("attaque a konna", ABROAD).text
    assert refused(house.rings(ABROAD))
    ((_, status, place),) = house.rows(report.c.id, report.c.status, report.c.place)
    assert (status, place) == ("received", "kun:mopti/mopti/konna")
    assert [task.asked for task in house.tasks()] == [1]
    assert house.rows(outbox.c.id) == []


def test_who_wants_nothing_more_is_obeyed_also_from_far_away(house: House) -> None:
    house.says("attaque a konna", ABROAD)
    assert "<Message" not in house.says("STOP", ABROAD).text
    ((_, stopped),) = house.rows(address.c.id, address.c.opted_out_at)
    assert stopped is not None


def test_a_house_that_names_the_country_answers_there(make_house: Callable[..., House]) -> None:
    assert "<Message" in make_house(sms_countries=("223", "33")).says("attaque a konna", ABROAD).text


def test_a_stranger_is_told_of_missed_calls_by_sms_only_where_they_are_heard(make_house: Callable[..., House]) -> None:
    assert "appel" in make_house().says("attaque a konna").text
    assert "appel" not in make_house(twilio_voice=False).says("attaque a konna", "+22376000009").text


def test_where_voice_is_not_set_up_there_is_no_such_door(make_house: Callable[..., House]) -> None:
    assert make_house(twilio_voice=False).rings().status_code == 404


def test_over_the_network_a_caller_hears_a_busy_line_and_is_never_picked_up(house: House) -> None:
    server = make_server("127.0.0.1", 0, house.client.application, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        with FakeTwilio(SETTINGS, deliver_to=f"http://127.0.0.1:{server.server_port}") as caller:
            for number in (CALLER, CALLER, "anonymous", "+266696687"):
                assert caller.rings(number)[0] == 200
            assert [end for _, end in caller.calls] == ["busy"] * 4
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    assert [task.asked for task in house.tasks()] == [2]
