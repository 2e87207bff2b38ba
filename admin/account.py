"""A member's own account: password, second factor, language."""

from io import BytesIO
from typing import Any

import pyotp
import segno
from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup

from admin.access import Door, actor, here, me, page
from admin.services import now, services
from admin.sign_in import enter_fully
from admin.words import gettext as _
from bot import staff
from bot.staff import SignedIn, WeakPassword
from bot.store.audit import Action, note
from bot.store.tables import SignInStage


@page("/account", who=Door.SIGNED_IN)
def account() -> str:
    """The account as it stands."""
    return _account_page()


def _account_page(problem: str = "") -> str:
    return render_template("account.html", me=me(), problem=problem, shortest=staff.SHORTEST_PASSWORD)


@page("/account/password", who=Door.SIGNED_IN, methods=("POST",))
def change_password() -> Any:
    """A new password ends every session, and this one begins anew."""
    password = request.form.get("password", "")
    if not _is_own_password():
        return _account_page(_("The present password is not right.")), 422
    if password != request.form.get("again"):
        return _account_page(_("The new password and its repetition differ.")), 422
    try:
        staff.check_password(password, me().username, me().name)
    except WeakPassword:
        return _account_page(weak()), 422
    kept = staff.hash_password(password)
    with services().store.writing() as writing:
        staff.change_password(writing, now(), actor(), me().id, kept)
        identity = staff.open_session(writing, now(), me().id, SignInStage.FULL)
    enter_fully(identity)
    flash(_("Your password is changed. Other browsers that used it are signed out."), "good")
    return redirect(url_for("admin.account"), 303)


def weak() -> str:
    """How to choose a better password."""
    return _(
        "A password has at least %(shortest)s characters and is no name, no row of keys and no repetition."
        " Four or five words that nobody would put together are good.",
        shortest=staff.SHORTEST_PASSWORD,
    )


def _is_own_password() -> bool:
    """Whether the form repeats the member's own password; tries are counted as at the door."""
    guesses = [staff.guess(services().store.keys, "own password", str(me().id))]
    with services().store.writing() as writing:
        if staff.admit(writing, now(), guesses):
            return False
        found = staff.find(writing, me().username)
    fits = staff.password_fits(found[1] if found else None, request.form.get("present", "")[: staff.LONGEST_PASSWORD])
    if fits:
        with services().store.writing() as writing:
            staff.forgive(writing, guesses)
    return fits


@page("/second-factor/new", who=Door.ENROLLING, methods=("GET", "POST"), fresh=True)
def enrol() -> Any:
    """A new second factor: the secret as a picture for the app, then a code as proof, then recovery codes, once."""
    found = here()
    assert found is not None
    if request.method == "GET":
        return _enrol_page(found)
    # Whoever is signed in already shows that it is still they: a left laptop must not change the lock.
    if found.stage is SignInStage.FULL and not _is_own_password():
        return _enrol_page(found, _("The present password is not right.")), 422
    with services().store.writing() as writing:
        codes = staff.confirm_totp(writing, now(), found, request.form.get("code", "").replace(" ", "")[:6])
        if codes is not None:
            staff.end_sessions_of(writing, found.member.id)
            identity = staff.open_session(writing, now(), found.member.id, SignInStage.FULL, proved=True)
            note(writing, now(), f"staff:{found.member.id}", Action.STAFF_SIGNED_IN, found.member.id)
    if codes is None:
        return _enrol_page(found, _("This code does not fit. Is the clock of your phone right?")), 422
    return render_template("recovery_codes.html", codes=codes, onward=enter_fully(identity))


def _enrol_page(found: SignedIn, problem: str = "") -> str:
    with services().store.writing() as writing:
        secret = staff.propose_totp(writing, found)
    address = pyotp.TOTP(secret).provisioning_uri(name=found.member.username, issuer_name="Kunnafoni")
    return render_template(
        "enrol.html",
        picture=_picture(address),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        full=found.stage is SignInStage.FULL,
        problem=problem,
    )


def _picture(address: str) -> Markup:
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, scale=4)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by segno from bits, holds no text of anybody
