"""The desk answers a rumour: a sentence for telephones and a text for the radios, each approved by a second person.

Neither may repeat the rumour. A text is never changed: another is written, and takes its place when it is approved.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from bot.casework import desk
from bot.casework.masking import own_words
from bot.casework.rumours import checking
from bot.casework.rumours.repeats import Repeat, Told, repeats
from bot.casework.seats import Seat
from bot.casework.telling import answers, telling
from bot.casework.telling.telling import Telling
from bot.conversation.lexicon import Lexicon
from bot.errors import NotAllowed, Stale
from bot.languages import Folding, gsm7
from bot.places.gazetteer import Gazetteer
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.sealing import seal, unseal
from bot.store.tables import AnswerForm, Veracity, incident, report, rumour_answer
from bot.store.types import new_id

#: How fast a text is read aloud. Our assumption: newsreaders in France speak 200 words a minute (Rist, "200 mots à la
#: minute", Communication et langages 119, 1999), books are read at 150; who must be understood at once reads slower.
WORDS_A_MINUTE = 140
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(seconds=60)
#: An answer holds at most so long, and two weeks if nobody says otherwise.
HOLDS_AT_MOST, HOLDS = timedelta(days=92), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Answer:
    """One text, and how far it is: `holds` if it is told today."""

    id: UUID
    form: AnswerForm
    language: str
    veracity: Veracity
    text: str
    expires_at: datetime
    made_by: UUID
    made_at: datetime
    approved_by: UUID | None
    approved_at: datetime | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a text with the words for kinds and the names of places of this desk."""

    lexicon: Lexicon
    gazetteer: Gazetteer

    def repeats(self, session: Session, seat: Seat, incident_id: UUID, text: str) -> list[Repeat]:
        """What in this text repeats the rumour."""
        heard = checking.sightings(session, seat, incident_id)
        row = session.run(select(incident.c.place).where(incident.c.id == incident_id)).first()
        places = {each.place for each in heard if each.place} | ({row.place} if row and row.place else set())
        told = Told([each.words for each in heard if each.words], sorted(places))
        return repeats(text, told, self.lexicon, self.gazetteer, own_words.words(session))


def seconds(text: str) -> float:
    """How long it takes to read a text aloud."""
    spoken = [word for word in text.split() if any(character.isalnum() for character in word)]
    return len(spoken) * 60 / WORDS_A_MINUTE


def fits(form: AnswerForm, text: str, language: str, folding: Folding) -> bool:
    """Whether a sentence is one SMS, or a text is read aloud in half a minute to a minute."""
    if form is AnswerForm.SENTENCE:
        return gsm7.count(folding.for_sms(text, language)).segments == 1
    return SHORTEST.total_seconds() <= seconds(text) <= LONGEST.total_seconds()


def write(
    session: Session,
    now: datetime,
    seat: Seat,
    incident_id: UUID,
    reader: Reader,
    *,
    form: AnswerForm,
    language: str,
    text: str,
    expires_at: datetime,
) -> UUID:
    """A text for a second person to approve; it takes the place of another that waits.

    Raises NotAllowed for one that repeats the rumour, as long as nothing is settled, and for what is not there.
    """
    row = _mine(session, incident_id)
    if row.veracity is None or not Veracity(row.veracity).is_settled:
        raise NotAllowed("nothing is settled that could be told")
    _refuse_repeats(session, seat, incident_id, reader, text)
    _make_way(session, now, incident_id, form, language, waiting=True)
    identity = new_id()
    sealed = seal(session.keys.unwrap(row.data_key, row.id), "rumour_answer.text", identity, text)
    values = {"id": identity, "incident_id": incident_id, "form": form.value, "language": language, "text": sealed}
    made = {"veracity": row.veracity, "expires_at": expires_at, "made_by": seat.staff_id, "made_at": now}
    session.run(rumour_answer.insert().values(**values, **made))
    note(session, now, seat.actor, Action.ANSWER_WRITTEN, incident_id, {"form": form.value, "language": language})
    return identity


