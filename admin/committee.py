"""The committee as the secretariat keeps it: seats and who holds them, the rules, what is overdue, what is masked."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from admin.access import Role, me, page, seat
from admin.items import place_of
from admin.services import now, services
from admin.words import gettext as _
from bot import staff
from bot.casework import committee, items, report_backs
from bot.casework.masking import own_words
from bot.casework.masking.marks import Why
from bot.casework.masking.own_words import NotAWord
from bot.casework.report_backs import Since
from bot.errors import NotAllowed
from bot.languages import tidy

SECRETARIES = frozenset({Role.SECRETARY})
_LONGEST_TITLE = 128


@page("/committee", who=SECRETARIES)
def committee_page() -> str:
    """Seats, holders, rules, and what is overdue."""
    return _page()


def _page(problem: str = "") -> str:
    with services().store.reading() as reading:
        held: dict[str, list[committee.Holder]] = {}
        for each in committee.holders(reading):
            held.setdefault(each.seat, []).append(each)
        values = {
            "bodies": committee.bodies(reading),
            "held": held,
            "rules": committee.rules(reading),
            "names": {body.code: body.title for body in committee.bodies(reading)},
            "late": items.overdue(reading, now()),
            "masked": own_words.changes(reading),
            "members": [each for each in staff.everybody(reading) if each.active and Role.COMMITTEE in each.roles],
        }
    values |= {"place_of": place_of, "at": now(), "why": own_words.LISTED}
    return render_template("committee.html", problem=problem, **values)


@page("/committee/report", who=SECRETARIES)
def committee_report() -> str:
    """For a meeting, to print and read out: what was heard, what each seat did, and who is late; never with what."""
    days = 30 if request.args.get("days") == "30" else 7
    begins = datetime.combine(now().date() - timedelta(days=days), time(), UTC)
    with services().store.reading() as reading:
        values = {
            "heard": report_backs.heard(reading, Since(begins, now())),
            "tallies": items.tallies(reading, now(), begins),
            "late": items.overdue(reading, now(), "committee"),
        }
    fewest = report_backs.FEWEST
    return render_template("committee_report.html", days=days, begins=begins, at=now(), fewest=fewest, **values)


@page("/committee/<code>/holder", who=SECRETARIES, methods=("POST",))
def seat_holder(code: str) -> Any:
    """Somebody takes the seat, as holder or deputy."""
    with services().store.writing() as writing:
        found = staff.find(writing, request.form.get("username", "").strip())
        if found is not None and Role.COMMITTEE in found[0].roles:
            try:
                committee.seat_down(
                    writing, now(), seat(), code, found[0].id, deputy=request.form.get("as") == "deputy"
                )
            except NotAllowed:
                abort(404)
    if found is None or Role.COMMITTEE not in found[0].roles:
        return _page(_("This person can hold no seat: they lack the role, or may not sign in. Choose another.")), 422
    flash(_("Kept. They find the items of the seat."), "good")
    return redirect(url_for("admin.committee_page"), 303)


@page("/committee/<code>/leave", who=SECRETARIES, methods=("POST",))
def leave_seat(code: str) -> Any:
    """Somebody leaves the seat; its items stay."""
    with services().store.writing() as writing:
        for each in committee.holders(writing):
            if each.seat == code and request.form.get("holder") == str(each.staff_id):
                committee.stand_up(writing, now(), seat(), code, each.staff_id)
    flash(_("They have left the seat; its items stay with it."), "good")
    return redirect(url_for("admin.committee_page"), 303)


@page("/committee/<code>/title", who=SECRETARIES, methods=("POST",))
def rename_seat(code: str) -> Any:
    """The title of today."""
    title = tidy(request.form.get("title", "")).strip()
    if not 0 < len(title) <= _LONGEST_TITLE:
        return _page(_("Write a title of at most 128 letters.")), 422
    with services().store.writing() as writing:
        try:
            committee.rename(writing, now(), seat(), code, title)
        except NotAllowed:
            abort(404)
    flash(_("The seat has this title now."), "good")
    return redirect(url_for("admin.committee_page"), 303)


@page("/committee/masking", who=SECRETARIES, methods=("POST",))
def change_masking() -> Any:
    """A word is masked in summaries from now on, or no longer."""
    why = request.form.get("why", "")
    if why not in set(own_words.LISTED):
        abort(400)
    try:
        with services().store.writing() as writing:
            own_words.change(
                writing, now(), me().id, request.form.get("word", ""), Why(why), masked="off" not in request.form
            )
    except NotAWord:
        return _page(_("Write one word of 2 to 40 letters.")), 422
    flash(_("Kept. Every summary is checked so from now on."), "good")
    return redirect(url_for("admin.committee_page"), 303)
