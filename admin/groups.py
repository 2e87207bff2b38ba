"""Groups: the desk sees how many are in each, a secretary who, with numbers masked."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, actor, may, me, page, seat
from admin.contacts import SECRETARIES
from admin.forms import new_token, once
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import members
from bot.languages import tidy
from bot.people import contacts, groups, memberships
from bot.people.groups import Wanted
from bot.places.matching import named
from bot.store import Session
from bot.store.tables import GroupKind

#: So many members of a group are shown.
_SHOWN = 200


@page("/groups", who=DESK)
def group_list() -> Any:
    """The groups of a kind and a place, with how many are in each; titles for secretaries."""
    return _groups_page(request.args)


def _groups_page(typed: Any, **values: Any) -> Any:
    chosen = {name: typed.get(name, "").strip()[:80] for name in ("kind", "place", "title")}
    place = named(services().gazetteer, chosen["place"])
    if chosen["place"] and place is None and "problem" not in values:
        values["problem"] = _("No single place has this name. Add the cercle.")
    kind = GroupKind(chosen["kind"]) if chosen["kind"] in set(GroupKind) else None
    wanted = Wanted(kind, services().gazetteer.ids_within(place) if place else ())
    with services().store.reading() as reading:
        found = groups.listed(reading, now(), wanted, titles=may(SECRETARIES))
    label = services().gazetteer.commune_label
    shown = {"found": found, "chosen": chosen, "most": groups.FOUND, "place_label": label, "kinds": list(GroupKind)}
    return render_template("groups.html", new_token=new_token, **shown, **values)


@page("/groups", who=SECRETARIES, methods=("POST",))
def make_group() -> Any:
    """A new group, or the one that there is; with "invite" a code for it, which stands in this answer only."""
    kind, title = request.form.get("kind", ""), tidy(request.form.get("title", "")).strip()[:80] or None
    written = request.form.get("place", "").strip()[:80]
    place = named(services().gazetteer, written)
    if kind not in set(GroupKind) or (written and place is None) or (place is None and title is None):
        return _groups_page(request.form, problem=_("Choose a kind, and give one commune or a title.")), 422
    made: list[UUID] = []
    codes: list[str] = []

    def act(writing: Session) -> None:
        made.append(groups.make(writing, now(), actor(), GroupKind(kind), place, title))
        if "invite" in request.form:
            codes.append(members.invite(writing, now(), seat(), made[0]))

    if not once(act, _("Kept."), ""):
        return redirect(url_for("admin.group_list"), 303)
    return _group_page(made[0], code=codes[0]) if codes else redirect(_group(made[0]), 303)


@page("/groups/<uuid:group_id>", who=DESK)
def group(group_id: UUID) -> str:
    """One group: how many, and for a secretary who."""
    return _group_page(group_id)


def _group_page(group_id: UUID, **values: Any) -> str:
    shows_names = may(SECRETARIES)
    with services().store.reading() as reading:
        found = groups.look(reading, group_id, titles=shows_names)
        if found is None:
            abort(404)
        counts = groups.counted(reading, now(), group_id)
        inside = memberships.of_group(reading, now(), group_id, _SHOWN) if shows_names else []
        names = contacts.names(reading, [each.contact_id for each in inside])
    label = services().gazetteer.commune_label
    shown = {"found": found, "counts": counts, "inside": inside, "names": names, "shows_names": shows_names}
    more = {"place_label": label, "new_token": new_token, "days": members.INVITED_FOR.days}
    return render_template("group.html", **shown, **more, **values)


@page("/groups/<uuid:group_id>/invite", who=SECRETARIES, methods=("POST",))
def invite_to_group(group_id: UUID) -> str:
    """The code stands in this answer only: in no address, no cookie and no history."""
    with services().store.writing() as writing:
        if groups.look(writing, group_id, titles=False) is None:
            abort(404)
        code = members.invite(writing, now(), seat(), group_id)
    return _group_page(group_id, code=code)


@page("/groups/<uuid:group_id>/ask", who=SECRETARIES, methods=("POST",))
def ask_group(group_id: UUID) -> Response:
    """Have those asked who never confirmed, once, in the hours of the day."""

    def act(writing: Session) -> None:
        memberships.have_asked(writing, now(), actor(), group_id)

    return _do(act, _("Those who never confirmed are asked once, in the hours of the day."), group_id)


@page("/members/<uuid:member_id>/end", who=SECRETARIES, methods=("POST",))
def end_membership(member_id: UUID) -> Response:
    """They are no longer in the group."""
    return _of_member(
        member_id,
        lambda writing: memberships.end(writing, now(), actor(), me().id, member_id),
        _("Ended. You can take it back on this page."),
    )


@page("/members/<uuid:member_id>/take-back", who=SECRETARIES, methods=("POST",))
def take_back_membership(member_id: UUID) -> Response:
    """They are in the group after all."""
    return _of_member(
        member_id, lambda writing: memberships.take_back(writing, now(), actor(), member_id), _("Taken back.")
    )


def _of_member(member_id: UUID, act: Callable[[Session], None], done: str) -> Response:
    with services().store.reading() as reading:
        found = memberships.look(reading, now(), member_id)
    if found is None:
        abort(404)
    return _do(act, done, found.group_id)


def _group(group_id: UUID) -> str:
    return url_for("admin.group", group_id=group_id)


def _do(act: Callable[[Session], None], done: str, group_id: UUID) -> Response:
    once(act, done, _("Whoever left a group at their own wish, or is not reached any more, is not put back."))
    return redirect(_group(group_id), 303)
