"""What we heard, what was done: a page to read out or print, and a message that a second person approves."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import Role, page, seat
from admin.forms import new_token, once
from admin.labels import GROUPS
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import infos, report_backs
from bot.casework.masking import own_words, redaction
from bot.casework.masking.marks import Mark
from bot.casework.report_backs import About
from bot.languages import LANGUAGES, tidy
from bot.languages.catalogue import WORKING
from bot.places.matching import named
from bot.store import Session
from bot.store.tables import GroupKind

WRITERS = frozenset({Role.SECRETARY})
_WHOSE = ("place", "group", "month")
#: So many months back can be chosen.
_MONTHS = 24


@page("/report-backs", who=WRITERS)
def report_back_list() -> Any:
    """The messages, and the month of a place or a group to make another of."""
    about = _about(request.args)
    if isinstance(about, str):
        return _page(request.args, None, problem=about), 422
    return _page(request.args, about)


@page("/report-backs", who=WRITERS, methods=("POST",))
def word_report_back() -> Any:
    """Word the message of a month; nobody gets it before a second person has approved it."""
    about = _about(request.form)
    if isinstance(about, str) or about is None:
        return _page(request.form, None, problem=about or _("Say whose month it is first.")), 422
    language, text = request.form.get("language", ""), tidy(request.form.get("text", "")).strip()
    if language not in LANGUAGES or not 0 < _segments(text, language) <= report_backs.MOST_SEGMENTS:
        problem = _("The text must be there and fit into two SMS.")
        return _page(request.form, about, problem=problem), 422
    find = redaction.marks_in_french if language == "fr" else redaction.marks_to_send
    with services().store.reading() as reading:
        left = find(text, own_words.words(reading), services().gazetteer)
    if left and "keep" not in request.form:
        problem = _("This still names somebody. Mask it, or say that it may stay.")
        return _page(request.form, about, problem=problem, found_marks=left), 422

    def act(writing: Session) -> None:
        report_backs.propose(writing, now(), seat(), about, language, text)

    return _do(act, _("Kept. It is sent as soon as a second person has approved it."))


def _segments(text: str, language: str) -> int:
    return infos.segments(text, language, services().spoken.folding)


@page("/report-backs/<uuid:report_back_id>/approve", who=WRITERS, methods=("POST",))
def approve_report_back(report_back_id: UUID) -> Response:
    """A second person has read it: from now on it is sent, in the hours of the day."""
    return _do(
        lambda writing: report_backs.approve(writing, now(), seat(), report_back_id),
        _("Approved: it goes to the members in the hours of the day."),
    )


@page("/report-backs/<uuid:report_back_id>/withdraw", who=WRITERS, methods=("POST",))
def withdraw_report_back(report_back_id: UUID) -> Response:
    """Whoever has not got it yet does not get it."""
    return _do(
        lambda writing: report_backs.withdraw(writing, now(), seat(), report_back_id),
        _("Withdrawn: nobody gets it any more."),
    )


def _do(act: Callable[[Session], None], done: str) -> Response:
    once(act, done, _("Somebody else has to approve what you wrote."))
    return redirect(url_for("admin.report_back_list"), 303)


def _about(typed: Any) -> About | str | None:
    """Whose month the form means; None where nothing was asked, or what is wrong with it in one sentence."""
    place_words, group, month = (str(typed.get(name, "")).strip()[:80] for name in _WHOSE)
    if not (place_words or group or month):
        return None
    if group and group not in GROUPS:
        return _("Choose a group from the list.")
    if not (place_words or group):
        return _("Name a place or choose a group.")
    gazetteer = services().gazetteer
    place = named(gazetteer, place_words)
    if place_words and place is None:
        return _("No single place has this name. Add the cercle.")
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return _("Give the month as year-month, for example 2026-11.")
    if not date(2020, 1, 1) <= first <= now().date():
        return _("Choose a month that has begun.")
    return About(first, place, gazetteer.ids_within(place), GroupKind(group) if group else None)


def _months() -> list[date]:
    """The months to choose from, the newest first."""
    last = now().year * 12 + now().month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(last, last - _MONTHS, -1)]


def _page(typed: Any, about: About | None, problem: str = "", found_marks: Sequence[Mark] = ()) -> str:
    with services().store.reading() as reading:
        backs = report_backs.newest(reading)
        heard = report_backs.heard(reading, about) if about else None
        audience = report_backs.audience(reading, now(), about) if about else 0
    form = {name: str(typed.get(name, "")) for name in (*_WHOSE, "language", "text")}
    form["month"] = form["month"] or f"{now():%Y-%m}"
    return render_template(
        "report_backs.html",
        backs=backs,
        about=about,
        heard=heard,
        audience=audience,
        form=form,
        problem=problem,
        found_marks=found_marks,
        fewest=report_backs.FEWEST,
        months=_months(),
        working=WORKING,
        at=now(),
        me_id=seat().staff_id,
        new_token=new_token,
        place_label=services().gazetteer.commune_label,
    )
