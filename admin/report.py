"""One report: what was told, what was said since, and what the desk decides, writes and sets aside."""

import itertools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for

from admin import thread
from admin.access import DESK, actor, look_at, me, page, seat
from admin.audit import names_of
from admin.forms import new_token, once
from admin.labels import KINDS, SET_ASIDE_REASONS, URGENCIES
from admin.locks import holding, refuse, work_on, worker_of
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import call_backs, calls, committee, desk, drafts, exclusions, incidents, interpreting, locks
from bot.casework.desk import Line
from bot.casework.drafts import Field
from bot.casework.locks import Held
from bot.casework.masking import own_words
from bot.casework.sources import source_of
from bot.casework.states import OPEN
from bot.casework.telling import reach
from bot.conversation.kinds import CLOSED, Kind
from bot.errors import NotAllowed
from bot.languages import fold, tidy
from bot.places.gazetteer import Level, Place
from bot.places.matching import find
from bot.store import Session, audit

#: So many places are offered for a name.
_MOST_PLACES = 12


@page("/reports/<uuid:report_id>", who=DESK)
def report(report_id: UUID) -> Any:
    """The report; its first opening by a person is in the audit."""
    line = look_at(report_id)
    if line.unread:
        with services().store.writing() as writing:
            desk.mark_seen(writing, now(), seat(), report_id)
    work_on(report_id)
    return report_page(line)


@page("/reports/<uuid:report_id>/decide", who=DESK, methods=("POST",))
def decide(report_id: UUID) -> Any:
    """Kind, place and urgency, as a person decided; or, with the button "find", the places of a name to choose from."""
    line = look_at(report_id)
    kind, urgency = request.form.get("kind", ""), request.form.get("urgency", "")
    if "find" in request.form:
        return _with_places(line, kind, urgency)
    place = request.form.get("place") or None
    if kind not in KINDS or urgency not in {str(each) for each in URGENCIES}:
        return report_page(line, problem=_("Choose a kind and an urgency, then save.")), 422
    named = services().gazetteer.get(place) if place else None
    if place and named is None:
        abort(400)
    place = services().gazetteer.settled([named]) if named else None
    words = tidy(request.form.get("place_words", ""))[:80].strip()
    if not place and words:
        return _with_places(line, kind, urgency, unsettled(words))

    def act(writing: Session) -> None:
        desk.confirm(writing, now(), seat(), report_id, kind=Kind(kind), place=place, urgency=int(urgency))
        if kind in CLOSED and not seat().sees_closed:  # whoever sees it no more does not work on it
            locks.leave(writing, now(), seat(), report_id)

    found = services().gazetteer.get(place) if place and place != line.place else None
    chosen, places = {"kind": kind, "urgency": int(urgency)}, [found] if found else []
    done = _("Saved: kind, place and urgency are decided.")
    return act_on(line, act, done, chosen=chosen, found_places=places)


def _with_places(line: Line, kind: str, urgency: str, problem: str = "") -> Any:
    """The same page, or its part for a script, with the places that a name may mean."""
    name = tidy(request.form.get("place_words", ""))[:80].strip()
    found = places_named(name) if name else []
    values = {"place_words": name, "found_places": found, "searched": bool(name)}
    if request.headers.get("X-Fragment"):
        return render_template("report_places.html", line=line, place_label=_label, **values)
    chosen = {"kind": kind, "urgency": int(urgency) if urgency.isdecimal() else line.urgency}
    return report_page(line, problem=problem, chosen=chosen, **values)


def unsettled(name: str) -> str:
    """What mends a place that was typed and not chosen."""
    if places_named(name):
        return _("Choose one of the places found, then save.")
    return _("No place of this name is known: try another spelling or the commune, or empty the field and save.")


def places_named(name: str) -> list[Place]:
    """The places that a name may mean: of this very name, those that begin with it, those alike; localities last.

    A cercle or region that stands in both layouts is offered once, as it is today.
    """
    gazetteer, key = services().gazetteer, fold(name)
    match = find(gazetteer, name)
    begun = [place for place in (*gazetteer, *gazetteer.localities()) if len(key) > 2 and _begins_with(place, key)]
    found = (*match.places, *begun) if match.certainty == "exact" else (*begun, *match.places)
    ordered = sorted(found, key=lambda place: place.level is Level.LOCALITY)
    ids = dict.fromkeys(gazetteer.of_today(place) for place in ordered)
    return [place for each in ids if (place := gazetteer.get(each))][:_MOST_PLACES]


