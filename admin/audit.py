"""The audit: who did what, in opaque ids, and how far it is proved that nothing was changed since."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import OVERSIGHT, actor, page
from admin.labels import ACTIONS, ACTORS
from admin.services import now, services
from admin.words import gettext as _
from bot import staff
from bot.languages import tidy
from bot.store import Session, audit
from bot.store.audit import Action, Entry, Wanted

_PAGE = 50
#: A row number has fewer digits than this.
_ROW_DIGITS = 19
_FIELDS = ("who", "act", "about", "since", "until")
#: The id in an address that somebody pastes.
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@page("/audit", who=OVERSIGHT)
def audit_page() -> Any:
    """The newest entries of those that are looked for; `before` is the number of the oldest one already seen."""
    typed = {name: tidy(request.args.get(name, "")).strip()[:200] for name in _FIELDS}
    wanted = _wanted(typed)
    problem = wanted if isinstance(wanted, str) else ""
    with services().store.reading() as reading:
        found = [] if isinstance(wanted, str) else audit.newest(reading, _PAGE + 1, before=_before(), wanted=wanted)
        shown = {
            "linked": audit.linked_up_to(reading),
            "checked": audit.last_checked(reading),
            "people": names_of(reading, found),
            "members": staff.everybody(reading),
        }
    query = {name: value for name, value in typed.items() if value}
    older = found[_PAGE - 1].id if len(found) > _PAGE else None
    return render_template(
        "audit.html",
        entries=found[:_PAGE],
        older=older,
        typed=typed,
        query=query,
        problem=problem,
        acts=sorted((_(words), action) for action, words in ACTIONS.items()),
        **shown,
    ), 422 if problem else 200


def _before() -> int | None:
    before = request.args.get("before", "")
    return int(before) if before.isascii() and before.isdecimal() and len(before) < _ROW_DIGITS else None


def _wanted(typed: Mapping[str, str]) -> Wanted | str:
    """What the form looks for, or what is wrong with it in one sentence."""
    try:
        since, until = (date.fromisoformat(typed[name]) if typed[name] else None for name in ("since", "until"))
    except ValueError:
        return _("Give the days as year-month-day.")
    subject = _ID.search(typed["about"].lower())
    return Wanted(
        actors=ACTORS[typed["who"]][1] if typed["who"] in ACTORS else (typed["who"],) if typed["who"] else (),
        action=Action(typed["act"]) if typed["act"] in ACTIONS else None,
        subject=subject[0] if subject else typed["about"],
        since=_midnight(since) if since else None,
        until=_midnight(until) + timedelta(days=1) if until else None,
    )


def _midnight(day: date) -> datetime:
    """When the day begins; a year before this service or long after it is as good as the nearest one that is not."""
    return datetime.combine(min(max(day, date(2000, 1, 1)), date(2200, 1, 1)), time(), UTC)


@page("/audit", who=OVERSIGHT, methods=("POST",))
def check_audit() -> Response:
    """Walk the whole chain now; what was found stands on the page, and in the audit."""
    with services().store.reading() as reading:
        chain = audit.verify(reading)
    with services().store.writing() as writing:
        audit.note_checked(writing, now(), actor(), chain)
    return redirect(url_for("admin.audit_page"), 303)


def names_of(reading: Session, entries: Iterable[Entry]) -> Mapping[str, str]:
    """What the members of staff among the actors are called."""
    actors = {entry.actor for entry in entries if entry.actor.startswith("staff:")}
    found = staff.names(reading, {UUID(actor.removeprefix("staff:")) for actor in actors})
    return {f"staff:{identity}": name for identity, name in found.items()}
