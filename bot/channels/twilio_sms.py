"""SMS by Twilio: signed forms in, TwiML or the REST API out, status callbacks as receipts."""

import logging
import re
import threading
from datetime import datetime
from http import HTTPStatus
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import requests
import urllib3
from twilio.base.exceptions import TwilioRestException, TwilioServiceException  # type: ignore[import-untyped]
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response as TwilioResponse  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from bot.channels.destinations import is_reached
from bot.channels.twilio_signing import Pairs, Signing, check, e164, fields_of, forms, only
from bot.config import Settings
from bot.errors import NotGenuine, OptedOut, Refused, RetryLater, SendError, Uncertain, Unreadable
from bot.languages.text import tidy
from bot.messages import Answer, Delivery, Inbound, Media, Outbound, Receipt, Request

#: What Twilio takes from a number outside North America or a sender name, before it queues (its figure: 10 a second).
PER_SECOND = 10.0
BURST = 20
#: Seconds to reach the provider, and to wait for each part of its answer.
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
#: Seconds until a connection that was not made is tried again.
RECONNECT_SECONDS = 5.0
#: Seconds to wait after an answer that says that our account or sender is wrong: a person has to mend the settings.
SETTING_SECONDS = 300.0
LONGEST_WAIT = 3600.0
#: The newest messages to one person among which an attempt is looked for.
LISTED = 50
#: Seconds by which our clock may be ahead of Twilio's.
CLOCK_MARGIN = 5.0

STATUSES = {
    "accepted": Delivery.SENT,
    "scheduled": Delivery.SENT,
    "queued": Delivery.SENT,
    "sending": Delivery.SENT,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.DELIVERED,
    "failed": Delivery.FAILED,
    "undelivered": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}
OPTED_OUT = 21610
#: Twilio's own code decides first (https://www.twilio.com/docs/api/errors), then the HTTP status.
ERRORS: dict[int, type[SendError]] = {
    OPTED_OUT: OptedOut,
    20003: RetryLater,  # the token is wrong
    20404: RetryLater,  # the account is wrong
    20429: RetryLater,
    21211: Refused,  # not a number
    21408: Refused,  # a country that the account may not send to
    21603: RetryLater,  # the sender is missing
    21606: RetryLater,  # the sender is not ours
    21611: RetryLater,  # the sender's queue is full
    21612: Refused,
    21614: Refused,  # not a mobile
    21617: Refused,  # too long
    21659: RetryLater,  # the sender is no Twilio number
    21660: RetryLater,  # the sender belongs to another account
    401: RetryLater,
    403: RetryLater,
    404: RetryLater,
    429: RetryLater,
}

BUSY = frozenset({20429, 21611})

_SID = "(?:SM|MM)[0-9a-f]{32}"
_SENDER = r"\+?[0-9]{1,15}|[0-9A-Za-z&._ -]{1,16}"
_FORMS = forms(
    {
        "From": _SENDER,
        "MessageSid": _SID,
        "MessageStatus": "[a-z_]{1,30}",
        "MessagingServiceSid": "MG[0-9a-f]{32}",
        "NumMedia": "[0-9]|10",
        "NumSegments": "[0-9]{1,3}",
        "OptOutType": "START|STOP|HELP",
        "SmsMessageSid": _SID,
        "SmsSid": _SID,
        "SmsStatus": "[a-z_]{1,30}",
        "To": _SENDER,
    }
)
#: What a person writes has no form.
_FREE = frozenset({"Body"})
_MEDIA_KINDS = {"image": "photo", "audio": "voice"}
_INBOUND_FIELDS = frozenset({"AccountSid", "Body", "From", "MessageSid", "NumMedia", "SmsSid", "To"})
_RECEIPT_FIELDS = frozenset({"AccountSid", "From", "MessageSid", "MessageStatus", "To"})
_CALLBACK = re.compile("o=([0-9]{1,18})&a=([0-9]{1,9})")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

