"""What leaves triage: the summary of an event, the seats that it goes to, and the links for who has no account."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from admin import drafts
from admin.access import DESK, page, seat
from admin.forms import once
from admin.incidents import LONGEST_SUMMARY, incident_page
from admin.items import LONGEST_WORDS
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import items
from bot.casework.drafts import Field
from bot.casework.masking import own_words, redaction
from bot.errors import NotAllowed
from bot.languages import tidy
from bot.store import Session

_MOST_DAYS = 60


@page("/incidents/<uuid:incident_id>/summary", who=DESK, methods=("POST",), draft=Field.SUMMARY)
def write_summary(incident_id: UUID) -> Any:
    """This is what leaves triage; a text that still names somebody is shown again, marked, before it is kept."""
    kept = drafts.answer()
    if kept:
        return kept
    text = tidy(request.form.get("summary", "")).strip()
    typed, seen = {"summary": text}, _seen()
    if not text or len(text) > LONGEST_SUMMARY:
        return incident_page(incident_id, typed, problem=_("Write a summary of at most 1500 letters.")), 422
    if _names_somebody(text):
        return _shown_again(incident_id, typed)

    def act(writing: Session) -> None:
        drafts.sent(writing)
        items.summarise(writing, now(), seat(), incident_id, text, seen=seen)

    return _to_incident(incident_id, act, _("The summary is kept. It can go to the committee."))


def _seen() -> datetime | None:
    """Since when the summary stands that the page had shown."""
    try:
        return datetime.fromisoformat(request.form.get("seen", "")) if request.form.get("seen") else None
    except ValueError:
        abort(400)


@page("/incidents/<uuid:incident_id>/route", who=DESK, methods=("POST",), draft=Field.REQUEST)
def route_incident(incident_id: UUID) -> Any:
    """Send the event to a lead seat and to those who contribute; who is not ticked hears nothing."""
    kept = drafts.answer()
    if kept:
        return kept
    lead, contributors = request.form.get("lead", ""), request.form.getlist("contributors")
    words = tidy(request.form.get("request", "")).strip()[:LONGEST_WORDS]
    days = request.form.get("days", "")
    chosen = {"lead": lead, "contributors": contributors, "days": days}
    if not words or not days.isdecimal() or not 0 < int(days) <= _MOST_DAYS:
        problem = _("Write what is asked for, and in how many days: 1 to 60.")
        return incident_page(incident_id, {"request": words}, problem=problem, chosen=chosen), 422
    if _names_somebody(words):
        return _shown_again(incident_id, {"request": words}, chosen=chosen)

    def act(writing: Session) -> None:
        drafts.sent(writing)
        due = now() + timedelta(days=int(days))
        items.route(
            writing, now(), seat(), incident_id, lead=lead, contributors=contributors, request=words, due_at=due
        )

    return _to_incident(incident_id, act, _("Sent. Each seat sees the summary and nothing else."))


@page("/incidents/<uuid:incident_id>/items/<uuid:item_id>/answer", who=DESK, methods=("POST",), draft=Field.ANSWER)
def answer_seat(incident_id: UUID, item_id: UUID) -> Any:
    """What the seat asked, answered."""
    kept = drafts.answer()
    if kept:
        return kept
    words = drafts.typed().strip()[:LONGEST_WORDS]
    if _names_somebody(words):
        return _shown_again(incident_id, {str(item_id): words})

    def act(writing: Session) -> None:
        drafts.sent(writing)
        items.answer(writing, now(), seat(), item_id, words)

    return _to_incident(incident_id, act, _("Answered. The seat goes on."))


@page("/incidents/<uuid:incident_id>/items/<uuid:item_id>/withdraw", who=DESK, methods=("POST",))
def withdraw_item(incident_id: UUID, item_id: UUID) -> Any:
    """The seat sees it no more."""

    def act(writing: Session) -> None:
        items.withdraw(writing, now(), seat(), item_id)

    return _to_incident(incident_id, act, _("Taken back: the seat sees it no more."))


@page("/incidents/<uuid:incident_id>/items/<uuid:item_id>/link", who=DESK, methods=("POST",))
def make_link(incident_id: UUID, item_id: UUID) -> Any:
    """A link for somebody without an account; it stands in this answer only, and loading that again makes no other."""
    made: list[str] = []

    def act(writing: Session) -> None:
        made.append(items.make_link(writing, now(), seat(), item_id))

    if not once(act, _("The link is made. An older one of this item opens nothing any more."), _why_not):
        return redirect(url_for("admin.incident", incident_id=incident_id), 303)
    address = url_for("admin.link", secret=made[0], _external=True)
    shown = {"item": item_id, "address": address, "hours": items.LINK_FOR // timedelta(hours=1)}
    return incident_page(incident_id, None, link=shown)


@page("/incidents/<uuid:incident_id>/items/<uuid:item_id>/link/end", who=DESK, methods=("POST",))
def end_link(incident_id: UUID, item_id: UUID) -> Any:
    """A link that came into wrong hands opens nothing any more."""

    def act(writing: Session) -> None:
        items.end_link(writing, now(), seat(), item_id)

    return _to_incident(incident_id, act, _("The link is ended: it opens nothing any more. The seat keeps the item."))


def _names_somebody(text: str) -> bool:
    """Whether a text for a seat holds what is to be masked, and nobody said that it may stay."""
    with services().store.reading() as reading:
        left = redaction.marks_in_french(text, own_words.words(reading), services().gazetteer)
    return bool(left) and "keep" not in request.form


def _shown_again(incident_id: UUID, typed: dict[str, str], **values: Any) -> Any:
    """The page again, with what was typed and what in it is to be masked."""
    problem = _("This still names somebody. Mask it, or say that it may stay.")
    return incident_page(incident_id, typed, problem=problem, **values), 422


def _why_not(refusal: NotAllowed) -> str:
    if isinstance(refusal, items.NoConsent):
        return _("Nothing was sent: whoever told of it said no to passing it on.")
    if isinstance(refusal, items.ShutOut):
        return _("Nothing was sent: one of these bodies must not hear of it. Choose again without it.")
    return _("Without a kind and a summary nothing leaves triage.")


def _to_incident(incident_id: UUID, act: Callable[[Session], None], done: str) -> Response:
    once(act, done, _why_not)
    return redirect(url_for("admin.incident", incident_id=incident_id), 303)
