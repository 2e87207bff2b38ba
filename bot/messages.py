"""The envelopes that every room speaks: Inbound, Outbound, Receipt.

No provider's payload passes beyond its channel file; what does is one of these, already clean:
text in NFC without NUL or lone surrogates, numbers in E.164, ids of a checked form.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class InboundKind(StrEnum):
    """What reached us: words, a pressed button, or a call that was not answered ("bip")."""

    TEXT = "text"
    BUTTON = "button"
    MISSED_CALL = "missed_call"


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: the talk and the question it was shown for, and the option's value."""

    talk: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or voice note that the provider holds for us; `reference` is the provider's handle."""

    kind: str
    reference: str
    content_type: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a person sent. `provider_id` names it uniquely within `channel`, for ever.

    `address` is `<kind>:<value>`: `tel:+22376123456`, `telegram:123`, `sim:1`. A sender that can't be answered (a
    short code, an alphanumeric name) has the kind `unanswerable`.
    """

    channel: str
    provider_id: str
    address: str
    text: str = ""
    kind: InboundKind = InboundKind.TEXT
    press: Press | None = None
    media: tuple[Media, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether a reply to this sender can reach a person."""
        return not self.address.startswith("unanswerable:")


@dataclass(frozen=True, slots=True)
class Button:
    """An option that a wire with buttons may draw; `data` (at most 64 bytes) comes back as a Press."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Outbound:
    """One attempt to send one message: `id` and `attempt` come back in its receipt."""

    id: int
    attempt: int
    address: str
    text: str
    buttons: tuple[Button, ...] = ()


class Delivery(StrEnum):
    """What a provider says of a message, in its order of certainty."""

    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word on one attempt, found by our `id` and `attempt` or by its `provider_id`."""

    channel: str
    status: Delivery
    provider_id: str | None = None
    id: int | None = None
    attempt: int | None = None
    code: str = ""
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as a channel sees it: no framework, and the raw bytes that were signed."""

    method: str
    path: str
    query: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """The header's value, or the empty string; `name` in lower case."""
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook answers: a body, its content type and a status."""

    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200
