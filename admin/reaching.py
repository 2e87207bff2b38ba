"""People and numbers part: another number, a telephone no longer theirs, a number that is somebody else's now; and two
contacts that are one person.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from admin.access import actor, me, page
from admin.contacts import SECRETARIES, address_of, contact_page
from admin.forms import once
from admin.services import now, services
from admin.words import gettext as _
from bot.casework.keeping import recycled
from bot.people import contacts, moving
from bot.people.contacts import NumberTaken
from bot.store import Session

_LINK = "/contacts/<uuid:contact_id>/numbers/<uuid:link_id>"


@page("/contacts/<uuid:contact_id>/numbers", who=SECRETARIES, methods=("POST",))
def give_number(contact_id: UUID) -> Any:
    """Another number, in place of an older one or beside it."""
    number, older = request.form.get("number", "").strip()[:40], _id(request.form.get("instead", ""))
    uri, channel = services().telephone.address(number), services().telephone.channel
    typed = {"number_typed": number, "instead_typed": older, "open_numbers": True}
    if uri is None:
        return contact_page(contact_id, problem=_("This is no telephone number."), **typed), 422

    def act(writing: Session) -> None:
        shared = "shared" in request.form
        moving.give_number(writing, now(), actor(), contact_id, uri, channel, instead_of=older, shared=shared)

    refused = _("They are reached by this number already, or were no longer reached by the older one.")
    try:
        once(act, _("Kept. On the new number they are on no list before they confirm."), refused)
    except NumberTaken as taken:
        return contact_page(contact_id, taken=taken.contact_id, **typed), 409
    return redirect(address_of(contact_id), 303)


def _id(text: str) -> UUID | None:
    """The id that a form names; 400 for what is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        abort(400)


@page(f"{_LINK}/end", who=SECRETARIES, methods=("POST",))
def end_number(contact_id: UUID, link_id: UUID) -> Response:
    """The telephone is no longer theirs; with "recycled" its number is somebody else's now."""
    end = recycled.recycle if "recycled" in request.form else moving.leave_number
    done = _("Noted. You can take it back on this page.")
    if "recycled" in request.form:
        done = _("Noted. What was told from this number is answered to nobody; its new owner begins as a stranger.")
    return _do(contact_id, lambda writing: end(writing, now(), actor(), me().id, contact_id, link_id), done)


@page(f"{_LINK}/take-back", who=SECRETARIES, methods=("POST",))
def take_number_back(contact_id: UUID, link_id: UUID) -> Response:
    """They are reached there after all."""
    return _do(
        contact_id,
        lambda writing: moving.take_number_back(writing, now(), actor(), contact_id, link_id),
        _("Taken back: they are reached there, and in their groups as before."),
        _("It can't be taken back: they said so themselves, or somebody else uses this number now."),
    )


@page("/contacts/<uuid:contact_id>/merge", who=SECRETARIES, methods=("POST",))
def merge_contact(contact_id: UUID) -> Response:
    """Another contact is this very person."""
    return _pair(
        contact_id, contacts.merge, _("Joined: they are one person now. You can take them apart on this page.")
    )


@page("/contacts/<uuid:contact_id>/split", who=SECRETARIES, methods=("POST",))
def split_contact(contact_id: UUID) -> Response:
    """They are two people after all."""
    return _pair(contact_id, contacts.split, _("Taken apart: they are two contacts again, each with their numbers."))


def _pair(contact_id: UUID, act: Callable[..., None], done: str) -> Response:
    other = _id(request.form.get("other", ""))
    if other is None:
        abort(400)
    refused = _("These two can't be joined. If others were joined to that contact, join this one to it instead.")
    return _do(contact_id, lambda writing: act(writing, now(), actor(), contact_id, other), done, refused)


def _do(contact_id: UUID, act: Callable[[Session], None], done: str, refused: str = "") -> Response:
    once(act, done, refused or _("They are not reached there any more."))
    return redirect(address_of(contact_id), 303)
