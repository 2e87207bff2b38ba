"""A message that nobody on duty reads: redacted here, put into French by a translator who sees nothing else of it."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import DESK, Role, look_at, me, page, seat
from admin.forms import languages_ticked, new_token, once
from admin.report import act_on, report_page
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import interpreting
from bot.casework.duty import rota
from bot.casework.masking import own_words
from bot.languages import LANGUAGES, tidy
from bot.store import Session

TRANSLATORS = frozenset({Role.TRANSLATOR})


@page("/reports/<uuid:report_id>/translate", who=DESK, methods=("POST",))
def give_to_translators(report_id: UUID) -> Any:
    """Give a redacted text away; one that still names somebody or a place is shown again, marked."""
    line = look_at(report_id)
    text, language = tidy(request.form.get("redacted", "")).strip(), request.form.get("language", "")
    typed = {"redacted": text, "written_in_theirs": language}
    if not text or len(text) > interpreting.LONGEST or language not in LANGUAGES:
        return report_page(line, problem=_("Write what is to be translated, and say its language."), **typed), 422
    with services().store.reading() as reading:
        left = services().means.reader.naming(text, own_words.words(reading))
    if left and "as_it_is" not in request.form:
        problem = _("This still names somebody or a place. Mask it, or say that it may stay.")
        return report_page(line, problem=problem, left=left, **typed), 422

    def act(writing: Session) -> None:
        interpreting.ask(writing, now(), seat(), report_id, text, language)

    with services().store.reading() as reading:
        somebody = interpreting.has_translator(reading, language)
    given = _("Given to the translators. What they write comes back to this page.")
    nobody = _("Kept, but no translator has this language: ask an administrator to find one.")
    return act_on(line, act, given if somebody else nobody, **typed)


@page("/reports/<uuid:report_id>/translations/<uuid:task_id>/withdraw", who=DESK, methods=("POST",))
def take_from_translators(report_id: UUID, task_id: UUID) -> Any:
    """Nobody is to translate it any more."""
    line = look_at(report_id)

    def act(writing: Session) -> None:
        interpreting.withdraw(writing, now(), seat(), report_id, task_id)

    return act_on(line, act, _("Taken back: no translator sees it any more."))


@page("/translation-tasks", who=TRANSLATORS)
def translation_task_list() -> str:
    """What waits for a translator."""
    return _list_page()


def _list_page(**values: Any) -> str:
    with services().store.reading() as reading:
        tasks = interpreting.waiting(reading, me().id)
        mine, others = rota.languages_of(reading, me().id), interpreting.waiting_for_others(reading, me().id)
    shown = {"tasks": tasks, "mine": mine, "others": others, "longest": interpreting.LONGEST}
    return render_template("translation_tasks.html", new_token=new_token, **shown, **values)


@page("/translation-tasks/languages", who=TRANSLATORS, methods=("POST",))
def change_own_languages() -> Response:
    """The languages that I can be asked to translate from."""
    with services().store.writing() as writing:
        rota.set_languages(writing, now(), seat(), me().id, languages_ticked())
    flash(_("Kept. What waits in these languages stands here."), "good")
    return redirect(url_for("admin.translation_task_list"), 303)


@page("/translation-tasks/<uuid:task_id>", who=TRANSLATORS, methods=("POST",))
def translate_task(task_id: UUID) -> Any:
    """What it says."""
    text = tidy(request.form.get("text", "")).strip()
    if not text or len(text) > interpreting.LONGEST:
        problem = _("Write what it says, in at most %(longest)s letters.", longest=interpreting.LONGEST)
        return _list_page(problem=problem, typed={task_id: text}), 422

    def act(writing: Session) -> None:
        interpreting.translate(writing, now(), me().id, task_id, text)

    once(act, _("Thank you: the desk has it now."), _("There is no such task."))
    return redirect(url_for("admin.translation_task_list"), 303)
