"""The filters of the inbox, as an address carries them, and the views that somebody has saved of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, page, seat
from admin.forms import once
from admin.labels import CHANNELS, KINDS, STATUSES, URGENCIES
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import views
from bot.casework.desk import Filter
from bot.casework.duty import hours, targets
from bot.casework.views import NoView, TooMany
from bot.conversation.kinds import Kind
from bot.languages import LANGUAGES
from bot.places.matching import named
from bot.store import Session

#: What an address may say of each field; a place is checked by the gazetteer.
_CHOICES: Mapping[str, frozenset[str]] = {
    "status": frozenset(STATUSES),
    "kind": frozenset(KINDS),
    "urgency": frozenset(str(level) for level in URGENCIES),
    "language": frozenset(LANGUAGES),
    "channel": frozenset(CHANNELS),
    "unread": frozenset({"1"}),
    "call": frozenset({"1"}),
    "late": frozenset({"1"}),
}


def query_of(given: Mapping[str, str]) -> dict[str, str]:
    """The fields of a filter that mean something, and nothing else; a place by its id."""
    query = {name: given[name] for name, known in _CHOICES.items() if given.get(name) in known}
    place = place_named(given.get("place", "").strip()[:80])
    return {**query, "place": place} if place else query


def place_named(name: str) -> str | None:
    """The id of the one place that this is the id, the label or a name of; None if there is none, or are several."""
    gazetteer = services().gazetteer
    if not name or gazetteer.get(name):
        return name or None
    labelled = next((place.id for place in gazetteer if gazetteer.commune_label(place.id) == name), None)
    return labelled or named(gazetteer, name)


def filter_of(reading: Session, query: Mapping[str, str]) -> Filter:
    """What these fields look for."""
    late = None
    if "late" in query:
        staffed, at = hours.hours(reading), now()
        late = {level: targets.late_before(at, each, staffed) for level, each in targets.targets(reading).items()}
    return Filter(
        kind=Kind(query["kind"]) if "kind" in query else None,
        urgency=int(query["urgency"]) if "urgency" in query else None,
        places=services().gazetteer.ids_within(query.get("place")),
        language=query.get("language"),
        channel=query.get("channel"),
        unread="unread" in query,
        call="call" in query,
        late_before=late,
    )


# Saved views


@page("/views", who=DESK, methods=("POST",))
def save_view() -> Response:
    """Keep the filter that the inbox shows now."""
    query = query_of(request.form)

    def act(writing: Session) -> None:
        views.save(writing, now(), seat(), request.form.get("name", ""), query)

    try:
        once(act, _("Saved. It stands above the inbox."), "")
    except NoView:
        longest = views.LONGEST_NAME
        flash(_("Choose a filter first, and give the view a name of at most %(most)s letters.", most=longest), "bad")
    except TooMany:
        flash(_full(), "bad")
    return redirect(url_for("admin.inbox", **query), 303)


@page("/views/<uuid:view_id>/delete", who=DESK, methods=("POST",))
def delete_view(view_id: UUID) -> Response:
    """Out of the list; for a while it can be brought back."""
    once(lambda writing: views.remove(writing, now(), seat(), view_id), _("Deleted."), _no_such())
    return redirect(url_for("admin.inbox"), 303)


@page("/views/<uuid:view_id>/bring-back", who=DESK, methods=("POST",))
def bring_view_back(view_id: UUID) -> Response:
    """The deletion is undone."""
    try:
        once(lambda writing: views.bring_back(writing, now(), seat(), view_id), _("It is back."), _no_such())
    except TooMany:
        flash(_full(), "bad")
    return redirect(url_for("admin.inbox"), 303)


def _full() -> str:
    return _("There are %(most)s views already. Delete one first.", most=views.MOST)


def _no_such() -> str:
    return _("There is no such view of yours.")


def views_page(reading: Session, query: Mapping[str, str]) -> dict[str, Any]:
    """What the inbox shows of them; the view that is looked at now is marked."""
    found = views.of(reading, seat())
    return {
        "views": found,
        "views_removed": views.removed(reading, now(), seat()),
        "view_here": next((view.id for view in found if view.query == query), None),
    }
