"""Writing to a reporter: a question or a statement in ready words, or a reply in one's own, which is read first."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import jsonify, request

from admin import drafts
from admin.access import DESK, look_at, page, seat
from admin.access import refused as note_refusal
from admin.forms import form_token
from admin.labels import NOT_REACHED
from admin.report import act_on, report_page
from admin.services import now, services
from admin.thread import MOST_SEGMENTS, is_sms, size
from admin.words import gettext as _
from bot.casework import call_backs, thread
from bot.casework.betrayal import Mark
from bot.casework.desk import Line
from bot.casework.drafts import Field
from bot.casework.telling.reach import Not
from bot.casework.thread import Betrays, Entry, NotReached, Unreviewed
from bot.conversation.templates import TEMPLATES
from bot.errors import NotAllowed
from bot.languages import LANGUAGES, count, tidy
from bot.languages.catalogue import WORKING
from bot.store import Session
from bot.store.tables import DeskMessageStatus


@page("/reports/<uuid:report_id>/reply", who=DESK, methods=("POST",), draft=Field.REPLY)
def reply(report_id: UUID) -> Any:
    """Write to the reporter on their own wire; or, with the button "count", what it would take as SMS.

    A text that would betray something is shown again, with what was marked, and sent only on purpose.
    """
    line = look_at(report_id)
    return drafts.answer() or _reply(line)


def _reply(line: Line) -> Any:
    text, chosen = tidy(request.form.get("text", "")).strip(), request.form.get("written_in", WORKING)
    written = services().spoken.folding.for_sms(text, line.language or WORKING) if is_sms(line) else text
    taken = count(written)
    typed = {"draft": text, "size": size(taken, line), "written_in": chosen if chosen in LANGUAGES else WORKING}
    if "count" in request.form:
        if request.headers.get("X-Fragment"):
            return jsonify(sentence=typed["size"], tooLong=taken.segments > MOST_SEGMENTS)
        return report_page(line, **typed)
    if not written or taken.segments > MOST_SEGMENTS:
        problem = _("Write a reply first.") if not written else _too_long()
        return report_page(line, problem=problem, **typed), 422
    refusal = _refusal(line)
    if refusal:
        note_refusal("rule")
        return report_page(line, problem=refusal, **typed), 422
    marks = _marks(line, text, typed["written_in"])
    if marks and ("on_purpose" not in request.form or Betrays(marks).never):
        never = Betrays(marks).never
        if never:
            note_refusal("rule")
        return report_page(line, problem=_marked(never), marks=marks, never=never, **typed), 422

    def say(writing: Session) -> Entry:
        drafts.sent(writing)
        return thread.reply(
            writing,
            now(),
            seat(),
            line.id,
            written,
            form_token(),
            services().means,
            written_in=typed["written_in"],
            on_purpose="on_purpose" in request.form,
        )

    return _say(line, say, **typed)


def _refusal(line: Line) -> str | None:
    """Why no free text goes to this person, if none does."""
    with services().store.reading() as reading:
        found = thread.reachable(reading, now(), line.id)
    if isinstance(found.why, Not):
        return _(NOT_REACHED[found.why])
    return _support_alone() if line.closed_queue else None


def _support_alone() -> str:
    return _("To somebody of the closed queue only reviewed words of support are sent. Call them, if they allowed it.")


def _marks(line: Line, text: str, written_in: str) -> tuple[Mark, ...]:
    with services().store.reading() as reading:
        return thread.read(reading, services().means, text, line.language, written_in)


def _too_long() -> str:
    return _("That is more than %(most)s SMS. Make it shorter, or call.", most=MOST_SEGMENTS)


def _marked(never: bool) -> str:
    if never:
        return _("This can't be sent: on their screen it would say what befell somebody. Say it in a call.")
    return _("Anybody who reads along would learn this. Change it, or say that it goes all the same.")


@page("/reports/<uuid:report_id>/ask", who=DESK, methods=("POST",))
def ask(report_id: UUID) -> Any:
    """A question or a statement in ready words."""
    line = look_at(report_id)
    template = TEMPLATES.get(request.form.get("template", ""))
    if template is None:
        return report_page(line, problem=_("Choose what to ask or to say.")), 422

    token = form_token()
    return _say(line, lambda writing: thread.ask(writing, now(), seat(), report_id, template, token, services().means))


@page("/reports/<uuid:report_id>/messages/<uuid:message_id>/take-back", who=DESK, methods=("POST",))
def take_back_message(report_id: UUID, message_id: UUID) -> Any:
    """What waits for its hour is not sent."""
    line = look_at(report_id)

    def act(writing: Session) -> None:
        thread.take_back(writing, now(), seat(), report_id, message_id)

    return act_on(line, act, _("Taken back: nothing is sent."), _refused)


@page("/reports/<uuid:report_id>/call", who=DESK, methods=("POST",))
def call_instead(report_id: UUID) -> Any:
    """Somebody who may not be written to and may be called stands on the list of calls."""
    line = look_at(report_id)

    def act(writing: Session) -> None:
        call_backs.want(writing, now(), seat(), report_id)

    return act_on(line, act, _("They stand on the list of calls."), _refused)


def _say(line: Line, say: Callable[[Session], Entry], **typed: Any) -> Any:
    """Write something, and say whether it is on its way or waits for its hour."""
    said: list[Entry] = []

    def act(writing: Session) -> None:
        said.append(say(writing))
        writing.after_commit(lambda: services().doorbell.ring(said[0].channel))

    def done() -> str:
        if said[0].status is DeskMessageStatus.WAITING:
            return _("Kept. It goes out at their hour; until then it can be taken back below.")
        return _("Your message is on its way.")

    return act_on(line, act, done, _refused, **typed)


def _refused(refusal: NotAllowed) -> str:
    if isinstance(refusal, NotReached):
        return _(NOT_REACHED[refusal.why])
    if isinstance(refusal, Unreviewed):
        return _support_alone()
    if isinstance(refusal, Betrays):
        return _marked(refusal.never)
    return _("This can't be done with this report.")
