"""Twilio as it looks from outside: the Messages API, signed webhooks in, signed status callbacks back.

A call (`rings`) ends as the TwiML says: `FakeTwilio.calls` holds how, and `answered` is what the caller pays for.

`FakeTwilio.ledger` holds every message it took, by the API or in the TwiML that answered `FakeTwilio.says`. A message
with a status callback is followed by `sent` and then by its outcome, `delivered` unless `outcomes` names another for
the number; each is posted once after a random part of `callback_delay`, signed for the address that we gave and
delivered to `deliver_to` if that stands in front of it (a public address that leads to this machine). `None` for the
delay keeps it silent. With `shuffled=True` the callbacks of one message may overtake each other.
"""

import asyncio
import base64
import hashlib
import hmac
import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

import aiohttp
from aiohttp import web

from bot.config import Settings
from tests.providers.faults import Fault, Planned
from tests.providers.served import Served

Fields = Mapping[str, str] | Sequence[tuple[str, str]]


def signature(token: str, url: str, pairs: Sequence[tuple[str, str]]) -> str:
    """What Twilio writes into X-Twilio-Signature for a form posted to this URL."""
    signed = url + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha1)).decode()


def signed_form(settings: Settings, path: str, fields: Fields) -> tuple[dict[str, str], bytes]:
    """Headers (lower case) and body of a form that Twilio posts to this path (with its query) of PUBLIC_URL."""
    pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
        "x-twilio-signature": signature(settings.twilio_auth_token, settings.public_url + path, pairs),
    }
    return headers, urlencode(pairs, errors="surrogatepass").encode()


def sid(kind: str = "SM") -> str:
    """A new id as Twilio makes them."""
    return kind + secrets.token_hex(16)


def inbound_fields(
    settings: Settings, sender: str, text: str, *, message: str | None = None, **more: str
) -> dict[str, str]:
    """The fields with which Twilio tells of an SMS to our number from a place it knows nothing of."""
    message = message or sid()
    return {
        "ToCountry": "ML",
        "ToState": "",
        "SmsMessageSid": message,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": message,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": text,
        "FromCountry": "ML",
        "To": settings.twilio_from,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": message,
        "AccountSid": settings.twilio_account_sid,
        "From": sender,
        "ApiVersion": "2010-04-01",
        **more,
    }


def call_fields(settings: Settings, caller: str, *, call: str | None = None, **more: str) -> dict[str, str]:
    """The fields with which Twilio asks what to do with a call to our number."""
    fields = {
        "AccountSid": settings.twilio_account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": call or sid("CA"),
        "CallStatus": "ringing",
        "Called": settings.twilio_from,
        "CalledCity": "",
        "CalledCountry": "ML",
        "CalledState": "",
        "CalledZip": "",
        "Caller": caller,
        "CallerCity": "",
        "CallerCountry": "ML",
        "CallerState": "",
        "CallerZip": "",
        "Direction": "inbound",
        "From": caller,
        "FromCity": "",
        "FromCountry": "ML",
        "FromState": "",
        "FromZip": "",
        "To": settings.twilio_from,
        "ToCity": "",
        "ToCountry": "ML",
        "ToState": "",
        "ToZip": "",
    }
    return {**fields, **more}


def receipt_fields(settings: Settings, to: str, message: str, status: str, code: int = 0) -> dict[str, str]:
    """The fields of a status callback."""
    fields = {
        "SmsSid": message,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": to,
        "MessageSid": message,
        "AccountSid": settings.twilio_account_sid,
        "From": settings.twilio_from,
        "ApiVersion": "2010-04-01",
    }
    return {**fields, "ErrorCode": str(code)} if code else fields


@dataclass
class Accepted:
    """A message that Twilio has taken."""

    to: str
    sender: str
    body: str
    callback: str
    direction: str
    service: str = ""
    sid: str = field(default_factory=sid)
    status: str = "queued"
    code: int = 0
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    def json(self, account: str) -> dict[str, object]:
        """As the API shows it."""
        moment = format_datetime(self.created)
        return {
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": moment,
            "date_sent": None if self.status == "queued" else moment,
            "date_updated": moment,
            "direction": self.direction,
            "error_code": self.code or None,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": self.service or None,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {},
            "to": self.to,
            "uri": f"/2010-04-01/Accounts/{account}/Messages/{self.sid}.json",
        }


