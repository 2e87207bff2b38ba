"""A member's own account: password, app, security keys, recovery codes."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pyotp
import segno
from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup

from admin.access import Door, actor, here, me, page, refused
from admin.proving import site
from admin.services import now, services
from admin.sign_in import enter_fully, stage_after_proof
from admin.words import gettext as _
from bot import staff
from bot.errors import NotAllowed
from bot.languages import tidy
from bot.staff import SignedIn, WeakPassword, security_keys
from bot.store import Duplicate, Session
from bot.store.audit import Action, note
from bot.store.tables import SignInStage


@page("/account", who=Door.SIGNED_IN)
def account() -> str:
    """The account as it stands."""
    return _account_page()


def _account_page(problem: str = "") -> str:
    with services().store.reading() as reading:
        keys = security_keys.keys_of(reading, me().id)
    return render_template("account.html", me=me(), keys=keys, problem=problem, shortest=staff.SHORTEST_PASSWORD)


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
        identity = _go_on(writing, found, stage_after_proof(found.member)) if codes is not None else ""
    if codes is None:
        return _enrol_page(found, _("This code does not fit. Is the clock of your phone right?")), 422
    return _show_codes(codes, identity, stage_after_proof(found.member))


def _go_on(writing: Session, found: SignedIn, stage: SignInStage) -> str:
    """The second factor is another: every session ends, and this one begins anew."""
    staff.end_sessions_of(writing, found.member.id)
    if stage is SignInStage.FULL and found.stage is not SignInStage.FULL:
        note(writing, now(), f"staff:{found.member.id}", Action.STAFF_SIGNED_IN, found.member.id)
    return staff.open_session(writing, now(), found.member.id, stage, proved=True)


def _show_codes(codes: list[str], identity: str, stage: SignInStage = SignInStage.FULL) -> str:
    onward = enter_fully(identity)
    if stage is not SignInStage.FULL:
        onward = url_for("admin.add_key")
    return render_template("recovery_codes.html", codes=codes, onward=onward)


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


@page("/keys/new", who=Door.ENROLLING, methods=("GET", "POST"), fresh=True)
def add_key() -> Any:
    """A new security key, named by its owner; with the first second factor of all come recovery codes, shown once."""
    found = here()
    assert found is not None
    if request.method == "GET":
        return _key_page(found)
    name = tidy(request.form.get("name", "")).strip()[: security_keys.LONGEST_NAME]
    if found.stage is SignInStage.FULL and not _is_own_password():
        return _key_page(found, name, _("The present password is not right.")), 422
    if not name:
        return _key_page(found, name, _("Give the key a name by which you know it.")), 422
    try:
        with services().store.writing() as writing:
            codes, identity = _add_key(writing, found, name)
    except Duplicate:
        return _key_page(found, name, _("This key is in use here already.")), 422
    if not identity:
        return _key_page(found, name, _("The key was not taken. Try again.")), 422
    if codes:
        return _show_codes(codes, identity)
    onward = enter_fully(identity)
    flash(_("The key is in use. Other browsers of yours are signed out."), "good")
    return redirect(url_for("admin.account") if found.stage is SignInStage.FULL else onward, 303)


def _add_key(writing: Session, found: SignedIn, name: str) -> tuple[list[str], str]:
    """Recovery codes where there are none yet, and the id of the new session; an empty one if the key was not taken."""
    if not security_keys.add(writing, now(), found, site(), name, request.form.get("answer", "")):
        return [], ""
    codes = [] if found.member.recovery_codes else staff.make_recovery_codes(writing, found.member.id)
    return codes, _go_on(writing, found, SignInStage.FULL)


def _key_page(found: SignedIn, name: str = "", problem: str = "") -> str:
    with services().store.writing() as writing:
        options = security_keys.ask_for_new(writing, found, site())
    full = found.stage is SignInStage.FULL
    return render_template("add_key.html", options=options, site=site().origin, name=name, full=full, problem=problem)


@page("/keys/<uuid:key_id>/remove", who=Door.SIGNED_IN, methods=("POST",), fresh=True)
def remove_key(key_id: UUID) -> Any:
    """A lost key opens nothing any more; on a live desk the last factor stays."""
    try:
        with services().store.writing() as writing:
            security_keys.remove(writing, now(), me(), key_id, keep_one=not services().settings.demo)
    except NotAllowed:
        refused("rule")
        return _account_page(_("This is your last key, or none of yours. Add another one first.")), 422
    flash(_("The key is removed."), "good")
    return redirect(url_for("admin.account"), 303)


@page("/account/recovery-codes", who=Door.SIGNED_IN, methods=("POST",), fresh=True)
def new_recovery_codes() -> Any:
    """Ten new codes, shown once; the old ones open nothing any more."""
    found = here()
    assert found is not None
    if not found.member.has_second_factor:
        return _account_page(_("Recovery codes come with a second key: add one first.")), 422
    with services().store.writing() as writing:
        codes = staff.make_recovery_codes(writing, found.member.id)
        note(writing, now(), actor(), Action.STAFF_CHANGED, found.member.id, {"what": "recovery_codes"})
    return render_template("recovery_codes.html", codes=codes, onward=url_for("admin.account"))
