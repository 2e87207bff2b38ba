"""Contacts and groups. Names are for secretaries, and numbers are masked for them, too; the desk sees counts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, Role, actor, may, me, page, seat
from admin.forms import new_token, once
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import members
from bot.languages import LANGUAGES, tidy
from bot.people import contacts, groups, memberships
from bot.people.contacts import Details, NumberTaken
from bot.people.groups import Wanted
from bot.places.matching import find
from bot.store import Session
from bot.store.tables import GroupKind, MemberRole

SECRETARIES = frozenset({Role.SECRETARY})
#: So many members of a group are shown.
_SHOWN = 200
_DETAILS = ("number", "name", "language", "place", "consent")


# Contacts


@page("/contacts", who=SECRETARIES)
def contact_list() -> str:
    """Who has this number or these words in their name; nobody is listed unasked."""
    return _contacts_page(request.args.get("q", "").strip()[:80], {})


def _contacts_page(asked: str, form: dict[str, str], **values: Any) -> str:
    with services().store.reading() as reading:
        found = _look_for(reading, asked)
        number = contacts.count(reading)
    label = services().gazetteer.commune_label
    shown = {"found": found, "number": number, "most": contacts.FOUND, "place_label": label, "form": form}
    return render_template("contacts.html", asked=asked, new_token=new_token, **shown, **values)


def _look_for(reading: Session, asked: str) -> list[contacts.Contact]:
    if not any(character.isdecimal() for character in asked):
        return contacts.by_name(reading, asked)
    uri = services().telephone.address(asked)
    return contacts.by_address(reading, uri) if uri else []


@page("/contacts", who=SECRETARIES, methods=("POST",))
def make_contact() -> Any:
    """Write a person down; a number that is another contact's is told, and taken only for a shared telephone."""
    form = {name: request.form.get(name, "").strip()[:200] for name in _DETAILS}
    details, uri = _details(form), services().telephone.address(form["number"])
    if isinstance(details, str) or uri is None:
        problem = details if isinstance(details, str) else _("This is no telephone number.")
        return _contacts_page("", form, problem=problem), 422
    made: list[UUID] = []

    def act(writing: Session) -> None:
        shared = "shared" in request.form
        channel = services().telephone.channel
        made.append(contacts.make(writing, now(), actor(), uri, channel, details, shared=shared))

    try:
        done = once(act, _("Kept."), "")
    except NumberTaken as taken:
        return _contacts_page("", form, taken=taken.contact_id), 409
    return redirect(_contact(made[0]) if done else url_for("admin.contact_list"), 303)


def _details(form: dict[str, str]) -> Details | str:
    """What the form tells of a person, or what is wrong with it in one sentence."""
    place = None
    if form["place"]:
        place = _place(form["place"])
        if place is None:
            return _("No single place has this name. Add the cercle.")
    if not form["consent"]:
        return _("Say where the consent comes from, such as who asked them and when, and not only yes.")
    languages = (form["language"],) if form["language"] in LANGUAGES else ()
    return Details(tidy(form["name"]) or None, languages, place, tidy(form["consent"]))


@page("/contacts/<uuid:contact_id>", who=SECRETARIES)
def contact(contact_id: UUID) -> str:
    """One person: how they are reached, their languages and groups; never what they told."""
    return _contact_page(contact_id)


def _contact_page(contact_id: UUID, form: dict[str, str] | None = None, **values: Any) -> str:
    with services().store.reading() as reading:
        found = contacts.look(reading, contact_id)
        if found is None:
            abort(404)
        reached = contacts.reached(reading, contact_id)
        shared = contacts.names(reading, [other for each in reached for other in each.shared_with])
        theirs = memberships.of_contact(reading, now(), contact_id)
        choices = groups.choices(reading)
        titles = {each.id: each.title for each in choices}
    shown = {"found": found, "reached": reached, "shared": shared, "memberships": theirs, "choices": choices}
    label = services().gazetteer.commune_label
    more = {"titles": titles, "place_label": label, "new_token": new_token, "form": form}
    return render_template("contact.html", **shown, **more, **values)


