"""Telegram as it looks from outside: the Bot API, updates by webhook or by long polling.

`FakeTelegram.ledger` holds every message it took, by the API or in the answer to a webhook. What a person does
(`says`, `presses`, or any `update`) is queued and, once `setWebhook` was called, posted in order and again and again
until there is a 2xx; before that it waits for `getUpdates`, which forgets an update when a higher `offset` is asked
for. `deliver_to` stands in front of a public address that leads to this machine.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from bot.config import Settings
from tests.providers.faults import Fault, Planned
from tests.providers.served import Served

#: A Monday in 2026.
DATE = 1_793_600_000


def _person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "Awa", "language_code": "fr"}


def said(update: int, chat: int, text: str | None = None, /, **more: Any) -> dict[str, Any]:
    """The update for a message in a private chat; `more` replaces or adds fields of the message."""
    message = {
        "message_id": update,
        "date": DATE,
        "chat": {"id": chat, "type": "private", "first_name": "Awa"},
        "from": _person(chat),
        **({} if text is None else {"text": text}),
        **more,
    }
    return {"update_id": update, "message": message}


def pressed(update: int, chat: int, data: str, /, **more: Any) -> dict[str, Any]:
    """The update for a pressed button under a message of ours."""
    shown = said(update, chat, "?")["message"] | {"from": {"id": 1, "is_bot": True, "first_name": "Kunnafoni"}}
    query = {"id": str(update), "from": _person(chat), "chat_instance": "1", "data": data, "message": shown, **more}
    return {"update_id": update, "callback_query": query}


def secret_json(settings: Settings, update: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
    """Headers (lower case) and body with which Telegram posts an update."""
    headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": settings.telegram_secret}
    return headers, json.dumps(update).encode()


@dataclass
class Sent:
    """A message that Telegram has taken."""

    message_id: int
    chat: int
    text: str
    buttons: list[str] = field(default_factory=list)
    inline: bool = False


class FakeTelegram(Served):
    """Telegram for the token of these settings."""

    def __init__(
        self, settings: Settings, *, latency: float = 0.0, deliver_to: str = "", port: int = 0, seed: int = 0
    ) -> None:
        super().__init__(latency=latency, port=port, seed=seed)
        self.settings = settings
        self.deliver_to = deliver_to
        self.ledger: list[Sent] = []
        self.blocked: set[int] = set()
        self.webhook: dict[str, Any] | None = None
        #: The parameters of every call of another method, as (method, parameters).
        self.calls: list[tuple[str, dict[str, Any]]] = []
        #: (update id, HTTP status of our answer or 0 when there was none)
        self.posts: list[tuple[int, int]] = []
        self.waiting: list[dict[str, Any]] = []
        #: What people sent, by its file_id.
        self.files: dict[str, bytes] = {}
        self.odd_files = False
        self._news = asyncio.Event()
        self._posting = asyncio.Lock()
        self._numbers = count(1)
        self._updates = count(1_000)

    def routes(self, router: web.UrlDispatcher) -> None:
        """Every method of the Bot API has the same form."""
        router.add_route("*", "/bot{token}/{method}", self._method)
        router.add_get("/file/bot{token}/{path:.+}", self._download)

    def texts(self) -> list[str]:
        """The texts taken so far, in order."""
        return [sent.text for sent in self.ledger]

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.settings.telegram_bot_token:
            return _error(401, "Unauthorized")
        if method == "sendMessage":
            return await self.faulty(request, lambda: self._accept(request), _refuse)
        parameters = await _parameters(request)
        self.calls.append((method, parameters))
        return await self._other(method, parameters)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        known = request.match_info["token"] == self.settings.telegram_bot_token
        content = self.files.get(request.match_info["path"].removeprefix("kept/")) if known else None
        return web.Response(body=content) if content is not None else _error(404, "Not Found")

    async def _other(self, method: str, parameters: dict[str, Any]) -> web.Response:
        if method == "getUpdates":
            return await self._get_updates(parameters)
        await asyncio.sleep(self.latency)
        if method == "setWebhook":
            self.webhook = parameters
            self.later(self._post_all())
        elif method == "deleteWebhook":
            self.webhook = None
        elif method == "getFile":
            identity = str(parameters["file_id"])
            if self.odd_files:
                return _result(True)
            if identity not in self.files:
                return _error(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
            return _result({"file_id": identity, "file_unique_id": identity, "file_path": f"kept/{identity}"})
        elif method == "getMe":
            return _result({"id": 1, "is_bot": True, "first_name": "Kunnafoni", "username": "kunnafoni_bot"})
        return _result(True)

    async def _accept(self, request: web.Request) -> web.Response:
        return self._take(await _parameters(request), inline=False)

    def _take(self, parameters: Mapping[str, Any], *, inline: bool) -> web.Response:
        chat = int(parameters["chat_id"])
        if chat in self.blocked:
            return _error(403, "Forbidden: bot was blocked by the user")
        if not str(parameters.get("text", "")).strip():
            return _error(400, "Bad Request: message text is empty")
        markup = parameters.get("reply_markup") or {}
        rows = (json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard", [])
        data = [button["callback_data"] for row in rows for button in row]
        if any(len(each.encode()) > 64 for each in data):
            return _error(400, "Bad Request: BUTTON_DATA_INVALID")
        sent = Sent(next(self._numbers), chat, parameters["text"], data, inline)
        self.ledger.append(sent)
        return _result(said(sent.message_id, chat, sent.text)["message"])

    async def _get_updates(self, parameters: dict[str, Any]) -> web.Response:
        if self.webhook is not None:
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, limit = int(parameters.get("offset", 0)), int(parameters.get("limit", 100))
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        if not self.waiting:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), float(parameters.get("timeout", 0)))
            except TimeoutError:
                return _result([])
        return _result(self.waiting[:limit])

    def says(self, chat: int, text: str) -> int:
        """A person writes to the bot; the id of the update."""
        return self.update(said(next(self._updates), chat, text))

    def presses(self, chat: int, data: str) -> int:
        """A person presses a button; the id of the update."""
        return self.update(pressed(next(self._updates), chat, data))

    def update(self, update: dict[str, Any]) -> int:
        """Something happens; the id of the update."""
        self.run(self._happen(update)).result(10)
        return int(update.get("update_id", -1))

    async def _happen(self, update: dict[str, Any]) -> None:
        self.waiting.append(update)
        self._news.set()
        if self.webhook is not None:
            self.later(self._post_all())

    async def _post_all(self) -> None:
        """Post what waits, one after the other, as Telegram does for one connection; a refused one comes again."""
        async with self._posting:
            while self.webhook is not None and self.waiting:
                update = self.waiting[0]
                status, body = await self._post(update)
                self.posts.append((update["update_id"], status))
                if not 200 <= status < 300:
                    await asyncio.sleep(0.1)
                    continue
                self.waiting.remove(update)
                if body.startswith("{") and (answer := json.loads(body)).get("method") == "sendMessage":
                    self._take(answer, inline=True)

    async def _post(self, update: dict[str, Any]) -> tuple[int, str]:
        url = str((self.webhook or {})["url"])
        path = url.removeprefix(self.settings.public_url)
        secret = str((self.webhook or {}).get("secret_token", ""))
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
        try:
            async with self.client.post(
                (self.deliver_to or self.settings.public_url) + path, data=json.dumps(update), headers=headers
            ) as answer:
                return answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, ""


async def _parameters(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    if request.content_type == "application/json":
        return dict(json.loads(body))
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _result(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(status: int, description: str, retry_after: int | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        body["parameters"] = {"retry_after": retry_after}
    return web.json_response(body, status=status)


def _refuse(planned: Planned) -> web.Response:
    if planned.fault is Fault.TOO_MANY:
        return _error(429, "Too Many Requests", planned.retry_after)
    if planned.fault is Fault.REFUSED:
        return _error(planned.status, "Bad Request: chat not found")
    return _error(500, "Internal Server Error")
