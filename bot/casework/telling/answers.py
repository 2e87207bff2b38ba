"""The desk's answers to rumours, as phones hear them: approved by a second person, and as long as they hold.

An answer holds until its last day, and only while what is known of the rumour is what it was written for.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bot.languages.catalogue import LANGUAGES, WORKING
from bot.store import Session
from bot.store.sealing import unseal
from bot.store.tables import AnswerForm, Veracity, incident, rumour_answer

#: One sentence on a telephone.
IS_SENTENCE = rumour_answer.c.form == AnswerForm.SENTENCE.value


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the desk says of a rumour to whoever asks, and how far it is known to be true."""

    id: UUID
    incident_id: UUID
    veracity: Veracity
    text: str = field(repr=False)


def holds(now: datetime) -> tuple[Any, ...]:
    """What makes an answer hold: approved, not withdrawn, not expired, and written for what is known now."""
    return (
        rumour_answer.c.approved_at.is_not(None),
        rumour_answer.c.withdrawn_at.is_(None),
        rumour_answer.c.expires_at > now,
        rumour_answer.c.veracity == incident.c.veracity,
    )


def told(session: Session, now: datetime, incident_id: UUID | None, language: str | None) -> Sentence | None:
    """The sentence on this rumour for whoever speaks this language, in that or in what it falls back to."""
    if incident_id is None:
        return None
    languages = [language, *LANGUAGES[language].fallbacks, WORKING] if language and language in LANGUAGES else [WORKING]
    statement = select(rumour_answer, incident.c.data_key).join(incident, incident.c.id == rumour_answer.c.incident_id)
    its = rumour_answer.c.incident_id == incident_id, rumour_answer.c.language.in_(languages)
    statement = statement.where(*its, IS_SENTENCE, *holds(now)).order_by(rumour_answer.c.approved_at.desc())
    rows = session.run(statement).all()
    if not rows:
        return None
    row = min(rows, key=lambda each: languages.index(each.language))
    key = session.keys.unwrap(row.data_key, row.incident_id)
    return Sentence(
        row.id, row.incident_id, Veracity(row.veracity), unseal(key, "rumour_answer.text", row.id, row.text)
    )