for _name in ("twilio", "urllib3"):
    # Below WARNING they write numbers: twilio in the address of a list call, urllib3 in every line of its debugging.
    logging.getLogger(_name).setLevel(logging.WARNING)


class TwilioSms:
    """The wire `twilio-sms`. Threads may share it; each gets its own client."""

    name = "twilio-sms"
    address_kind = "tel"
    is_sms = True
    has_buttons = False
    has_media = False
    has_receipts = True
    answers_inline = True
    replies_by = "twilio-sms"
    per_second = PER_SECOND
    burst = BURST

    def __init__(self, settings: Settings) -> None:
        """Reads the settings; touches no network."""
        self._account = settings.twilio_account_sid
        self._token = settings.twilio_auth_token
        self._from = settings.twilio_from
        self._public_url = settings.public_url
        self._countries = settings.sms_countries
        self._signing = Signing(settings)
        #: The wire `twilio-voice` hears the calls to the same number.
        self.hears_calls = settings.twilio_voice
        self._api_base = settings.twilio_api_base
        self._local = threading.local()
        self._clients: list[_Http] = []
        self._lock = threading.Lock()

    def reaches(self, address: str) -> bool:
        """Whether it is a number in one of the countries that the settings name."""
        return is_reached(address, self._countries)

    # verify

    def verify(self, request: Request) -> None:
        """Raise NotGenuine unless Twilio signed this form for our account and number; Unreadable if it is too big."""
        self._check_number(request, self._signing.verify(request))

    def _check_number(self, request: Request, pairs: Pairs) -> None:
        if self._from.startswith("MG"):
            ours = only(pairs, "MessagingServiceSid", self._from)
        elif self._from.removeprefix("+").isdecimal():
            ours = only(pairs, "From" if _is_receipt(request) else "To", self._from)
        else:
            ours = True
        if not ours:
            raise NotGenuine("not our number")

    # read

    def read(self, request: Request) -> Inbound | Receipt | None:
        """The message or receipt in a verified request; None for a status that tells nothing. Raises Unreadable."""
        fields = fields_of(request.body)
        if _is_receipt(request):
            return self._read_receipt(fields, request.query)
        return self._read_inbound(fields)

    def _read_inbound(self, fields: dict[str, str]) -> Inbound:
        _check(fields, _INBOUND_FIELDS)
        # Where Advanced Opt-Out is on, Twilio has taken the text, whatever its language, as one of these commands.
        text = fields.get("OptOutType") or tidy(fields["Body"])
        return Inbound(
            channel=self.name,
            provider_id=fields["MessageSid"],
            address=_address(fields["From"]),
            text=text,
            media=tuple(self._media(fields, number) for number in range(int(fields["NumMedia"]))),
        )

    def _media(self, fields: dict[str, str], number: int) -> Media:
        """What Twilio keeps for us, by its two ids: no address from a request is ever fetched."""
        kind = fields.get(f"MediaContentType{number}", "")
        url = fields.get(f"MediaUrl{number}", "")
        path = rf"https://(?:[a-z0-9-]+\.)+twilio\.com/2010-04-01/Accounts/{self._account}/Messages/({_SID})/Media/(ME[0-9a-f]{{32}})"
        found = re.fullmatch(path, url)
        if not found or found[1] != fields["MessageSid"] or not re.fullmatch(r"[a-z0-9/.+-]{3,60}", kind):
            raise Unreadable("a picture has the wrong form")
        return Media(_MEDIA_KINDS.get(kind.partition("/")[0], "file"), "/".join(found.groups()), kind)

    def _read_receipt(self, fields: dict[str, str], query: str) -> Receipt | None:
        _check(fields, _RECEIPT_FIELDS)
        ours = _CALLBACK.fullmatch(query)
        if query and not ours:
            raise Unreadable("the callback's address is not one of ours")
        status = STATUSES.get(fields["MessageStatus"])
        if status is None:
            return None
        code = fields.get("ErrorCode", "")
        return Receipt(
            channel=self.name,
            status=status,
            provider_id=fields["MessageSid"],
            id=int(ours[1]) if ours else None,
            attempt=int(ours[2]) if ours else None,
            code=code,
            opted_out=code == str(OPTED_OUT),
        )

    # reply

    def reply(self, outbound: Outbound | None) -> Answer:
        """TwiML with one message to the sender, or with none.

        For a message that answers a webhook the status callback stands in `action`; `statusCallback`, the same thing
        of the REST API, is said not to work there (https://github.com/twilio/twilio-csharp/issues/613).
        """
        message = ""
        if outbound is not None:
            text = escape(_NOT_XML.sub("", outbound.text))
            message = f'<Message action={quoteattr(self._callback(outbound))} method="POST">{text}</Message>'
        return Answer(
            f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>', "text/xml; charset=utf-8"
        )

    def _callback(self, outbound: Outbound) -> str:
        return f"{self._public_url}/channels/{self.name}/receipt?o={outbound.id}&a={outbound.attempt}"

    # send

    def send(self, outbound: Outbound) -> str | None:
        """Offer one message; its SID. Takes at most CONNECT_SECONDS, and READ_SECONDS for each part of the answer."""
        sender = {"messaging_service_sid": self._from} if self._from.startswith("MG") else {"from_": self._from}
        number = _number(outbound)
        if not self.reaches(outbound.address):
            raise Refused("destination")
        try:
            message = self._client().messages.create(
                to=number, body=outbound.text, status_callback=self._callback(outbound), **sender
            )
        except Exception as error:  # noqa: BLE001 - the library lets any parsing error of an odd answer through
            raise _send_error(error) from None
        sid: str | None = message.sid
        return sid

    def _client(self) -> Client:
        client = getattr(self._local, "client", None)
        if client is None:
            http = _Http()
            # A mapping that is empty would make the library read the environment.
            client = Client(self._account, self._token, http_client=http, environment={"TWILIO_EDGE": ""})
            if self._api_base:
                client.api.base_url = self._api_base
            self._local.client = client
            with self._lock:
                self._clients.append(http)
        return client

    # look up

    def look_up(
        self, outbound: Outbound, provider_id: str | None, since: float, others: frozenset[str] = frozenset()
    ) -> Receipt | None:
        """What Twilio knows of this attempt: by its SID, else the oldest message with exactly its text.

        The oldest that is none of `others`, because to one person the earlier of two alike is sent first. None means
        that Twilio never took it. The list is not narrowed by `DateSent`, which a queued message lacks.
        """
        number = _number(outbound)
        try:
            if provider_id:
                return self._receipt(outbound, self._client().messages(provider_id).fetch())
            sender = {"from_": self._from} if self._from.startswith("+") else {}
            listed = self._client().messages.list(to=number, limit=LISTED, page_size=LISTED, **sender)
            taken = [each for each in reversed(listed) if each.sid not in others and _is_attempt(each, outbound, since)]
            return self._receipt(outbound, min(taken, key=_created)) if taken else None
        except Exception as error:  # noqa: BLE001 - whatever went wrong, Twilio could not be asked
            if provider_id and isinstance(error, TwilioRestException) and error.status == 404:
                # It gave us this SID, so it took the message; the record has been deleted since.
                return Receipt(self.name, Delivery.SENT, provider_id, outbound.id, outbound.attempt)
            seconds = error.seconds if isinstance(error, RetryLater) else 30.0
            raise RetryLater(_send_error(error).code, seconds) from None

    def _receipt(self, outbound: Outbound, message: Any) -> Receipt:
        code = "" if message.error_code is None else str(message.error_code)
        status = STATUSES.get(message.status, Delivery.SENT)
        return Receipt(
            self.name, status, message.sid, outbound.id, outbound.attempt, code, opted_out=code == str(OPTED_OUT)
        )

    # fetch

    def fetch(self, reference: str) -> bytes:
        """What Twilio keeps under the ids of a message and of its picture."""
        message, media = reference.split("/")
        client = self._client()
        path = f"/2010-04-01/Accounts/{self._account}/Messages/{message}/Media/{media}"
        try:
            found = client.http_client.session.get(
                f"{client.api.base_url}{path}",
                auth=(self._account, self._token),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
            )
        except requests.RequestException as error:
            raise RetryLater(type(error).__name__) from None
        if found.status_code != HTTPStatus.OK:
            gone = found.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
            raise Refused(str(found.status_code)) if gone else RetryLater(str(found.status_code))
        return bytes(found.content)

    def close(self) -> None:
        """Close the connections of every thread; the next call opens new ones."""
        with self._lock:
            clients, self._clients = self._clients, []
            self._local = threading.local()
        for client in clients:
            client.session.close()


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """The library's HTTP client: two time limits, no retries, no log, and no memory of the last request."""

    def __init__(self) -> None:
        super().__init__(timeout=READ_SECONDS, max_retries=0)
        self.timeout = (CONNECT_SECONDS, READ_SECONDS)

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Nothing: the address of a list call holds a number."""

    def log_response(self, status_code: int, response: requests.Response) -> None:
        """Nothing."""

    def request(self, *args: Any, **kwargs: Any) -> TwilioResponse:
        """One request. The library forgets the header that says how long to wait, so 429 is read here."""
        try:
            response = super().request(*args, **kwargs)
        finally:
            self._test_only_last_request = self._test_only_last_response = None
        if response.status_code == 429:
            raise RetryLater("429", _retry_after(response.headers.get("Retry-After", "")))
        return response


def _is_receipt(request: Request) -> bool:
    return request.path.endswith("/receipt")


def _check(fields: dict[str, str], required: frozenset[str]) -> None:
    """Every field in full, and all that are required: what a signature does not promise."""
    check(fields, _FORMS, required, _FREE)
    if any(fields.get(name, fields["MessageSid"]) != fields["MessageSid"] for name in ("SmsSid", "SmsMessageSid")):
        raise Unreadable("the message has two ids")


def _address(sender: str) -> str:
    number = e164(sender)
    return f"tel:{number}" if number else f"unanswerable:{sender}"


def _number(outbound: Outbound) -> str:
    kind, _, number = outbound.address.partition(":")
    if kind != "tel":
        raise Refused("address")
    return number


def _retry_after(header: str) -> float:
    return min(float(header), LONGEST_WAIT) if header.isascii() and header.isdecimal() else 30.0


def _send_error(error: Exception) -> SendError:
    """Our instruction for what the library raised; only codes and class names, for its texts hold numbers."""
    if isinstance(error, SendError):
        return error
    if isinstance(error, (TwilioRestException, TwilioServiceException)):
        return _provider_error(int(error.status), int(error.code or 0))
    if isinstance(error, requests.ConnectTimeout) or (
        isinstance(error, requests.ConnectionError) and _never_connected(error)
    ):
        return RetryLater("not_connected", RECONNECT_SECONDS)
    return Uncertain(type(error).__name__)


def _provider_error(status: int, code: int) -> SendError:
    kind = ERRORS.get(code) or ERRORS.get(status) or (Refused if 400 <= status < 500 else Uncertain)
    word = str(code or status)
    if kind is RetryLater and code not in BUSY:
        return RetryLater(word, SETTING_SECONDS)
    return kind(word)


def _never_connected(error: requests.ConnectionError) -> bool:
    """Whether the failure came before the first octet of the request could leave."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    never = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.ProxyError,
    )
    return isinstance(reason, never)


def _created(message: Any) -> datetime:
    created: datetime = message.date_created
    return created


def _is_attempt(message: Any, outbound: Outbound, since: float) -> bool:
    """Whether this listed message is the attempt: ours to send, the same text, and not older."""
    outgoing = str(message.direction).startswith("outbound")
    same = str(message.body).strip() == outbound.text.strip()
    return outgoing and same and _created(message).timestamp() >= int(since - CLOCK_MARGIN)
