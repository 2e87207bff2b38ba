"""The inbox: reports, the most urgent first and within that the newest; it looks by itself whether one has come."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify, render_template, request

from admin.access import DESK, page, seat
from admin.filters import filter_of, query_of, views_page
from admin.forms import new_token
from admin.labels import STATUSES
from admin.locks import workers_on
from admin.services import now, services
from admin.watch import watch_in
from bot.casework import call_backs, desk
from bot.casework.desk import Line
from bot.casework.duty import hand_over, hours, targets
from bot.casework.duty.hours import Hours
from bot.casework.states import OPEN

#: These tabs are always there; others only while something is in them.
_ALWAYS = ("received", "triaged", "answered", "set_aside")


@page("/inbox", who=DESK)
def inbox() -> Any:
    """A page of reports in one state, or of all that are open, as the filter has it."""
    query = query_of(request.args)
    status, after = query.get("status", "open"), request.args.get("after")
    with services().store.reading() as reading:
        wanted = filter_of(reading, query)
        found = desk.inbox(reading, seat(), status=status, after=after, wanted=wanted)
        counts = desk.counts(reading, seat())
        mark = desk.newest_change(reading, seat())
        minutes, staffed = targets.targets(reading), hours.hours(reading)
        first = [] if query or "after" in request.args else desk.first_of_all(reading, seat())
        workers = workers_on(reading, [line.id for line in (*first, *found.lines)])
        saved = views_page(reading, query)
        notes = hand_over.unread(reading, seat())
    values = {
        "first": first if len(found.lines) > len(first) else [],
        "late": lambda line: _late(line, minutes, staffed),
        "targets": minutes,
        "workers": workers,
        "found": found,
        "status": status,
        "query": query,
        "narrowed": {name: value for name, value in query.items() if name != "status"},
        "no_place": _no_place(query),
        "tabs": _tabs(counts),
        "mark": mark,
        "unread": sum(line.unread for line in found.lines),
        "first_page": "after" not in request.args,
        "places": services().gazetteer.commune_label,
        "new_token": new_token,
        "notes": notes,
        **saved,
    }
    return render_template("inbox_list.html" if request.headers.get("X-Fragment") else "inbox.html", **values)


def _no_place(query: Mapping[str, str]) -> str:
    """What was typed as a place and means none, or several: it is said, and shown again."""
    return "" if "place" in query else request.args.get("place", "").strip()[:80]


@page("/inbox/changes", who=DESK)
def inbox_changes() -> Any:
    """A mark that differs as soon as the inbox does, and what the line over every page says; asked for every few
    seconds, so it is short.
    """
    with services().store.reading() as reading:
        said = watch_in(reading)
        mark = desk.newest_change(reading, seat())
    return jsonify(mark=mark, ringing=said.ringing, waits=said.waits, duty=said.on_duty)


def _late(line: Line, minutes: Mapping[int, int], staffed: Hours) -> bool:
    """Whether nobody has decided on it in the time that its urgency allows."""
    return line.status in ("received", "half_told") and now() > targets.due(
        line.made_at, minutes[line.urgency], staffed
    )


def waiting_calls() -> int:
    """How many people wait for a call that this seat may make."""
    with services().store.reading() as reading:
        return call_backs.waiting(reading, seat())


def _tabs(counts: dict[str, int]) -> list[tuple[str, str]]:
    still_open = sum(count for status, count in counts.items() if status in OPEN)
    shown = [(status, counts.get(status, 0)) for status in STATUSES if status in _ALWAYS or counts.get(status)]
    return [(status, _number(count)) for status, count in (("open", still_open), *shown)]


def _number(count: int) -> str:
    return str(count) if count < desk.MOST_COUNTED else f"{desk.MOST_COUNTED - 1}+"
