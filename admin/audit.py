"""The audit: who did what, in opaque ids, and how far it is proved that nothing was changed since."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import render_template, request

from admin.access import OVERSIGHT, page
from admin.services import services
from bot import staff
from bot.store import Session, audit
from bot.store.audit import Entry

_PAGE = 50

#: A row number has fewer digits than this.
_ROW_DIGITS = 19


@page("/audit", who=OVERSIGHT)
def audit_page() -> Any:
    """The newest entries; `before` is the number of the oldest one already seen; `check` walks the whole chain."""
    before = request.args.get("before", "")
    mark = int(before) if before.isdecimal() and len(before) < _ROW_DIGITS else None
    with services().store.reading() as reading:
        entries = audit.newest(reading, _PAGE + 1, before=mark)
        linked = audit.linked_up_to(reading)
        chain = audit.verify(reading) if "check" in request.args else None
        people = names_of(reading, entries)
    return render_template(
        "audit.html",
        entries=entries[:_PAGE],
        older=entries[_PAGE - 1].id if len(entries) > _PAGE else None,
        linked=linked,
        chain=chain,
        people=people,
    )


def names_of(reading: Session, entries: Iterable[Entry]) -> Mapping[str, str]:
    """What the members of staff among the actors are called."""
    actors = {entry.actor for entry in entries if entry.actor.startswith("staff:")}
    found = staff.names(reading, {UUID(actor.removeprefix("staff:")) for actor in actors})
    return {f"staff:{identity}": name for identity, name in found.items()}
