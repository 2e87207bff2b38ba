"""People who wait for a call: what to say, what came of each try. A number is shown to the person who is about to call,
once, and that is in the audit.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for

from admin import drafts
from admin.access import DESK, actor, me, page, seat
from admin.forms import new_token, once
from admin.labels import CALL_OUTCOMES
from admin.services import now, services
from admin.watch import officers_on_duty
from admin.words import BAMAKO
from admin.words import gettext as _
from bot import staff
from bot.casework import call_backs, calls
from bot.casework.call_backs import CallBack
from bot.casework.calls import Call, NoTime
from bot.casework.drafts import Field
from bot.casework.drafts import of as drafts_of
from bot.errors import Stale
from bot.languages import tidy
from bot.store import Session
from bot.store.audit import Action, note
from bot.store.tables import CallOutcome


@page("/call-backs", who=DESK)
def call_back_list() -> str:
    """The open tasks: the most urgent first and of them who waits the longest, who asked to be called later last."""
    with services().store.reading() as reading:
        tasks = call_backs.open_call_backs(reading, seat())
        tries = calls.of(reading, seat(), [task.id for task in tasks])
        officers = officers_on_duty(reading)
    tasks.sort(key=lambda task: task.waits(now()))
    return render_template("call_backs.html", tasks=tasks, tries=tries, at=now(), officers=officers)


@page("/call-backs/<uuid:call_back_id>", who=DESK)
def call(call_back_id: UUID) -> str:
    """One task: what to say, what came of the tries, and what came of this one."""
    return _call_page(_task(call_back_id))


def _call_page(task: CallBack, **values: Any) -> str:
    with services().store.reading() as reading:
        tries = calls.of(reading, seat(), [task.id]).get(task.id, [])
        people = staff.names(reading, {each.staff_id for each in tries})
        kept = drafts_of(reading, me().id, task.id).get(Field.NOTE)
    told = {"task": task, "tries": tries, "people": people, "kept": kept, "suggest_closing": _hopeless(tries)}
    values = {
        "typed": {"note": kept.text} if kept else {},
        "longest": calls.LONGEST_NOTE,
        "at": now(),
        "new_token": new_token,
        **values,
    }
    return render_template("call.html", **told, **values)


def _hopeless(tries: list[Call]) -> bool:
    return calls.unanswered(tries) >= calls.ENOUGH


@page("/call-backs/<uuid:call_back_id>/number", who=DESK, methods=("POST",))
def show_number(call_back_id: UUID) -> Any:
    """The number, in the answer itself: it stands in no address, no cookie and no history."""
    task = _task(call_back_id)
    with services().store.writing() as writing:
        address = call_backs.number_to_call(writing, now(), seat(), call_back_id)
    if address is None:
        flash(_("This person can't be reached any more, or somebody has just called."), "note")
        return redirect(url_for("admin.call_back_list"), 303)
    return _call_page(task, number=address.partition(":")[2])


@page("/call-backs/<uuid:call_back_id>/log", who=DESK, methods=("POST",), draft=Field.NOTE)
def log_call(call_back_id: UUID) -> Any:
    """What came of a call."""
    task = _task(call_back_id)
    kept = drafts.answer()
    if kept:
        return kept
    outcome = request.form.get("outcome", "")
    typed = {
        "outcome": outcome,
        "note": tidy(request.form.get("note", "")).strip()[: calls.LONGEST_NOTE],
        "call_at": request.form.get("call_at", "")[:16],
    }
    if outcome not in CALL_OUTCOMES:
        return _call_page(task, typed=typed, problem=_("Choose what came of the call.")), 422
    call_at = _moment(typed["call_at"])

    def act(writing: Session) -> None:
        drafts.sent(writing)
        calls.log(writing, now(), seat(), call_back_id, CallOutcome(outcome), typed["note"], call_at)

    try:
        once(act, _("Noted."), _("Nothing can be noted any more: what this person told us was erased."))
    except NoTime:
        problem = _("Say when they may be called: a day and an hour ahead, within a month.")
        return _call_page(task, typed=typed, problem=problem), 422
    return redirect(url_for("admin.call_back_list"), 303)


def _moment(typed: str) -> datetime | None:
    """A day and an hour as a browser sends them, by the clock of Bamako."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=BAMAKO) if typed else None
    except ValueError:
        return None


@page("/call-backs/<uuid:call_back_id>/done", who=DESK, methods=("POST",))
def call_back_done(call_back_id: UUID) -> Any:
    """Nobody answers, or a call is not needed any more: the task is closed."""
    _task(call_back_id)
    try:
        with services().store.writing() as writing:
            call_backs.done(writing, now(), seat(), call_back_id)
        flash(_("Closed: nobody waits for this call any more."), "good")
    except Stale:
        flash(_("Somebody else has just called this person."), "note")
    return redirect(url_for("admin.call_back_list"), 303)


def _task(call_back_id: UUID) -> CallBack:
    """The open task, if it is this seat's to see; done, unknown and the closed queue's look alike from outside.

    A try at what is not theirs is in the audit.
    """
    with services().store.reading() as reading:
        tasks = call_backs.open_call_backs(reading, seat())
    found = next((task for task in tasks if task.id == call_back_id), None)
    if found is None:
        with services().store.writing() as writing:
            note(writing, now(), actor(), Action.CALL_BACK_REFUSED, call_back_id, {"page": request.endpoint or ""})
        flash(_("This task is done, or it is not yours."), "note")
        abort(redirect(url_for("admin.call_back_list"), 303))
    return found
