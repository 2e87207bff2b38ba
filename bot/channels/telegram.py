"""Telegram: the webhook with its secret header or long polling in, `telegram.Bot` on one loop thread out.

Only people in private chats are heard. An edited message is left alone: it has a new update id but is the same message,
and reading it would make a second report. Telegram gives no receipts and can't be asked about a message.
"""

import asyncio
import hmac
import json
import logging
import re
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import Any, TypeVar

import httpx
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError
from telegram.request import HTTPXRequest, RequestData

from bot.config import Settings
from bot.errors import NotGenuine, OptedOut, Refused, RetryLater, SendError, Uncertain, Unreadable
from bot.languages.text import tidy
from bot.messages import Answer, Button, Inbound, InboundKind, Media, Outbound, Press, Receipt, Request

#: Telegram allows about 30 messages a second to different people (https://core.telegram.org/bots/faq); the burst and
#: a second's refill stay below that together.
PER_SECOND = 22.0
BURST = 6
#: Octets. A text has at most 4,096 characters, but an update may quote another one and name every entity in both.
MAX_BODY = 524_288
#: Seconds to reach Telegram, and to wait for each part of its answer.
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
#: Seconds for one call in all: what the parts may take together, and a margin for the loop.
CALL_SECONDS = 25.0
#: More than a sender ever has in flight: a call never waits for a connection.
CONNECTIONS = 64
#: Seconds that Telegram holds a request for updates open while there are none.
POLL_SECONDS = 25
#: Seconds until a connection that was not made is tried again.
RECONNECT_SECONDS = 5.0
#: Seconds to wait after an answer that says that our token is wrong: a person has to mend the settings.
SETTING_SECONDS = 300.0
LONGEST_WAIT = 3600.0
LONGEST_DATA = 64

API = "https://api.telegram.org"
UPDATES = ["message", "callback_query"]
#: The first that fits decides; BadRequest stands first because the library makes it a kind of network error.
ERRORS: tuple[tuple[type[TelegramError], type[SendError]], ...] = (
    (BadRequest, Refused),
    (Forbidden, OptedOut),  # the person has blocked the bot or closed the account
    (ChatMigrated, Refused),
    (InvalidToken, RetryLater),
)
#: Before the first octet of the request has left. Every other failure leaves open whether it was read.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

_DATA = re.compile(r"([0-9A-Za-z_-]{1,40}):([a-z][a-z0-9_]{0,39}):([^\x00-\x1f]{1,60})")
_CHAT = re.compile("[1-9][0-9]{0,15}")
#: What a person may send that we don't read: it is answered like an empty text. Everything else is Telegram's notice.
_UNREAD = (
    "animation",
    "audio",
    "contact",
    "dice",
    "document",
    "location",
    "poll",
    "sticker",
    "story",
    "venue",
    "video",
    "video_note",
)
_PARSING = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, OSError, RecursionError)

for _name in ("httpx", "httpcore"):
    # They write the token: it stands in every address.
    logging.getLogger(_name).setLevel(logging.WARNING)
# The library writes whole updates and answers at CRITICAL and ERROR when it can't parse them; we raise and say so.
logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)

log = logging.getLogger(__name__)
T = TypeVar("T")