class FakeTwilio(Served):
    """Twilio for the account, token and number of these settings."""

    def __init__(
        self,
        settings: Settings,
        *,
        latency: float = 0.0,
        callback_delay: tuple[float, float] | None = (0.0, 0.05),
        deliver_to: str = "",
        shuffled: bool = False,
        port: int = 0,
        seed: int = 0,
    ) -> None:
        super().__init__(latency=latency, port=port, seed=seed)
        self.settings = settings
        self.callback_delay = callback_delay
        self.deliver_to = deliver_to
        self.shuffled = shuffled
        self.ledger: list[Accepted] = []
        self.outcomes: dict[str, tuple[str, int]] = {}
        self.opted_out: set[str] = set()
        #: (SID, status, HTTP status of our answer or 0 when there was none)
        self.callbacks: list[tuple[str, str, int]] = []
        #: (CallSid, how the call ended: `busy`, `no-answer` or `answered`)
        self.calls: list[tuple[str, str]] = []
        #: What people sent, by the ids of the message and of the picture.
        self.media: dict[str, bytes] = {}
        self._by_sid: dict[str, Accepted] = {}
        self._random = random.Random(seed)

    def routes(self, router: web.UrlDispatcher) -> None:
        """The calls of the Messages API that we make."""
        messages = f"/2010-04-01/Accounts/{self.settings.twilio_account_sid}/Messages"
        router.add_post(messages + ".json", self._create)
        router.add_get(messages + ".json", self._list)
        router.add_get(messages + "/{sid}.json", self._fetch)
        router.add_get(messages + "/{sid}/Media/{media}", self._media)

    def bodies(self) -> list[str]:
        """The texts taken so far, in order."""
        return [accepted.body for accepted in self.ledger]

    async def _create(self, request: web.Request) -> web.StreamResponse:
        if not self._known(request):
            return _error(401, 20003)
        return await self.faulty(request, lambda: self._accept(request), _refuse)

    async def _accept(self, request: web.Request) -> web.Response:
        form = dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))
        to, service = form.get("To", ""), form.get("MessagingServiceSid", "")
        if to in self.opted_out:
            return _error(400, 21610)
        if not to.startswith("+") or not form.get("Body"):
            return _error(400, 21211 if form.get("Body") else 21602)
        if len(form["Body"]) > 1600:
            return _error(400, 21617)
        sender = form.get("From", "") or self.settings.twilio_from
        accepted = Accepted(to, sender, form["Body"], form.get("StatusCallback", ""), "outbound-api", service)
        self._take(accepted)
        return web.json_response(accepted.json(self.settings.twilio_account_sid), status=201)

    async def _list(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return _error(401, 20003)
        await asyncio.sleep(self.latency)
        query, account = request.query, self.settings.twilio_account_sid
        found = [
            accepted
            for accepted in reversed(self.ledger)
            if query.get("To") in {None, accepted.to} and query.get("From") in {None, accepted.sender}
        ]
        page = [accepted.json(account) for accepted in found[: int(query.get("PageSize", "50"))]]
        return web.json_response({"messages": page, "page": 0, "page_size": len(page), "next_page_uri": None})

    async def _fetch(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return _error(401, 20003)
        await asyncio.sleep(self.latency)
        accepted = self._by_sid.get(request.match_info["sid"])
        if accepted is None:
            return _error(404, 20404)
        return web.json_response(accepted.json(self.settings.twilio_account_sid))

    async def _media(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return _error(401, 20003)
        content = self.media.get(f"{request.match_info['sid']}/{request.match_info['media']}")
        return web.Response(body=content) if content is not None else _error(404, 20404)

    def _known(self, request: web.Request) -> bool:
        pair = f"{self.settings.twilio_account_sid}:{self.settings.twilio_auth_token}"
        return request.headers.get("Authorization") == "Basic " + base64.b64encode(pair.encode()).decode()

    def _take(self, accepted: Accepted) -> None:
        self.ledger.append(accepted)
        self._by_sid[accepted.sid] = accepted
        if accepted.callback and self.callback_delay is not None:
            self.later(self._report(accepted))

    async def _report(self, accepted: Accepted) -> None:
        outcome, code = self.outcomes.get(accepted.to, ("delivered", 0))
        if self.shuffled:
            await asyncio.gather(self._status(accepted, "sent", 0), self._status(accepted, outcome, code))
            return
        await self._status(accepted, "sent", 0)
        await self._status(accepted, outcome, code)

    async def _status(self, accepted: Accepted, status: str, code: int) -> None:
        least, most = self.callback_delay or (0.0, 0.0)
        await asyncio.sleep(self._random.uniform(least, most))
        accepted.status, accepted.code = status, code
        fields = receipt_fields(self.settings, accepted.to, accepted.sid, status, code)
        answered, _ = await self._post(accepted.callback, fields)
        self.callbacks.append((accepted.sid, status, answered))

    def says(self, sender: str, text: str, *, message: str | None = None, tries: int = 1) -> tuple[int, str]:
        """A person sends an SMS: post the webhook, obey its TwiML; (HTTP status or 0, body). Blocks its thread."""
        fields = inbound_fields(self.settings, sender, text, message=message)
        return self.run(self.say(fields, tries=tries)).result(60)  # type: ignore[no-any-return]

    async def say(self, fields: Mapping[str, str], *, tries: int = 1) -> tuple[int, str]:
        """The coroutine of `says`, for many at once: the same request up to `tries` times while there is no 2xx."""
        url = self.settings.public_url + "/channels/twilio-sms/inbound"
        status, body = 0, ""
        for _ in range(tries):
            status, body = await self._post(url, dict(fields))
            if 200 <= status < 300:
                self._obey(fields, body)
                break
        return status, body

    def _obey(self, fields: Mapping[str, str], twiml: str) -> None:
        for element in ET.fromstring(twiml).iter("Message"):  # noqa: S314 - our own TwiML
            callback = element.get("action", "")
            self._take(Accepted(fields["From"], fields["To"], element.text or "", callback, "outbound-reply"))

    def rings(self, caller: str, *, call: str | None = None) -> tuple[int, str]:
        """A person rings: post the webhook, obey its TwiML; (HTTP status or 0, body). Blocks its thread."""
        fields = call_fields(self.settings, caller, call=call)
        url = self.settings.public_url + "/channels/twilio-voice/inbound"
        status, body = self.run(self._post(url, fields)).result(60)
        self.calls.append((fields["CallSid"], call_end(body) if status == 200 else "answered"))
        return status, body

    async def _post(self, url: str, fields: dict[str, str]) -> tuple[int, str]:
        path = url.removeprefix(self.settings.public_url)
        headers, body = signed_form(self.settings, path, fields)
        target = (self.deliver_to or self.settings.public_url) + path
        try:
            async with self.client.post(target, data=body, headers=headers) as answer:
                return answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, ""


def call_end(twiml: str) -> str:
    """How a call ends: anything but a refusal in the first place picks it up, and somebody pays."""
    response = ET.fromstring(twiml)  # noqa: S314 - our own TwiML
    if response.tag != "Response" or len(response) == 0 or response[0].tag != "Reject":
        return "answered"
    return "busy" if response[0].get("reason") == "busy" else "no-answer"


def _error(status: int, code: int, headers: dict[str, str] | None = None) -> web.Response:
    body = {"code": code, "message": "The number +22376000000 is in this text.", "more_info": "", "status": status}
    return web.json_response(body, status=status, headers=headers)


def _refuse(planned: Planned) -> web.Response:
    if planned.fault is Fault.TOO_MANY:
        headers = None if planned.retry_after is None else {"Retry-After": str(planned.retry_after)}
        return _error(429, 20429, headers)
    if planned.fault is Fault.REFUSED:
        return _error(planned.status, planned.code)
    return _error(500, 20500)
