"""POST /channels/<name>/inbound and …/receipt: verify, read, hand on, answer.

Never a 2xx for something that can be lost: with the database away a verified message goes to the spool, and if that
can't be written either, the provider is told to come back. What a sender writes while something of theirs is still in
the spool goes there too, so that their messages are read in the order they were sent.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from bot.channels import Channel
from bot.delivery.receipts import note_receipt
from bot.errors import NotGenuine, StoreAway, Unreadable
from bot.intake import Intake
from bot.messages import Answer, Inbound, Receipt, Request
from bot.store import Store
from bot.store.spool import Spool

log = logging.getLogger(__name__)


def make_webhooks(
    channels: Mapping[str, Channel], intake: Intake, store: Store, spool: Spool, clock: Callable[[], datetime]
) -> Blueprint:
    """The two routes of every wire, joined to the rooms behind them."""
    webhooks = Blueprint("webhooks", __name__)
    door = _Door(channels, intake, store, spool, clock)
    webhooks.add_url_rule("/channels/<name>/inbound", "inbound", door.inbound, methods=["POST"])
    webhooks.add_url_rule("/channels/<name>/receipt", "receipt", door.receipt, methods=["POST"])
    return webhooks


class _Door:
    """What the two routes do."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        intake: Intake,
        store: Store,
        spool: Spool,
        clock: Callable[[], datetime],
    ) -> None:
        self._channels = channels
        self._intake = intake
        self._store = store
        self._spool = spool
        self._clock = clock

    def inbound(self, name: str) -> Response:
        """Something a person sent."""
        wire = self._wire(name)
        envelope = self._read(wire)
        if isinstance(envelope, Response):
            return envelope
        if isinstance(envelope, Inbound):
            return self._take(wire, envelope)
        if isinstance(envelope, Receipt):
            return self._note(wire, envelope)
        return _response(wire.reply(None))

    def receipt(self, name: str) -> Response:
        """What a provider says of a message of ours."""
        wire = self._wire(name)
        envelope = self._read(wire)
        if isinstance(envelope, Response):
            return envelope
        if isinstance(envelope, Receipt):
            return self._note(wire, envelope)
        return _response(wire.reply(None)) if envelope is None else _refusal(400)

    def _wire(self, name: str) -> Channel:
        wire = self._channels.get(name)
        if wire is None:
            raise NotFound
        return wire

    def _read(self, wire: Channel) -> Inbound | Receipt | Response | None:
        seen = Request(
            request.method,
            request.path,
            request.query_string.decode("latin-1"),
            request.get_data(cache=False, parse_form_data=False),
            {key.lower(): value for key, value in request.headers.items()},
        )
        try:
            wire.verify(seen)
            return wire.read(seen)
        except NotGenuine:
            log.warning("refused: not genuine", extra={"channel": wire.name})
            return _refusal(403)
        except Unreadable as problem:
            log.warning("refused: unreadable", extra={"channel": wire.name, "problem": str(problem)})
            return _refusal(400)

    def _take(self, wire: Channel, inbound: Inbound) -> Response:
        now = self._clock()
        if self._spool.holds(inbound.address):
            return self._spooled(wire, inbound, now)  # behind those of the same sender that still wait there
        try:
            return _response(wire.reply(self._intake.receive(inbound, wire, now)))
        except StoreAway:
            return self._spooled(wire, inbound, now)
        except Exception as failure:  # noqa: BLE001 - a full disk, a lock: nothing was kept, the provider comes again
            log.error("a message could not be taken", extra={"channel": wire.name, "failure": type(failure).__name__})
            return _refusal(503)

    def _spooled(self, wire: Channel, inbound: Inbound, now: datetime) -> Response:
        try:
            self._spool.keep(inbound, now.timestamp())
        except OSError:
            log.error("neither the database nor the spool can take a message", extra={"channel": wire.name})
            return _refusal(503)
        return _response(wire.reply(None))

    def _note(self, wire: Channel, receipt: Receipt) -> Response:
        try:
            with self._store.writing() as session:
                note_receipt(session, receipt, self._clock())
        except StoreAway:
            return _refusal(503)
        return _response(wire.reply(None))


def _response(answer: Answer) -> Response:
    return Response(answer.body, status=answer.status, content_type=answer.content_type)


def _refusal(status: int) -> Response:
    return Response("", status=status, content_type="text/plain; charset=utf-8")
