"""Telegram: sends, the webhook and long polling, seen from the provider's own ledger."""

import asyncio
import logging
import threading
import time
from concurrent.futures import wait
from dataclasses import replace

import pytest
from aiohttp import web

from bot.channels import telegram
from bot.channels.telegram import SETTING_SECONDS, Telegram
from bot.errors import OptedOut, Refused, RetryLater, SendError, Uncertain
from bot.messages import Button, Outbound, Press, Request
from tests.providers import FakeTelegram, Fault, free_port, said
from tests.providers.settings import SETTINGS

AWA = 700_123_456
MESSAGE = Outbound(41, 2, f"telegram:{AWA}", "Votre message est arrivé.")


@pytest.fixture
def provider():
    with FakeTelegram(SETTINGS) as fake:
        yield fake


@pytest.fixture
def wire(provider, monkeypatch):
    monkeypatch.setattr(telegram, "READ_SECONDS", 0.4)
    made = Telegram(replace(SETTINGS, telegram_api_base=provider.url))
    yield made
    made.close()


def failure(wire, message=MESSAGE):
    with pytest.raises(SendError) as caught:
        wire.send(message)
    return caught.value


def eventually(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)


def test_a_message_is_taken_once_with_its_buttons(wire, provider):
    number = wire.send(replace(MESSAGE, buttons=(Button("Oui", "t:call:yes"),)))
    (sent,) = provider.ledger
    assert (str(sent.message_id), sent.chat, sent.text, sent.buttons) == (number, AWA, MESSAGE.text, ["t:call:yes"])


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        (Fault.DROP_BEFORE_BODY, 0),
        (Fault.DROP_AFTER_BODY, 0),
        (Fault.DROP_AFTER_ACCEPT, 1),
        (Fault.HALF_ANSWER_AFTER_ACCEPT, 1),
        (Fault.NONSENSE_AFTER_ACCEPT, 1),
        (Fault.SILENCE, 0),
        (Fault.SILENCE_AFTER_ACCEPT, 1),
        (Fault.SERVER_ERROR, 0),
        (Fault.SERVER_ERROR_AFTER_ACCEPT, 1),
    ],
)
def test_whoever_can_not_know_says_uncertain_and_offers_nothing_twice(wire, provider, fault, taken):
    provider.faults.add(fault)
    assert type(failure(wire)) is Uncertain
    assert len(provider.ledger) == taken
    assert provider.faults.met[fault] == 1
    wire.send(MESSAGE)  # and the client is whole again
    assert len(provider.ledger) == taken + 1


def test_a_message_that_telegram_will_never_take_is_refused(wire, provider):
    provider.faults.add(Fault.REFUSED, status=400)
    assert type(failure(wire)) is Refused
    assert type(failure(wire, replace(MESSAGE, text=" "))) is Refused


def test_who_has_blocked_the_bot_is_opted_out(wire, provider):
    provider.blocked.add(AWA)
    assert type(failure(wire)) is OptedOut


@pytest.mark.parametrize(("retry_after", "seconds"), [(7, 7.5), (None, 30.0), (999_999, 3600.5)])
def test_a_429_says_when_to_come_back(wire, provider, retry_after, seconds):
    provider.faults.add(Fault.TOO_MANY, retry_after=retry_after)
    error = failure(wire)
    assert isinstance(error, RetryLater)
    assert (error.code, error.seconds) == ("429", seconds)
    assert provider.ledger == []


def test_a_wrong_token_keeps_messages_until_somebody_has_mended_it(provider):
    wire = Telegram(replace(SETTINGS, telegram_api_base=provider.url, telegram_bot_token="123456:wrong"))
    error = failure(wire)
    wire.close()
    assert isinstance(error, RetryLater)
    assert error.seconds == SETTING_SECONDS


def test_a_connection_that_was_never_made_may_be_tried_again(monkeypatch):
    monkeypatch.setattr(telegram, "CONNECT_SECONDS", 0.2)
    for base in (f"http://127.0.0.1:{free_port()}", "http://no-such-host.invalid", "http://10.255.255.1"):
        wire = Telegram(replace(SETTINGS, telegram_api_base=base))
        assert type(failure(wire)) is RetryLater
        wire.close()