@page("/contacts/<uuid:contact_id>", who=SECRETARIES, methods=("POST",))
def change_contact(contact_id: UUID) -> Any:
    """What is known of them is this."""
    form = {name: request.form.get(name, "").strip()[:200] for name in _DETAILS}
    details = _details(form)
    if isinstance(details, str):
        return _contact_page(contact_id, form, problem=details), 422
    return _do(
        lambda writing: contacts.edit(writing, now(), actor(), contact_id, details),
        _("Kept."),
        _contact(contact_id),
    )


@page("/contacts/<uuid:contact_id>/join", who=SECRETARIES, methods=("POST",))
def put_into_group(contact_id: UUID) -> Any:
    """Put them into a group, by the address that is asked."""
    try:
        link_id, group_id = (UUID(request.form.get(name, "")) for name in ("link", "group"))
        role = MemberRole(request.form.get("role", ""))
    except ValueError:
        abort(400)
    with services().store.reading() as reading:
        reached = {each.id for each in contacts.reached(reading, contact_id) if each.ended_at is None}
        if link_id not in reached or groups.look(reading, group_id, titles=False) is None:
            abort(404)
    return _do(
        lambda writing: memberships.add(writing, now(), actor(), group_id, link_id, role),
        _("Kept. They are on its list as soon as they confirm."),
        _contact(contact_id),
    )


def _contact(contact_id: UUID) -> str:
    return url_for("admin.contact", contact_id=contact_id)


# Groups


@page("/groups", who=DESK)
def group_list() -> Any:
    """The groups of a kind and a place, with how many are in each; titles for secretaries."""
    return _groups_page(request.args)


def _groups_page(typed: Any, **values: Any) -> Any:
    chosen = {name: typed.get(name, "").strip()[:80] for name in ("kind", "place", "title")}
    place = (
        services().gazetteer.settled(find(services().gazetteer, chosen["place"]).places) if chosen["place"] else None
    )
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
    """A new group, or the one that there is."""
    kind, title = request.form.get("kind", ""), tidy(request.form.get("title", "")).strip()[:80] or None
    written = request.form.get("place", "").strip()[:80]
    place = _place(written)
    if kind not in set(GroupKind) or (written and place is None) or (place is None and title is None):
        return _groups_page(request.form, problem=_("Choose a kind, and give one commune or a title.")), 422
    made: list[UUID] = []

    def act(writing: Session) -> None:
        made.append(groups.make(writing, now(), actor(), GroupKind(kind), place, title))

    done = once(act, _("Kept."), "")
    return redirect(_group(made[0]) if done else url_for("admin.group_list"), 303)


@page("/groups/<uuid:group_id>", who=DESK)
def group(group_id: UUID) -> str:
    """One group: how many, and for a secretary who."""
    return _group_page(group_id)


def _group_page(group_id: UUID, **values: Any) -> str:
    named = may(SECRETARIES)
    with services().store.reading() as reading:
        found = groups.look(reading, group_id, titles=named)
        if found is None:
            abort(404)
        counts = groups.counted(reading, now(), group_id)
        inside = memberships.of_group(reading, now(), group_id, _SHOWN) if named else []
        names = contacts.names(reading, [each.contact_id for each in inside])
    label = services().gazetteer.commune_label
    shown = {"found": found, "counts": counts, "inside": inside, "names": names, "named": named}
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

    return _do(
        act,
        _("Those who never confirmed are asked once, in the hours of the day."),
        _group(group_id),
    )


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
    return _do(act, done, _group(found.group_id))


def _group(group_id: UUID) -> str:
    return url_for("admin.group", group_id=group_id)


def _place(written: str) -> str | None:
    """The one place of this name, as it is kept."""
    return services().gazetteer.settled(find(services().gazetteer, written).places) if written else None


def _do(act: Callable[[Session], None], done: str, where: str) -> Response:
    once(act, done, _("Whoever left a group at their own wish, or is not reached any more, is not put back."))
    return redirect(where, 303)
