"""Incidents: what happened, with everything that was told of it; joined and taken apart by hand."""

import itertools
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, look_at, me, page, seat
from admin.audit import names_of
from admin.forms import new_token, once
from admin.labels import KINDS, URGENCIES
from admin.locks import holding, refuse
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import committee, consent, drafts, exclusions, incidents, items
from bot.casework.drafts import Field
from bot.casework.locks import Held
from bot.casework.masking import own_words, redaction
from bot.conversation.kinds import CLOSED, Kind
from bot.store import Session, audit
from bot.store.tables import IncidentStatus

#: A summary is at most so long.
LONGEST_SUMMARY = 1500


@page("/incidents", who=DESK)
def incident_list() -> str:
    """What is going on, or what is over."""
    over = request.args.get("status") == IncidentStatus.CLOSED
    with services().store.reading() as reading:
        found = incidents.listed(reading, IncidentStatus.CLOSED if over else IncidentStatus.OPEN)
        late = [] if over else items.overdue(reading, now(), "secretariat")
        waits = [] if over else items.waiting(reading, now())
    label = services().gazetteer.commune_label
    return render_template(
        "incidents.html", found=found, over=over, late=late, waits=waits, at=now(), place_label=label
    )


def waiting_seats() -> int:
    """How many items of the committee wait for the desk."""
    with services().store.reading() as reading:
        return items.count_waiting(reading, now())


@page("/incidents/<uuid:incident_id>", who=DESK)
def incident(incident_id: UUID) -> str:
    """One event: who tells of it, where, and what became of it."""
    return incident_page(incident_id)


def incident_page(incident_id: UUID, typed: dict[str, str] | None = None, **values: Any) -> str:
    """The page of an event, with what was typed into one of its fields for seats and did not pass."""
    with services().store.reading() as reading:
        found = incidents.look(reading, incident_id)
        if found is None:
            abort(404)
        lines = incidents.reports_of(reading, seat(), incident_id)
        counted = incidents.count(reading, incident_id)
        sent = [each.id for each in items.of_incident(reading, incident_id)]
        timelines = [audit.timeline(reading, thing) for thing in (incident_id, *(line.id for line in lines), *sent)]
        entries = sorted(itertools.chain(*timelines), key=lambda each: each.id)[-40:]
        people = names_of(reading, entries)
        values = {**_committee(reading, found, typed), **values}
    kinds = {name: words for name, words in KINDS.items() if name not in CLOSED}
    places = list(dict.fromkeys(place for place, _number in counted.places if place))
    if found.place and found.place not in places:
        places.insert(0, found.place)
    told = {"lines": lines, "counted": counted, "entries": entries, "people": people, "kinds": kinds, "places": places}
    label = services().gazetteer.commune_label
    return render_template("incident.html", found=found, place_label=label, new_token=new_token, **told, **values)


def _committee(reading: Session, found: incidents.Incident, typed: dict[str, str] | None) -> dict[str, Any]:
    """What the page of an event shows of its way to the committee."""
    words, typed = own_words.words(reading), typed or {}
    summary = items.summary_of(reading, found.id)
    unwilling = consent.unwilling(reading, found.id)
    of_event = drafts.of(reading, me().id, found.id)
    kept = of_event.get(Field.SUMMARY)
    standing = summary.text if summary else ""
    written = typed.get("summary") or (kept.text if kept else standing)
    draft = written or _first_draft(reading, found.id, words, unwilling)
    place = services().gazetteer.get(found.place) if found.place else None
    path = tuple(each.id for each in services().gazetteer.path(place)) if place else ()
    sent = items.of_incident(reading, found.id)
    shut_out = exclusions.of_incident(reading, found.id)
    route = committee.route_for(reading, found.kind, found.urgency, path).without(shut_out) if found.kind else None
    return {
        "summary": summary,
        "draft": draft,
        "standing": standing if draft != standing else "",
        "typed": typed,
        "found_marks": {
            field: redaction.marks_in_french(text, words, services().gazetteer) for field, text in typed.items()
        },
        "routes": route,
        "shut_out": shut_out,
        "unwilling": unwilling,
        "kept": kept,
        "kept_request": of_event.get(Field.REQUEST),
        "kept_answers": {each.id: drafts.of(reading, me().id, each.id).get(Field.ANSWER) for each in sent},
        "forbidden": consent.forbids(reading, found.id),
        "excluded": exclusions.of_itself(reading, found.id),
        "bodies": committee.bodies(reading),
        "held": {each.seat for each in committee.holders(reading)},
        "items": sent,
        "said": {each.id: items.said_of(reading, each.id) for each in sent},
        "open_links": items.living_links(reading, now(), found.id),
        "longest_summary": LONGEST_SUMMARY,
        "at": now(),
    }


