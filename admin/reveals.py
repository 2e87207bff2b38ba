"""Who told something: shown to one person for a quarter of an hour, with a reason, when a second person allows it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, Role, no_such_report, page, refused, seat
from admin.forms import new_token, once
from admin.services import now, services
from admin.words import gettext as _
from bot import staff
from bot.casework import calls, desk, reveals
from bot.errors import NotAllowed
from bot.languages import tidy
from bot.store import Session

DECIDERS = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})


@page("/reports/<uuid:report_id>/identity", who=DESK)
def identity(report_id: UUID) -> Any:
    """What this seat asked for about this report, and how it stands."""
    return _identity_page(report_id)


@page("/reports/<uuid:report_id>/identity", who=DESK, methods=("POST",))
def ask_identity(report_id: UUID) -> Any:
    """Ask to see the number, and say why."""
    reason = tidy(request.form.get("reason", "")).strip()
    if not reveals.SHORTEST <= len(reason) <= reveals.LONGEST:
        problem = _("Say in a sentence why the number is needed.")
        return _identity_page(report_id, reason=reason, problem=problem), 422

    def act(writing: Session) -> None:
        reveals.ask(writing, now(), seat(), report_id, reason)

    nobody = _("Nobody can be reached about this report any more.")
    once(act, _("Asked. A second person of the secretariat decides."), nobody)
    return redirect(url_for("admin.identity", report_id=report_id), 303)


@page("/reports/<uuid:report_id>/identity/<uuid:reveal_id>", who=DESK, methods=("POST",), fresh=True)
def look_at_identity(report_id: UUID, reveal_id: UUID) -> Any:
    """The number, in the answer itself: it stands in no address, no cookie and no history."""
    try:
        with services().store.writing() as writing:
            number = reveals.number(writing, now(), seat(), reveal_id)
    except NotAllowed:
        refused("rule")
        flash(_("It was not allowed, or the quarter of an hour is over."), "note")
        return redirect(url_for("admin.identity", report_id=report_id), 303)
    return _identity_page(report_id, number=number.partition(":")[2])


def _identity_page(report_id: UUID, **values: Any) -> str:
    with services().store.reading() as reading:
        line = desk.look(reading, seat(), report_id)
        asked = reveals.own(reading, now(), seat(), report_id) if line else None
        not_safe = calls.unsafe_of(reading, seat(), report_id)
    if line is None:
        no_such_report(report_id)
    return render_template(
        "identity.html", line=line, asked=asked, not_safe=not_safe, at=now(), new_token=new_token, **values
    )


@page("/reveals", who=DECIDERS)
def reveal_list() -> str:
    """The requests of others that wait for a second person."""
    with services().store.reading() as reading:
        waiting = reveals.waiting(reading, now(), seat())
        people = staff.names(reading, {each.asked_by for each in waiting})
    return render_template("reveals.html", waiting=waiting, people=people, new_token=new_token)


@page("/reveals/<uuid:reveal_id>/allow", who=DECIDERS, methods=("POST",), fresh=True)
def allow_reveal(reveal_id: UUID) -> Response:
    """A second person agrees: the number can be looked at for a quarter of an hour."""
    return _decide(reveals.allow, reveal_id, _("Allowed for a quarter of an hour. Each look is in the audit."))


@page("/reveals/<uuid:reveal_id>/refuse", who=DECIDERS, methods=("POST",))
def refuse_reveal(reveal_id: UUID) -> Response:
    """A second person does not agree."""
    return _decide(reveals.refuse, reveal_id, _("Refused."))


def _decide(decision: Callable[..., None], reveal_id: UUID, done: str) -> Response:
    def act(writing: Session) -> None:
        decision(writing, now(), seat(), reveal_id)

    once(act, done, _("Nobody decides on what they asked for themselves."))
    return redirect(url_for("admin.reveal_list"), 303)
