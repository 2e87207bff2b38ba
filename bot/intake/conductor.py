"""The conductor: one message, one transaction, and a second one for a flow that broke."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import talks
from bot.casework import reports
from bot.casework.duty.hours import KnownHours
from bot.channels import Channel
from bot.conversation.commands import Word, recognise
from bot.conversation.lexicon import Lexicon
from bot.conversation.machines import from_machine
from bot.conversation.outcomes import LanguageChosen, Outcome
from bot.conversation.questions import Said
from bot.delivery import outbox
from bot.delivery.outbox import PATIENCE, Patience
from bot.delivery.queue import Doorbell
from bot.intake.commands import Commands, mark
from bot.intake.hearing import Hearing, media_of
from bot.intake.turn import Turn, cause, keep_message, open_talk_of, open_turn, repeated, write_sender
from bot.languages.catalogue import Catalogues
from bot.messages import Button, Inbound, InboundKind, Outbound
from bot.places.gazetteer import Gazetteer
from bot.store import Duplicate, Pending, Session, Store
from bot.store.audit import Action, note
from bot.store.tables import OutboxStatus, TalkStatus
from bot.talks import FlowBroke, Spoken, Talk, Talks

log = logging.getLogger(__name__)

#: The same reply is given so often in a row; then it is a loop of two machines.
SAME_REPLIES = 4

Verb = Callable[[Session, datetime, Talk, Any], None]


@dataclass(frozen=True, slots=True)
class _Reply:
    """What to answer, and the row that stands for it; `inline` if it may ride in the webhook's answer."""

    text: str
    buttons: tuple[Button, ...]
    row: Pending
    inline: bool

    def outbound(self, address_uri: str) -> Outbound:
        return Outbound(self.row.rows[0].id, 1, address_uri, self.text, self.buttons)


