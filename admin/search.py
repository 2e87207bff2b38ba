"""Search: words although they are sealed, the number of a report, kind, place, language, days; and how soon we look."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from admin.access import DESK, Role, me, page, seat
from admin.labels import KINDS
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import search
from bot.casework.duty import targets
from bot.casework.duty.targets import NoTarget
from bot.casework.search import Wanted
from bot.conversation.kinds import Kind
from bot.languages import LANGUAGES
from bot.places.matching import named
from bot.store.words import words_of

_FIELDS = ("q", "kind", "place", "language", "since", "until")


@page("/search", who=DESK)
def search_page() -> Any:
    """What was found; a search is an address, so that it can be kept and given to a colleague."""
    typed = {name: request.args.get(name, "").strip()[:200] for name in _FIELDS}
    wanted = _wanted(typed)
    values = {"typed": typed, "places": services().gazetteer.commune_label, "most": search.FOUND}
    if isinstance(wanted, str):
        return render_template("search.html", found=[], asked=False, problem=wanted, **values), 422
    found = []
    if not wanted.empty:
        with services().store.reading() as reading:
            found = search.find(reading, seat(), wanted)
    return render_template("search.html", found=found, asked=not wanted.empty, **values)


def _wanted(typed: dict[str, str]) -> Wanted | str:
    """What the form looks for, or what is wrong with it in one sentence."""
    place = _places(typed["place"])
    if place is None:
        return _("No single place has this name. Add the cercle.")
    try:
        since, until = (date.fromisoformat(typed[name]) if typed[name] else None for name in ("since", "until"))
    except ValueError:
        return _("Give the days as year-month-day.")
    return Wanted(
        words=words_of(typed["q"]),
        kind=Kind(typed["kind"]) if typed["kind"] in KINDS else None,
        places=place,
        language=typed["language"] if typed["language"] in LANGUAGES else None,
        since=since,
        until=until,
    )


def _places(name: str) -> tuple[str, ...] | None:
    """The place of this name with all that lies in it; None for a name that no single place has."""
    if not name:
        return ()
    place = named(services().gazetteer, name)
    return services().gazetteer.ids_within(place) if place else None


@page("/targets", who=(Role.SECRETARY,), methods=("POST",))
def change_target() -> Any:
    """How soon a report of an urgency is looked at, from now on."""
    urgency, minutes = request.form.get("urgency", ""), request.form.get("minutes", "")
    try:
        if not (urgency.isdecimal() and minutes.isdecimal()):
            raise NoTarget("no number")
        with services().store.writing() as writing:
            targets.change(writing, now(), me().id, int(urgency[:2]), int(minutes[:6]))
    except NoTarget:
        flash(_("Give a number of minutes, at most thirty days of staffed time."), "bad")
    else:
        flash(_("Kept. What is late is counted so from now on."), "good")
    return redirect(url_for("admin.inbox"), 303)
