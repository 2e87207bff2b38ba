"""What the desk finds out of a rumour and answers, for tests: two sources are asked, then it decides."""

from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from bot.casework import incidents
from bot.casework.rumours import answering, checking
from bot.casework.rumours.answering import Reader
from bot.casework.seats import Seat
from bot.places.gazetteer import Gazetteer
from bot.store.tables import AnswerForm, Says, Veracity
from tests.bot.casework.clerk import Clerk
from tests.bot.casework.members import member_of_staff
from tests.chat import Road

SOURCES = ("mairie de Konna", "gendarmerie de Mopti")
_SAID = {Veracity.CONFIRMED_TRUE: Says.TRUE, Veracity.CONFIRMED_FALSE: Says.FALSE}


def checker(road: Road, username: str = "clerk") -> Clerk:
    """Somebody of the desk who is in the table of staff."""
    return Clerk(road, Seat(member_of_staff(road, username)))


def find_out(road: Road, incident_id: UUID, veracity: Veracity) -> None:
    """Two sources say so, where that is needed, and the desk decides."""
    clerk = checker(road)
    for source in SOURCES if veracity in _SAID else ():
        clerk.does(checking.check, incident_id, source=source, says=_SAID[veracity], finding="vu ce matin")
    clerk.does(incidents.judge, incident_id, veracity)


SENTENCE = "Les services compétents l'ont vérifié ce matin."


_places = lru_cache(Gazetteer.load)


def reader_of(road: Road) -> Reader:
    """Who reads an answer for what repeats the rumour."""
    return Reader(road.lexicon, _places())


def answer(road: Road, incident_id: UUID, text: str = SENTENCE, language: str = "fr", days: float = 5) -> UUID:
    """One person writes a sentence on it and another approves it."""
    reader = reader_of(road)
    writer, approver = checker(road, "writer"), checker(road, "approver")
    expires_at = road.now + timedelta(days=days)
    text_of = {"form": AnswerForm.SENTENCE, "language": language, "text": text, "expires_at": expires_at}
    identity: UUID = writer.does(answering.write, incident_id, reader, **text_of)
    approver.does(answering.approve, incident_id, identity, reader)
    return identity
