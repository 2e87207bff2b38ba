"""Two people and one report: who works on it, how an act of the other is refused, how the report is taken over."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, flash, jsonify, redirect, request, url_for

from admin.access import DESK, actor, look_at, me, page, seat
from admin.forms import once
from admin.services import now, services
from admin.words import clock_time
from admin.words import gettext as _
from bot import staff
from bot.casework import locks
from bot.casework.locks import Held, Lock
from bot.store import Session
from bot.store.audit import Action, note


@dataclass(frozen=True, slots=True)
class Worker:
    """A colleague who works on a report, as a page names them."""

    id: UUID
    sentence: str


def work_on(report_id: UUID) -> None:
    """Whoever opens a report works on it, if nobody else does; a fresh lease is not written again."""
    with services().store.reading() as reading:
        lock = locks.held(reading, now(), [report_id]).get(report_id)
    if lock is None or (lock.staff_id == me().id and lock.until - now() < locks.LASTS / 2):
        with services().store.writing() as writing:
            locks.take(writing, now(), seat(), report_id)


def worker_of(reading: Session, report_id: UUID) -> Worker | None:
    """The colleague who works on this report; None if nobody does or it is oneself."""
    lock = locks.held(reading, now(), [report_id]).get(report_id)
    return _worker(reading, lock) if lock and lock.staff_id != me().id else None


def workers_on(reading: Session, report_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """What the colleagues are called who work on these reports."""
    found = locks.held(reading, now(), report_ids)
    theirs = {report_id: lock.staff_id for report_id, lock in found.items() if lock.staff_id != me().id}
    names = staff.names(reading, set(theirs.values()))
    return {report_id: names.get(staff_id, "?") for report_id, staff_id in theirs.items()}


def _worker(reading: Session, lock: Lock) -> Worker:
    name = staff.names(reading, {lock.staff_id}).get(lock.staff_id, "?")
    sentence = _("%(name)s has been working on this report since %(time)s.", name=name, time=clock_time(lock.since))
    return Worker(lock.staff_id, sentence)


def holding(report_id: UUID, act: Callable[[Session], None]) -> Callable[[Session], None]:
    """The act, done only by whoever works on the report or if nobody does. It raises Held."""

    def held_act(writing: Session) -> None:
        locks.hold(writing, now(), seat(), report_id)
        act(writing)

    return held_act


def refuse(report_id: UUID, held: Held) -> str:
    """The sentence for an act on a report that somebody else works on; the try is in the audit."""
    with services().store.writing() as writing:
        detail = {"page": request.endpoint or "", "why": "held"}
        note(writing, now(), actor(), Action.REPORT_REFUSED, report_id, detail)
        worker = _worker(writing, held.lock)
    return worker.sentence + " " + _("Nothing was done; take the report over first, or leave it to them.")


@page("/reports/<uuid:report_id>/take-over", who=DESK, methods=("POST",))
def take_over(report_id: UUID) -> Any:
    """The report is mine from now on; who had it learns so at their next act."""
    try:
        holder = UUID(request.form.get("holder", ""))
    except ValueError:
        abort(400)

    look_at(report_id)

    def act(writing: Session) -> None:
        locks.take_over(writing, now(), seat(), report_id, holder)

    try:
        once(act, _("You work on this report now."), _("There is no such report."))
    except Held as held:
        flash(refuse(report_id, held), "bad")
    return redirect(url_for("admin.report", report_id=report_id), 303)


@page("/reports/<uuid:report_id>/lock", who=DESK, methods=("POST",))
def keep_lock(report_id: UUID) -> Any:
    """The page is still open, or with "leave" it was left; says who works on the report if it is somebody else."""
    look_at(report_id)
    with services().store.writing() as writing:
        if "leave" in request.form:
            locks.leave(writing, now(), seat(), report_id)
            return jsonify(sentence="")
        lock = locks.take(writing, now(), seat(), report_id)
        return jsonify(sentence="" if lock.staff_id == me().id else _worker(writing, lock).sentence)
