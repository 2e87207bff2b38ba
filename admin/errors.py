"""What a page says when something is wrong: in plain words, and how to go on. No detail, no trace, no version."""

import logging

from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from admin import drafts, links
from admin.access import LARGEST_FORM, largest, refused
from admin.labels import N_
from admin.words import gettext
from bot.errors import StoreAway

log = logging.getLogger(__name__)

_SAID = {
    400: (N_("This request can't be read"), N_("Go back, check what you filled in, and send it again.")),
    401: (N_("You are not signed in"), N_("Sign in, then open the page again.")),
    403: (
        N_("This page is not for your role"),
        N_("If your work needs it, ask an administrator. The attempt was noted."),
    ),
    404: (
        N_("There is nothing here"),
        N_("The address may be mistyped, or the page is not for you. Start again from the inbox."),
    ),
    405: (N_("This can't be done here"), N_("Go back and use the buttons of the page.")),
    413: (N_("That was too long to send"), N_("Go back and shorten your text.")),
    429: (N_("Too many attempts"), N_("Wait a minute, then try again.")),
    500: (
        N_("Something went wrong on our side"),
        N_("What you did may not be saved: go back, check, and try again. If it happens again, tell an administrator."),
    ),
    503: (
        N_("The database can't be reached just now"),
        N_("Messages from phones are kept and will arrive. Wait a minute, then load the page again."),
    ),
}
_FILE = (
    N_("This file is too large"),
    N_("At most %(most)s MB are taken: split the list, and send its parts one after the other."),
)
_FORM = (
    N_("This form is too old"),
    N_("You were signed out, or the page was open for long. Go back, load the page again, and send it once more."),
)


def add_pages(app: Flask) -> None:
    """Answer every error of the application; the wires and the health checks get a bare line."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _form)
    app.register_error_handler(StoreAway, _away)
    app.register_error_handler(InternalServerError, _http)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None and status < 400:
        return error.response  # type: ignore[return-value]
    most = largest(request.endpoint or "")
    if status == 413 and most > LARGEST_FORM:
        return _page(413, *_FILE, most=most // 1024**2)
    return _page(status, *_SAID.get(status, _SAID[500 if status >= 500 else 400]))


def _form(_error: CSRFError) -> Response:
    if _is_ours():
        refused("form")
    return _page(400, *_FORM, typed=drafts.typed() or links.typed())


def _away(_error: StoreAway) -> Response:
    log.warning("a page could not be shown: the database is away")
    return _page(503, *_SAID[503])


def _is_ours() -> bool:
    return request.path.startswith(("/admin", "/phone"))


def _page(status: int, title: str, mend: str, typed: str = "", **values: object) -> Response:
    if not _is_ours():
        return Response(f"{status}\n", status, content_type="text/plain; charset=utf-8")
    if request.headers.get("X-Fragment"):
        response = jsonify(title=gettext(title), mend=gettext(mend, **values))
        response.status_code = status
        return response
    words = {"title": gettext(title), "mend": gettext(mend, **values), "typed": typed}
    return Response(render_template("error.html", status=status, **words), status)