class Intake:
    """Takes what the wires have read, one message at a time per address, on any number of machines."""

    def __init__(
        self,
        store: Store,
        conversations: Talks,
        catalogues: Catalogues,
        gazetteer: Gazetteer,
        verbs: Mapping[type[Outcome], Verb],
        doorbell: Doorbell,
        lexicon: Lexicon,
        hours: KnownHours,
        *,
        demo: bool,
        patience: Patience = PATIENCE,
    ) -> None:
        self._store = store
        self._talks = conversations
        self._hearing = Hearing(conversations, catalogues, gazetteer, lexicon, hours, demo=demo)
        self._commands = Commands(self._hearing, conversations)
        self._verbs = verbs
        self._doorbell = doorbell
        self._patience = patience

    def receive(self, inbound: Inbound, wire: Channel, now: datetime, *, inline: bool = True) -> Outbound | None:
        """Keep the message and do what it asks; the reply that may ride in the answer, or None.

        A message that is already here is answered as before, while nothing proves that the first answer arrived.
        Raises StoreAway when nothing could be kept.
        """
        act = self._once
        for attempt in range(4):
            try:
                return act(inbound, wire, now, inline, again=attempt > 0)
            except Duplicate:
                continue  # the same message, or the first two of a stranger, at the same instant; or a number twice
            except FlowBroke as failure:
                log.error("a flow broke", extra={"flow": str(failure)})
                act = self._apologise
        raise Duplicate("a message meets itself again and again")

    def _once(self, inbound: Inbound, wire: Channel, now: datetime, inline: bool, *, again: bool) -> Outbound | None:
        with self._store.writing() as session:
            turn, known = open_turn(session, inbound, wire, now)
            turn.again = again
            if known:
                return repeated(turn, self._patience) if inline else None
            spoken = self._understand(turn)
            reply = self._write(turn, spoken, inline)
        return self._hand_over(reply, turn)

    def _hand_over(self, reply: _Reply | None, turn: Turn) -> Outbound | None:
        if reply is None:
            return None
        if reply.inline:
            return reply.outbound(turn.inbound.address)
        self._doorbell.ring(turn.channel)
        return None

    def _understand(self, turn: Turn) -> Spoken | None:
        if not turn.inbound.answerable or from_machine(turn.text):
            self._hearing.park(turn)
            return None
        command = recognise(turn.text)
        if turn.sender.tokens < 1.0 or not turn.wire.reaches(turn.inbound.address):
            if command and command.word in (Word.STOP, Word.FORGET_ME):
                self._commands.obey(turn, command)
            else:
                self._hearing.keep_silent(turn)
            return None
        if turn.inbound.kind is InboundKind.MISSED_CALL:
            return self._hearing.missed_call(turn)
        if turn.inbound.press:
            return self._hearing.pressed(turn)
        if command:
            return self._commands.obey(turn, command)
        if turn.talk and turn.talk.asked:
            return self._hearing.answer(turn, Said(turn.text, None, media_of(turn.inbound)))
        return self._hearing.tell(turn)

    def _write(self, turn: Turn, spoken: Spoken | None, inline: bool) -> _Reply | None:
        self._hearing.file_told(turn)
        self._finish(turn)
        if turn.outcome and isinstance(turn.outcome, LanguageChosen) and turn.talk:
            spoken = self._resume(turn, spoken)
        kept = turn.talk
        assert kept is not None
        talks.save(turn.session, kept, turn.now)
        keep_message(turn, kept)
        self._update_report(turn, kept)
        reply = self._put(turn, kept, spoken, inline) if spoken and spoken.text else None
        for act in turn.acts:
            act()
        write_sender(turn)
        return reply

    def _finish(self, turn: Turn) -> None:
        if turn.talk and turn.talk.language_known:
            turn.sender.language = turn.talk.language
        outcome, ended = turn.outcome, turn.talk
        verb = self._verbs.get(type(outcome)) if outcome else None
        if verb and ended:
            turn.acts.append(lambda: verb(turn.session, turn.now, ended, outcome))

    def _resume(self, turn: Turn, spoken: Spoken | None) -> Spoken | None:
        """The language was chosen in between: go on with the question that was open, in the new language."""
        ended = turn.talk
        assert ended is not None
        talks.save(turn.session, ended, turn.now)
        row = open_talk_of(turn.session, turn.sender.hash)
        if row and row.status == TalkStatus.OPEN.value and row.id != ended.id and row.data_key:
            turn.talk = talks.restore(turn.session, row)
            turn.talk.speak_as(ended)
            return self._talks.ask_again(turn.talk, turn)
        if spoken and spoken.text:
            return spoken
        _ = mark
        now = _("Thank you. We write to you in this language now.")
        not_yet = _("Thank you, it is noted. Write in your language; for now we answer in this one.")
        spoken_there = self._talks.is_said_in(ended.language, now)
        return Spoken(self._talks.words(ended.language, turn.wire, now if spoken_there else not_yet))

    def _update_report(self, turn: Turn, kept: Talk) -> None:
        so_far = self._talks.draft(kept)
        report_id = kept.report_id
        if so_far is not None and report_id is not None and kept.answers:
            urgency = int(kept.facts.get("urgency", 4))
            turn.acts.append(lambda: reports.update_draft(turn.session, turn.now, report_id, so_far, urgency))

    def _put(self, turn: Turn, kept: Talk, spoken: Spoken, inline: bool) -> _Reply | None:
        sender = turn.sender
        mark = hashlib.blake2b(spoken.text.encode(), digest_size=8, key=turn.session.keys.derive("reply")[:32]).digest()
        sender.same_replies = sender.same_replies + 1 if mark == sender.same_reply else 1
        sender.same_reply = mark
        if sender.same_replies > SAME_REPLIES:
            sender.same_replies = SAME_REPLIES  # enough to know it; the column is a small number
            return None
        sender.tokens -= 1.0
        rides = inline and turn.wire.answers_inline and not turn.waiting
        riding = OutboxStatus.SENDING if turn.wire.has_receipts else OutboxStatus.SENT
        row = outbox.put(
            turn.session,
            turn.now,
            cause=cause(turn.inbound),
            talk_id=kept.id,
            data_key=kept.data_key,
            address_id=sender.id,
            channel=turn.channel,
            text=spoken.text if rides else spoken.in_words,
            status=riding if rides else OutboxStatus.QUEUED,
            patience=self._patience,
        )
        return _Reply(spoken.text, spoken.buttons, row, rides)

    def _apologise(
        self, inbound: Inbound, wire: Channel, now: datetime, inline: bool, *, again: bool
    ) -> Outbound | None:
        """The first transaction left no trace; this one keeps the message, ends the talk and tells the desk."""
        with self._store.writing() as session:
            turn, known = open_turn(session, inbound, wire, now)
            if known:
                return None
            turn.again = again
            broken = self._hearing.break_off(turn)
            note(session, now, "intake", Action.TALK_BROKE, broken.report_id or broken.id, {"flow": broken.flow})
            _ = mark
            spoken = self._hearing.words(
                turn, _("Thank you, we have it. A person will read it. Emergencies: 17, 18, 15.")
            )
            reply = self._write(turn, spoken, inline)
        return self._hand_over(reply, turn)
