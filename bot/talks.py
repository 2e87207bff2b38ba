"""Talks: open, advance and store one, for whoever starts it: a phone, the clock, the desk.

A talk is kept as its flow, the facts at its start, the answers, and the question as it was shown; all of it sealed
under the talk's own key.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from bot.channels import Channel
from bot.conversation.engine import Flow, Turn, replay
from bot.conversation.outcomes import Outcome, ReportSoFar
from bot.conversation.questions import SKIP_NUMBER, Context, Gettext, Question, Reading, Said, Shown
from bot.conversation.understanding import UNCLEAR, Answered, mixed, read
from bot.conversation.understanding import Reading as Understood
from bot.errors import KunnafoniError
from bot.languages.catalogue import LANGUAGES, SOURCE, TAGS, Catalogues, Translator
from bot.messages import Button
from bot.places.gazetteer import Gazetteer
from bot.places.matching import Match, find, find_in_sentence, narrow
from bot.store import Session
from bot.store.sealing import new_data_key, seal, unseal
from bot.store.tables import TalkStatus, talk
from bot.store.types import among, new_id

#: After so many replies that fit nothing, a person is offered instead of the same question again.
MOST_TRIES = 3
#: The languages whose words for an option are understood in a talk of any other.
_MIXED_IN = ("fr", "bm", "ar", "en")
#: Who writes more names no option.
_LONGEST_MIXED = 40
#: The language of a talk is the answer to one of these questions, the later one first.
_LANGUAGE_KEYS = ("language_other", "language")


#: Answers a look-up of a flow from the store: the language of the talk, and what is looked for.
LookUp = Callable[[Session, datetime, str, Mapping[str, Any]], Any]


class Moment(Protocol):
    """Where and when a talk goes on: the wire that carries its words, the transaction, the time."""

    @property
    def wire(self) -> Channel:
        """The wire that carries the words."""

    @property
    def session(self) -> Session:
        """The open transaction."""

    @property
    def now(self) -> datetime:
        """The time."""


class FlowBroke(KunnafoniError):
    """A flow raised; its talk can't go on and its message must be kept by another transaction."""


@dataclass(slots=True)
class Talk:
    """One talk, opened or read back."""

    id: UUID
    address_id: UUID
    flow: str
    data_key: bytes = field(repr=False)
    opened_at: datetime
    heard_at: datetime
    facts: dict[str, Any] = field(default_factory=dict, repr=False)
    answers: dict[str, Any] = field(default_factory=dict, repr=False)
    asked: Shown | None = field(default=None, repr=False)
    status: TalkStatus = TalkStatus.OPEN
    tries: int = 0
    report_id: UUID | None = None
    contact_id: UUID | None = None
    fresh: bool = False

    @property
    def language(self) -> str:
        """The language that the talk goes on in."""
        for key in _LANGUAGE_KEYS:
            if self.answers.get(key) in TAGS:
                return str(self.answers[key])
        return str(self.facts.get("language") or ("ar" if self.facts.get("arabic_letters") else "fr"))

    @property
    def language_known(self) -> str | None:
        """The language that the person chose, here or before; None if they never did."""
        return self.language if self.facts.get("language") or self._chose() else None

    def languages(self) -> dict[str, Any]:
        """The answers that chose a language, in this talk or in one that interrupted it."""
        return {key: self.answers[key] for key in reversed(_LANGUAGE_KEYS) if key in self.answers}

    def speak_as(self, other: "Talk") -> None:
        """Go on in the language that was chosen in another talk."""
        kept = {key: value for key, value in self.answers.items() if key not in _LANGUAGE_KEYS}
        self.answers = {**other.languages(), **kept}

    def _chose(self) -> bool:
        return any(self.answers.get(key) in TAGS for key in _LANGUAGE_KEYS)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a turn says: one joined text, the options as buttons where the wire has them, the outcome at the end.

    `listed` is the text with the options in words, for a message that goes by the outbox, which carries no buttons.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    outcome: Outcome | None = None
    understood: bool = True
    gave_up: bool = False
    listed: str | None = None

    @property
    def in_words(self) -> str:
        """All of it as words alone."""
        return self.text if self.listed is None else self.listed


