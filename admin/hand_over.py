"""What one shift leaves to the next: written here, shown over the inbox until each person has read it."""

from typing import Any, NoReturn
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, me, own_path, page, refused, seat
from admin.forms import new_token, once
from admin.services import now, services
from admin.words import gettext as _
from bot.casework.duty import hand_over
from bot.casework.keeping import retention
from bot.casework.keeping.retention import Kept
from bot.errors import NotAllowed
from bot.languages import tidy
from bot.store import Session


@page("/hand-overs", who=DESK)
def hand_over_list() -> str:
    """The form of a new note, and the earlier ones with who has read them."""
    return _page()


def _page(typed: str = "", problem: str = "") -> str:
    with services().store.reading() as reading:
        notes = hand_over.earlier(reading, seat())
        days = retention.periods(reading)[Kept.HAND_OVER].days
    values = {"notes": notes, "days": days, "typed": typed, "problem": problem, "mine": me().id}
    return render_template(
        "hand_overs.html", longest=hand_over.LONGEST, sees_closed=seat().sees_closed, new_token=new_token, **values
    )


@page("/hand-overs", who=DESK, methods=("POST",))
def write_hand_over() -> Any:
    """Leave a note to whoever comes next."""
    text, closed_queue = tidy(request.form.get("text", "")).strip(), "closed_queue" in request.form
    if not text or len(text) > hand_over.LONGEST:
        return _page(text, _("Write a note of at most %(longest)s letters.", longest=hand_over.LONGEST)), 422
    if closed_queue and not seat().sees_closed:
        abort(404)

    def act(writing: Session) -> None:
        hand_over.write(writing, now(), seat(), text, closed_queue=closed_queue)

    once(act, _("Left for whoever comes next. It stands over the inbox until each has read it."), "")
    return redirect(url_for("admin.hand_over_list"), 303)


@page("/hand-overs/<uuid:note_id>/read", who=DESK, methods=("POST",))
def read_hand_over(note_id: UUID) -> Response:
    """This person has read it."""
    try:
        with services().store.writing() as writing:
            hand_over.read(writing, now(), seat(), note_id)
    except NotAllowed as refusal:
        refused("rule")
        _not_theirs(refusal)
    return redirect(own_path(request.referrer) or url_for("admin.inbox"), 303)


@page("/hand-overs/<uuid:note_id>/withdraw", who=DESK, methods=("POST",))
def withdraw_hand_over(note_id: UUID) -> Response:
    """Its author takes it back."""

    def act(writing: Session) -> None:
        hand_over.withdraw(writing, now(), seat(), note_id)

    once(act, _("Taken back: the note is erased."), _not_theirs)
    return redirect(url_for("admin.hand_over_list"), 303)


def _not_theirs(_refusal: NotAllowed) -> NoReturn:
    """404, the same for a note that is not there and one that is not theirs."""
    abort(404)
