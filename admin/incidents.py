"""Incidents: what happened, with everything that was told of it; joined and taken apart by hand."""

import itertools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, page, seat
from admin.audit import names_of
from admin.forms import new_token, once
from admin.labels import KINDS, URGENCIES, VERDICTS
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import incidents
from bot.conversation.kinds import CLOSED, Kind
from bot.store import Session, audit
from bot.store.tables import IncidentStatus, Verdict


@page("/incidents", who=DESK)
def incident_list() -> str:
    """What is going on, or what is over."""
    over = request.args.get("status") == IncidentStatus.CLOSED
    with services().store.reading() as reading:
        found = incidents.listed(reading, IncidentStatus.CLOSED if over else IncidentStatus.OPEN)
    return render_template("incidents.html", found=found, over=over, place_label=services().gazetteer.commune_label)


@page("/incidents/<uuid:incident_id>", who=DESK)
def incident(incident_id: UUID) -> str:
    """One event: who tells of it, where, and what became of it."""
    return _page(incident_id)


def _page(incident_id: UUID, **values: Any) -> str:
    with services().store.reading() as reading:
        found = incidents.look(reading, incident_id)
        if found is None:
            abort(404)
        lines = incidents.reports_of(reading, seat(), incident_id)
        counted = incidents.count(reading, incident_id)
        timelines = [audit.timeline(reading, thing) for thing in (incident_id, *(line.id for line in lines))]
        entries = sorted(itertools.chain(*timelines), key=lambda each: each.id)[-40:]
        people = names_of(reading, entries)
    kinds = {name: words for name, words in KINDS.items() if name not in CLOSED}
    places = list(dict.fromkeys(place for place, _number in counted.places if place))
    if found.place and found.place not in places:
        places.insert(0, found.place)
    told = {"lines": lines, "counted": counted, "entries": entries, "people": people, "kinds": kinds, "places": places}
    label = services().gazetteer.commune_label
    return render_template("incident.html", found=found, place_label=label, new_token=new_token, **told, **values)


@page("/incidents/<uuid:incident_id>/decide", who=DESK, methods=("POST",))
def decide_incident(incident_id: UUID) -> Any:
    """Kind, place and urgency of the event, as a person decided."""
    kind, urgency, place = (request.form.get(name, "") for name in ("kind", "urgency", "place"))
    if kind not in KINDS or kind in CLOSED or urgency not in {str(each) for each in URGENCIES}:
        return _page(incident_id, problem=_("Choose a kind and an urgency, then save.")), 422
    if place and services().gazetteer.get(place) is None:
        abort(400)

    def act(writing: Session) -> None:
        incidents.decide(
            writing, now(), seat(), incident_id, kind=Kind(kind), place=place or None, urgency=int(urgency)
        )

    return _do(incident_id, act, _("Saved: kind, place and urgency are decided."))


@page("/incidents/<uuid:incident_id>/verdict", who=DESK, methods=("POST",))
def judge_incident(incident_id: UUID) -> Any:
    """What was found out, for everybody who told of it."""
    chosen = request.form.get("verdict", "")
    if chosen not in VERDICTS:
        return _page(incident_id, problem=_("Choose what was found out.")), 422

    def act(writing: Session) -> None:
        incidents.judge(writing, now(), seat(), incident_id, Verdict(chosen))

    return _do(incident_id, act, _("Noted. Who wanted to know is told; others hear it by STATUS and their number."))


@page("/incidents/<uuid:incident_id>/close", who=DESK, methods=("POST",))
def close_incident(incident_id: UUID) -> Any:
    """It is over, for all of its reports."""

    def act(writing: Session) -> None:
        incidents.close(writing, now(), seat(), incident_id)

    return _do(incident_id, act, _("Closed. You can take it back below."))


@page("/incidents/<uuid:incident_id>/reopen", who=DESK, methods=("POST",))
def reopen_incident(incident_id: UUID) -> Any:
    """It is not over."""

    def act(writing: Session) -> None:
        incidents.reopen(writing, now(), seat(), incident_id)

    return _do(incident_id, act, _("Open again, with its reports."))


@page("/reports/<uuid:report_id>/join", who=DESK, methods=("POST",))
def join_reports(report_id: UUID) -> Any:
    """The reports that were ticked tell of the same event as this one."""
    try:
        others = [UUID(each) for each in request.form.getlist("others")]
    except ValueError:
        abort(400)
    if not others:
        flash(_("Tick the reports that tell of the same event."), "bad")
        return redirect(url_for("admin.report", report_id=report_id), 303)
    joined: list[UUID] = []

    def act(writing: Session) -> None:
        joined.append(incidents.join(writing, now(), seat(), report_id, others))

    where = url_for("admin.report", report_id=report_id)
    done = _act(act, _("Joined. What is found out goes to all of them."))
    return redirect(url_for("admin.incident", incident_id=joined[0]) if done else where, 303)


@page("/reports/<uuid:report_id>/split", who=DESK, methods=("POST",))
def split_report(report_id: UUID) -> Any:
    """This report tells of something else."""

    def act(writing: Session) -> None:
        incidents.split(writing, now(), seat(), report_id)

    _act(act, _("Taken out. It stands alone again."))
    return redirect(url_for("admin.report", report_id=report_id), 303)


def _do(incident_id: UUID, act: Callable[[Session], None], done: str) -> Response:
    _act(act, done)
    return redirect(url_for("admin.incident", incident_id=incident_id), 303)


def _act(act: Callable[[Session], None], done: str) -> bool:
    refused = _("A report of the closed queue belongs to no event, and what is not there can't be joined.")
    return once(act, done, refused)
