"""One message, one transaction: the conductor of everything that a person on a phone sets in motion.

A message is deduplicated, its address locked, its meaning decided (command > open question > coded report > free text),
and all that follows is written at once: message, talk, report, reply, audit. Then the reply may ride in the answer.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, exists, insert, select, update

from bot import talks
from bot.casework import forgetting, reports
from bot.casework.call_backs import ask_call_back
from bot.casework.reports import Filing, Source
from bot.channels import Channel
from bot.conversation.coded import read_coded
from bot.conversation.commands import Command, Word, is_greeting, recognise
from bot.conversation.lexicon import suggest
from bot.conversation.outcomes import LanguageChosen, Outcome
from bot.conversation.questions import Media, Said
from bot.conversation.words import closing
from bot.delivery import outbox
from bot.delivery.queue import Doorbell
from bot.delivery.receipts import opt_out
from bot.languages.catalogue import Catalogues
from bot.messages import Button, Inbound, InboundKind, Outbound
from bot.places.gazetteer import Gazetteer
from bot.places.matching import find, find_in_sentence
from bot.store import Duplicate, Pending, Session, Store
from bot.store.audit import Action, note
from bot.store.sealing import new_data_key, seal, unseal
from bot.store.tables import OutboxStatus, ReportStatus, TalkStatus, address, message, talk
from bot.store.tables import outbox as outbox_table
from bot.store.types import among, new_id
from bot.talks import FlowBroke, Spoken, Talk, Talks

log = logging.getLogger(__name__)

#: Free text within this time of the address's last report is added to it.
SAME_EVENT = timedelta(hours=24)
#: An open question older than this no longer claims a longer text for itself.
STALE_QUESTION = timedelta(hours=24)
#: A sender gets so many replies at once, and one more every so many seconds.
REPLY_BURST = 12.0
REPLY_SECONDS = 30.0
#: The same reply is given so often in a row; then it is a loop of two machines.
SAME_REPLIES = 4
#: So many wrong codes in a day, then STATUS answers as if every code were wrong.
CODE_TRIES = 5
#: The same answer to a repeated webhook is only given for so long.
REPEAT = timedelta(seconds=60)
#: Words that are not an answer to the open question, so many or more, are a text to keep.
_TEXT_WORDS = 3

Verb = Callable[[Session, datetime, Talk, Any], None]


@dataclass(slots=True)
class _Address:
    """The locked address of the sender, and how it will be written back."""

    id: UUID
    hash: bytes
    language: str | None = None
    opted_out: bool = False
    tokens: float = REPLY_BURST
    same_reply: bytes | None = None
    same_replies: int = 0
    code_tries: int = 0
    code_tried_at: datetime | None = None
    fresh: bool = False


@dataclass(slots=True)
class _Turn:
    """One message on its way through: what came, who sent it, the talk it belongs to, what is to be written after."""

    session: Session
    inbound: Inbound
    wire: Channel
    now: datetime
    sender: _Address
    waiting: bool = False
    talk: Talk | None = None
    outcome: Outcome | None = None
    acts: list[Callable[[], None]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.inbound.text

    @property
    def language(self) -> str:
        """The language we answer in: the talk's, else the sender's, else French."""
        return self.talk.language if self.talk else self.sender.language or "fr"


@dataclass(frozen=True, slots=True)
class _Reply:
    """What to answer, and the row that stands for it; `inline` if it may ride in the webhook's answer."""

    text: str
    buttons: tuple[Button, ...]
    row: Pending
    inline: bool

    def outbound(self, address_uri: str) -> Outbound:
        return Outbound(self.row.rows[0].id, 1, address_uri, self.text, self.buttons)


