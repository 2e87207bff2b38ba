"""News for everybody: the river, the rain, market days, papers. What is out of date is never sent."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for

from admin.access import Role, page, refused, seat
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import infos
from bot.errors import NotAllowed, Stale
from bot.languages import LANGUAGES, tidy
from bot.places.matching import named

WRITERS = frozenset({Role.SECRETARY})


@page("/infos", who=WRITERS)
def info_list() -> str:
    """What is sent today, and what has run out."""
    return _list_page({})


def _list_page(form: dict[str, str], problem: str | None = None) -> str:
    with services().store.reading() as reading:
        news = infos.listed(reading)
    gazetteer = services().gazetteer
    names = {each.place: place.name for each in news if each.place and (place := gazetteer.get(each.place))}
    return render_template(
        "infos.html",
        news=news,
        names=names,
        form=form,
        problem=problem,
        topics=infos.TOPICS,
        at=now(),
        me_id=seat().staff_id,
    )


@page("/infos", who=WRITERS, methods=("POST",))
def publish_info() -> Any:
    """From now on this is what the topic says there."""
    form = {name: request.form.get(name, "").strip() for name in ("topic", "place", "language", "text", "until")}
    read = _read(form)
    if isinstance(read, str):
        return _list_page(form, read), 422
    place, expires_at = read
    with services().store.writing() as writing:
        infos.publish(writing, now(), seat(), form["topic"], place, form["language"], tidy(form["text"]), expires_at)
    if form["topic"] in infos.PEACE:
        flash(_("Kept. It is sent as soon as a second person has approved it."), "good")
    else:
        flash(_("Published. It is sent to whoever asks, until that day."), "good")
    return redirect(url_for("admin.info_list"), 303)


def _read(form: dict[str, str]) -> tuple[str | None, datetime] | str:
    """The place and the end of a form, or what is wrong with it in one sentence."""
    if form["topic"] not in infos.TOPICS or form["language"] not in LANGUAGES:
        return _("Choose a topic and a language from the lists.")
    place = None
    if form["place"]:
        place = named(services().gazetteer, form["place"])
        if place is None:
            return _("No single place has this name. Add the cercle, or leave it empty for the whole country.")
    taken = infos.segments(form["text"], form["language"], services().spoken.folding)
    if not 0 < taken <= infos.MOST_SEGMENTS:
        return _("The text must be there and fit into two SMS.")
    try:
        expires_at = datetime.combine(date.fromisoformat(form["until"]), time(23, 59), UTC)
    except ValueError:
        return _("Give the last day on which this is true.")
    if not now() < expires_at < now() + infos.LONGEST:
        return _("The last day must be today or later, and within a year.")
    return place, expires_at


@page("/infos/<uuid:info_id>/approve", who=WRITERS, methods=("POST",))
def approve_info(info_id: UUID) -> Any:
    """A second person answers for a peace message, too."""
    try:
        with services().store.writing() as writing:
            infos.approve(writing, now(), seat(), info_id)
        flash(_("Approved: whoever asks for one now gets it."), "good")
    except NotAllowed:
        refused("rule")
        flash(_("Somebody else has to approve what you wrote."), "bad")
    except Stale:
        flash(_("Somebody else has just changed this."), "note")
    return redirect(url_for("admin.info_list"), 303)


@page("/infos/<uuid:info_id>/withdraw", who=WRITERS, methods=("POST",))
def withdraw_info(info_id: UUID) -> Any:
    """It is no longer sent."""
    try:
        with services().store.writing() as writing:
            infos.withdraw(writing, now(), seat(), info_id)
        flash(_("Withdrawn: nobody gets it any more."), "good")
    except Stale:
        flash(_("Somebody else has just changed this."), "note")
    return redirect(url_for("admin.info_list"), 303)
