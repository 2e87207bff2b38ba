"""Bodies that must not hear of a report or of an event: the desk shuts them out, and lets them in again."""

from typing import Any
from uuid import UUID

from flask import abort, redirect, request, url_for

from admin.access import DESK, look_at, page, seat
from admin.forms import once
from admin.labels import WHY_EXCLUDED
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import exclusions, incidents, items
from bot.casework.exclusions import Why
from bot.store import Session


@page("/reports/<uuid:report_id>/excluded", who=DESK, methods=("POST",))
def exclude_from_report(report_id: UUID) -> Any:
    """A body must not hear of what this report tells; with "off" it may."""
    look_at(report_id)
    _change(report_id, items.exclude_from_report)
    return redirect(url_for("admin.report", report_id=report_id), 303)


@page("/incidents/<uuid:incident_id>/excluded", who=DESK, methods=("POST",))
def exclude_from_incident(incident_id: UUID) -> Any:
    """A body must not hear of the event; with "off" it may."""
    with services().store.reading() as reading:
        if incidents.look(reading, incident_id) is None:
            abort(404)
    _change(incident_id, items.exclude)
    return redirect(url_for("admin.incident", incident_id=incident_id), 303)


def _change(subject: UUID, exclude: Any) -> None:
    code, why, off = request.form.get("seat", ""), request.form.get("why", ""), "off" in request.form
    if not off and why not in WHY_EXCLUDED:
        abort(400)

    def act(writing: Session) -> None:
        if off:
            exclusions.lift(writing, now(), seat(), subject, code)
        else:
            exclude(writing, now(), seat(), subject, code, Why(why))

    done = _("It may hear of it again. Nothing is sent by that.") if off else _("Excluded: it finds nothing of it.")
    once(act, done, _("There is no such body."))
