"""People who wait for a call. A number is shown to the person who is about to call, once, and that is in the audit."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for

from admin.access import DESK, page, seat
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import call_backs
from bot.casework.call_backs import CallBack
from bot.errors import Stale


@page("/call-backs", who=DESK)
def call_back_list() -> str:
    """The open tasks, the longest waiting first."""
    return _list_page()


def _list_page(shown: UUID | None = None, number: str | None = None) -> str:
    with services().store.reading() as reading:
        tasks = call_backs.open_call_backs(reading, seat())
    return render_template("call_backs.html", tasks=tasks, shown=shown, number=number)


@page("/call-backs/<uuid:call_back_id>/number", who=DESK, methods=("POST",))
def show_number(call_back_id: UUID) -> Any:
    """The number, in the answer itself: it stands in no address, no cookie and no history."""
    _task(call_back_id)
    with services().store.writing() as writing:
        address = call_backs.number_to_call(writing, now(), seat(), call_back_id)
    if address is None:
        flash(_("This person can't be reached any more, or somebody has just called."), "note")
        return redirect(url_for("admin.call_back_list"), 303)
    return _list_page(call_back_id, address.partition(":")[2])


@page("/call-backs/<uuid:call_back_id>/done", who=DESK, methods=("POST",))
def call_back_done(call_back_id: UUID) -> Any:
    """They were called."""
    _task(call_back_id)
    try:
        with services().store.writing() as writing:
            call_backs.done(writing, now(), seat(), call_back_id)
        flash(_("Noted: this person was called back."), "good")
    except Stale:
        flash(_("Somebody else has just called this person."), "note")
    return redirect(url_for("admin.call_back_list"), 303)


def _task(call_back_id: UUID) -> CallBack:
    """The open task, if it is this seat's to see; done, unknown and the closed queue's look alike from outside."""
    with services().store.reading() as reading:
        tasks = call_backs.open_call_backs(reading, seat())
    found = next((task for task in tasks if task.id == call_back_id), None)
    if found is None:
        flash(_("This task is done, or it is not yours."), "note")
        abort(redirect(url_for("admin.call_back_list"), 303))
    return found
