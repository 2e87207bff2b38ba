"""What is typed on a page of the desk and not sent yet: kept as it comes, shown again, discarded.

A form that comes after its session has ended by itself does nothing, but its words are kept for whoever typed them. To
type is no act: the audit says nothing of it.
"""

from uuid import UUID

from flask import flash, jsonify, redirect, request, session
from werkzeug.wrappers import Response

from admin.access import Door, allowed, draft_of, here, may, me, panel
from admin.services import now, services
from admin.words import clock_time
from admin.words import gettext as _
from bot import staff
from bot.casework import drafts
from bot.casework.drafts import Field
from bot.languages import tidy
from bot.store import Session


@panel.before_request
def keep_typed() -> None:
    """Before anything is done with it, so that no refusal and no failure loses it. The form is known to be ours."""
    what = _field()
    if request.method != "POST" or what is None:
        return
    wish = request.form.get("draft")
    if wish == "discard" or (wish is None and request.headers.get("X-Fragment")):
        return
    author = here_or_lately()
    if author is None:
        return
    with services().store.writing() as writing:
        drafts.keep(writing, now(), author, _ids()[-1], what, typed(), request.form.get("token", ""))


def typed() -> str:
    """What was typed in this form; nothing of a form whose words are not kept."""
    return tidy(request.form.get(_field() or "", ""))


def _field() -> Field | None:
    return draft_of(request.endpoint or "")


def _ids() -> list[UUID]:
    """The ids in the address of a form: the first is that of its page, the last of what is written about."""
    return list((request.view_args or {}).values())


def _page() -> str:
    """The address of the page that the form stands on."""
    first = str(_ids()[0])
    return request.path.partition(first)[0] + first


def here_or_lately() -> UUID | None:
    """Who is signed in and may send this form, or might until their session ended by itself: they are told to come
    back.
    """
    who = allowed(request.endpoint or "") or ()
    if here():
        return me().id if may(who) else None
    identity = session.get("id")
    if not isinstance(identity, str):
        return None
    with services().store.reading() as reading:
        member = staff.ended(reading, now(), identity)
    if member is None or isinstance(who, Door) or not member.roles.intersection(who):
        return None
    if not request.headers.get("X-Fragment"):
        session["back"] = _page()
        flash(_("You were signed out, as nothing happened for long. Sign in: what you typed is kept."), "note")
    return member.id


def answer() -> Response | None:
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
    return redirect(_page(), 303)


def kept_at(time: str) -> str:
    """The sentence under a field."""
    return _("Draft kept at %(time)s.", time=time)


def sent(writing: Session) -> None:
    """What was typed in this form is sent, and no draft any more."""
    what = _field()
    assert what is not None
    drafts.discard(writing, me().id, _ids()[-1], what)