_ADDRESS = (
    select(
        address.c.id,
        address.c.language,
        address.c.opted_out_at,
        address.c.heard_at,
        address.c.reply_tokens,
        address.c.same_reply,
        address.c.same_replies,
        address.c.code_tries,
        address.c.code_tried_at,
    )
    .where(address.c.hash == bindparam("hash"))
    .with_for_update()
)
_by_hash = select(address.c.id).where(address.c.hash == bindparam("hash")).scalar_subquery()
_TALK = (
    select(talk)
    .where(talk.c.address_id == _by_hash)
    .order_by(case((talk.c.status == "open", 0), else_=1), talk.c.opened_at.desc())
    .limit(1)
)
_FACTS = select(
    exists(
        select(1).where(message.c.channel == bindparam("of_channel"), message.c.provider_id == bindparam("provider"))
    ).label("known"),
    exists(
        select(1).where(
            outbox_table.c.address_id == _by_hash,
            among(outbox_table.c.status, "queued", "sending"),
            among(outbox_table.c.status, "queued") | (outbox_table.c.token > 0),
        )
    ).label("waiting"),
)
_NEW_ADDRESS = insert(address)
_HEARD = (
    update(address)
    .where(address.c.id == bindparam("of_address"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "channel", "language", "heard_at", "reply_tokens", "same_reply", "same_replies", "code_tries",
                "code_tried_at",
            )
        }
    )
)  # fmt: skip
_NEW_MESSAGE = insert(message)


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
        *,
        demo: bool,
    ) -> None:
        self._store = store
        self._talks = conversations
        self._catalogues = catalogues
        self._gazetteer = gazetteer
        self._verbs = verbs
        self._doorbell = doorbell
        self._demo = demo

    def receive(self, inbound: Inbound, wire: Channel, now: datetime, *, inline: bool = True) -> Outbound | None:
        """Keep the message and do what it asks; the reply that may ride in the answer, or None.

        A message that is already here is answered as before, while nothing proves that the first answer arrived.
        Raises StoreAway when nothing could be kept.
        """
        for _ in range(3):
            try:
                return self._once(inbound, wire, now, inline)
            except Duplicate:
                continue  # the same message, or the first two of a stranger, at the same instant
            except FlowBroke as failure:
                log.error("a flow broke", extra={"flow": str(failure)})
                return self._apologise(inbound, wire, now, inline)
        raise Duplicate("a message meets itself again and again")

    def _once(self, inbound: Inbound, wire: Channel, now: datetime, inline: bool) -> Outbound | None:
        with self._store.writing() as session:
            turn, known = self._open(session, inbound, wire, now)
            if known:
                return self._repeat(turn) if inline else None
            spoken = self._understand(turn)
            reply = self._write(turn, spoken, inline)
        return self._hand_over(reply, turn)

    def _hand_over(self, reply: _Reply | None, turn: _Turn) -> Outbound | None:
        if reply is None:
            return None
        if reply.inline:
            return reply.outbound(turn.inbound.address)
        self._doorbell.ring(turn.wire.name)
        return None

    # Who and what is here already.

    def _open(self, session: Session, inbound: Inbound, wire: Channel, now: datetime) -> tuple[_Turn, bool]:
        hashed = session.keys.blind("address", inbound.address)
        addresses, found, facts = session.fetch(
            (_ADDRESS, {"hash": hashed}),
            (_TALK, {"hash": hashed}),
            (_FACTS, {"of_channel": inbound.channel, "provider": inbound.provider_id, "hash": hashed}),
        )
        sender = _known(addresses[0], hashed, now) if addresses else _Address(new_id(), hashed, fresh=True)
        turn = _Turn(session, inbound, wire, now, sender, facts[0].waiting)
        if facts[0].known:
            return turn, True
        if sender.fresh:
            _make_address(turn)
        if found and found[0].data_key is not None:
            turn.talk = talks.restore(session, found[0])
        return turn, False

    def _repeat(self, turn: _Turn) -> Outbound | None:
        row = turn.session.run(
            select(outbox_table, message.c.body, message.c.talk_id, talk.c.data_key)
            .join(message, message.c.id == outbox_table.c.message_id)
            .join(talk, talk.c.id == message.c.talk_id)
            .where(outbox_table.c.cause == _cause(turn.inbound))
        ).first()
        unproved = OutboxStatus.SENDING if turn.wire.has_receipts else OutboxStatus.SENT
        if row is None or row.token or row.status != unproved or turn.now - row.made_at > REPEAT or not row.data_key:
            return None
        key = turn.session.keys.unwrap(row.data_key, row.talk_id)
        return Outbound(row.id, 1, turn.inbound.address, unseal(key, "message.body", row.message_id, row.body))

    # What it means.

    def _understand(self, turn: _Turn) -> Spoken | None:
        if not turn.inbound.answerable:
            self._park(turn)
            return None
        if turn.sender.tokens < 1.0:
            self._keep_silent(turn)
            return None
        if turn.inbound.kind is InboundKind.MISSED_CALL:
            return self._missed_call(turn)
        if turn.inbound.press:
            return self._pressed(turn)
        command = recognise(turn.text)
        if command:
            return self._command(turn, command)
        if turn.talk and turn.talk.asked:
            return self._answer(turn, Said(turn.text, None, _media(turn.inbound)))
        return self._tell(turn)

    def _tell(self, turn: _Turn) -> Spoken:
        """Words that answer nothing: a coded line, a greeting, more on the last report, or a new report."""
        coded = read_coded(turn.text)
        if coded:
            return self._coded(turn, coded.place_words, kind=coded.kind, answer_needed=coded.answer_needed)
        if is_greeting(turn.text) or not (_has_words(turn.text) or turn.inbound.media):
            return self._start(turn, "menu")
        if self._same_event(turn):
            return self._add(turn)
        return self._report(turn)

    def _same_event(self, turn: _Turn) -> bool:
        if turn.talk is None or turn.talk.report_id is None:
            return False
        latest = reports.latest(turn.session, turn.sender.id)
        return latest is not None and turn.now - latest.made_at <= SAME_EVENT and latest.id == turn.talk.report_id

    def _report(self, turn: _Turn) -> Spoken:
        match = find_in_sentence(self._gazetteer, turn.text)
        settled = match.places[0].id if len(match.places) == 1 else None
        homonyms = [place.id for place in match.places] if len(match.places) > 1 else []
        filing = self._filing(turn, place=settled)
        facts = {"urgency": filing.urgency, "place": settled, "homonyms": homonyms}
        return self._start(turn, "report", filing=filing, **facts)

    def _coded(self, turn: _Turn, place_words: str, **known: Any) -> Spoken:
        match = find(self._gazetteer, place_words)
        settled = match.places[0].id if len(match.places) == 1 else None
        filing = self._filing(turn, place=settled, **known)
        self._new_talk(turn, "coded", code=filing.code, urgency=filing.urgency)
        self._file(turn, filing)
        assert turn.talk is not None
        turn.talk.status = TalkStatus.DONE
        return Spoken(self._closing(turn, filing.code))

    def _filing(self, turn: _Turn, **known: Any) -> Filing:
        text = turn.text or "[" + ", ".join(each.kind for each in turn.inbound.media) + "]"
        return Filing(new_id(), text, suggest(turn.text), reports.new_code(), **known)

    def _file(self, turn: _Turn, filing: Filing) -> None:
        opened = turn.talk
        assert opened is not None
        opened.report_id = filing.id
        source = Source(
            opened.id,
            opened.data_key,
            turn.sender.id,
            turn.sender.hash,
            turn.wire.name,
            turn.sender.language,
            turn.wire.name == "simulator" and not self._demo,
        )
        turn.acts.append(lambda: reports.file(turn.session, turn.now, source, filing))

    def _add(self, turn: _Turn) -> Spoken:
        assert turn.talk is not None
        assert turn.talk.report_id is not None
        self._add_words(turn)
        return Spoken(self._closing(turn, str(turn.talk.facts.get("code", ""))))

    def _add_words(self, turn: _Turn) -> None:
        kept = turn.talk
        assert kept is not None
        assert kept.report_id is not None
        reports.add_text(turn.session, turn.now, kept.report_id, kept.data_key, turn.text, suggest(turn.text))

    def _closing(self, turn: _Turn, code: str) -> str:
        text = closing(self._catalogues.translator(turn.language).gettext, code)
        return talks.as_shown(text, turn.language, turn.wire)

    # Talks.

    def _new_talk(self, turn: _Turn, flow: str, **facts: Any) -> Talk:
        opened = talks.open_talk(
            turn.now,
            turn.sender.id,
            flow,
            {
                "language": turn.sender.language,
                "stranger": turn.sender.language is None,
                "hears_calls": turn.wire.hears_calls,
                "has_media": turn.wire.has_media,
                **facts,
            },
        )
        turn.talk = opened
        return opened

    def _start(self, turn: _Turn, flow: str, *, filing: Filing | None = None, **facts: Any) -> Spoken:
        code = filing.code if filing else facts.pop("code", reports.new_code())
        opened = self._new_talk(turn, flow, code=code, **facts)
        if filing:
            self._file(turn, filing)
        spoken = self._talks.begin(opened, turn.wire)
        turn.outcome = spoken.outcome
        return spoken

    def _answer(self, turn: _Turn, said: Said) -> Spoken:
        heard = turn.talk
        assert heard is not None
        stale = turn.now - heard.heard_at > STALE_QUESTION
        before = heard.status, heard.asked, heard.tries
        spoken = self._talks.hear(heard, said, turn.wire)
        turn.outcome = spoken.outcome
        if spoken.understood:
            return spoken
        if len(turn.text.split()) >= _TEXT_WORDS and _has_words(turn.text):
            if stale or heard.report_id is None:
                heard.status, heard.asked = TalkStatus.LEFT, None
                self._leave(turn, heard)
                turn.talk = None
                return self._tell(turn)
            heard.status, heard.asked, heard.tries = before
            self._add_words(turn)
            return self._talks.ask_again(heard, turn.wire)
        if spoken.gave_up:
            turn.acts.append(lambda: self._call_back(turn, heard))
        return spoken

    def _leave(self, turn: _Turn, left: Talk) -> None:
        talks.save(turn.session, left, turn.now)

    def _call_back(self, turn: _Turn, heard: Talk) -> None:
        ask_call_back(turn.session, turn.now, turn.sender.id, heard.id, heard.report_id, turn.language)

    def _pressed(self, turn: _Turn) -> Spoken:
        press, heard = turn.inbound.press, turn.talk
        assert press is not None
        if heard and heard.asked and heard.id.hex == press.talk and heard.asked.key == press.key:
            return self._answer(turn, Said(pressed=press.value))
        if heard and heard.asked:
            return self._talks.ask_again(heard, turn.wire)
        return self._start(turn, "menu")

    def _missed_call(self, turn: _Turn) -> Spoken:
        if turn.talk and turn.talk.asked:
            heard = turn.talk
            turn.acts.append(lambda: self._call_back(turn, heard))
            return self._talks.ask_again(heard, turn.wire)
        spoken = self._start(turn, "call_back")
        opened = turn.talk
        assert opened is not None
        turn.acts.append(lambda: self._call_back(turn, opened))
        return spoken

    def _park(self, turn: _Turn) -> None:
        self._new_talk(turn, "parked").status = TalkStatus.LEFT

    def _keep_silent(self, turn: _Turn) -> None:
        """The sender's budget is used up: all is kept, nothing is answered, no talk moves on."""
        if turn.talk is not None and (turn.talk.report_id or not _has_words(turn.text)):
            if turn.talk.report_id and _has_words(turn.text):
                self._add_words(turn)
            return
        filing = self._filing(turn)
        self._new_talk(turn, "report", code=filing.code, urgency=filing.urgency).status = TalkStatus.LEFT
        self._file(turn, filing)

    # Commands.

    def _command(self, turn: _Turn, command: Command) -> Spoken:
        return _COMMANDS[command.word](self, turn, command)

    def _words(self, turn: _Turn, text: str, **values: object) -> Spoken:
        """A message outside any flow; it belongs to the newest talk, or to one of its own."""
        if turn.talk is None:
            self._new_talk(turn, "command").status = TalkStatus.DONE
        return Spoken(self._talks.words(turn.language, turn.wire, text, **values))

    def _stop(self, turn: _Turn, _command: Command) -> Spoken:
        turn.acts.append(lambda: opt_out(turn.session, turn.sender.id, turn.now, "sender"))
        _ = _marked
        return self._words(
            turn,
            _("Done, you will get no more messages. If you write to us, we will always read you. To come back: START."),
        )

    def _restart(self, turn: _Turn, _command: Command) -> Spoken:
        if turn.sender.opted_out:
            turn.acts.append(lambda: _opt_in(turn))
        return self._start(turn, "menu")

    def _help(self, turn: _Turn, _command: Command) -> Spoken:
        _ = _marked
        if turn.wire.hears_calls:
            return self._words(
                turn,
                _(
                    "Public service: information, advice, opinions. MENU = services, LANGUAGE = language, STOP = no "
                    "more messages. A missed call and we call you back, 7am-7pm. Emergencies: 17, 18, 15."
                ),
            )
        return self._words(
            turn,
            _(
                "Public service: information, advice, opinions. MENU = services, LANGUAGE = language, STOP = no more "
                "messages. Emergencies: 17, 18, 15."
            ),
        )

    def _menu(self, turn: _Turn, _command: Command) -> Spoken:
        if turn.talk and turn.talk.asked:
            return self._talks.ask_again(turn.talk, turn.wire)
        return self._start(turn, "menu")

    def _language(self, turn: _Turn, _command: Command) -> Spoken:
        if turn.talk and turn.talk.flow == "welcome" and turn.talk.asked:
            return self._talks.ask_again(turn.talk, turn.wire)
        return self._start(turn, "welcome")

    def _back(self, turn: _Turn, command: Command) -> Spoken:
        if turn.talk and turn.talk.asked:
            return self._talks.back(turn.talk, turn.wire)
        return self._menu(turn, command)

    def _status(self, turn: _Turn, command: Command) -> Spoken:
        _ = _marked
        found = self._find_code(turn, command.argument) if command.argument else None
        if found is None:
            return self._words(turn, _("Send STATUS and your number, for example STATUS 12345."))
        if found in (ReportStatus.CLOSED, ReportStatus.ANSWERED, ReportStatus.SET_ASIDE):
            return self._words(turn, _("No %(code)s: done."), code=command.argument)
        return self._words(turn, _("No %(code)s: open."), code=command.argument)

    def _find_code(self, turn: _Turn, code: str) -> ReportStatus | None:
        sender = turn.sender
        if sender.code_tried_at is None or turn.now - sender.code_tried_at > timedelta(days=1):
            sender.code_tries, sender.code_tried_at = 0, turn.now
        if sender.code_tries >= CODE_TRIES:
            return None
        found = reports.status_of(turn.session, sender.hash, code)
        if found is None:
            sender.code_tries += 1
        return found

    def _forget(self, turn: _Turn, _command: Command) -> Spoken:
        _ = _marked
        turn.acts.append(lambda: forgetting.forget(turn.session, turn.now, turn.sender.id))
        self._new_talk(turn, "command").status = TalkStatus.DONE
        return Spoken(
            self._talks.words(turn.language, turn.wire, _("Done. We no longer know your number or what you wrote."))
        )

    # What is written.

    def _write(self, turn: _Turn, spoken: Spoken | None, inline: bool) -> _Reply | None:
        self._finish(turn)
        if turn.outcome and isinstance(turn.outcome, LanguageChosen) and turn.talk:
            spoken = self._resume(turn, spoken)
        kept = turn.talk
        assert kept is not None
        talks.save(turn.session, kept, turn.now)
        _keep_message(turn, kept)
        self._update_report(turn, kept)
        reply = self._put(turn, kept, spoken, inline) if spoken and spoken.text else None
        for act in turn.acts:
            act()
        _write_address(turn)
        return reply

    def _finish(self, turn: _Turn) -> None:
        if turn.talk and turn.talk.language_known:
            turn.sender.language = turn.talk.language
        outcome, ended = turn.outcome, turn.talk
        verb = self._verbs.get(type(outcome)) if outcome else None
        if verb and ended:
            turn.acts.append(lambda: verb(turn.session, turn.now, ended, outcome))

    def _resume(self, turn: _Turn, spoken: Spoken | None) -> Spoken | None:
        """The language was chosen in between: go on with the question that was open, in the new language."""
        ended = turn.talk
        assert ended is not None
        talks.save(turn.session, ended, turn.now)
        hashed = {"hash": turn.sender.hash}
        turn.session.flush()
        rows = turn.session.fetch((_TALK, hashed))[0]
        if rows and rows[0].status == TalkStatus.OPEN.value and rows[0].id != ended.id and rows[0].data_key:
            turn.talk = talks.restore(turn.session, rows[0])
            turn.talk.answers["language"] = ended.language
            turn.talk.answers.pop("language_other", None)
            return self._talks.ask_again(turn.talk, turn.wire)
        _ = _marked
        text = self._talks.words(ended.language, turn.wire, _("Thank you. We write to you in this language now."))
        return Spoken(text) if not (spoken and spoken.text) else spoken

    def _update_report(self, turn: _Turn, kept: Talk) -> None:
        so_far = self._talks.draft(kept)
        report_id = kept.report_id
        if so_far is not None and report_id is not None and kept.answers:
            urgency = int(kept.facts.get("urgency", 3))
            turn.acts.append(lambda: reports.update_draft(turn.session, turn.now, report_id, so_far, urgency))

    def _put(self, turn: _Turn, kept: Talk, spoken: Spoken, inline: bool) -> _Reply | None:
        sender = turn.sender
        mark = hashlib.blake2b(spoken.text.encode(), digest_size=8, key=turn.session.keys.derive("reply")[:32]).digest()
        sender.same_replies = sender.same_replies + 1 if mark == sender.same_reply else 1
        sender.same_reply = mark
        if sender.same_replies > SAME_REPLIES:
            return None
        sender.tokens -= 1.0
        rides = inline and turn.wire.answers_inline and not turn.waiting
        riding = OutboxStatus.SENDING if turn.wire.has_receipts else OutboxStatus.SENT
        row = outbox.put(
            turn.session,
            turn.now,
            cause=_cause(turn.inbound),
            talk_id=kept.id,
            data_key=kept.data_key,
            address_id=sender.id,
            channel=turn.wire.name,
            text=spoken.text,
            status=riding if rides else OutboxStatus.QUEUED,
        )
        return _Reply(spoken.text, spoken.buttons, row, rides)

    # When a flow breaks.

    def _apologise(self, inbound: Inbound, wire: Channel, now: datetime, inline: bool) -> Outbound | None:
        """The first transaction left no trace; this one keeps the message, ends the talk and tells the desk."""
        with self._store.writing() as session:
            turn, known = self._open(session, inbound, wire, now)
            if known:
                return None
            broken = turn.talk if turn.talk and turn.talk.asked else None
            if broken:
                broken.status, broken.asked = TalkStatus.BROKEN, None
                if broken.report_id and _has_words(turn.text):
                    self._add_words(turn)
            if not broken or not broken.report_id:
                if broken:
                    self._leave(turn, broken)
                filing = self._filing(turn)
                self._new_talk(turn, "report", code=filing.code, urgency=filing.urgency).status = TalkStatus.BROKEN
                self._file(turn, filing)
            assert turn.talk is not None
            note(session, now, "intake", Action.TALK_BROKE, turn.talk.id, {"flow": turn.talk.flow})
            _ = _marked
            spoken = self._words(turn, _("Thank you, we have it. A person will read it. Emergencies: 17, 18, 15."))
            reply = self._write(turn, spoken, inline)
        return self._hand_over(reply, turn)


