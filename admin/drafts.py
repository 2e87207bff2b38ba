"""What is typed on a page of the desk and not sent yet: kept as it comes, shown again, discarded.

A form that comes after its session has ended by itself does nothing, but its words are kept for whoever typed them. To
type is no act: the audit says nothing of it.
"""

from uuid import UUID

from flask import flash, jsonify, redirect, request, session
from werkzeug.wrappers import Response

from admin.access import DESK, here, may, me, panel
from admin.services import now, services
from admin.words import clock_time
from admin.words import gettext as _
from bot import staff
from bot.casework import drafts
from bot.casework.drafts import Field
from bot.languages import tidy
from bot.store import Session

#: The forms whose words are kept, and which of their fields; the id in their address is what they are about.
_FORMS = {
    "admin.reply": (Field.REPLY, "text"),
    "admin.write_summary": (Field.SUMMARY, "summary"),
    "admin.log_call": (Field.NOTE, "note"),
}


@panel.before_request
def keep_typed() -> None:
    """Before anything is done with it, so that no refusal and no failure loses it. The form is known to be ours."""
    if request.method != "POST" or request.endpoint not in _FORMS:
        return
    wish = request.form.get("draft")
    if wish == "discard" or (wish is None and request.headers.get("X-Fragment")):
        return
    author = here_or_lately()
    if author is None:
        return
    what, _name = _FORMS[request.endpoint]
    with services().store.writing() as writing:
        drafts.keep(writing, now(), author, _about(), what, typed(), request.form.get("token", ""))


def typed() -> str:
    """What was typed in this form; nothing of a form whose words are not kept."""
    _what, name = _FORMS.get(request.endpoint or "", (None, ""))
    return tidy(request.form.get(name, ""))


def _about() -> UUID:
    about: UUID = next(iter((request.view_args or {}).values()))
    return about


def here_or_lately() -> UUID | None:
    """Whoever of the desk is signed in, or was until their session ended by itself: they are told to come back."""
    if here():
        return me().id if may(DESK) else None
    identity = session.get("id")
    if not isinstance(identity, str):
        return None
    with services().store.reading() as reading:
        member = staff.ended(reading, now(), identity)
    if member is None or not member.roles.intersection(DESK):
        return None
    if not request.headers.get("X-Fragment"):
        session["back"] = request.path.rpartition("/")[0]
        flash(_("You were signed out, as nothing happened for long. Sign in: what you typed is kept."), "note")
    return member.id


def answer(back: str) -> Response | None:
    """What the buttons for a draft answer: kept, or discarded; None for a form that is to be acted upon."""
    wish = request.form.get("draft")
    if wish == "keep" and request.headers.get("X-Fragment"):
        return jsonify(sentence=kept_at(clock_time(now())))
    if wish == "keep":
        flash(_("Your draft is kept. Nobody else sees it."), "good")
    elif wish == "discard":
        with services().store.writing() as writing:
            sent(writing)
        flash(_("The draft is discarded."), "good")
    else:
        return None
    return redirect(back, 303)


def kept_at(time: str) -> str:
    """The sentence under a field."""
    return _("Draft kept at %(time)s.", time=time)


def sent(writing: Session) -> None:
    """What was typed in this form is sent, and no draft any more."""
    what, _name = _FORMS[request.endpoint or ""]
    drafts.discard(writing, me().id, _about(), what)
