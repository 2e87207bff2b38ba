"""Contacts: for secretaries alone, and for them, too, with numbers masked."""

from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for

from admin.access import Role, actor, page
from admin.forms import new_token, once
from admin.services import now, services
from admin.words import gettext as _
from bot.languages import LANGUAGES, tidy
from bot.people import contacts, groups, memberships
from bot.people.contacts import Details, NumberTaken
from bot.places.matching import named
from bot.store import Session
from bot.store.tables import MemberRole

SECRETARIES = frozenset({Role.SECRETARY})
_DETAILS = ("number", "name", "language", "place", "consent")


@page("/contacts", who=SECRETARIES)
def contact_list() -> str:
    """Who has this number or these words in their name; nobody is listed unasked."""
    return _contacts_page(request.args.get("q", "").strip()[:80], {})


def _contacts_page(asked: str, form: dict[str, str], **values: Any) -> str:
    with services().store.reading() as reading:
        found = look_for(reading, asked)
        number = contacts.count(reading)
    label = services().gazetteer.commune_label
    shown = {"found": found, "number": number, "most": contacts.FOUND, "place_label": label, "form": form}
    return render_template("contacts.html", asked=asked, new_token=new_token, **shown, **values)


def look_for(reading: Session, asked: str) -> list[contacts.Contact]:
    """Who has this number, or these words in their name."""
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
    return redirect(address_of(made[0]) if done else url_for("admin.contact_list"), 303)


def _details(form: dict[str, str]) -> Details | str:
    """What the form tells of a person, or what is wrong with it in one sentence."""
    place = None
    if form["place"]:
        place = named(services().gazetteer, form["place"])
        if place is None:
            return _("No single place has this name. Add the cercle.")
    if not form["consent"]:
        return _("Say where the consent comes from, such as who asked them and when, and not only yes.")
    languages = (form["language"],) if form["language"] in LANGUAGES else ()
    return Details(tidy(form["name"]) or None, languages, place, tidy(form["consent"]))


@page("/contacts/<uuid:contact_id>", who=SECRETARIES)
def contact(contact_id: UUID) -> Any:
    """One person: how they are reached, their languages and groups; never what they told."""
    with services().store.reading() as reading:
        found = contacts.look(reading, contact_id)
        asked = request.args.get("q", "").strip()[:80]
        same = [each for each in look_for(reading, asked) if each.id != contact_id] if asked else []
    if found and found.merged_into:
        return redirect(address_of(found.merged_into), 303)
    return contact_page(contact_id, asked=asked, same=same)


def contact_page(contact_id: UUID, form: dict[str, str] | None = None, **values: Any) -> str:
    """The page of a contact, with what was typed and did not pass."""
    with services().store.reading() as reading:
        found = contacts.look(reading, contact_id)
        if found is None or found.merged_into:
            abort(404)
        reached = contacts.reached(reading, contact_id)
        merged = contacts.merged(reading, contact_id)
        shared = contacts.names(reading, [other for each in reached for other in each.shared_with])
        theirs = memberships.of_contact(reading, now(), contact_id)
        choices = groups.choices(reading)
        titles = {each.id: each.title for each in choices}
    shown = {"found": found, "reached": reached, "shared": shared, "memberships": theirs, "choices": choices}
    label = services().gazetteer.commune_label
    more = {"titles": titles, "place_label": label, "new_token": new_token, "form": form, "merged": merged}
    return render_template("contact.html", **shown, **more, **values)


@page("/contacts/<uuid:contact_id>", who=SECRETARIES, methods=("POST",))
def change_contact(contact_id: UUID) -> Any:
    """What is known of them is this."""
    form = {name: request.form.get(name, "").strip()[:200] for name in _DETAILS}
    details = _details(form)
    if isinstance(details, str):
        return contact_page(contact_id, form, problem=details), 422
    once(lambda writing: contacts.edit(writing, now(), actor(), contact_id, details), _("Kept."), "")
    return redirect(address_of(contact_id), 303)


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
    once(
        lambda writing: memberships.add(writing, now(), actor(), group_id, link_id, role),
        _("Kept. They are on its list as soon as they confirm."),
        _("Whoever left a group at their own wish, or is not reached any more, is not put back."),
    )
    return redirect(address_of(contact_id), 303)


def address_of(contact_id: UUID) -> str:
    """The page of a contact."""
    return url_for("admin.contact", contact_id=contact_id)