def test_a_call_that_never_ends_is_uncertain_within_its_limit(wire, provider, monkeypatch):
    monkeypatch.setattr(telegram, "READ_SECONDS", 30.0)
    monkeypatch.setattr(telegram, "CALL_SECONDS", 0.3)
    provider.faults.add(Fault.SILENCE)
    assert failure(wire).code == "silence"


def test_an_address_of_another_wire_is_refused_before_anything_leaves(wire, provider):
    assert type(failure(wire, replace(MESSAGE, address="tel:+22376123456"))) is Refused
    assert provider.ledger == []


def test_one_thread_has_many_in_flight(wire, provider):
    provider.latency = 0.1
    futures = [wire.submit(replace(MESSAGE, text=f"{number}")) for number in range(30)]
    assert not wait(futures, 10).not_done
    assert sorted(future.result() for future in futures) == sorted(str(sent.message_id) for sent in provider.ledger)
    assert provider.most_at_once == 30


def test_a_coroutine_of_another_loop_can_send(wire, provider):
    async def send():
        return await asyncio.gather(wire.send_async(MESSAGE), wire.send_async(MESSAGE))

    assert len(set(asyncio.run(send()))) == 2
    assert len(provider.ledger) == 2


def test_a_closed_wire_opens_again_and_leaves_no_thread(wire, provider):
    wire.send(MESSAGE)
    wire.close()
    assert "telegram" not in {thread.name for thread in threading.enumerate()}
    wire.send(MESSAGE)
    assert len(provider.ledger) == 2


def test_neither_logs_nor_errors_hold_the_token_a_number_or_a_text(wire, provider, caplog):
    caplog.set_level(logging.DEBUG)
    secrets = (SETTINGS.telegram_bot_token, str(AWA), MESSAGE.text)
    errors = []
    wire.send(MESSAGE)
    for fault in Fault:
        provider.faults.add(fault)
        errors.append(failure(wire))
    provider.stop()
    errors.append(failure(wire))
    for text in [caplog.text, *map(repr, errors), *map(str, errors)]:
        assert not any(secret in text for secret in secrets)
    for error in errors:
        assert error.__suppress_context__
    # Control: httpx, left to itself, writes the address of each call, and the token is part of it.
    logging.getLogger("httpx").setLevel(logging.INFO)
    with FakeTelegram(SETTINGS, port=provider.port):
        wire.send(MESSAGE)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    assert SETTINGS.telegram_bot_token in caplog.text


# the webhook


def test_the_webhook_is_set_with_our_secret_and_nothing_that_waits_is_dropped(wire, provider):
    wire.set_webhook()
    wire.delete_webhook()
    (first, set_to), (second, deleted_with) = provider.calls
    assert (first, second) == ("setWebhook", "deleteWebhook")
    assert set_to["url"] == "https://bot.example.org/channels/telegram/inbound"
    assert set_to["secret_token"] == SETTINGS.telegram_secret
    for parameters in (set_to, deleted_with):
        assert parameters.get("drop_pending_updates", "false").lower() == "false"


