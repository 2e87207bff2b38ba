"""The duty phone: its number is typed once, proved by a code that it is sent, and shown masked ever after."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from admin.access import page, seat
from admin.duty import SECRETARIES, week_page
from admin.forms import form_token, once
from admin.services import now, services
from admin.words import gettext as _
from bot.casework.duty import duty_phone
from bot.casework.duty.duty_phone import NoPhone
from bot.casework.duty.rota import Line
from bot.errors import NotAllowed, Stale
from bot.store import form_tokens


@page("/duty/phone", who=SECRETARIES, methods=("POST",))
def set_duty_phone() -> Any:
    """This number, for the line; it is sent a code, and rings once that is typed in."""
    line, telephone = _line(), services().telephone
    typed = {"phone": line.value, "number": request.form.get("number", "")[:32]}
    if not telephone.channel:
        return week_page(typed, _("No SMS wire is open on this installation, so no phone can ring.")), 422
    said = services().spoken.translator(duty_phone.LANGUAGE).gettext
    try:
        with services().store.writing() as writing:
            form_tokens.use(writing, now(), form_token())
            duty_phone.set_phone(writing, now(), seat(), telephone, line, typed["number"], said)
    except NoPhone:
        return week_page(typed, _("Give the number of a mobile phone in Mali, such as 76 00 00 00.")), 422
    except NotAllowed:
        return week_page(typed, _("This phone has asked for no more messages; it can't ring.")), 422
    services().doorbell.ring(telephone.channel)
    flash(_("A code is on its way to the phone. Once it is typed in here, the phone rings."), "good")
    return _back()


@page("/duty/phone/confirm", who=SECRETARIES, methods=("POST",))
def confirm_duty_phone() -> Response:
    """The code that stands on the phone."""
    try:
        with services().store.writing() as writing:
            right = duty_phone.confirm(writing, now(), seat(), _line(), request.form.get("code", "")[:16])
    except Stale:
        flash(_("No phone waits for a code."), "note")
        return _back()
    if right:
        flash(_("This phone rings from now on when the desk is closed."), "good")
    else:
        flash(_("This is not the code. After five wrong ones, or a day, set the number again."), "bad")
    return _back()


@page("/duty/phone/remove", who=SECRETARIES, methods=("POST",))
def remove_duty_phone() -> Response:
    """No phone rings for this line."""
    line, gone = _line(), _("This line has no phone.")
    once(lambda writing: duty_phone.remove(writing, now(), seat(), line), _("No phone rings for this line now."), gone)
    return _back()


def _line() -> Line:
    named = request.form.get("line", "")
    if named not in set(Line):
        abort(400)
    return Line(named)


def _back() -> Response:
    return redirect(url_for("admin.duty_page", _anchor="phones"), 303)
