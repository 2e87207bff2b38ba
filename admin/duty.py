"""The duty rota: a week of it with its gaps, the desk's hours, and in which languages each person works."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, Role, me, page, seat
from admin.forms import form_token, languages_ticked, new_token, once
from admin.services import now, services
from admin.words import gettext as _
from admin.words import ngettext
from bot.casework.duty import duty_phone, hours, rota
from bot.casework.duty.hours import Dated, Hours, NoHours, Span
from bot.casework.duty.rota import Line, NoShift, Overlaps, Person, Shift
from bot.errors import NotAllowed
from bot.languages import tidy
from bot.store import Session, form_tokens

SECRETARIES = frozenset({Role.SECRETARY})
_SHIFT = ("line", "person", "opens", "closes")


@page("/duty", who=DESK)
def duty_page() -> str:
    """A week of the rota: who is on duty, and where somebody, a woman or a language is missing."""
    return week_page(monday=_monday(request.args.get("week", "")))


def week_page(typed: Mapping[str, Any] | None = None, problem: str = "", monday: date | None = None) -> str:
    """The page of a week, of the present one if no other is named, with what was typed and what is wrong with it."""
    monday = monday or _monday("")
    with services().store.reading() as reading:
        staffed, planned = hours.hours(reading), rota.shifts(reading, monday)
        values = {
            "days": _days(reading, monday, staffed, planned),
            "people": rota.people(reading),
            "planned": planned,
            "holidays": [each for day, each in sorted(staffed.days.items()) if day >= _today()],
            "change": rota.last_change(reading, now()) if Role.SECRETARY in me().roles else None,
            "phones": duty_phone.phones(reading),
            "rings": {line: ring for line, ring in duty_phone.rings(reading).items() if _may_know(line)},
        }
    return render_template(
        "duty.html",
        problem=problem,
        typed=typed or {},
        monday=monday,
        today=_today(),
        weekdays=[(each, monday + timedelta(days=each), staffed.of(_upcoming(each))) for each in range(7)],
        before=monday - rota.WEEK,
        after=monday + rota.WEEK,
        lines=list(Line),
        hours=range(25),
        can_ring=bool(services().telephone.channel),
        token=new_token(),
        **values,
    )


def _days(reading: Session, monday: date, staffed: Hours, planned: list[Shift]) -> list[dict[str, Any]]:
    """Each day with its hours, and for each line its shifts and what is missing in them."""
    heard = {line: _languages(reading, line) for line in Line}
    found = []
    for day in (monday + timedelta(days=each) for each in range(7)):
        of_line = {line: [each for each in planned if (each.day, each.line) == (day, line)] for line in Line}
        lines = [(line, theirs, rota.gaps(staffed.of(day), theirs, heard[line])) for line, theirs in of_line.items()]
        found.append({"day": day, "span": staffed.of(day), "holiday": staffed.days.get(day), "lines": lines})
    return found


def _languages(reading: Session, line: Line) -> list[str]:
    """In which languages people have written."""
    return rota.languages_heard(reading, now(), line) if _may_know(line) else []


def _may_know(line: Line) -> bool:
    """Whether what comes to this line is theirs to know: of the closed queue, its officers' alone."""
    return line is Line.DESK or seat().sees_closed


@page("/duty/shifts", who=SECRETARIES, methods=("POST",))
def add_shift() -> Any:
    """Somebody is on duty on the ticked days."""
    typed: dict[str, Any] = {name: request.form.get(name, "") for name in _SHIFT}
    typed["days"] = request.form.getlist("day")
    monday = _monday(request.form.get("week", ""))
    span, days = _span(typed), [day for each in typed["days"] if (day := _day(each))]
    if typed["line"] not in set(Line) or not _is_id(typed["person"]) or span is None or not days:
        return week_page(
            typed, _("Choose a person, at least one day, and hours that end after they begin."), monday
        ), 422
    try:
        with services().store.writing() as writing:
            form_tokens.use(writing, now(), form_token())
            rota.add(writing, now(), seat(), Line(typed["line"]), UUID(typed["person"]), days, span)
    except NotAllowed as refusal:
        return week_page(typed, _why(refusal), monday), 422
    flash(_("On the rota."), "good")
    return _to_week(monday)


@page("/duty/shifts/<uuid:shift_id>/remove", who=SECRETARIES, methods=("POST",))
def remove_shift(shift_id: UUID) -> Response:
    """They are not on duty then after all."""
    return _act(lambda writing: rota.remove(writing, now(), seat(), shift_id), _("Taken off the rota."))


@page("/duty/swap", who=SECRETARIES, methods=("POST",))
def swap_shifts() -> Response:
    """Two people take each other's shift."""
    one, other = request.form.get("one", ""), request.form.get("other", "")
    if not (_is_id(one) and _is_id(other)):
        flash(_("Choose the two shifts that are to be swapped."), "bad")
        return _to_week(_monday(request.form.get("week", "")))
    return _act(lambda writing: rota.swap(writing, now(), seat(), UUID(one), UUID(other)), _("Swapped."))