def _begins_with(place: Place, key: str) -> bool:
    return any(fold(each).startswith(key) for each in place.names)


@page("/reports/<uuid:report_id>/set-aside", who=DESK, methods=("POST",))
def set_aside(report_id: UUID) -> Any:
    """Out of the inbox for a reason; it can be taken back."""
    line = look_at(report_id)
    reason = request.form.get("reason", "")
    if reason not in SET_ASIDE_REASONS:
        return report_page(line, problem=_("Choose why it is set aside.")), 422

    def act(writing: Session) -> None:
        desk.set_aside(writing, now(), seat(), report_id, reason)

    return act_on(line, act, _("Set aside. You can take it back below."), reason=reason)


@page("/reports/<uuid:report_id>/close", who=DESK, methods=("POST",))
def close(report_id: UUID) -> Any:
    """It is done; it can be taken back."""
    line = look_at(report_id)

    def act(writing: Session) -> None:
        desk.close(writing, now(), seat(), report_id)

    return act_on(line, act, _("Closed. You can take it back below."))


@page("/reports/<uuid:report_id>/take-back", who=DESK, methods=("POST",))
def take_back(report_id: UUID) -> Any:
    """Back into the inbox."""
    line = look_at(report_id)

    def act(writing: Session) -> None:
        desk.take_back(writing, now(), seat(), report_id)

    return act_on(line, act, _("Back in the inbox."))


def act_on(
    line: Line,
    act: Callable[[Session], None],
    done: str | Callable[[], str],
    refused: Callable[[NotAllowed], str] | None = None,
    **typed: Any,
) -> Any:
    """One act, once per form; then the report, with what came of it.

    While somebody else works on the report nothing is done, and what was `typed` stands on the page again.
    """
    try:
        once(holding(line.id, act), done, refused or _("This can't be done with this report."))
    except Held as held:
        return report_page(look_at(line.id), problem=refuse(line.id, held), **typed), 409
    return redirect(url_for("admin.report", report_id=line.id), 303)


def _label(place_id: str) -> str:
    return services().gazetteer.commune_label(place_id)


def _redacted(reading: Session, line: Line) -> str:
    """What a translator might be given of it, for a person to go on from; of the closed queue nothing."""
    if line.closed_queue or not line.narrative:
        return ""
    return services().means.reader.masked(line.narrative, own_words.words(reading))


def report_page(line: Line, **values: Any) -> str:
    """The page of a report, with what was typed and did not pass."""
    with services().store.reading() as reading:
        said = thread.values(reading, line)
        translations = interpreting.of(reading, seat(), line.id)
        asked_in = {each.task.language for each in translations if each.translation is None}
        without_translator = {each for each in asked_in if not interpreting.has_translator(reading, each)}
        redacted = _redacted(reading, line)
        kept = drafts.of(reading, me().id, line.id).get(Field.REPLY)
        tasks = call_backs.of_report(reading, seat(), line.id)
        timelines = [audit.timeline(reading, thing) for thing in (line.id, *(task.id for task in tasks))]
        entries = sorted(itertools.chain(*timelines), key=lambda each: each.id)
        people = names_of(reading, entries)
        same = incidents.suggest(reading, seat(), line, services().gazetteer)
        source = source_of(reading, seat(), line.id)
        excluded = exclusions.of_itself(reading, line.id)
        bodies = committee.bodies(reading)
        worker = worker_of(reading, line.id)
        # Of a number that a clerk entered nothing is told.
        not_safe = line.channel != reach.DESK and calls.unsafe_of(reading, seat(), line.id)
    page_values = {
        "line": line,
        "kept": kept,
        "translations": translations,
        "without_translator": without_translator,
        "redacted": redacted,
        "draft": kept.text if kept else "",
        "entries": entries,
        "people": people,
        "tasks": tasks,
        "same": same,
        "source": source,
        "excluded": excluded,
        "bodies": bodies,
        "worker": worker,
        "place_label": _label,
        "not_safe": not_safe,
        "new_token": new_token,
        "me_actor": actor(),
        "open_statuses": OPEN,
        "suggestion": services().lexicon.suggest(line.narrative or ""),
        "may_be_told": reach.agreed(line.answer_needed, closed_queue=line.closed_queue),
        "chosen": {"kind": line.kind or line.suggested_kind, "urgency": line.urgency},
        **said,
        **values,
    }
    return render_template("report.html", **page_values)
