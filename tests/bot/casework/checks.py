"""What the desk finds out of a rumour, for tests: two sources are asked, then it decides."""

from uuid import UUID

from bot.casework import incidents, rumours
from bot.casework.seats import Seat
from bot.store.tables import Says, Veracity
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
        clerk.does(rumours.check, incident_id, source=source, says=_SAID[veracity], finding="vu ce matin")
    clerk.does(incidents.judge, incident_id, veracity)