def _first_draft(reading: Session, incident_id: UUID, words: Any, unwilling: Collection[UUID]) -> str:
    """What was told, with all that names somebody masked: a person goes on from there. Who said no is left out."""
    lines = [line for line in incidents.reports_of(reading, seat(), incident_id) if line.id not in unwilling]
    told = [line.narrative for line in lines if line.narrative]
    text = "\n".join(told)[: LONGEST_SUMMARY - 100]
    return redaction.masked(text, redaction.marks_to_send(text, words, services().gazetteer))


@page("/incidents/<uuid:incident_id>/decide", who=DESK, methods=("POST",))
def decide_incident(incident_id: UUID) -> Any:
    """Kind, place and urgency of the event, as a person decided."""
    kind, urgency, place = (request.form.get(name, "") for name in ("kind", "urgency", "place"))
    if kind not in KINDS or kind in CLOSED or urgency not in {str(each) for each in URGENCIES}:
        return incident_page(incident_id, problem=_("Choose a kind and an urgency, then save.")), 422
    if place and services().gazetteer.get(place) is None:
        abort(400)

    def act(writing: Session) -> None:
        incidents.decide(
            writing, now(), seat(), incident_id, kind=Kind(kind), place=place or None, urgency=int(urgency)
        )

    return _do(incident_id, act, _("Saved: kind, place and urgency are decided."))


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
    done = _hold_and_act(report_id, act, _("Joined. What is found out goes to all of them."))
    return redirect(url_for("admin.incident", incident_id=joined[0]) if done else where, 303)


@page("/reports/<uuid:report_id>/event", who=DESK, methods=("POST",))
def open_event(report_id: UUID) -> Any:
    """The event that this report tells of, though nobody else does: from its page a summary goes to the committee."""
    opened: list[UUID] = []

    def act(writing: Session) -> None:
        opened.append(incidents.join(writing, now(), seat(), report_id, []))

    done = _hold_and_act(report_id, act, _("Opened. Write here what the committee is to know."))
    where = url_for("admin.report", report_id=report_id)
    return redirect(url_for("admin.incident", incident_id=opened[0]) if done else where, 303)


@page("/reports/<uuid:report_id>/check", who=DESK, methods=("POST",))
def check_report(report_id: UUID) -> Any:
    """Somebody looks into whether it is true what this report says: it is a rumour with a page of its own."""
    look_at(report_id)
    taken_up: list[UUID] = []

    def act(writing: Session) -> None:
        taken_up.append(incidents.take_up(writing, now(), seat(), report_id))

    done = _hold_and_act(report_id, act, _("Opened. Note here where it is heard, and whom you asked."))
    where = url_for("admin.report", report_id=report_id)
    return redirect(url_for("admin.rumour", incident_id=taken_up[0]) if done else where, 303)


@page("/reports/<uuid:report_id>/split", who=DESK, methods=("POST",))
def split_report(report_id: UUID) -> Any:
    """This report tells of something else."""

    def act(writing: Session) -> None:
        incidents.split(writing, now(), seat(), report_id)

    _hold_and_act(report_id, act, _("Taken out. It stands alone again."))
    return redirect(url_for("admin.report", report_id=report_id), 303)


def _do(incident_id: UUID, act: Callable[[Session], None], done: str) -> Response:
    _act(act, done)
    return redirect(url_for("admin.incident", incident_id=incident_id), 303)


def _hold_and_act(report_id: UUID, act: Callable[[Session], None], done: str) -> bool:
    """An act on one report, which nobody else may be working on."""
    try:
        return _act(holding(report_id, act), done)
    except Held as held:
        flash(refuse(report_id, held), "bad")
        return False


def _act(act: Callable[[Session], None], done: str) -> bool:
    refused = _("A report of the closed queue belongs to no event, and what is not there can't be joined.")
    return once(act, done, refused)
