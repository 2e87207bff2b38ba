"""Staff as administrators keep them: invitations, roles, suspension, and what waits for a second person."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import OVERSIGHT, Role, me, page, refused, seat
from admin.forms import form_token, languages_ticked, new_token
from admin.services import now, services
from admin.words import LANGUAGES
from admin.words import gettext as _
from bot import staff
from bot.casework.duty import rota
from bot.errors import NotAllowed, Stale
from bot.languages import tidy
from bot.staff import invitations, rights, second_person
from bot.staff.invitations import Invited
from bot.staff.rights import LastAdministrator
from bot.store import Duplicate, Session, form_tokens

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_USERNAME = re.compile("[a-z0-9][a-z0-9._-]{1,63}")
_LONGEST_NAME = 128


# Looking


@page("/staff", who=OVERSIGHT)
def staff_list() -> str:
    """Everybody, and what waits for a second person."""
    return _list_page()


def _list_page(problem: str = "", **form: Any) -> str:
    with services().store.reading() as reading:
        members = {member.id: member for member in staff.everybody(reading)}
        waiting = second_person.waiting(reading, now())
        open_until = invitations.open_until(reading, now())
    return render_template(
        "staff_list.html",
        members=members,
        waiting=waiting,
        mine={each.id for each in waiting if second_person.may_decide(each, members[me().id], members)},
        me=me(),
        open_until=open_until,
        at=now(),
        problem=problem,
        form=form,
        guarded=staff.GUARDED,
        languages=LANGUAGES,
        new_token=new_token,
    )


@page("/staff/<uuid:staff_id>", who=ADMINISTRATORS)
def staff_member(staff_id: UUID) -> str:
    """One account, and what can be done about it."""
    return _member_page(staff_id)


def _member_page(staff_id: UUID, problem: str = "") -> str:
    with services().store.reading() as reading:
        members = {member.id: member for member in staff.everybody(reading)}
        waiting = [each for each in second_person.waiting(reading, now()) if each.staff_id == staff_id]
        open_until = invitations.open_until(reading, now())
        languages = rota.languages_of(reading, staff_id)
    if staff_id not in members:
        abort(404)
    return render_template(
        "staff_member.html",
        languages=languages,
        member=members[staff_id],
        members=members,
        waiting=waiting,
        mine={each.id for each in waiting if second_person.may_decide(each, members[me().id], members)},
        me=me(),
        until=open_until.get(staff_id),
        problem=problem,
        guarded=staff.GUARDED,
        new_token=new_token,
    )


# Inviting


@page("/staff", who=ADMINISTRATORS, methods=("POST",), fresh=True)
def invite_staff() -> Any:
    """A new account; its link stands in this answer only: in no address, no cookie and no history."""
    username = request.form.get("username", "").strip().casefold()
    name = tidy(request.form.get("name", "")).strip()
    roles, language = _roles(), request.form.get("language", "")
    problem = _unfit(username, name, language)
    if not problem:
        try:
            with services().store.writing() as writing:
                form_tokens.use(writing, now(), form_token())
                invited = invitations.invite(writing, now(), me().id, username, name, roles, language)
        except Duplicate:
            problem = _("This name to sign in with is taken, or the form was sent twice. Look at the list below.")
    if problem:
        return _list_page(problem, username=username, name=name, roles=roles, language=language), 422
    return _link_page(invited)


def _unfit(username: str, name: str, language: str) -> str:
    if not _USERNAME.fullmatch(username):
        return _("The name to sign in with has 2 to 64 letters without accents, digits, dots or dashes.")
    if not 0 < len(name) <= _LONGEST_NAME:
        return _("Write the name that colleagues know, of at most 128 letters.")
    return "" if language in LANGUAGES else _("Choose a language from the list.")


@page("/staff/<uuid:staff_id>/link", who=ADMINISTRATORS, methods=("POST",), fresh=True)
def invite_staff_again(staff_id: UUID) -> Any:
    """A new link for whoever lost the first, or forgot their password."""
    try:
        with services().store.writing() as writing:
            form_tokens.use(writing, now(), form_token())
            invited = invitations.invite_again(writing, now(), me().id, staff_id)
    except NotAllowed:
        refused("rule")
        abort(404)
    except Duplicate:
        return _member_page(staff_id, _("This was done already; it was not done a second time.")), 422
    return _link_page(invited)


def _link_page(invited: Invited) -> str:
    with services().store.reading() as reading:
        member = next(each for each in staff.everybody(reading) if each.id == invited.staff_id)
    address = url_for("admin.invitation", secret=invited.secret, _external=True)
    hours = int(invitations.INVITED_FOR.total_seconds() // 3600)
    return render_template("staff_link.html", member=member, address=address, asked=invited.asked, hours=hours)


# Rights


@page("/staff/<uuid:staff_id>/roles", who=ADMINISTRATORS, methods=("POST",), fresh=True)
def change_roles(staff_id: UUID) -> Any:
    """These roles and no others; acts at once, but for those that need a second person."""
    roles = _roles()
    return _act(staff_id, lambda writing: rights.change_roles(writing, now(), me().id, staff_id, roles))


@page("/staff/<uuid:staff_id>/languages", who=ADMINISTRATORS, methods=("POST",))
def change_staff_languages(staff_id: UUID) -> Any:
    """The languages that they work in, on the rota and as a translator."""
    with services().store.reading() as reading:
        if staff_id not in {member.id for member in staff.everybody(reading)}:
            abort(404)
    with services().store.writing() as writing:
        rota.set_languages(writing, now(), seat(), staff_id, languages_ticked())
    flash(_("Kept. It counts from now on."), "good")
    return redirect(url_for("admin.staff_member", staff_id=staff_id), 303)


@page("/staff/<uuid:staff_id>/suspend", who=ADMINISTRATORS, methods=("POST",))
def suspend_staff(staff_id: UUID) -> Any:
    """They are signed out everywhere and may not come back in. Asks for no fresh proof: it must be quick."""
    return _act(staff_id, lambda writing: rights.suspend(writing, now(), me().id, staff_id))


@page("/staff/<uuid:staff_id>/return", who=ADMINISTRATORS, methods=("POST",), fresh=True)
def bring_staff_back(staff_id: UUID) -> Any:
    """They may sign in again."""
    return _act(staff_id, lambda writing: rights.bring_back(writing, now(), me().id, staff_id))


@page("/staff/<uuid:staff_id>/second-factor", who=ADMINISTRATORS, methods=("POST",), fresh=True)
def ask_for_reset(staff_id: UUID) -> Any:
    """Ask that their lost second factor be taken away."""

    def ask(writing: Session) -> bool:
        second_person.ask_for_reset(writing, now(), me().id, staff_id)
        return True

    return _act(staff_id, ask)


def _act(staff_id: UUID, act: Callable[[Session], object]) -> Any:
    """One act on one account; whatever it returns and is not empty waits for a second person."""
    try:
        with services().store.writing() as writing:
            waits = act(writing)
    except LastAdministrator:
        refused("rule")
        return _member_page(staff_id, _("Nobody else is an administrator. Give somebody that role first.")), 422
    except NotAllowed:
        refused("rule")
        abort(404)
    flash(_("Kept. A second person must agree to the rest.") if waits else _("Kept. It counts from now on."), "good")
    return redirect(url_for("admin.staff_member", staff_id=staff_id), 303)


# The second person


@page("/staff/requests/<uuid:request_id>/approve", who=OVERSIGHT, methods=("POST",), fresh=True)
def approve_request(request_id: UUID) -> Response:
    """The second person agrees; it is done at once."""
    return _decide(request_id, second_person.approve, _("Done. It counts from now on."))


@page("/staff/requests/<uuid:request_id>/decline", who=OVERSIGHT, methods=("POST",))
def decline_request(request_id: UUID) -> Response:
    """The second person says no."""
    return _decide(request_id, second_person.decline, _("Refused. Nothing was changed."))


@page("/staff/requests/<uuid:request_id>/withdraw", who=ADMINISTRATORS, methods=("POST",))
def withdraw_request(request_id: UUID) -> Response:
    """Whoever asked takes it back."""
    return _decide(request_id, second_person.withdraw, _("Taken back. Nothing was changed."))


def _decide(request_id: UUID, verb: Callable[..., object], done: str) -> Response:
    try:
        with services().store.writing() as writing:
            verb(writing, now(), me().id, request_id)
    except Stale:
        flash(_("This no longer waits. Look at how it stands now."), "note")
    except NotAllowed:
        refused("rule")
        flash(_("Somebody else must decide this: neither who asked nor whom it concerns."), "bad")
    else:
        flash(done, "good")
    return redirect(url_for("admin.staff_list"), 303)


def _roles() -> frozenset[str]:
    """The roles that the form names; 400 for one that is none."""
    named = frozenset(request.form.getlist("roles"))
    if not named <= set(Role):
        abort(400)
    return named