class Talks:
    """Runs talks through the flows, with the words of the catalogues and the places of the gazetteer."""

    def __init__(
        self,
        flows: Mapping[str, Flow],
        catalogues: Catalogues,
        gazetteer: Gazetteer,
        look_ups: Mapping[str, LookUp] | None = None,
    ) -> None:
        self._flows = flows
        self._look_ups = look_ups or {}
        self._catalogues = catalogues
        self._gazetteer = gazetteer

    def begin(self, opened: Talk, here: Moment) -> Spoken:
        """The first words of a talk. Raises FlowBroke."""
        return self._speak(opened, here)

    def hear(self, heard: Talk, said: Said, here: Moment) -> Spoken:
        """What the talk says to this reply to its open question. Raises FlowBroke."""
        assert heard.asked is not None
        reading = read(heard.asked, said)
        if not isinstance(reading, Answered):
            reading = self._read_mixed(heard, heard.asked, said, here)
        if not isinstance(reading, Answered):
            return self._unclear(heard, here)
        heard.tries = 0
        key = heard.asked.key
        heard.answers[key] = reading.value
        return self._speak(heard, here, just_answered=key)

    def ask_again(self, heard: Talk, here: Moment) -> Spoken:
        """The open question once more, in the talk's language as it is now. Raises FlowBroke."""
        return self._speak(heard, here, repeated=True)

    def back(self, heard: Talk, here: Moment) -> Spoken:
        """Take the last answer back and ask its question again; at the first question, ask that again."""
        walked = self._walk(heard, None, self._voice(heard), here).answers
        questions = [key for key in walked if not key.endswith(("_found", "_settled"))]
        if questions:
            # What was looked up for the answer goes with it.
            before = itertools.takewhile(lambda item: item[0] != questions[-1], walked.items())
            heard.answers = {**heard.languages(), **dict(before)}
        heard.tries = 0
        return self.ask_again(heard, here)

    def draft(self, heard: Talk) -> ReportSoFar | None:
        """What the answers say of the report that the talk carries, if its flow declares that. Raises FlowBroke."""
        draft = self._flows[heard.flow].draft if heard.flow in self._flows else None
        if draft is None or heard.status is TalkStatus.BROKEN:
            return None
        try:
            return draft(heard.answers)
        except Exception as failure:
            raise FlowBroke(f"{heard.flow}: {type(failure).__name__}") from failure

    def gettext(self, language: str) -> Gettext:
        """The words of a language, or of its fallbacks where it has none."""
        return self._catalogues.translator(language).gettext

    def words(self, language: str, wire: Channel, message: str, **values: object) -> str:
        """One message outside any flow, as this wire shows it."""
        return self.as_shown(self.gettext(language)(message, **values), language, wire)

    def is_said_in(self, language: str, message: str) -> bool:
        """Whether the message is said in this very language, and not in one that stands in for it."""
        return self._catalogues.translator(language).speaker(message) == language

    def as_shown(self, text: str, language: str, wire: Channel) -> str:
        """The text as this wire carries it: folded into GSM-7 on SMS where that saves a segment."""
        return self._catalogues.folding.for_sms(text, language) if wire.is_sms else text

    def _walk(self, heard: Talk, just_answered: str | None, voice: "_Voice", here: Moment) -> Turn:
        flow = self._flows.get(heard.flow)
        if flow is None:
            raise FlowBroke("a talk's flow is not here any more")
        context = _context(heard, voice)
        try:
            turn = replay(flow.talk, context, heard.answers, just_answered)
            while turn.need:
                heard.answers[turn.need.key] = self._look_up(turn.need.request, heard, here)
                turn = replay(flow.talk, context, heard.answers, just_answered)
        except Exception as failure:
            raise FlowBroke(f"{heard.flow}: {type(failure).__name__}") from failure
        if turn.finished:
            heard.answers = {**heard.languages(), **turn.answers}
        return turn

    def _look_up(self, request: Mapping[str, Any], heard: Talk, here: Moment) -> Any:
        for name, look_up in self._look_ups.items():
            if name in request:
                return look_up(here.session, here.now, heard.language, request)
        if "find_place" in request:
            match = find(self._gazetteer, str(request["find_place"]))
        elif "read_place" in request:
            match = find_in_sentence(self._gazetteer, str(request["read_place"]))
        else:
            return self._narrowed(request["among"], str(request["narrow_place"]))
        return self._settled(match)

    def _narrowed(self, among: Iterable[str], near: str) -> list[str]:
        """The one place, or those that are left; of several in the cercle that was named it is the cercle."""
        before = Match(tuple(place for each in among if (place := self._gazetteer.get(each))), "close")
        match = narrow(self._gazetteer, before, near)
        cercle = self._gazetteer.cercle_of_all(match.places) if match != before else None
        settled = self._settled(match)
        return [cercle] if cercle and len(settled) > 1 else settled

    def _settled(self, match: Match) -> list[str]:
        settled = self._gazetteer.settled(match.places)
        return [settled] if settled else [place.id for place in match.places]

    def _voice(self, heard: Talk) -> "_Voice":
        return _Voice(self._catalogues.translator(heard.language))

    def _speak(
        self,
        heard: Talk,
        here: Moment,
        *,
        just_answered: str | None = None,
        repeated: bool = False,
        hint: Callable[[Question, "_Voice"], str] | None = None,
    ) -> Spoken:
        """Walk on and say what follows; all parts of a question are in one language, if need be the fallback's."""
        voice = self._voice(heard)
        while True:
            turn = self._walk(heard, just_answered, voice, here)
            said = () if repeated or hint else turn.say
            if hint and turn.ask:
                said = (hint(turn.ask, voice),)
            common = voice.common(_parts(turn.ask))
            if common is None:
                break
            voice = _Voice(self._catalogues.translator(common))
        heard.status = TalkStatus.DONE if turn.finished else TalkStatus.OPEN
        heard.asked = turn.ask.shown(_context(heard, voice)) if turn.ask else None
        buttons = _buttons(heard, turn.ask, here.wire)
        text = self.as_shown("\n".join([*said, *_question_words(turn.ask, drawn=bool(buttons))]), voice.tag, here.wire)
        listed = "\n".join([*said, *_question_words(turn.ask, drawn=False)]) if buttons else None
        return Spoken(text, buttons, turn.outcome, understood=hint is None, listed=listed)

    def _read_mixed(self, heard: Talk, shown: Shown, said: Said, here: Moment) -> Understood:
        """What the reply says in the words that another language has for the options: people mix them."""
        if not shown.options or not 0 < len(said.text) <= _LONGEST_MIXED:
            return UNCLEAR
        voices = [_Voice(self._catalogues.translator(tag)) for tag in _MIXED_IN]
        walked = ((voice, self._walk(heard, None, voice, here).ask) for voice in voices)
        others = [ask.shown(_context(heard, voice)) for voice, ask in walked if ask and ask.key == shown.key]
        return read(mixed(shown, others), said)

    def _unclear(self, heard: Talk, here: Moment) -> Spoken:
        heard.tries += 1
        if heard.tries < MOST_TRIES:
            return self._speak(heard, here, hint=_hint)
        heard.status, heard.asked = TalkStatus.LEFT, None
        _ = self._catalogues.translator(heard.language).gettext
        text = _("Thank you, we have it. A person will read it and can call you. Emergencies: 17, 18, 15.")
        return Spoken(self.as_shown(text, heard.language, here.wire), understood=False, gave_up=True)


