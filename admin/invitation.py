"""The door for whoever was invited: a link that works once, a password, then the second factor."""

from typing import Any

from flask import render_template, request

from admin.access import Door, page
from admin.account import weak
from admin.services import now, services
from admin.sign_in import enter, stage_after_password
from admin.words import gettext as _
from bot import staff
from bot.errors import Stale
from bot.staff import Member, WeakPassword, invitations


@page("/invitation/<secret>", who=Door.ANYONE)
def invitation(secret: str) -> Any:
    """The form, for a link that is still good; looking at it does not use it up."""
    member = _opened(secret)
    return _page(member, secret) if member else _gone()


@page("/invitation/<secret>", who=Door.ANYONE, methods=("POST",))
def accept_invitation(secret: str) -> Any:
    """The password is chosen, the link is used up, and the second factor comes next."""
    member = _opened(secret)
    if member is None:
        return _gone()
    password = request.form.get("password", "")
    if password != request.form.get("again"):
        return _page(member, secret, _("The new password and its repetition differ.")), 422
    try:
        staff.check_password(password, member.username, member.name)
    except WeakPassword:
        return _page(member, secret, weak()), 422
    kept = staff.hash_password(password)
    stage = stage_after_password(member)
    try:
        with services().store.writing() as writing:
            member = invitations.accept(writing, now(), secret, kept)
            identity = staff.open_session(writing, now(), member.id, stage)
    except Stale:
        return _gone()
    return enter(identity, stage, member)


def _opened(secret: str) -> Member | None:
    with services().store.reading() as reading:
        return invitations.opened(reading, now(), secret[:80])


def _page(member: Member, secret: str, problem: str = "") -> str:
    return render_template(
        "invitation.html", member=member, secret=secret, problem=problem, shortest=staff.SHORTEST_PASSWORD
    )


def _gone() -> Any:
    return render_template("invitation.html", member=None, problem=""), 404
