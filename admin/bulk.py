"""Several reports at once, chosen in the inbox: set aside, decided, joined; what could not be done is said for each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for

from admin.access import DESK, page, seat
from admin.filters import query_of
from admin.forms import form_token, new_token
from admin.labels import KINDS, SET_ASIDE_REASONS, URGENCIES
from admin.locks import workers_on
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import bulk, desk, locks
from bot.casework.bulk import Result
from bot.conversation.kinds import CLOSED, Kind
from bot.store import Session

Act = Callable[[Session, UUID], None]


@page("/reports/bulk", who=DESK, methods=("POST",))
def act_on_many() -> Any:
    """The act whose button was pressed, on the reports that were ticked."""
    back = url_for("admin.inbox", **query_of(request.args))
    try:
        chosen = [UUID(each) for each in request.form.getlist("report")]
    except ValueError:
        abort(400)
    name = request.form.get("act", "")
    problem = _("Tick the reports first.") if not chosen else _lacking(name, len(chosen))
    if problem:
        flash(problem, "bad")
        return redirect(back, 303)
    store, token, incident = services().store, form_token(), None
    if name == "join":
        result, incident = bulk.join(store, now(), seat(), token, chosen)
    else:
        result = bulk.each(store, now(), seat(), token, chosen, _ACTS[name]())
    return _result_page(name, result, back, incident)


def _lacking(name: str, number: int) -> str:
    """What the form does not say, in one sentence."""
    if name not in _ACTS and name != "join":
        abort(400)
    if name == "set_aside" and request.form.get("reason", "") not in SET_ASIDE_REASONS:
        return _("Choose why they are set aside.")
    urgencies = {str(each) for each in URGENCIES}
    if name == "decide" and (request.form.get("kind") not in KINDS or request.form.get("urgency") not in urgencies):
        return _("Choose a kind and an urgency.")
    return _("An event needs two reports at least.") if name == "join" and number < 2 else ""


def _set_aside() -> Act:
    reason = request.form["reason"]
    return lambda session, report_id: desk.set_aside(session, now(), seat(), report_id, reason)


def _decide() -> Act:
    kind, urgency = Kind(request.form["kind"]), int(request.form["urgency"])

    def act(session: Session, report_id: UUID) -> None:
        desk.sort(session, now(), seat(), report_id, kind=kind, urgency=urgency)
        if kind in CLOSED and not seat().sees_closed:
            locks.leave(session, now(), seat(), report_id)

    return act


def _undo() -> Act:
    return lambda session, report_id: desk.undo_set_aside(session, now(), seat(), report_id)


_ACTS: dict[str, Callable[[], Act]] = {"set_aside": _set_aside, "decide": _decide, "undo": _undo}


def _result_page(name: str, result: Result, back: str, incident: UUID | None) -> str:
    with services().store.reading() as reading:
        lines = {each: line for each in result.refused if (line := desk.look(reading, seat(), each))}
        workers = workers_on(reading, list(lines))
    values = {"name": name, "result": result, "lines": lines, "workers": workers, "back": back, "incident": incident}
    return render_template("bulk.html", places=services().gazetteer.commune_label, new_token=new_token, **values)