class _Voice:
    """Says messages in one language and remembers which of them a fallback had to say."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._messages: dict[str, str] = {}

    @property
    def tag(self) -> str:
        """The language's tag."""
        return self._translator.tag

    def gettext(self, message: str, /, **values: object) -> str:
        """The message, filled in."""
        text = self._translator.gettext(message, **values)
        self._messages[text] = message
        return text

    def common(self, said: Iterable[str]) -> str | None:
        """The language in which all of this can be said, or None if it is in one language as it is."""
        tags = {self._translator.speaker(self._messages[text]) for text in said if text in self._messages}
        order = [self.tag, *LANGUAGES[self.tag].fallbacks, SOURCE]
        return max(tags, key=order.index) if len(tags) > 1 else None


def _hint(question: Question, voice: _Voice) -> str:
    _ = voice.gettext
    if question.kind in ("digits", "number", "day"):
        return _("Please answer in digits.")
    if question.kind == "recording":
        return _("Please send a photo or a voice message, or 0.")
    return _("Please answer with one number.") if question.choices() else _("Please answer in words.")


def _context(heard: Talk, voice: _Voice) -> Context:
    facts = heard.facts
    return Context(
        gettext=voice.gettext,
        language=heard.language,
        today=date.fromisoformat(facts["today"]),
        code=facts.get("code", ""),
        stranger=facts.get("stranger", False),
        arabic_letters=facts.get("arabic_letters", False),
        place=facts.get("place"),
        homonyms=tuple(facts.get("homonyms", ())),
        hears_calls=facts.get("hears_calls", False),
        has_media=facts.get("has_media", False),
        person=facts.get("person", 1),
        template=facts.get("template", ""),
        reading=Reading(*facts.get("reading", ())),
    )


