"""Rumours: where each is heard, who was asked about it, and how far it is known to be true."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, page, seat
from admin.audit import names_of
from admin.forms import new_token, once
from admin.labels import SAYS, THROUGH, VERACITIES
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import incidents, rumours
from bot.languages import tidy
from bot.places.matching import find
from bot.store import Session, audit
from bot.store.audit import Action
from bot.store.tables import Says, Through, Veracity

#: What the desk writes of a source or a sighting is at most so long.
LONGEST_SOURCE, LONGEST_WORDS = 120, 600
#: A sighting is noted at most so late.
_LATEST = timedelta(days=366)
_WHEN = "%Y-%m-%dT%H:%M"


@page("/rumours", who=DESK)
def rumour_list() -> str:
    """What people say, by how far it is known to be true; and what nobody has looked at yet."""
    state = request.args.get("state", "")
    veracity = Veracity(state) if state in VERACITIES else None
    with services().store.reading() as reading:
        found = rumours.listed(reading, seat(), veracity)
        alone = rumours.unopened(reading, seat()) if veracity in (None, Veracity.NEW) else []
    label = services().gazetteer.commune_label
    return render_template(
        "rumours.html",
        found=found,
        alone=alone,
        state=veracity,
        most=rumours.PAGE,
        place_label=label,
        new_token=new_token,
    )


@page("/rumours/<uuid:incident_id>", who=DESK)
def rumour(incident_id: UUID) -> str:
    """One rumour."""
    return rumour_page(incident_id)


def rumour_page(incident_id: UUID, typed: Mapping[str, str] | None = None, problem: str = "") -> str:
    """The page of a rumour, with what was typed and did not pass."""
    with services().store.reading() as reading:
        found = incidents.look(reading, incident_id)
        if found is None or found.veracity is None:
            abort(404)
        sightings = rumours.sightings(reading, seat(), incident_id)
        checks = rumours.checks(reading, incident_id)
        entries = audit.timeline(reading, incident_id)
        people = names_of(reading, entries)
    history = [entry for entry in entries if entry.action is Action.INCIDENT_JUDGED and "veracity" in entry.detail]
    return render_template(
        "rumour.html",
        found=found,
        sightings=sightings,
        checks=checks,
        enough={
            veracity: rumours.agreeing(checks, says) >= rumours.SOURCES for veracity, says in rumours.CONFIRMS.items()
        },
        history=history,
        people=people,
        typed=typed or {},
        problem=problem,
        place_label=services().gazetteer.commune_label,
        new_token=new_token,
        at=now().astimezone(UTC).strftime(_WHEN),
        longest={"source": LONGEST_SOURCE, "words": LONGEST_WORDS},
    )


@page("/rumours/<uuid:incident_id>/veracity", who=DESK, methods=("POST",))
def judge_rumour(incident_id: UUID) -> Any:
    """How far it is known to be true, for everybody who asked."""
    chosen = request.form.get("veracity", "")
    if chosen not in VERACITIES:
        return rumour_page(incident_id, problem=_("Choose what was found out.")), 422

    def act(writing: Session) -> None:
        incidents.judge(writing, now(), seat(), incident_id, Veracity(chosen))

    refused = _("Two different sources must say so first. Note below whom you asked, and what they said.")
    return _do(
        incident_id, act, _("Noted. What is settled is told to whoever agreed; others hear it by STATUS."), refused
    )


# Where it is heard


@page("/rumours/<uuid:incident_id>/sightings", who=DESK, methods=("POST",))
def note_sighting(incident_id: UUID) -> Any:
    """It is heard there, too, as a radio or a caller says."""
    typed = _typed("through", "place", "heard_at", "words")
    read = _read_sighting(typed)
    if isinstance(read, str):
        return rumour_page(incident_id, typed, read), 422

    def act(writing: Session) -> None:
        rumours.sight(writing, now(), seat(), incident_id, **read)

    return _do(incident_id, act, _("Noted: it was heard there, too."), _gone())


def _read_sighting(typed: Mapping[str, str]) -> dict[str, Any] | str:
    """What the form says, or what is wrong with it in one sentence."""
    if typed["through"] not in THROUGH:
        return _("Choose through what it was heard.")
    place = services().gazetteer.settled(find(services().gazetteer, typed["place"]).places) if typed["place"] else None
    if typed["place"] and place is None:
        return _("No single place has this name. Add the cercle, or leave it empty.")
    try:
        heard_at = datetime.strptime(typed["heard_at"], _WHEN).replace(tzinfo=UTC)
    except ValueError:
        return _("Give the day and the hour at which it was heard.")
    if not now() - _LATEST < heard_at < now() + timedelta(minutes=1):
        return _("It was heard today or before, and within a year.")
    words = typed["words"][:LONGEST_WORDS]
    return {"through": Through(typed["through"]), "place": place, "heard_at": heard_at, "words": words}


@page("/rumours/<uuid:incident_id>/sightings/<uuid:sighting_id>/withdraw", who=DESK, methods=("POST",))
def withdraw_sighting(incident_id: UUID, sighting_id: UUID) -> Any:
    """It was noted by mistake."""

    def act(writing: Session) -> None:
        rumours.take_back_sighting(writing, now(), seat(), incident_id, sighting_id)

    return _do(incident_id, act, _("Taken back."), _gone())


# What sources say


@page("/rumours/<uuid:incident_id>/checks", who=DESK, methods=("POST",))
def note_check(incident_id: UUID) -> Any:
    """A source was asked, and said so."""
    typed = _typed("source", "says", "finding")
    if problem := _wrong_with_check(typed):
        return rumour_page(incident_id, typed, problem), 422

    def act(writing: Session) -> None:
        finding = typed["finding"][:LONGEST_WORDS]
        rumours.check(
            writing, now(), seat(), incident_id, source=typed["source"], says=Says(typed["says"]), finding=finding
        )

    return _do(incident_id, act, _("Noted. Decide above what is known now."), _gone())


def _wrong_with_check(typed: Mapping[str, str]) -> str | None:
    if not 0 < len(typed["source"]) <= LONGEST_SOURCE or typed["says"] not in SAYS or not typed["finding"]:
        return _("Write whom you asked, choose what they say, and write what they told you.")
    with services().store.reading() as reading:
        named = rumours.named_in(reading, typed["source"])
    if named:
        return _("Write the role or the body (“town hall of Konna”), no name of a person and no number.")
    return None


@page("/rumours/<uuid:incident_id>/checks/<uuid:check_id>/withdraw", who=DESK, methods=("POST",))
def withdraw_check(incident_id: UUID, check_id: UUID) -> Any:
    """It was noted by mistake."""

    def act(writing: Session) -> None:
        rumours.take_back_check(writing, now(), seat(), incident_id, check_id)

    refused = _("What is confirmed rests on this source. Change what is known first, then take it back.")
    return _do(incident_id, act, _("Taken back."), refused)


def _typed(*names: str) -> dict[str, str]:
    return {name: tidy(request.form.get(name, "")).strip() for name in names}


def _gone() -> str:
    return _("This rumour is not there any more, or its words were erased.")


def _do(incident_id: UUID, act: Callable[[Session], None], done: str, refused: str) -> Response:
    once(act, done, refused)
    return redirect(url_for("admin.rumour", incident_id=incident_id), 303)
