"""Twilio SMS: what becomes of a send, seen from the provider's own ledger."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from aiohttp import web
from twilio.http.http_client import TwilioHttpClient

from bot.channels import twilio_sms
from bot.channels.twilio_sms import SETTING_SECONDS, TwilioSms
from bot.errors import OptedOut, Refused, RetryLater, SendError, Uncertain
from bot.messages import Delivery, Outbound, Request
from tests.providers import FakeTwilio, Fault, free_port, signed_form
from tests.providers.settings import SETTINGS

NUMBER = "+22376123456"
MESSAGE = Outbound(41, 2, f"tel:{NUMBER}", "Votre message est arrivé. 1 ߒߞߏ")


@pytest.fixture
def twilio():
    with FakeTwilio(SETTINGS, callback_delay=None) as fake:
        yield fake


@pytest.fixture
def wire(twilio, monkeypatch):
    monkeypatch.setattr(twilio_sms, "READ_SECONDS", 0.4)
    made = TwilioSms(replace(SETTINGS, twilio_api_base=twilio.url))
    yield made
    made.close()


def failure(wire, message=MESSAGE):
    with pytest.raises(SendError) as caught:
        wire.send(message)
    return caught.value


def test_a_message_is_taken_once_with_our_callback(wire, twilio):
    sid = wire.send(MESSAGE)
    (accepted,) = twilio.ledger
    assert (accepted.sid, accepted.to, accepted.sender, accepted.body) == (sid, NUMBER, "+22320000000", MESSAGE.text)
    assert accepted.callback == "https://bot.example.org/channels/twilio-sms/receipt?o=41&a=2"


def test_a_messaging_service_sends_in_place_of_a_number(twilio):
    service = "MG" + "7" * 32
    wire = TwilioSms(replace(SETTINGS, twilio_api_base=twilio.url, twilio_from=service))
    wire.send(MESSAGE)
    wire.close()
    assert twilio.ledger[0].service == service


@pytest.mark.parametrize(("number", "taken"), [("+22670123456", 1), ("+33612345678", 0), ("+12425550123", 0)])
def test_nothing_is_sent_to_a_country_that_is_not_named(wire, twilio, number, taken):
    message = replace(MESSAGE, address=f"tel:{number}")
    if taken:
        wire.send(message)
    else:
        assert (type(failure(wire, message)), failure(wire, message).code) == (Refused, "destination")
    assert len(twilio.ledger) == taken


@pytest.mark.parametrize(
    ("fault", "kind", "taken"),
    [
        (Fault.DROP_BEFORE_BODY, Uncertain, 0),
        (Fault.DROP_AFTER_BODY, Uncertain, 0),
        (Fault.DROP_AFTER_ACCEPT, Uncertain, 1),
        (Fault.HALF_ANSWER_AFTER_ACCEPT, Uncertain, 1),
        (Fault.NONSENSE_AFTER_ACCEPT, Uncertain, 1),
        (Fault.SILENCE, Uncertain, 0),
        (Fault.SILENCE_AFTER_ACCEPT, Uncertain, 1),
        (Fault.SERVER_ERROR, Uncertain, 0),
        (Fault.SERVER_ERROR_AFTER_ACCEPT, Uncertain, 1),
    ],
)
def test_whoever_can_not_know_says_uncertain_and_offers_nothing_twice(wire, twilio, fault, kind, taken):
    twilio.faults.add(fault)
    assert type(failure(wire)) is kind
    assert len(twilio.ledger) == taken
    assert twilio.faults.met[fault] == 1
    wire.send(MESSAGE)  # and the client is whole again
    assert len(twilio.ledger) == taken + 1


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 21211, Refused),
        (400, 21408, Refused),
        (400, 21617, Refused),
        (400, 0, Refused),
        (400, 99999, Refused),
        (400, 21610, OptedOut),
        (400, 21606, RetryLater),
        (401, 20003, RetryLater),
        (403, 0, RetryLater),
        (404, 20404, RetryLater),
        (503, 0, Uncertain),
        (500, 20500, Uncertain),
    ],
)
def test_the_providers_code_decides(wire, twilio, status, code, kind):
    twilio.faults.add(Fault.REFUSED, status=status, code=code)
    error = failure(wire)
    assert type(error) is kind
    assert error.code == str(code or status)


def test_a_wrong_token_keeps_messages_until_somebody_has_mended_it(twilio):
    wire = TwilioSms(replace(SETTINGS, twilio_api_base=twilio.url, twilio_auth_token="wrong"))
    error = failure(wire)
    wire.close()
    assert isinstance(error, RetryLater)
    assert (error.code, error.seconds) == ("20003", SETTING_SECONDS)


@pytest.mark.parametrize(("retry_after", "seconds"), [(7, 7.0), (None, 30.0), (999_999, 3600.0)])
def test_a_429_says_when_to_come_back(wire, twilio, retry_after, seconds):
    twilio.faults.add(Fault.TOO_MANY, retry_after=retry_after)
    error = failure(wire)
    assert isinstance(error, RetryLater)
    assert error.seconds == seconds
    assert twilio.ledger == []


def test_a_connection_that_was_never_made_may_be_tried_again():
    for base in (f"http://127.0.0.1:{free_port()}", "http://no-such-host.invalid"):
        wire = TwilioSms(replace(SETTINGS, twilio_api_base=base))
        assert type(failure(wire)) is RetryLater
        wire.close()


def test_a_connection_that_is_not_answered_in_time_may_be_tried_again(monkeypatch):
    monkeypatch.setattr(twilio_sms, "CONNECT_SECONDS", 0.2)
    wire = TwilioSms(replace(SETTINGS, twilio_api_base="http://10.255.255.1"))
    assert type(failure(wire)) is RetryLater
    wire.close()


def test_who_told_the_provider_to_stop_is_opted_out(wire, twilio):
    twilio.opted_out.add(NUMBER)
    assert isinstance(failure(wire), OptedOut)


def test_an_address_of_another_wire_is_refused_before_anything_leaves(wire, twilio):
    assert failure(wire, replace(MESSAGE, address="telegram:1")).code == "address"
    assert twilio.ledger == []


def test_every_thread_has_its_own_client_and_all_can_send_at_once(wire, twilio):
    twilio.latency = 0.05
    barrier = threading.Barrier(10)

    def send(number):
        barrier.wait()
        return wire.send(replace(MESSAGE, id=number))

    with ThreadPoolExecutor(10) as pool:
        sids = list(pool.map(send, range(10)))
    assert sorted(sids) == sorted(accepted.sid for accepted in twilio.ledger)
    assert twilio.most_at_once > 1
    assert len(wire._clients) == 10
    wire.close()
    assert wire.send(MESSAGE)  # the next call opens a new one


def test_neither_logs_nor_errors_hold_a_number_a_text_or_the_token(wire, twilio, caplog):
    caplog.set_level(logging.DEBUG)
    secrets = (NUMBER, NUMBER[4:], MESSAGE.text[:10], SETTINGS.twilio_auth_token)
    errors = []
    wire.send(MESSAGE)
    wire.look_up(MESSAGE, None, 0)
    for fault in Fault:
        twilio.faults.add(fault, code=21211)
        errors.append(failure(wire))
    twilio.stop()
    errors.append(failure(wire))
    for text in [caplog.text, *map(repr, errors), *map(str, errors)]:
        assert not any(secret in text for secret in secrets)
    for error in errors:
        assert error.__suppress_context__, "a traceback would show the library's text, which holds the number"
    # Control: the library, left to itself, writes the number down.
    logging.getLogger("twilio").setLevel(logging.INFO)
    TwilioHttpClient().log_request({"method": "GET", "url": "x", "params": {"To": NUMBER}, "headers": {}})
    logging.getLogger("twilio").setLevel(logging.WARNING)
    assert NUMBER[4:] in caplog.text


def test_the_client_keeps_nothing_of_what_it_sent(wire):
    wire.send(MESSAGE)
    (http,) = wire._clients
    assert http._test_only_last_request is None
    assert http._test_only_last_response is None
    assert NUMBER not in repr(vars(http))


# asking


def test_a_taken_message_is_found_by_its_sid(wire, twilio):
    sid = wire.send(MESSAGE)
    receipt = wire.look_up(MESSAGE, sid, 0)
    assert (receipt.status, receipt.provider_id, receipt.id, receipt.attempt) == (Delivery.SENT, sid, 41, 2)
    twilio.ledger[0].status, twilio.ledger[0].code = "undelivered", 30003
    receipt = wire.look_up(MESSAGE, sid, 0)
    assert (receipt.status, receipt.code, receipt.opted_out) == (Delivery.FAILED, "30003", False)


def test_a_message_whose_answer_was_lost_is_found_by_number_and_text(wire, twilio):
    since = time.time()
    twilio.faults.add(Fault.DROP_AFTER_ACCEPT)
    assert isinstance(failure(wire), Uncertain)
    receipt = wire.look_up(MESSAGE, None, since)
    assert (receipt.provider_id, receipt.id, receipt.attempt) == (twilio.ledger[0].sid, 41, 2)


def test_a_message_that_was_never_taken_is_not_found(wire, twilio):
    since = time.time()
    twilio.faults.add(Fault.DROP_AFTER_BODY)
    assert isinstance(failure(wire), Uncertain)
    wire.send(replace(MESSAGE, text=MESSAGE.text + "."))
    wire.send(replace(MESSAGE, address="tel:+22376999999"))
    assert wire.look_up(MESSAGE, None, since) is None


def test_an_older_message_with_the_same_text_is_not_mistaken_for_the_attempt(wire):
    wire.send(MESSAGE)
    assert wire.look_up(MESSAGE, None, time.time() + 60) is None
    assert wire.look_up(MESSAGE, None, time.time()) is not None


def test_of_two_alike_the_older_is_taken_unless_it_belongs_to_another_message(wire, twilio):
    first, second = wire.send(MESSAGE), wire.send(MESSAGE)
    assert wire.look_up(MESSAGE, None, 0).provider_id == first
    assert wire.look_up(MESSAGE, None, 0, frozenset({first})).provider_id == second
    assert wire.look_up(MESSAGE, None, 0, frozenset({first, second})) is None


def test_a_deleted_record_of_a_known_sid_was_taken_all_the_same(wire):
    assert wire.look_up(MESSAGE, "SM" + "f" * 32, 0).status is Delivery.SENT


def test_while_the_provider_can_not_be_asked_nothing_is_decided(wire, twilio):
    wrong = TwilioSms(replace(SETTINGS, twilio_api_base=twilio.url, twilio_auth_token="wrong"))
    gone = TwilioSms(replace(SETTINGS, twilio_api_base=f"http://127.0.0.1:{free_port()}"))
    for other in (wrong, gone):
        for sid in (None, "SM" + "f" * 32):
            with pytest.raises(RetryLater):
                other.look_up(MESSAGE, sid, 0)
        other.close()


# the way back


def test_the_callbacks_of_a_send_and_of_a_twiml_answer_are_genuine_and_name_the_attempt():
    """The fake posts to a server of ours; what arrives there verifies and reads."""
    requests: list[Request] = []
    wire = TwilioSms(SETTINGS)

    class Ours(FakeTwilio):
        def routes(self, router):
            router.add_route("*", "/{any:.*}", self.hear)

        async def hear(self, request):
            headers = {name.lower(): value for name, value in request.headers.items()}
            heard = Request("POST", request.path, request.query_string, await request.read(), headers)
            requests.append(heard)
            answer = wire.reply(replace(MESSAGE, attempt=9) if heard.path.endswith("/inbound") else None)
            return self.answer(answer)

        @staticmethod
        def answer(answer):
            return web.Response(body=answer.body.encode(), headers={"Content-Type": answer.content_type})

    with Ours(SETTINGS) as ours, FakeTwilio(SETTINGS, deliver_to=ours.url, callback_delay=(0.0, 0.01)) as twilio:
        sending = TwilioSms(replace(SETTINGS, twilio_api_base=twilio.url))
        sending.send(MESSAGE)
        status, _ = twilio.says(NUMBER, "Bonjour")
        assert status == 200
        deadline = time.monotonic() + 10
        while len(twilio.callbacks) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
        sending.close()
    for request in requests:
        wire.verify(request)
    receipts = [wire.read(request) for request in requests if request.path.endswith("/receipt")]
    assert {(receipt.id, receipt.attempt, receipt.status) for receipt in receipts} == {
        (41, attempt, status) for attempt in (2, 9) for status in (Delivery.SENT, Delivery.DELIVERED)
    }
    assert twilio.bodies() == [MESSAGE.text, MESSAGE.text]


def test_the_ledger_is_the_outside_truth_under_many_faults_by_chance(monkeypatch):
    monkeypatch.setattr(twilio_sms, "READ_SECONDS", 0.3)
    with FakeTwilio(SETTINGS, callback_delay=None, seed=4) as twilio:
        twilio.faults.chance(0.3, [fault for fault in Fault if not fault.name.startswith("SILENCE")])
        wire = TwilioSms(replace(SETTINGS, twilio_api_base=twilio.url))
        told = {"taken": 0, "not taken": 0, "unknown": 0}
        since = time.time()
        for number in range(200):
            message = Outbound(number, 1, f"tel:{NUMBER}", f"Message {number}")
            try:
                wire.send(message)
                told["taken"] += 1
            except Uncertain:
                told["unknown"] += 1
                listed = message.text in twilio.bodies()
                assert (wire.look_up(message, None, since) is not None) == listed
            except SendError:
                told["not taken"] += 1
                assert message.text not in twilio.bodies()
        wire.close()
    assert min(told.values()) > 5
    assert len(set(twilio.bodies())) == len(twilio.bodies())


def test_a_signed_form_is_refused_by_whoever_has_another_token():
    headers, _ = signed_form(SETTINGS, "/x", {"a": "b"})
    other, _ = signed_form(replace(SETTINGS, twilio_auth_token="other"), "/x", {"a": "b"})
    assert headers["x-twilio-signature"] != other["x-twilio-signature"]


def test_a_picture_is_fetched_by_its_ids_and_one_that_is_gone_is_refused(wire, twilio):
    reference = f"SM{'1' * 32}/ME{'2' * 32}"
    with pytest.raises(Refused):
        wire.fetch(reference)
    twilio.media[reference] = b"JFIF"
    assert wire.fetch(reference) == b"JFIF"


def test_a_picture_can_be_asked_for_again_when_twilio_is_away(wire):
    away = TwilioSms(replace(SETTINGS, twilio_api_base=f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(RetryLater):
        away.fetch(f"SM{'1' * 32}/ME{'2' * 32}")
    away.close()