def _parts(question: Question | None) -> list[str]:
    """What is read together: the question, its options, and the word behind "0 =" that passes over it."""
    if question is None:
        return []
    return [question.text, *(label for _, label in question.choices()), *([question.skip] if question.skip else [])]


def _question_words(question: Question | None, *, drawn: bool) -> tuple[str, ...]:
    """The question, with its options in words unless they are drawn as buttons."""
    if question is None:
        return ()
    return (question.text,) if drawn else (question.words(),)


def _buttons(heard: Talk, question: Question | None, wire: Channel) -> tuple[Button, ...]:
    if question is None or not wire.has_buttons:
        return ()
    options = [*question.choices()]
    if question.skip and options and question.skip not in dict(options).values():
        options.append((SKIP_NUMBER, question.skip))
    return tuple(Button(label, f"{heard.id.hex}:{question.key}:{value}") for value, label in options)


def open_talk(now: datetime, address_id: UUID, flow: str, facts: Mapping[str, Any]) -> Talk:
    """A new talk, not yet stored, with a key of its own."""
    facts = {"today": now.date().isoformat(), **facts}
    return Talk(new_id(), address_id, flow, new_data_key(), now, now, dict(facts), fresh=True)


def restore(session: Session, row: Any, prefix: str = "") -> Talk:
    """The talk in this row, unsealed. Raises SealError when its key was erased."""

    def column(name: str) -> Any:
        return getattr(row, prefix + name)

    identity = column("id")
    key = session.keys.unwrap(column("data_key"), identity)

    def unsealed(name: str, otherwise: Any) -> Any:
        sealed = column(name)
        return json.loads(unseal(key, f"talk.{name}", identity, sealed)) if sealed else otherwise

    asked = unsealed("asked", None)
    return Talk(
        id=identity,
        address_id=column("address_id"),
        flow=column("flow"),
        data_key=key,
        opened_at=column("opened_at"),
        heard_at=column("heard_at"),
        facts=unsealed("facts", {}),
        answers=unsealed("answers", {}),
        asked=Shown.from_json(asked) if asked else None,
        status=TalkStatus(column("status")),
        tries=column("tries"),
        report_id=column("report_id"),
        contact_id=column("contact_id"),
    )


def load(session: Session, identity: UUID) -> Talk | None:
    """The talk with this id, or None if it can't be opened any more."""
    row = session.run(select(talk).where(talk.c.id == identity)).first()
    return restore(session, row) if row and row.data_key is not None else None


_LEAVE = (
    update(talk)
    .where(talk.c.address_id == bindparam("whose"), among(talk.c.status, "open"))
    .values(status=TalkStatus.LEFT.value, ended_at=bindparam("left_at"))
)


def leave_open(session: Session, address_id: UUID, now: datetime) -> None:
    """Queue the end of every talk of this address that still waits for an answer; what was said is kept."""
    session.later(_LEAVE, {"whose": address_id, "left_at": now})


_INSERT = insert(talk)
_UPDATE = (
    update(talk)
    .where(talk.c.id == bindparam("talk"))
    .values(
        {name: bindparam(name) for name in ("report_id", "status", "answers", "asked", "tries", "heard_at", "ended_at")}
    )
)


def save(session: Session, kept: Talk, now: datetime) -> None:
    """Queue the talk's row, new or changed, for the transaction."""

    def sealed(name: str, value: Any) -> bytes:
        return seal(
            kept.data_key, f"talk.{name}", kept.id, json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        )

    values = {
        "report_id": kept.report_id,
        "status": kept.status.value,
        "answers": sealed("answers", kept.answers),
        "asked": sealed("asked", kept.asked.to_json()) if kept.asked else None,
        "tries": kept.tries,
        "heard_at": now,
        "ended_at": None if kept.status is TalkStatus.OPEN else now,
    }
    if not kept.fresh:
        session.later(_UPDATE, {"talk": kept.id, **values})
        return
    kept.fresh = False
    first = {
        "id": kept.id,
        "address_id": kept.address_id,
        "contact_id": kept.contact_id,
        "flow": kept.flow,
        "data_key": session.keys.wrap(kept.data_key, kept.id),
        "facts": sealed("facts", kept.facts),
        "opened_at": kept.opened_at,
    }
    session.later(_INSERT, {**first, **values})
