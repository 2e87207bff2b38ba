"""A photo or voice note of a reporter: the provider keeps it, and it is fetched when somebody at the desk opens it."""

from typing import Any
from uuid import UUID

from flask import Response, abort

from admin.access import DESK, look_at, page, seat
from admin.report import report_page
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import desk
from bot.errors import SendError
from bot.store.audit import Action, note

#: What a browser shows by itself and runs nothing of; everything else is only saved.
_SHOWN = frozenset(
    "image/jpeg image/png image/gif image/webp audio/ogg audio/mpeg audio/mp4 audio/aac audio/amr audio/wav".split()
)


@page("/reports/<uuid:report_id>/media/<uuid:message_id>/<int:number>", who=DESK)
def media(report_id: UUID, message_id: UUID, number: int) -> Any:
    """What came with a message, from the first (1) on; each opening is in the audit."""
    line = look_at(report_id)
    with services().store.reading() as reading:
        said = next((each for each in desk.conversation(reading, seat(), report_id) if each.id == message_id), None)
    if said is None or not 1 <= number <= len(said.media):
        abort(404)
    kept = said.media[number - 1]
    with services().store.writing() as writing:
        note(writing, now(), seat().actor, Action.MEDIA_OPENED, report_id)
    wire = services().means.wires.get(said.channel)
    try:
        content = wire.fetch(kept.reference) if wire else None
    except SendError:
        content = None
    if content is None:
        problem = _("It can't be fetched now, or is no longer kept there. Try again, or ask for it once more.")
        return report_page(line, problem=problem), 502
    kind = kept.content_type.partition(";")[0].lower()
    shown = kind in _SHOWN
    response = Response(content, content_type=kind if shown else "application/octet-stream")
    response.headers["Content-Disposition"] = "inline" if shown else "attachment"
    return response
