"""The closed queue on a page of its own: whom to call, what waits, useful numbers; how a report gets there and out."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from admin.access import DESK, Role, look_at, page, seat
from admin.forms import new_token, once
from admin.labels import RELEASE_REASONS
from admin.locks import holding, refuse
from admin.report import report_page
from admin.services import now, services
from admin.watch import officers_on_duty
from admin.words import gettext as _
from bot.casework import closed, locks
from bot.casework.closed import Why
from bot.casework.locks import Held
from bot.store import Session

OFFICERS = frozenset({Role.CLOSED_QUEUE})


@page("/closed", who=OFFICERS)
def closed_queue() -> str:
    """Whom to call first, then what is open; or what is done."""
    over = request.args.get("status") == "done"
    with services().store.reading() as reading:
        counts = closed.counts(reading, seat())
        lines = closed.done(reading, seat()) if over else closed.waiting(reading, seat())
        calls = closed.calls(reading, seat())
        officers = officers_on_duty(reading)
    values = {"counts": counts, "lines": lines, "calls": calls, "over": over, "officers": officers}
    return render_template("closed.html", places=services().gazetteer.commune_label, new_token=new_token, **values)


def unread() -> int:
    """How many reports of the queue nobody has decided on, for its officers."""
    with services().store.reading() as reading:
        counts = closed.counts(reading, seat())
    return counts.get("received", 0) + counts.get("half_told", 0)


@page("/reports/<uuid:report_id>/shelter", who=DESK, methods=("POST",))
def shelter(report_id: UUID) -> Any:
    """Into the closed queue: whoever may not see that sees the report no more."""
    look_at(report_id)

    def act(writing: Session) -> None:
        closed.send(writing, now(), seat(), report_id)
        if not seat().sees_closed:
            locks.leave(writing, now(), seat(), report_id)

    once(act, _("It is in the closed queue. Only its officers see it now."), _("There is no such report."))
    if seat().sees_closed:
        return redirect(url_for("admin.report", report_id=report_id), 303)
    return redirect(url_for("admin.inbox"), 303)


@page("/reports/<uuid:report_id>/release", who=OFFICERS, methods=("POST",))
def release(report_id: UUID) -> Any:
    """Out of the closed queue, for a reason."""
    line = look_at(report_id)
    why = request.form.get("why", "")
    if why not in RELEASE_REASONS:
        return report_page(line, problem=_("Choose why it is released.")), 422

    def act(writing: Session) -> None:
        closed.release(writing, now(), seat(), report_id, Why(why))
        locks.leave(writing, now(), seat(), report_id)

    done = _("Released: it is in the inbox of all, marked as new. Open it to send it back if that was wrong.")
    try:
        once(holding(report_id, act), done, _("There is no such report."))
    except Held as held:
        return report_page(look_at(report_id), problem=refuse(report_id, held), why=why), 409
    # Not to its own page: whoever opens a report has read it, and it would ring for nobody.
    return redirect(url_for("admin.closed_queue"), 303)