def test_setting_the_webhook_fails_with_our_own_error(provider):
    wire = Telegram(replace(SETTINGS, telegram_api_base=f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(RetryLater):
        wire.set_webhook()
    wire.close()


def test_telegram_posts_an_update_until_it_is_taken_and_obeys_the_answer(wire, provider):
    heard = []

    class Ours(FakeTelegram):
        def routes(self, router):
            router.add_post("/channels/telegram/inbound", self.hear)

        async def hear(self, request):
            headers = {name.lower(): value for name, value in request.headers.items()}
            seen = Request("POST", request.path, request.query_string, await request.read(), headers)
            wire.verify(seen)
            heard.append(wire.read(seen).text)
            if len(heard) == 1:
                return web.Response(status=503)
            answer = wire.reply(MESSAGE)
            return web.Response(body=answer.body.encode(), headers={"Content-Type": answer.content_type})

    with Ours(SETTINGS) as ours:
        provider.deliver_to = ours.url
        provider.says(AWA, "un")
        wire.set_webhook()
        eventually(lambda: len(provider.ledger) == 1)
    assert heard == ["un", "un"]
    assert [status for _, status in provider.posts] == [503, 200]
    assert (provider.ledger[0].text, provider.ledger[0].inline) == (MESSAGE.text, True)


def test_the_provider_counts_who_comes_back_too_early(wire, provider):
    provider.faults.add(Fault.TOO_MANY, retry_after=60)
    failure(wire)
    assert provider.too_early == 0
    wire.send(MESSAGE)
    assert provider.too_early == 1


# long polling


class Poller:
    """`poll` on a thread, with what it handed over."""

    def __init__(self, wire, handle=None):
        self.heard = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=wire.poll, args=(handle or self.heard.append, self.stop))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(10)
        assert not self.thread.is_alive()


def test_polling_hands_over_what_people_do_in_order_and_confirms_it(wire, provider):
    provider.says(AWA, "avant")
    with Poller(wire) as poller:
        eventually(lambda: len(poller.heard) == 1)
        provider.says(AWA, "pendant")
        provider.presses(AWA, "t:call:yes")
        eventually(lambda: len(poller.heard) == 3 and not provider.waiting)
    assert [heard.text for heard in poller.heard] == ["avant", "pendant", ""]
    assert poller.heard[2].press == Press("t", "call", "yes")


def test_polling_stops_at_once_though_telegram_holds_the_line(wire):
    with Poller(wire) as poller:
        time.sleep(0.3)
    assert poller.heard == []


def test_an_update_is_confirmed_only_after_it_was_handled(wire, provider):
    seen = []

    def handle(inbound):
        seen.append(inbound.text)
        if len(seen) == 1:
            raise OSError("the disk is full")

    first, second = provider.says(AWA, "un"), provider.says(AWA, "deux")
    with Poller(wire, handle):
        eventually(lambda: seen == ["un", "un", "deux"] and not provider.waiting)
    offsets = [int(parameters["offset"]) for method, parameters in provider.calls if method == "getUpdates"]
    assert offsets[:2] == [0, 0], "a failed update must not be confirmed"
    assert sorted(offsets) == offsets
    assert set(offsets) <= {0, first + 1, second + 1}


def test_an_update_that_nobody_can_read_does_not_stop_the_ones_behind_it(wire, provider, caplog):
    provider.update({"update_id": 7, "message": {"message_id": 1, "secret": "Djenné"}})
    provider.update(said(8, -AWA, "dans un groupe", chat={"id": -5, "type": "group"}))
    provider.update(said(9, AWA, "Bonjour"))
    with Poller(wire) as poller:
        eventually(lambda: not provider.waiting)
    assert [heard.provider_id for heard in poller.heard] == ["9"]
    assert "Djenné" not in caplog.text


def test_polling_survives_a_provider_that_goes_and_comes_back(monkeypatch):
    monkeypatch.setattr(telegram, "RECONNECT_SECONDS", 0.05)
    port = free_port()
    wire = Telegram(replace(SETTINGS, telegram_api_base=f"http://127.0.0.1:{port}"))
    with Poller(wire) as poller:
        time.sleep(0.2)
        with FakeTelegram(SETTINGS, port=port) as provider:
            provider.says(AWA, "un")
            eventually(lambda: len(poller.heard) == 1)
        with FakeTelegram(SETTINGS, port=port) as provider:
            provider.update(said(5_000, AWA, "deux"))
            eventually(lambda: len(poller.heard) == 2)
    wire.close()
    assert [heard.text for heard in poller.heard] == ["un", "deux"]


def test_a_voice_note_is_fetched_by_its_id(wire, provider):
    provider.files["AwACAgQ"] = b"OggS"
    assert wire.fetch("AwACAgQ") == b"OggS"


def test_a_file_that_telegram_has_no_more_is_refused(wire):
    with pytest.raises(Refused):
        wire.fetch("AwACAgQ")


def test_an_answer_about_a_file_that_makes_no_sense_is_no_failure_of_ours(wire, provider):
    provider.files["odd"] = b""
    provider.odd_files = True
    with pytest.raises(RetryLater):
        wire.fetch("odd")
