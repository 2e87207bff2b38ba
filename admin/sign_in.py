"""Signing in: a password, then a key or a code that works once; signing out, which ends the session on the server."""

import secrets
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from admin.access import Door, here, is_same, next_door, own_path, page
from admin.proving import Wrong, admit, proof_page, prove, too_fast
from admin.services import now, services
from admin.words import LANGUAGES
from admin.words import gettext as _
from bot import staff
from bot.staff import Guess
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import SignInStage

_KNOWN_SECONDS = 90 * 24 * 3600


@page("/sign-in", who=Door.ANYONE, methods=("GET", "POST"))
def sign_in() -> Any:
    """Name and password. An unknown name gets the same answer, as slowly."""
    if request.method == "GET":
        return _sign_in_page()
    username, password = request.form.get("username", ""), request.form.get("password", "")[: staff.LONGEST_PASSWORD]
    guesses = _guesses(username)
    wait = admit(guesses)
    if wait:
        return too_fast(wait).answer("sign_in.html", username=username)
    with services().store.reading() as reading:
        found = staff.find(reading, username)
    member, kept = found or (None, None)
    if not staff.password_fits(kept, password) or member is None:
        with services().store.writing() as writing:
            note(writing, now(), "nobody", Action.STAFF_SIGN_IN_REFUSED, member.id if member else "unknown")
        return _sign_in_page(_("This name and this password don't belong together."), username), 401
    stage = stage_after_password(member)
    with services().store.writing() as writing:
        _forgive(writing, guesses)
        identity = _open(writing, member.id, stage)
    return enter(identity, stage, member)


def _sign_in_page(problem: str = "", username: str = "") -> str:
    return render_template("sign_in.html", problem=problem, username=username, demo=services().settings.demo)


def stage_after_password(member: staff.Member) -> SignInStage:
    """What is still to be proved by whoever has shown their password."""
    if member.has_second_factor:
        return SignInStage.HALF_WAY
    return SignInStage.FULL if services().settings.demo else SignInStage.ENROLLING


@page("/second-factor", who=Door.HALF_WAY, methods=("GET", "POST"))
def second_factor() -> Any:
    """A security key, the code of the app, or a recovery code; each answer opens the door once."""
    found = here()
    assert found is not None
    if request.method == "GET":
        return proof_page(found, "second_factor.html")
    stage = stage_after_proof(found.member)

    def step_up(writing: Session) -> str:
        staff.end_session(writing, found.id_hash)
        return _open(writing, found.member.id, stage, proved=True)

    proof = prove(found, request.form.get("code", ""), request.form.get("answer", ""), step_up)
    if isinstance(proof, Wrong):
        return proof_page(found, "second_factor.html", proof)
    return enter(proof, stage, found.member)


def stage_after_proof(member: staff.Member) -> SignInStage:
    """Whoever has proved their second factor is in, unless their role asks for a key that they don't have yet."""
    return SignInStage.ENROLLING if member.lacks_key and not services().settings.demo else SignInStage.FULL


@page("/sign-out", who=Door.SIGNED_IN, methods=("POST",))
def sign_out() -> Response:
    """The end of this session: a copied cookie opens nothing any more."""
    found = here()
    assert found is not None
    with services().store.writing() as writing:
        staff.end_session(writing, found.id_hash)
        note(writing, now(), f"staff:{found.member.id}", Action.STAFF_SIGNED_OUT, found.member.id)
    _start_anew()
    flash(_("You are signed out."), "good")
    response = redirect(url_for("admin.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@page("/language", who=Door.ANYONE, methods=("POST",))
def language() -> Response:
    """French or English, from now on; a member's choice is kept."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        found = here()
        if found:
            with services().store.writing() as writing:
                staff.change_language(writing, now(), found.member.id, chosen)
    return redirect(own_path(request.referrer) or url_for("admin.home"), 303)


# What the ways in share


def _open(writing: Session, staff_id: UUID, stage: SignInStage, *, proved: bool = False) -> str:
    if stage is SignInStage.FULL:
        note(writing, now(), f"staff:{staff_id}", Action.STAFF_SIGNED_IN, staff_id)
    return staff.open_session(writing, now(), staff_id, stage, proved=proved)


def enter(identity: str, stage: SignInStage, member: staff.Member) -> Response:
    """On with a new session; whatever the browser held before is worth nothing now."""
    back = session.get("back")
    _start_anew()
    session["id"], session["language"] = identity, member.language
    if stage is not SignInStage.FULL:
        session["back"] = back
        return redirect(url_for(next_door(stage, member)), 303)
    response = redirect(own_path(back) or url_for("admin.home"), 303)
    _remember_browser(response, member.username)
    return response


def enter_fully(identity: str) -> str:
    """Carry on in this new session without leaving the page; the address of the page that was asked for at first."""
    back = session.get("back")
    _start_anew()
    session["id"] = identity
    return own_path(back) or url_for("admin.home")


def _start_anew() -> None:
    kept = session.get("language")
    session.clear()
    if kept:
        session["language"] = kept


def _guesses(username: str) -> list[Guess]:
    """Tries are counted per network address, and per account; but for a browser that once signed in, per browser.

    So a stranger who hammers an account slows himself down and not the colleague who works with it every day.
    """
    keys = services().store.keys
    known = _known_browser(_owner(username))
    whose = staff.guess(keys, "browser", known) if known else staff.guess(keys, "account", username.strip().casefold())
    return [staff.guess(keys, "address", request.remote_addr or ""), whose]


def _forgive(writing: Session, guesses: list[Guess]) -> None:
    staff.take_back(writing, guesses[0])
    staff.forgive(writing, guesses[1:])


def _owner(username: str) -> str:
    return services().store.keys.blind("known browser", username.strip().casefold()).hex()[:16]


def _browsers() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services().store.keys.derive("known-browsers"))


def _cookie_name() -> str:
    return "kunnafoni-browser" if services().settings.demo else "__Host-kunnafoni-browser"


def _known_browser(owner: str) -> str | None:
    try:
        said = _browsers().loads(request.cookies.get(_cookie_name(), ""), max_age=_KNOWN_SECONDS)
        return str(said["browser"]) if is_same(said["owner"], owner) else None
    except (BadSignature, KeyError, TypeError):
        return None


def _remember_browser(response: Response, username: str) -> None:
    content = {"owner": _owner(username), "browser": secrets.token_hex(8)}
    response.set_cookie(
        _cookie_name(),
        _browsers().dumps(content),
        max_age=_KNOWN_SECONDS,
        secure=not services().settings.demo,
        httponly=True,
        samesite="Lax",
    )
