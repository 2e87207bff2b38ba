"""The wires. One file each, with the same parts in the same order: verify, read, reply, send, look up.

A channel knows its provider and the envelopes of `bot.messages`, and nothing else: no database, no flow, no language.
"""

from typing import Protocol

from bot.messages import Answer, Inbound, Outbound, Receipt, Request


class Channel(Protocol):
    """What every wire can do. `name` stands in its routes, `POST /channels/<name>/inbound` and `…/receipt`."""

    name: str
    #: `tel`, `telegram`, `sim`: the kind of address this wire reaches.
    address_kind: str
    #: Texts are counted in SMS segments and folded into GSM-7 where that saves one.
    is_sms: bool
    #: Choices may be drawn as buttons.
    has_buttons: bool
    #: A missed call on this wire reaches us.
    hears_calls: bool
    #: Photos and voice notes can be sent to us.
    has_media: bool
    #: The provider tells what became of a message, or can be asked.
    has_receipts: bool
    #: The reply of a turn may ride in the webhook's answer.
    answers_inline: bool
    #: The wire that carries what we say to whoever this one hears: itself, or "" where nothing can be said.
    replies_by: str
    #: The most messages we may offer the provider in a second, and at once.
    per_second: float
    burst: int

    def reaches(self, address: str) -> bool:
        """Whether this house writes to whoever wrote from there, by the wire in `replies_by`."""

    def verify(self, request: Request) -> None:
        """Raise NotGenuine unless the provider made this request."""

    def read(self, request: Request) -> Inbound | Receipt | None:
        """The one envelope in a verified request; None for what needs no act. Raises Unreadable."""

    def reply(self, outbound: Outbound | None) -> Answer:
        """The webhook's answer that carries this message, or the empty answer."""

    def send(self, outbound: Outbound) -> str | None:
        """Offer the message to the provider within the time limit; its id there. Raises a SendError."""

    def look_up(
        self, outbound: Outbound, provider_id: str | None, since: float, others: frozenset[str] = frozenset()
    ) -> Receipt | None:
        """What the provider knows of this attempt since the Unix time `since`; None if it never took it.

        `others` are the provider's ids of other messages to the same person, which may have the same text.
        Raises RetryLater while the provider can't be asked, and NotImplementedError where it never can.
        """

    def fetch(self, reference: str) -> bytes:
        """A photo or voice note that the provider keeps for us, by its handle there. Raises a SendError."""

    def close(self) -> None:
        """Give back connections and threads."""