def approve(session: Session, now: datetime, seat: Seat, incident_id: UUID, identity: UUID, reader: Reader) -> None:
    """A second person has read this very text; a sentence is told to whoever agreed, and it takes the other's place.

    Raises NotAllowed for whoever wrote it and for one that repeats what was told since, Stale if it no longer waits or
    what is known has changed.
    """
    row = _mine(session, incident_id)
    its = rumour_answer.c.id == identity, rumour_answer.c.incident_id == incident_id
    waits = rumour_answer.c.approved_at.is_(None), rumour_answer.c.withdrawn_at.is_(None)
    text = session.run(select(rumour_answer).where(*its, *waits).with_for_update()).first()
    if text is None or text.veracity != row.veracity or text.expires_at <= now:
        raise Stale("the text no longer waits")
    if text.made_by == seat.staff_id:
        raise NotAllowed("nobody approves what they wrote themselves")
    _refuse_repeats(session, seat, incident_id, reader, _opened(session, row, text))
    form = AnswerForm(text.form)
    _make_way(session, now, incident_id, form, text.language, waiting=False)
    approved = update(rumour_answer).where(*its, *waits).values(approved_by=seat.staff_id, approved_at=now)
    if not session.run(approved).rowcount:
        raise Stale("the text no longer waits")
    note(session, now, seat.actor, Action.ANSWER_APPROVED, incident_id, {"form": form.value, "language": text.language})
    if form is AnswerForm.SENTENCE:
        _tell(session, now, seat, incident_id, identity)


def withdraw(session: Session, now: datetime, seat: Seat, incident_id: UUID, identity: UUID) -> None:
    """It is told to nobody any more. Raises Stale if it was withdrawn before."""
    its = rumour_answer.c.id == identity, rumour_answer.c.incident_id == incident_id
    living = rumour_answer.c.withdrawn_at.is_(None)
    if not session.run(update(rumour_answer).where(*its, living).values(withdrawn_at=now)).rowcount:
        raise Stale("the text is no longer there")
    note(session, now, seat.actor, Action.ANSWER_WITHDRAWN, incident_id)


def listed(session: Session, now: datetime, incident_id: UUID) -> list[Answer]:
    """What was written and not withdrawn, the newest first."""
    row = session.run(select(incident).where(incident.c.id == incident_id)).first()
    if row is None or row.data_key is None:
        return []
    its = rumour_answer.c.incident_id == incident_id, rumour_answer.c.withdrawn_at.is_(None)
    order = rumour_answer.c.made_at.desc(), rumour_answer.c.id.desc()
    texts = session.run(select(rumour_answer).where(*its).order_by(*order)).all()
    return [_answer(session, now, row, text) for text in texts]


def _tell(session: Session, now: datetime, seat: Seat, incident_id: UUID, identity: UUID) -> None:
    """Have those told who speak a language that this sentence is the best for."""
    lines = desk.lines(session, seat, report.c.incident_id == incident_id, most=1000)
    languages = {line.language for line in lines}
    best = {language: answers.told(session, now, incident_id, language) for language in languages}
    for line in lines:
        sentence = best[line.language]
        if sentence and sentence.id == identity:
            telling.tell(session, now, line.id, Telling.VERDICT)


def _refuse_repeats(session: Session, seat: Seat, incident_id: UUID, reader: Reader, text: str) -> None:
    if any(each.is_forbidden for each in reader.repeats(session, seat, incident_id, text)):
        raise NotAllowed("an answer never repeats the rumour")


def _make_way(
    session: Session, now: datetime, incident_id: UUID, form: AnswerForm, language: str, *, waiting: bool
) -> None:
    its = rumour_answer.c.incident_id == incident_id, rumour_answer.c.withdrawn_at.is_(None)
    alike = rumour_answer.c.form == form.value, rumour_answer.c.language == language
    approved = rumour_answer.c.approved_at.is_(None) if waiting else rumour_answer.c.approved_at.is_not(None)
    session.run(update(rumour_answer).where(*its, *alike, approved).values(withdrawn_at=now))


def _mine(session: Session, incident_id: UUID) -> Any:
    """The incident, locked. Raises NotAllowed for one that is not there or was erased."""
    row = session.run(select(incident).where(incident.c.id == incident_id).with_for_update()).first()
    if row is None or row.data_key is None:
        raise NotAllowed("there is no such incident any more")
    return row


def _opened(session: Session, row: Any, text: Any) -> str:
    return unseal(session.keys.unwrap(row.data_key, row.id), "rumour_answer.text", text.id, text.text)


def _answer(session: Session, now: datetime, row: Any, text: Any) -> Answer:
    approved = text.approved_at is not None
    return Answer(
        id=text.id,
        form=AnswerForm(text.form),
        language=text.language,
        veracity=Veracity(text.veracity),
        text=_opened(session, row, text),
        expires_at=text.expires_at,
        made_by=text.made_by,
        made_at=text.made_at,
        approved_by=text.approved_by,
        approved_at=text.approved_at,
        holds=approved and text.expires_at > now and text.veracity == row.veracity,
    )
