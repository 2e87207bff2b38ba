"""The line over every page of the desk: who is on duty now, and whether a report of a life in danger waits unread."""

from dataclasses import dataclass

from admin.access import DESK, may, seat
from admin.services import now, services
from admin.words import gettext as _
from admin.words import hour, moment_ahead, ngettext
from bot.casework import desk
from bot.casework.duty import hours, rota
from bot.casework.duty.rota import Line, Shift
from bot.store import Session


@dataclass(frozen=True, slots=True)
class Watch:
    """How many wait unread, and the sentences that the line says."""

    ringing: int
    waits: str
    on_duty: str


def watch() -> Watch | None:
    """As it is now, for whoever is here and works with reports."""
    if not may(DESK):
        return None
    with services().store.reading() as reading:
        return watch_in(reading)


def watch_in(reading: Session) -> Watch:
    """The same, read with something else."""
    ringing = desk.ringing(reading, seat())
    waits = ngettext("%(n)s life-in-danger report is unread", "%(n)s life-in-danger reports are unread", ringing)
    return Watch(ringing, waits if ringing else "", _on_duty(reading))


def _on_duty(reading: Session) -> str:
    present = rota.on_duty(reading, now(), Line.DESK)
    if present:
        return _("On duty: %(names)s", names=names(present))
    staffed = hours.hours(reading)
    if staffed.staffed(now()):
        return _("Nobody is on duty now.")
    opens = next((opens for opens, _closes in staffed.spans(now())), None)
    return _("The desk is closed until %(when)s.", when=moment_ahead(opens)) if opens else _("The desk is closed.")


def officers_on_duty(reading: Session) -> str:
    """Which officer of the closed queue is on duty now; nothing for whoever does not see that queue."""
    if not seat().sees_closed:
        return ""
    present = rota.on_duty(reading, now(), Line.CLOSED_QUEUE)
    if present:
        return _("Closed queue, on duty: %(names)s", names=names(present))
    return _("Closed queue: no officer is on duty now.")


def names(present: list[Shift]) -> str:
    """Who, and until when each."""
    return ", ".join(
        _("%(name)s until %(hour)s", name=each.person.name, hour=hour(each.span.closes)) for each in present
    )