@page("/duty/copy", who=SECRETARIES, methods=("POST",))
def copy_week() -> Response:
    """The shown week once more, in the week after it."""
    monday = _monday(request.form.get("week", ""))
    copied: list[tuple[int, int]] = []
    answer = _act(lambda writing: copied.append(rota.copy_week(writing, now(), seat(), monday)), "", monday + rota.WEEK)
    for made, left_out in copied:
        flash(ngettext("%(n)s shift copied into this week.", "%(n)s shifts copied into this week.", made), "good")
        if left_out:
            flash(ngettext("%(n)s was left out.", "%(n)s were left out: past, or taken.", left_out), "note")
    return answer


@page("/duty/undo", who=SECRETARIES, methods=("POST",))
def undo_rota() -> Response:
    """The rota as it was before its newest change."""
    change = request.form.get("change", "")
    if not change.isdecimal() or len(change) > len("1000000000"):
        abort(400)
    return _act(lambda writing: rota.undo(writing, now(), seat(), int(change)), _("Undone."))


@page("/duty/hours", who=SECRETARIES, methods=("POST",))
def change_hours() -> Any:
    """The hours of a weekday from a day on, or those of one day; with the button "back" a day is as its weekday is."""
    monday = _monday(request.form.get("week", ""))
    day, weekday = _day(request.form.get("day", "")), request.form.get("weekday", "")
    span = None if "closed" in request.form else _span(request.form)
    if day is None or ("back" not in request.form and "closed" not in request.form and span is None):
        return week_page(None, _("Give a day, and hours that end after they begin."), monday), 422
    name = tidy(request.form.get("name", "")).strip()[: hours.LONGEST_NAME]
    wanted = Dated(day, span, int(weekday) if weekday in set("0123456") else None, name)

    def act(writing: Session) -> None:
        form_tokens.use(writing, now(), form_token())
        if "back" in request.form:
            hours.take_back(writing, now(), me().id, day)
        else:
            hours.change(writing, now(), me().id, wanted)

    try:
        with services().store.writing() as writing:
            act(writing)
    except NoHours:
        return week_page(None, _("The day must be today or later, and within a year."), monday), 422
    flash(_("Kept. Delays and closings go by these hours within seconds."), "good")
    return _to_week(monday)


@page("/duty/people/<uuid:staff_id>", who=DESK)
def duty_person(staff_id: UUID) -> str:
    """In which languages somebody works: one's own page, and for the secretary everybody's."""
    return render_template("duty_person.html", person=_theirs(staff_id), mine=staff_id == me().id)


@page("/duty/people/<uuid:staff_id>", who=DESK, methods=("POST",))
def change_duty_person(staff_id: UUID) -> Response:
    """What they say of themselves, kept."""
    _theirs(staff_id)
    with services().store.writing() as writing:
        rota.set_profile(writing, now(), seat(), staff_id, languages_ticked(), as_woman="as_woman" in request.form)
    flash(_("Kept. The rota shows it at once."), "good")
    return redirect(url_for("admin.duty_page"), 303)


def _theirs(staff_id: UUID) -> Person:
    with services().store.reading() as reading:
        found = rota.person_of(reading, staff_id)
    if found is None or not (staff_id == me().id or Role.SECRETARY in me().roles):
        abort(404)
    return found


# What the forms share


def _act(act: Callable[[Session], object], done: str, monday: date | None = None) -> Response:
    """One change of the rota, once per form; what came of it is said over the week."""
    once(act, done, _why)
    return _to_week(monday or _monday(request.form.get("week", "")))


def _why(refusal: NotAllowed) -> str:
    if isinstance(refusal, Overlaps):
        return _("This person is on duty at that time already.")
    if isinstance(refusal, NoShift):
        return _("The days must be today or later, and within a year.")
    return _("That can't be: the closed queue has officers of its own, and nobody swaps with themselves.")


def _to_week(monday: date) -> Response:
    return redirect(url_for("admin.duty_page", week=monday.isoformat()), 303)


def _today() -> date:
    return now().astimezone(UTC).date()


def _upcoming(weekday: int) -> date:
    """The next day of this name, today included."""
    return _today() + timedelta(days=(weekday - _today().weekday()) % 7)


def _monday(text: str) -> date:
    """The Monday of the week that holds this day; of the present week where it is none or too far away."""
    day = _day(text) or _today()
    if abs(day - _today()) > timedelta(days=hours.FARTHEST):
        day = _today()
    return day - timedelta(days=day.weekday())


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _span(form: Mapping[str, str]) -> Span | None:
    opens, closes = form.get("opens", ""), form.get("closes", "")
    if not (opens.isdecimal() and closes.isdecimal() and len(opens) <= 2 and len(closes) <= 2):
        return None
    return Span(int(opens), int(closes)) if int(opens) < int(closes) <= 24 else None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
