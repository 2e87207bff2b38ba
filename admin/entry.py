"""Entering a report for somebody who called, came, or was heard: the clerk types, the person is given a number."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for

from admin.access import DESK, page, seat
from admin.forms import new_token, once
from admin.labels import BEHALVES, CALL_HOURS, KINDS, MAY_WRITE, URGENCIES
from admin.report import places_named, unsettled
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import entries
from bot.casework.entries import Behalf, Entered, Told
from bot.conversation.kinds import Kind
from bot.languages import LANGUAGES, tidy
from bot.store import Session

LONGEST_TEXT = 4000
_FIELDS = ("behalf", "text", "language", "kind", "urgency", "place", "place_words", "number", "may_write", "call")


@page("/entry", who=DESK)
def entry_form() -> str:
    """An empty form."""
    return _page({})


@page("/entry", who=DESK, methods=("POST",))
def enter() -> Any:
    """File it and say the person's number, in this answer only; or, with the button "find", the places of a name."""
    typed = {name: tidy(request.form.get(name, "")).strip()[:LONGEST_TEXT] for name in _FIELDS}
    if typed["place"] and services().gazetteer.get(typed["place"]) is None:
        abort(400)
    if "find" in request.form:
        return _with_places(typed)
    told = _told(typed)
    if isinstance(told, str):
        return _page(typed, problem=told), 422
    if typed["place_words"] and not typed["place"]:
        return _with_places(typed, unsettled(typed["place_words"])), 422
    suggestion, channel = services().lexicon.suggest(told.text), services().telephone.channel
    entered: list[Entered] = []

    def act(writing: Session) -> None:
        entered.append(entries.enter(writing, now(), seat(), told, suggestion, channel))

    if not once(act, _("Entered."), _("It could not be entered.")):
        return redirect(url_for("admin.entry_form"), 303)
    visible = seat().sees_closed or not entered[0].closed_queue
    return render_template("entered.html", entered=entered[0], visible=visible, has_number=bool(told.address))


def _told(typed: dict[str, str]) -> Told | str:
    """What the form says, or what is wrong with it in one sentence."""
    address = services().telephone.address(typed["number"]) if typed["number"] else None
    may_write = typed["may_write"] if typed["may_write"] in MAY_WRITE else "none"
    call = typed["call"] if typed["call"] in CALL_HOURS and typed["call"] != "no" else None
    problem = _lacking(typed) or _wrong_number(typed["number"], address, call, may_write)
    if problem:
        return problem
    place = services().gazetteer.get(typed["place"])
    return Told(
        behalf=Behalf(typed["behalf"]),
        text=typed["text"],
        urgency=int(typed["urgency"]),
        kind=Kind(typed["kind"]) if typed["kind"] in KINDS else None,
        place=services().gazetteer.settled([place]) if place else None,
        language=typed["language"] if typed["language"] in LANGUAGES else None,
        address=address,
        answer_needed=may_write,
        call=call,
    )


def _lacking(typed: dict[str, str]) -> str:
    if typed["behalf"] not in BEHALVES:
        return _("Choose for whom you write.")
    if not typed["text"]:
        return _("Write what was told.")
    if typed["urgency"] not in {str(each) for each in URGENCIES}:
        return _("Choose an urgency.")
    return ""


def _wrong_number(number: str, address: str | None, call: str | None, may_write: str) -> str:
    if number and not address:
        return _("This is no telephone number: write its eight digits, or + and the number of the country first.")
    if not number and (call or may_write != "none"):
        return _("Without a number nobody can be called or written to: give it, or choose no.")
    if may_write != "none" and not services().telephone.channel:
        return _("This desk can't write to telephones: choose a call.")
    return ""


def _with_places(typed: dict[str, str], problem: str = "") -> Any:
    """The same page, or its part for a script, with the places that a name may mean."""
    found = places_named(typed["place_words"][:80]) if typed["place_words"] else []
    values = {"found_places": found, "searched": bool(typed["place_words"])}
    if request.headers.get("X-Fragment"):
        return render_template("report_places.html", **_places(typed), **values)
    return _page(typed, problem=problem, **values)


def _places(typed: dict[str, str]) -> dict[str, Any]:
    chosen = {"place": typed.get("place"), "place_confirmed": True}
    return {
        "line": chosen,
        "place_label": services().gazetteer.commune_label,
        "place_words": typed.get("place_words", ""),
    }


def _page(typed: dict[str, str], **values: Any) -> str:
    return render_template(
        "entry.html", typed=typed, new_token=new_token, longest=LONGEST_TEXT, **_places(typed), **values
    )
