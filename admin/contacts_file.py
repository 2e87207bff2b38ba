"""A list of people from a file: checked, then written whole or not at all; each bad row is named by its number.

The file is in the memory of this process while the request lasts, and nowhere in clear on a disk: it is smaller than
what the web server and Werkzeug would put there (500 KB).
"""

from typing import Any

from flask import Response, render_template, request

from admin.access import actor, page
from admin.contacts import SECRETARIES
from admin.forms import form_token, new_token
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import desk
from bot.errors import Stale
from bot.people import importing
from bot.people.landing import Plan
from bot.people.spreadsheet import BadFile
from bot.people.template import TEMPLATE
from bot.store import Duplicate

#: A list of a cercle is much shorter; a longer one is for the command, on the server.
MOST_ROWS = 5_000
LARGEST_FILE = 480 * 1000
#: So many bad rows are named at once.
_SHOWN = 200


@page("/contacts/file", who=SECRETARIES)
def contacts_file() -> str:
    """The form, and what a file looks like."""
    return _page()


def _page(**values: Any) -> str:
    limits = {"most": MOST_ROWS, "kilobytes": LARGEST_FILE // 1000, "shown": _SHOWN}
    return render_template("contacts_file.html", new_token=new_token, **limits, **values)


@page("/contacts/template", who=SECRETARIES)
def contacts_template() -> Response:
    """The file to fill in."""
    headers = {"Content-Disposition": 'attachment; filename="contacts.csv"'}
    return Response(TEMPLATE, content_type="text/csv; charset=utf-8", headers=headers)


@page("/contacts/file", who=SECRETARIES, methods=("POST",), largest=LARGEST_FILE + 8_000)
def import_contacts() -> Any:
    """Write the whole file; or, with the button "check", say what it would change. A bad row keeps all of it out."""
    content = _sent()
    if not content:
        return _page(problem=_("Choose a file first.")), 422
    try:
        with services().store.reading() as reading:
            made = importing.check(reading, services().gazetteer, content, MOST_ROWS)
    except BadFile as bad:
        return _page(problem=bad.problem.said(_)), 422
    if made.bad or "check" in request.form:
        return _page(made=made), 422 if made.bad else 200
    return _write(made)


def _sent() -> bytes:
    """The file of the form; nothing where there is none."""
    sent = request.files.get("file")
    if sent is None:
        return b""
    with sent.stream as stream:
        return stream.read()


def _write(made: Plan) -> Any:
    token = form_token()
    try:
        importing.write(
            services().store,
            now(),
            actor(),
            made,
            services().telephone.channel,
            also=lambda session: desk.use_token(session, now(), token),
        )
    except Duplicate:
        return _page(problem=_("This was done already; it was not done a second time.")), 409
    except Stale:
        return _page(problem=_("Somebody changed the same people meanwhile. Nothing was written: try again.")), 409
    return _page(made=made, written=True)