_COMMANDS: dict[Word, Callable[[Intake, _Turn, Command], Spoken]] = {
    Word.STOP: Intake._stop,
    Word.START: Intake._restart,
    Word.HELP: Intake._help,
    Word.MENU: Intake._menu,
    Word.LANGUAGE: Intake._language,
    Word.BACK: Intake._back,
    Word.STATUS: Intake._status,
    Word.FORGET_ME: Intake._forget,
}


def _marked(text: str) -> str:
    """Mark a message for the catalogue; it is looked up when the language is known."""
    return text


def _cause(inbound: Inbound) -> str:
    return f"reply:{inbound.channel}:{inbound.provider_id}"


def _media(inbound: Inbound) -> tuple[Media, ...]:
    return tuple(Media(each.kind, each.reference) for each in inbound.media)


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _known(row: Any, hashed: bytes, now: datetime) -> _Address:
    quiet = max(0.0, (now - row.heard_at).total_seconds())
    return _Address(
        row.id,
        hashed,
        row.language,
        row.opted_out_at is not None,
        min(REPLY_BURST, row.reply_tokens + quiet / REPLY_SECONDS),
        row.same_reply if quiet < 3600 else None,
        row.same_replies,
        row.code_tries,
        row.code_tried_at,
    )


def _make_address(turn: _Turn) -> None:
    sender, key = turn.sender, new_data_key()
    turn.session.later(
        _NEW_ADDRESS,
        {
            "id": sender.id,
            "kind": turn.inbound.address.split(":", 1)[0],
            "hash": sender.hash,
            "data_key": turn.session.keys.wrap(key, sender.id),
            "sealed": seal(key, "address", sender.id, turn.inbound.address),
            "channel": turn.wire.name,
            "heard_at": turn.now,
            "reply_tokens": REPLY_BURST,
            "same_replies": 0,
            "code_tries": 0,
            "made_at": turn.now,
        },
    )


