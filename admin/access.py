"""Who may see which page. A page can't be made without saying so, and whoever is not named is refused."""

import hmac
from collections.abc import Callable, Collection
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from admin.proving import fresh_factor
from admin.services import now, services
from bot import staff
from bot.casework import desk
from bot.casework.desk import Line
from bot.casework.drafts import Field
from bot.casework.duty import duty_phone
from bot.casework.seats import Seat
from bot.staff import Role, SignedIn
from bot.store.audit import Action, note
from bot.store.tables import SignInStage


class Door(StrEnum):
    """Pages that no role opens: for everybody, between password and code, for whoever is signed in."""

    ANYONE = "anyone"
    HALF_WAY = "half_way"
    ENROLLING = "enrolling"
    SIGNED_IN = "signed_in"
    PHONE = "phone"


#: Who works with reports.
DESK = frozenset({Role.SECRETARY, Role.TRIAGE, Role.CLOSED_QUEUE})
COMMITTEE = frozenset({Role.COMMITTEE})
OVERSIGHT = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
#: A form of ours is never larger, in bytes, unless its page says so.
LARGEST_FORM = 64 * 1024
#: What the address of a page says when the page was loaded again by itself and by nobody.
BY_ITSELF = "by_itself"
Who = Door | Collection[Role]
View = Callable[..., Any]

panel = Blueprint("admin", "admin", url_prefix="/admin", template_folder="templates")
phone = Blueprint("phone", "admin", template_folder="templates")


def page(
    rule: str,
    *,
    who: Who,
    methods: tuple[str, ...] = ("GET",),
    fresh: bool = False,
    largest: int = LARGEST_FORM,
    draft: Field | None = None,
    on: Blueprint = panel,
) -> Callable[[View], View]:
    """Make the view a page that these people, and nobody else, may see. It is refused to all others before it runs.

    With `fresh` its form is taken only from whoever has just proved their second factor, or proves it with the form;
    a form has at most `largest` bytes, and with `draft` what is typed in that field is kept until it is sent.
    """

    def make(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            return refusal(who) or (fresh and _proof_first()) or view(**arguments)

        guarded.who = who  # type: ignore[attr-defined]
        guarded.largest = largest  # type: ignore[attr-defined]
        guarded.draft = draft  # type: ignore[attr-defined]
        on.add_url_rule(rule, view.__name__, guarded, methods=list(methods))
        return view

    return make


def allowed(endpoint: str) -> Who | None:
    """Who may see this page of ours; None for what is none."""
    return getattr(current_app.view_functions.get(endpoint), "who", None)


def largest(endpoint: str) -> int:
    """How many bytes a form of this page may have."""
    found: int = getattr(current_app.view_functions.get(endpoint), "largest", LARGEST_FORM)
    return found


def draft_of(endpoint: str) -> Field | None:
    """The field of this page's form whose words are kept until they are sent."""
    return getattr(current_app.view_functions.get(endpoint), "draft", None)


# Who is here


def here() -> SignedIn | None:
    """The living session that this request comes with, at whatever stage."""
    if "signed_in" not in g:
        identity = session.get("id")
        g.signed_in = None
        if isinstance(identity, str):
            with services().store.reading() as reading:
                g.signed_in = staff.signed_in(reading, now(), identity)
    found: SignedIn | None = g.signed_in
    return found


def me() -> staff.Member:
    """The member of staff who is signed in; only for pages that ask for one."""
    found = here()
    assert found is not None
    return found.member


def seat() -> Seat:
    """What they see of reports."""
    return Seat(me().id, sees_closed=Role.CLOSED_QUEUE in me().roles)


def actor() -> str:
    """How the audit names them."""
    return f"staff:{me().id}"


def may(who: Who) -> bool:
    """Whether whoever is here may see a page for these; for drawing only links that lead somewhere."""
    found = here()
    if who is Door.PHONE and services().settings.demo:
        return True
    if not found or found.stage is not SignInStage.FULL:
        return False
    return isinstance(who, Door) or bool(found.member.roles.intersection(who))


def is_same(text: str, other: str) -> bool:
    """Compare without telling by the time it takes."""
    return hmac.compare_digest(text.encode(), other.encode())


# Refusals

_STAGES = {Door.HALF_WAY: (SignInStage.HALF_WAY,), Door.ENROLLING: (SignInStage.ENROLLING, SignInStage.FULL)}


def refusal(who: Who) -> Response | None:
    """None if they may pass, else where they must go first; raises 403 for the wrong role."""
    if who is Door.ANYONE or (who is Door.PHONE and services().settings.demo):
        return None
    found = here()
    if found is None:
        return _to_sign_in()
    if isinstance(who, Door) and who in _STAGES:
        return None if found.stage in _STAGES[who] else redirect(url_for("admin.home"), 303)
    if found.stage is not SignInStage.FULL:
        return redirect(url_for(next_door(found.stage, found.member)), 303)
    if not may(who):
        refused("role")
        abort(403)
    _note_use(found)
    return None


def next_door(stage: SignInStage, member: staff.Member) -> str:
    """The page that leads whoever is at this stage further in."""
    if stage is SignInStage.FULL:
        return "admin.home"
    if stage is SignInStage.HALF_WAY:
        return "admin.second_factor"
    return "admin.add_key" if member.needs_key else "admin.enrol"


def _proof_first() -> Response | None:
    """None where no proof is missing, else the page that asks for it. Whoever is not yet in has just given theirs."""
    found = here()
    if found is None or found.stage is not SignInStage.FULL or request.method != "POST":
        return None
    return fresh_factor(found)


def _to_sign_in() -> Response:
    if request.headers.get("X-Fragment"):
        abort(401)
    if request.method == "GET":
        session["back"] = request.path
    return redirect(url_for("admin.sign_in"), 303)


def _note_use(found: SignedIn) -> None:
    """A page that asks by itself, as the inbox does, keeps nobody signed in and silences no duty phone."""
    if request.headers.get("X-Fragment") or BY_ITSELF in request.args:
        return
    if staff.is_worth_touching(found, now()):
        with services().store.writing() as writing:
            staff.touch(writing, now(), found)
    member = found.member
    with services().store.reading() as reading:
        rang = may(DESK) and duty_phone.unanswered(reading, member.roles)
    if rang:
        with services().store.writing() as writing:
            duty_phone.answer(writing, now(), member.id, member.roles)


def refused(why: str) -> None:
    """Write into the audit that a signed-in person was refused this page."""
    found = here()
    if found:
        detail = {"why": why, "page": request.endpoint or "", "method": request.method}
        with services().store.writing() as writing:
            note(writing, now(), f"staff:{found.member.id}", Action.STAFF_REFUSED, found.member.id, detail)


def no_such_report(report_id: UUID) -> Response:
    """404, the same for a report that is not there and one that is not theirs to see; the try is in the audit."""
    with services().store.writing() as writing:
        note(writing, now(), actor(), Action.REPORT_REFUSED, report_id, {"page": request.endpoint or ""})
    abort(404)


def look_at(report_id: UUID) -> Line:
    """The report, if it is this seat's to see; else 404, and that is in the audit."""
    with services().store.reading() as reading:
        line = desk.look(reading, seat(), report_id)
    if line is None:
        no_such_report(report_id)
    assert line is not None
    return line


def own_path(address: str | None) -> str | None:
    """The path of an address of ours, or None: nobody is sent to another site."""
    path = urlsplit(address or "").path
    return path if path.startswith(("/admin/", "/phone")) and "\\" not in path and "//" not in path else None
