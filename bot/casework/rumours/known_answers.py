"""What somebody asks, answered at once where the desk has confirmed the answer to surely the same question.

Reports that share words with it are found by the keyed index; which of them ask the same, `recognition` says.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from bot.casework import search
from bot.casework.rumours.recognition import Asked, is_same
from bot.casework.telling import answers
from bot.casework.telling.answers import IS_SENTENCE, Sentence, holds
from bot.conversation.kinds import Kind
from bot.conversation.lexicon import Lexicon
from bot.places.gazetteer import Gazetteer
from bot.store import Session
from bot.store.sealing import unseal
from bot.store.tables import Veracity, incident, report, rumour_answer, sighting, talk

#: So many reports are compared with what somebody asks.
_COMPARED = 100
#: What is probable, or can't be checked, is told by a person.
_SURE = (Veracity.CONFIRMED_TRUE.value, Veracity.CONFIRMED_FALSE.value)


def find(
    session: Session, now: datetime, gazetteer: Gazetteer, lexicon: Lexicon, language: str, text: str
) -> Sentence | None:
    """The confirmed sentence on what this text asks, where one rumour and only one asks surely the same.

    Nothing that may concern the closed queue is answered like this.
    """
    asked = Asked.read(text, gazetteer)
    if not asked.asks_enough or lexicon.suggest(text).closed:
        return None
    confirmed = select(incident.c.id, incident.c.place).join(rumour_answer)
    is_rumour = incident.c.kind == Kind.RUMOUR.value, incident.c.veracity.in_(_SURE)
    rows = session.run(confirmed.where(IS_SENTENCE, *holds(now), *is_rumour).distinct()).all()
    places = {row.id: _today(gazetteer, row.place) for row in rows}
    same = {
        incident_id
        for incident_id, wording in wordings(session, list(places), text)
        if is_same(asked, Asked.read(wording, gazetteer), places[incident_id])
    }
    return answers.told(session, now, same.pop(), language) if len(same) == 1 else None


def _today(gazetteer: Gazetteer, place_id: str | None) -> str | None:
    place = gazetteer.get(place_id) if place_id else None
    return gazetteer.of_today(place) if place else None


def wordings(session: Session, incidents: Sequence[UUID], text: str) -> Iterator[tuple[UUID, str]]:
    """What these rumours are told with, by incident: reports that share words with the text, sightings of the desk."""
    if not incidents:
        return
    told = report.c.incident_id.in_(incidents), report.c.narrative.is_not(None), talk.c.data_key.is_not(None)
    columns = report.c.id, report.c.incident_id, report.c.narrative, report.c.talk_id, talk.c.data_key
    statement = select(*columns).join(talk, talk.c.id == report.c.talk_id).where(*told, search.shares(session, text))
    for row in session.run(statement.order_by(report.c.made_at.desc()).limit(_COMPARED)).all():
        key = session.keys.unwrap(row.data_key, row.talk_id)
        for line in unseal(key, "report.narrative", row.id, row.narrative).split("\n"):
            yield row.incident_id, line
    noted = sighting.c.incident_id.in_(incidents), sighting.c.words.is_not(None), sighting.c.withdrawn_at.is_(None)
    for row in session.run(select(sighting, incident.c.data_key).join(incident).where(*noted).limit(_COMPARED)).all():
        key = session.keys.unwrap(row.data_key, row.incident_id)
        yield row.incident_id, unseal(key, "sighting.words", row.id, row.words)