def _write_address(turn: _Turn) -> None:
    sender = turn.sender
    turn.session.later(
        _HEARD,
        {
            "of_address": sender.id,
            "new_channel": turn.wire.name,
            "new_language": sender.language,
            "new_heard_at": turn.now,
            "new_reply_tokens": sender.tokens,
            "new_same_reply": sender.same_reply,
            "new_same_replies": sender.same_replies,
            "new_code_tries": sender.code_tries,
            "new_code_tried_at": sender.code_tried_at,
        },
    )


def _keep_message(turn: _Turn, kept: Talk) -> None:
    identity = new_id()
    turn.session.later(
        _NEW_MESSAGE,
        {
            "id": identity,
            "talk_id": kept.id,
            "outbound": False,
            "channel": turn.inbound.channel,
            "provider_id": turn.inbound.provider_id,
            "kind": turn.inbound.kind.value,
            "body": seal(kept.data_key, "message.body", identity, _body(turn.inbound)),
            "at": turn.now,
        },
    )


def _body(inbound: Inbound) -> str:
    if inbound.press:
        return f"[{inbound.press.value}]"
    return inbound.text or "".join(f"[{each.kind}]" for each in inbound.media)


def _opt_in(turn: _Turn) -> None:
    turn.session.run(update(address).where(address.c.id == turn.sender.id).values(opted_out_at=None))
    note(turn.session, turn.now, "sender", Action.ADDRESS_OPTED_IN, turn.sender.id)
