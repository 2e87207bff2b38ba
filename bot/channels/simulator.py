"""The simulated phone: JSON in and out, and a mailbox in memory for what is sent to it later.

It proves nothing about who is asking: only a demonstration and pages behind a sign-in may mount it. The mailbox lives
in one process, so a message sent by another process is not seen.
"""

import json
import re
import threading
from collections import OrderedDict, deque
from dataclasses import asdict, dataclass

from bot.errors import NotGenuine, Refused, Unreadable
from bot.languages import gsm7
from bot.languages.text import tidy
from bot.messages import Answer, Delivery, Inbound, InboundKind, Outbound, Receipt, Request

PER_SECOND = 1_000.0
BURST = 1_000
MAX_BODY = 65_536
MAX_PHONES = 1_000
#: Messages kept for each phone, and attempts remembered over all phones.
MAX_NOTES = 200
MAX_ATTEMPTS = 20_000

_ID = re.compile("[0-9a-f]{32}")
_PHONE = re.compile("[0-9A-Za-z]{1,20}")


@dataclass(frozen=True, slots=True)
class Note:
    """A message in a mailbox; `number` grows with every message over all phones."""

    number: int
    id: int
    attempt: int
    text: str


class Mailbox:
    """What was sent to each phone, oldest first; threads may share it. When it is full the oldest goes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._phones: OrderedDict[str, deque[Note]] = OrderedDict()

    def put(self, phone: str, outbound: Outbound) -> Note:
        """Keep this message for the phone."""
        with self._lock:
            self._last += 1
            note = Note(self._last, outbound.id, outbound.attempt, outbound.text)
            self._phones.setdefault(phone, deque(maxlen=MAX_NOTES)).append(note)
            self._phones.move_to_end(phone)
            if len(self._phones) > MAX_PHONES:
                self._phones.popitem(last=False)
            return note

    def take(self, phone: str, after: int = 0) -> list[Note]:
        """The messages to the phone with a number above `after`; they stay."""
        with self._lock:
            return [note for note in self._phones.get(phone, ()) if note.number > after]


class Simulator:
    """The wire `simulator`. A page finds later messages in `mailbox` and confirms any message with a receipt."""

    name = "simulator"
    address_kind = "sim"
    is_sms = True
    has_buttons = False
    hears_calls = True
    has_media = False
    has_receipts = True
    answers_inline = True
    replies_by = "simulator"
    per_second = PER_SECOND
    burst = BURST

    def __init__(self) -> None:
        """An empty mailbox."""
        self.mailbox = Mailbox()
        self._lock = threading.Lock()
        self._attempts: OrderedDict[tuple[int, int], None] = OrderedDict()

    def reaches(self, address: str) -> bool:
        """Whoever wrote can be answered."""
        return True

    def verify(self, request: Request) -> None:
        """Raise NotGenuine for what another site's form could have posted; nothing else is proved."""
        if request.method != "POST" or request.header("x-kunnafoni-simulator") != "1":
            raise NotGenuine("not from the simulator's page")
        if len(request.body) > MAX_BODY:
            raise Unreadable("the body is too big")

    def read(self, request: Request) -> Inbound | Receipt:
        """`{"id", "phone", "text"}`, `{"id", "phone", "call": true}`, or at `…/receipt` `{"id", "attempt"}`."""
        try:
            payload = json.loads(request.body.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise Unreadable("the body is not JSON") from None
        if not isinstance(payload, dict):
            raise Unreadable("the body is no object")
        return self._receipt(payload) if request.path.endswith("/receipt") else self._inbound(payload)

    def _inbound(self, payload: dict[str, object]) -> Inbound:
        identity, phone = _full(_ID, payload.get("id")), _full(_PHONE, payload.get("phone"))
        if payload.get("call") is True:
            return Inbound(self.name, identity, f"sim:{phone}", kind=InboundKind.MISSED_CALL)
        text = payload.get("text")
        if not isinstance(text, str):
            raise Unreadable("the text is missing")
        return Inbound(self.name, identity, f"sim:{phone}", tidy(text))

    def _receipt(self, payload: dict[str, object]) -> Receipt:
        identity, attempt = payload.get("id"), payload.get("attempt")
        if (
            type(identity) is not int
            or type(attempt) is not int
            or not 0 <= identity < 2**63
            or not 0 <= attempt < 2**31
        ):
            raise Unreadable("the receipt names no attempt")
        return Receipt(self.name, Delivery.DELIVERED, id=identity, attempt=attempt)

    def reply(self, outbound: Outbound | None) -> Answer:
        """The text, or null, with what it would take as an SMS."""
        if outbound is None:
            return Answer('{"text": null}', "application/json")
        self._remember(outbound)
        content = {
            "id": outbound.id,
            "attempt": outbound.attempt,
            "text": outbound.text,
            **asdict(gsm7.count(outbound.text)),
        }
        return Answer(json.dumps(content), "application/json")

    def send(self, outbound: Outbound) -> str | None:
        """Put the message into the phone's mailbox; its number there."""
        kind, _, phone = outbound.address.partition(":")
        if kind != "sim" or not _PHONE.fullmatch(phone):
            raise Refused("address")
        self._remember(outbound)
        return str(self.mailbox.put(phone, outbound).number)

    def look_up(
        self, outbound: Outbound, provider_id: str | None, since: float, others: frozenset[str] = frozenset()
    ) -> Receipt | None:
        """Delivered if this process has handed the attempt over."""
        with self._lock:
            known = (outbound.id, outbound.attempt) in self._attempts
        if not known:
            return None
        return Receipt(self.name, Delivery.DELIVERED, provider_id, outbound.id, outbound.attempt)

    def fetch(self, reference: str) -> bytes:
        """Nothing is ever sent but words."""
        raise Refused("media")

    def _remember(self, outbound: Outbound) -> None:
        with self._lock:
            self._attempts[(outbound.id, outbound.attempt)] = None
            if len(self._attempts) > MAX_ATTEMPTS:
                self._attempts.popitem(last=False)

    def close(self) -> None:
        """Nothing to give back."""


def _full(form: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Unreadable("the id or the phone has the wrong form")
    return value
