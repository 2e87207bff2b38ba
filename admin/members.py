"""Members of cells and associations: inviting one by a code, and how many are on the lists. No names, no numbers."""

from typing import Any

from flask import render_template, request

from admin.access import Role, actor, page, seat
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import members
from bot.people import groups
from bot.places.matching import find
from bot.store.tables import GroupKind

SECRETARIES = frozenset({Role.SECRETARY})


@page("/members", who=SECRETARIES)
def member_list() -> str:
    """How many there are, and the form of an invitation."""
    return _page({})


@page("/members", who=SECRETARIES, methods=("POST",))
def invite_member() -> Any:
    """The code stands in this answer only: in no address, no cookie and no history."""
    form = {name: request.form.get(name, "").strip() for name in ("group", "place")}
    places = find(services().gazetteer, form["place"]).places
    if form["group"] not in set(GroupKind):
        return _page(form, _("Choose a group from the list.")), 422
    if len(places) != 1:
        return _page(form, _("No single place has this name. Add the cercle.")), 422
    with services().store.writing() as writing:
        group_id = groups.make(writing, now(), actor(), GroupKind(form["group"]), places[0].id)
        code = members.invite(writing, now(), seat(), group_id)
    return _page({}, code=code, place=places[0].name)


def _page(form: dict[str, str], problem: str | None = None, code: str = "", place: str = "") -> str:
    with services().store.reading() as reading:
        counts = groups.by_kind(reading, now())
    shown = {"form": form, "problem": problem, "code": code, "place": place}
    return render_template(
        "members.html", counts=counts, groups=list(GroupKind), days=members.INVITED_FOR.days, **shown
    )