class Telegram:
    """The wire `telegram`. Threads may share it; every call to Telegram runs on its one loop thread."""

    name = "telegram"
    address_kind = "telegram"
    is_sms = False
    has_buttons = True
    hears_calls = False
    has_media = True
    has_receipts = False
    answers_inline = True
    replies_by = "telegram"
    per_second = PER_SECOND
    burst = BURST

    def __init__(self, settings: Settings) -> None:
        """Reads the settings; touches no network and starts no thread."""
        self.answers_inline = settings.telegram_mode == "webhook"
        self._secret = settings.telegram_secret
        self._public_url = settings.public_url
        self._token = settings.telegram_bot_token
        self._base = f"{settings.telegram_api_base or API}/bot"
        self._files = f"{settings.telegram_api_base or API}/file/bot"
        self._line: _Line | None = None
        self._lock = threading.Lock()

    def reaches(self, address: str) -> bool:
        """Whoever wrote can be answered."""
        return True

    # verify

    def verify(self, request: Request) -> None:
        """Raise NotGenuine unless the request repeats our secret; Unreadable if it is too big."""
        given = request.header("x-telegram-bot-api-secret-token").encode("utf-8", "replace")
        if request.method != "POST" or not self._secret or not hmac.compare_digest(given, self._secret.encode()):
            raise NotGenuine("the secret is missing or wrong")
        if len(request.body) > MAX_BODY:
            raise Unreadable("the body is too big")

    # read

    def read(self, request: Request) -> Inbound | None:
        """What a person sent in a private chat; None for anything else. Raises Unreadable."""
        try:
            payload = json.loads(request.body.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise Unreadable("the body is not JSON") from None
        return _read(payload)

    # reply

    def reply(self, outbound: Outbound | None) -> Answer:
        """The one call that an answer may carry: the message. A pressed button's clock runs out by itself."""
        if outbound is None:
            return Answer()
        body: dict[str, Any] = {
            "method": "sendMessage",
            "chat_id": _chat(outbound),
            "text": outbound.text,
            "link_preview_options": {"is_disabled": True},
        }
        keyboard = _keyboard(outbound.buttons)
        if keyboard:
            body["reply_markup"] = keyboard.to_dict()
        return Answer(json.dumps(body), "application/json")

    # send

    def send(self, outbound: Outbound) -> str | None:
        """Offer one message and wait, at most CALL_SECONDS; its number in the chat."""
        return self._result(self.submit(outbound))

    def submit(self, outbound: Outbound) -> Future[str]:
        """Offer one message on the loop thread without waiting: one thread can have many in flight."""
        line = self._open()
        return asyncio.run_coroutine_threadsafe(_send(line.bot, outbound), line.loop)

    async def send_async(self, outbound: Outbound) -> str:
        """`send` for a coroutine of any loop."""
        return await asyncio.wrap_future(self.submit(outbound))

    def _result(self, future: "Future[T]") -> T:
        if not wait([future], CALL_SECONDS).done:
            future.cancel()
            raise Uncertain("silence")
        return future.result()

    def _open(self) -> "_Line":
        """The loop thread, started at the first call and not before: it would not live through a fork."""
        with self._lock:
            if self._line is None:
                self._line = _Line(self._token, self._base, self._files)
            return self._line

    # look up

    def look_up(
        self, outbound: Outbound, provider_id: str | None, since: float, others: frozenset[str] = frozenset()
    ) -> Receipt | None:
        """Telegram has no such call."""
        raise NotImplementedError

    # fetch

    def fetch(self, reference: str) -> bytes:
        """The file of this id; Telegram says where it lies, and hands out no larger ones than 20 MB."""
        line = self._open()
        return self._result(asyncio.run_coroutine_threadsafe(_fetch_file(line.bot, reference), line.loop))

    # the webhook and long polling

    def set_webhook(self) -> None:
        """Tell Telegram our address and secret; what waits there is kept. Raises a SendError."""
        line = self._open()
        call = line.bot.set_webhook(
            f"{self._public_url}/channels/{self.name}/inbound",
            secret_token=self._secret,
            allowed_updates=UPDATES,
            drop_pending_updates=False,
        )
        self._result(asyncio.run_coroutine_threadsafe(_ours(call), line.loop))

    def delete_webhook(self) -> None:
        """Tell Telegram to keep updates until they are polled. Raises a SendError."""
        line = self._open()
        call = line.bot.delete_webhook(drop_pending_updates=False)
        self._result(asyncio.run_coroutine_threadsafe(_ours(call), line.loop))

    def poll(self, handle: Callable[[Inbound], None], stop: threading.Event) -> None:
        """Fetch updates and hand them over one by one until `stop`; Telegram forgets one only after `handle` returned.

        While `handle` raises, the same update is offered to it again, first after a second and then ever more slowly:
        nothing behind it is lost, and Telegram keeps updates for a day.
        """
        after, pause, ready = 0, 1.0, False
        while not stop.is_set():
            try:
                if not ready:
                    self.delete_webhook()
                    ready = True
                for payload in self._fetch(after, stop):
                    if stop.is_set():
                        return
                    _hand_over(payload, handle)
                    after = payload["update_id"] + 1
                pause = 1.0
            except Exception as error:  # noqa: BLE001 - whatever happened, what was not handed over is fetched again
                log.warning("polling stumbled", extra={"error": type(error).__name__})
                stop.wait(error.seconds if isinstance(error, RetryLater) else pause)
                pause = min(pause * 2, 60.0)

    def _fetch(self, after: int, stop: threading.Event) -> list[dict[str, Any]]:
        """The updates from this id on, oldest first; none when stopped."""
        line = self._open()
        future = asyncio.run_coroutine_threadsafe(_ours(line.bot.updates(after)), line.loop)
        while not stop.is_set():
            if wait([future], 0.2).done:
                return sorted(filter(_is_update, future.result()), key=lambda update: update["update_id"])
        future.cancel()
        return []

    def close(self) -> None:
        """Close the connections and end the loop thread; the next call starts a new one."""
        with self._lock:
            line, self._line = self._line, None
        if line is not None:
            line.close()


class _Line:
    """One Bot on one loop in one thread."""

    def __init__(self, token: str, base_url: str, files_url: str) -> None:
        self._https = (_Http(), _Http())
        calling, listening = self._https
        self.bot = _Bot(token, base_url, files_url, request=calling, get_updates_request=listening)
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="telegram", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End what is in flight, close the connections and wait for the thread."""
        wait([asyncio.run_coroutine_threadsafe(self._end(), self.loop)], READ_SECONDS)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(READ_SECONDS)
        if not self._thread.is_alive():
            self.loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for http in self._https:
            with suppress(TelegramError, httpx.HTTPError):
                await http.shutdown()


class _Bot(telegram.Bot):
    """The library's Bot, and updates as Telegram wrote them."""

    async def updates(self, after: int) -> list[dict[str, Any]]:
        """`get_updates` without the library's parsing, which gives up a hundred updates for one that it can't read."""
        data = {"offset": after, "timeout": POLL_SECONDS, "allowed_updates": UPDATES}
        found = await self._post("getUpdates", data, read_timeout=POLL_SECONDS + READ_SECONDS)
        return found if isinstance(found, list) else []


class _Http(HTTPXRequest):
    """The library's HTTP client with explicit limits; every 429 says when to try again."""

    def __init__(self) -> None:
        super().__init__(
            connection_pool_size=CONNECTIONS,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            write_timeout=READ_SECONDS,
            pool_timeout=CONNECT_SECONDS,
        )

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        """One request. The library knows a 429 only with a `retry_after` in its body; a gateway's has none."""
        code, payload = await super().do_request(url, method, request_data, *args, **kwargs)
        if code == 429:
            raise _Busy(_retry_after(payload))
        return code, payload


class _Busy(TelegramError):
    """Telegram took nothing and names the seconds to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


async def _send(bot: _Bot, outbound: Outbound) -> str:
    chat = _chat(outbound)
    try:
        message = await bot.send_message(
            chat_id=chat,
            text=outbound.text,
            reply_markup=_keyboard(outbound.buttons),
            link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
        )
        return str(message.message_id)
    except TelegramError as error:
        raise _send_error(error) from None
    except _PARSING as error:
        # Telegram answered, with something that the library can't read.
        raise Uncertain(type(error).__name__) from None


async def _fetch_file(bot: _Bot, reference: str) -> bytes:
    try:
        found = await _ours(bot.get_file(reference))
        return bytes(await _ours(found.download_as_bytearray()))
    except _PARSING as error:
        # Telegram answered, with something that the library can't read.
        raise RetryLater(type(error).__name__) from None


async def _ours(call: Coroutine[Any, Any, T]) -> T:
    """The call, with the library's errors turned into ours."""
    try:
        return await call
    except TelegramError as error:
        raise _send_error(error) from None


def _read(payload: object) -> Inbound | None:
    """One update. What we check ourselves comes first: the library takes an update id of any type."""
    if not isinstance(payload, dict) or not _is_update(payload):
        raise Unreadable("an update has no id")
    try:
        update = telegram.Update.de_json(payload, None)
        if update.callback_query:
            return _pressed(update.update_id, update.callback_query)
        if update.message:
            return _said(update.update_id, update.message)
    except _PARSING:
        raise Unreadable("an update has the wrong form") from None
    return None


def _is_update(payload: object) -> bool:
    number = payload.get("update_id") if isinstance(payload, dict) else None
    return type(number) is int and 0 <= number < 2**63


def _said(update: int, message: telegram.Message) -> Inbound | None:
    person = _person(message.chat, message.from_user)
    if person is None:
        return None
    text = _text(message.text) + _text(message.caption)
    media = _media(message)
    if not text and not media and not any(getattr(message, each) for each in _UNREAD):
        return None
    return Inbound(Telegram.name, str(update), person, tidy(text), media=media)


def _pressed(update: int, query: telegram.CallbackQuery) -> Inbound | None:
    """A pressed button; None for data that none of our buttons carries (a changed client may send any)."""
    found = _DATA.fullmatch(_text(query.data))
    chat = query.message.chat if query.message else None
    person = _person(chat, query.from_user)
    if found is None or person is None or tidy(found[3]) != found[3]:
        return None
    return Inbound(Telegram.name, str(update), person, kind=InboundKind.BUTTON, press=Press(*found.groups()))


def _person(chat: telegram.Chat | None, sender: telegram.User | None) -> str | None:
    """The address of a person's private chat; None for groups, channels and other bots."""
    if chat is None or chat.type != "private" or (sender is not None and sender.is_bot):
        return None
    if type(chat.id) is not int or not 0 < chat.id < 10**16:
        raise ValueError
    return f"telegram:{chat.id}"


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError
    return value


def _media(message: telegram.Message) -> tuple[Media, ...]:
    """The largest size of a photo, and a voice note."""
    found = []
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        found.append(Media("photo", _reference(largest.file_id), "image/jpeg", _size(largest.file_size)))
    if message.voice:
        kind = _text(message.voice.mime_type) or "audio/ogg"
        found.append(Media("voice", _reference(message.voice.file_id), kind, _size(message.voice.file_size)))
    return tuple(found)


def _reference(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[0-9A-Za-z_-]{1,200}", value):
        raise ValueError
    return value


def _size(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _hand_over(payload: dict[str, Any], handle: Callable[[Inbound], None]) -> None:
    try:
        inbound = _read(payload)
    except Unreadable as error:
        log.warning("an update could not be read", extra={"update": payload["update_id"], "error": str(error)})
        return
    if inbound is not None:
        handle(inbound)


def _chat(outbound: Outbound) -> int:
    kind, _, chat = outbound.address.partition(":")
    if kind != "telegram" or not _CHAT.fullmatch(chat):
        raise Refused("address")
    return int(chat)


def _keyboard(buttons: tuple[Button, ...]) -> telegram.InlineKeyboardMarkup | None:
    """One button a line, so that long labels stay whole; no buttons at all if the data of one doesn't fit."""
    if not buttons or any(len(button.data.encode()) > LONGEST_DATA for button in buttons):
        return None
    return telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton(button.label, callback_data=button.data)] for button in buttons]
    )


def _send_error(error: TelegramError) -> SendError:
    """Our instruction for what the library raised; its texts may hold the token, so only class names pass."""
    if isinstance(error, _Busy):
        return RetryLater("429", error.seconds)
    if isinstance(error.__cause__, _NEVER_SENT):
        return RetryLater("not_connected", RECONNECT_SECONDS)
    kind = next((ours for theirs, ours in ERRORS if isinstance(error, theirs)), Uncertain)
    word = type(error).__name__
    return RetryLater(word, SETTING_SECONDS) if kind is RetryLater else kind(word)


def _retry_after(payload: bytes) -> float:
    """The seconds that a 429 names, and half a second more."""
    try:
        seconds = float(json.loads(payload)["parameters"]["retry_after"])
    except _PARSING:
        return 30.0
    return min(max(seconds, 0.0), LONGEST_WAIT) + 0.5
