"""How long what people tell us is kept: shown to all of the staff, set by an administrator, enforced by the clock."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from admin.access import Door, Role, me, page
from admin.labels import KEPT
from admin.services import now, services
from admin.words import gettext as _
from bot import staff
from bot.casework.keeping import retention
from bot.casework.keeping.retention import Kept, NoPeriod
from bot.store import audit

#: So many of the last erasures are shown.
_RUNS = 5
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


@page("/retention", who=Door.SIGNED_IN)
def retention_page() -> Any:
    """Each period, who set it, and what was erased last."""
    with services().store.reading() as reading:
        periods = retention.periods(reading)
        overdue = retention.overdue(reading, now())
        runs = audit.newest_of(reading, retention.SUBJECT, _RUNS)
        people = staff.names(reading, {period.staff_id for period in periods.values() if period.staff_id})
    values = {"periods": periods, "overdue": overdue, "runs": runs, "people": people}
    return render_template("retention.html", longest=retention.LONGEST, administrators=ADMINISTRATORS, **values)


@page("/retention/<kept>", who=ADMINISTRATORS, methods=("POST",))
def change_retention(kept: str) -> Any:
    """From now on something is kept for so many days."""
    days = request.form.get("days", "").strip()
    try:
        if kept not in KEPT or not days.isdecimal():
            raise NoPeriod("no number")
        with services().store.writing() as writing:
            retention.change(writing, now(), me().id, Kept(kept), int(days[:6]))
    except NoPeriod:
        flash(_("Give a number of days, from 1 to %(longest)s.", longest=retention.LONGEST), "bad")
    else:
        flash(_("Kept. What is older is erased within minutes."), "good")
    return redirect(url_for("admin.retention_page"), 303)
