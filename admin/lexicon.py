"""The words by which a kind is suggested: those of the program, the desk's own, and what they make of a text."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from admin.access import DESK, Role, me, page
from admin.services import now, services
from admin.words import gettext as _
from bot.casework import lexicon
from bot.casework.lexicon import NotAWord
from bot.conversation.lexicon import TOPICS, Entry, Lexicon
from bot.languages import tidy

#: A text to try the words on.
_LONGEST_TEXT = 600


@page("/lexicon", who=DESK)
def word_list() -> str:
    """The words of one kind, by language."""
    return _page(_topic(request.args.get("kind", "")))


@page("/lexicon", who=DESK, methods=("POST",))
def change_word() -> Any:
    """A word is read from now on, or no longer; or, with the button "try", what a text would be taken for."""
    topic = _topic(request.form.get("kind", ""))
    text = tidy(request.form.get("text", ""))[:_LONGEST_TEXT]
    if "try" in request.form:
        return _page(topic, text=text)
    typed = {name: request.form.get(name, "") for name in ("language", "word")}
    try:
        entry = lexicon.entry_of(typed["language"], topic, typed["word"])
    except NotAWord:
        return _page(topic, problem=_("Choose a language, and write a word of 2 to 40 letters."), typed=typed), 422
    if lexicon.is_closed(entry) and Role.CLOSED_QUEUE not in me().roles:
        return _page(topic, problem=_("Only an officer of the closed queue changes these words."), typed=typed), 403
    with services().store.writing() as writing:
        lexicon.change(writing, now(), me().id, entry, read="off" not in request.form)
    flash(_("Kept. Within seconds every text is read so."), "good")
    return redirect(url_for("admin.word_list", kind=topic), 303)


def _topic(named: str) -> str:
    return named if named in TOPICS else TOPICS[0]


def _page(topic: str, *, text: str = "", problem: str = "", typed: dict[str, str] | None = None) -> str:
    with services().store.reading() as reading:
        changes = lexicon.changes(reading)
    shipped = services().lexicon.shipped
    entries = dict.fromkeys((*shipped, *changes))
    # As it will be read in a few seconds, also by this process.
    as_kept = Lexicon(shipped)
    as_kept.lay_over(changes)
    return render_template(
        "lexicon.html",
        topic=topic,
        topics=TOPICS,
        words=sorted((each for each in entries if each.topic == topic), key=_by_language),
        changes=changes,
        text=text,
        suggestion=as_kept.suggest(text) if text else None,
        problem=problem,
        typed=typed or {},
        may_change=Role.CLOSED_QUEUE in me().roles or not lexicon.is_closed(Entry("fr", topic, "")),
    )


def _by_language(entry: Entry) -> tuple[str, str]:
    return entry.language, entry.word
