"""A list of people from a file: sent here, landed by a worker whole or not at all, and a page says how far it is.

The file is in the memory of this process while the request lasts; then it waits sealed in the database, and nowhere in
clear.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import BY_ITSELF, me, page
from admin.contacts import SECRETARIES
from admin.forms import new_token, once
from admin.services import now, services
from admin.words import gettext as _
from bot.people import importer, imports
from bot.people.spreadsheet import LARGEST_FILE, MOST_ROWS
from bot.people.template import TEMPLATE
from bot.store import Session
from bot.store.tables import ImportStatus

#: What a form has beside the file, in bytes.
_FORM = 8_000
#: So many bad rows are named on one page.
SHOWN = 200
#: A page about something that is still going on looks again after so many seconds.
_AGAIN = 3
#: A worker that is there takes up a list within this time.
_SOON = timedelta(minutes=1)


@page("/contacts/file", who=SECRETARIES)
def contacts_file() -> str:
    """The form, what a file looks like, and the lists that were sent."""
    return _page()


def _page(**values: Any) -> str:
    with services().store.reading() as reading:
        sent = imports.recent(reading)
    limits = {"most": MOST_ROWS, "megabytes": LARGEST_FILE // 1024**2}
    return render_template("contacts_file.html", new_token=new_token, sent=sent, **limits, **values)


@page("/contacts/template", who=SECRETARIES)
def contacts_template() -> Response:
    """The file to fill in."""
    headers = {"Content-Disposition": 'attachment; filename="contacts.csv"'}
    return Response(TEMPLATE, content_type="text/csv; charset=utf-8", headers=headers)


@page("/contacts/file", who=SECRETARIES, methods=("POST",), largest=LARGEST_FILE + _FORM)
def send_list() -> Any:
    """Keep the file for a worker, to be written or, with the button "check", only checked."""
    content = _sent()
    if not content:
        return _page(problem=_("Choose a file first.")), 422
    begun = [UUID(int=0)]

    def act(writing: Session) -> None:
        begun[0] = imports.begin(writing, now(), me().id, content, only_check="check" in request.form)

    too_large = _("The file is too large: at most %(most)s MB.", most=LARGEST_FILE // 1024**2)
    if not once(act, _("The list has arrived. You may leave this page and come back."), too_large):
        return redirect(url_for("admin.contacts_file"), 303)
    services().doorbell.ring(importer.BELL)
    return redirect(url_for("admin.list_sent", import_id=begun[0]), 303)


def _sent() -> bytes:
    """The file of the form; nothing where there is none."""
    sent = request.files.get("file")
    return sent.stream.read() if sent else b""


@page("/contacts/imports/<uuid:import_id>", who=SECRETARIES)
def list_sent(import_id: UUID) -> Response:
    """How far it is, or what came of it; while something is going on, the page looks again by itself."""
    since = request.args.get("since", 0, int)
    with services().store.reading() as reading:
        found = imports.find(reading, import_id)
        bad = imports.bad_rows(reading, import_id) if found else []
    if found is None:
        abort(404)
    shown = bad[max(since, 0) :][:SHOWN]
    alone = found.status is ImportStatus.WAITING and now() - found.begun_at > _SOON
    values = {"alone": alone, "each": found, "bad": shown, "since": since, "shown": SHOWN, "new_token": new_token}
    response = make_response(render_template("list_sent.html", **values))
    if found.ended_at is None:
        response.headers["Refresh"] = f"{_AGAIN}; url={request.path}?{BY_ITSELF}=1"
    return response


@page("/contacts/imports/<uuid:import_id>/stop", who=SECRETARIES, methods=("POST",))
def stop_list(import_id: UUID) -> Response:
    """Write nothing of it, and destroy the file."""
    once(
        lambda writing: imports.stop(writing, now(), me().id, import_id),
        _("Stopped: nothing was written, and the file is destroyed."),
        _("There is no such list."),
    )
    return redirect(url_for("admin.list_sent", import_id=import_id), 303)
