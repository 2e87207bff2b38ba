"""The translation desk: one message at a time beside its French, checked as it is typed, approved by a second reader.

Who worded and who approved a message is shown here and nowhere else: a file that leaves the desk names nobody.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for

from admin.access import Role, me, page, refused
from admin.services import now, services
from admin.words import gettext as _
from admin.words import ngettext
from bot import staff, translations
from bot.errors import NotAllowed, Stale, Unreadable
from bot.languages import LANGUAGES, Folding, Segments, count, tidy
from bot.languages.catalogue import State
from bot.translations import NotALetter, Proposal, Source, Standing, Unfit

TRANSLATORS = frozenset({Role.SECRETARY, Role.TRANSLATOR})
#: What a list may be narrowed to; `waiting` is a draft of this desk that wants its second reader.
SHOWN = ("missing", "draft", "waiting", "reviewed", "all")


@page("/translations", who=TRANSLATORS)
def language_list() -> str:
    """How far each language is."""
    with services().store.reading() as reading:
        standing = translations.standings(reading, services().spoken)
    rows = [(tag, _counted(messages)) for tag, messages in standing.items()]
    return render_template("translations.html", rows=rows, states=list(State), spoken=services().spoken)


@page("/translations/<tag>", who=TRANSLATORS)
def message_list(tag: str) -> str:
    """The messages of one language, those without words first of all."""
    messages = _messages(tag)
    shown = request.args.get("show", "")
    counted = _counted(messages)
    if shown not in SHOWN:
        shown = next((each for each in SHOWN if counted.get(each)), "all")
    return _list_page(tag, messages, shown)


def _list_page(tag: str, messages: Sequence[Standing], shown: str, bad: Sequence[translations.Bad] = ()) -> str:
    chosen = [each for each in messages if shown == "all" or shown in (each.state, "waiting" if each.waits else "")]
    counted = {**_counted(messages), "all": len(messages)}
    return render_template(
        "translation_list.html", tag=tag, messages=chosen, counted=counted, shown=shown, bad=bad, tabs=SHOWN
    )


def _counted(messages: Sequence[Standing]) -> dict[str, int]:
    counted = {state.value: sum(each.state is state for each in messages) for state in State}
    return {**counted, "waiting": sum(each.waits for each in messages)}


@page("/translations/<tag>/file", who=TRANSLATORS)
def export_wordings(tag: str) -> Response:
    """Every message of the language with its state, as a PO file; it names nobody."""
    _messages(tag)
    with services().store.reading() as reading:
        content = translations.as_po(reading, services().spoken, tag)
    headers = {"Content-Disposition": f'attachment; filename="kunnafoni-{tag}.po"'}
    return Response(content, content_type="text/x-gettext-translation; charset=utf-8", headers=headers)


@page("/translations/<tag>/file", who=TRANSLATORS, methods=("POST",))
def import_wordings(tag: str) -> Any:
    """Take what a PO file words as drafts; with a bad entry nothing is taken, and each one is named."""
    messages = _messages(tag)
    sent = request.files.get("file")
    try:
        with services().store.writing() as writing:
            taken = translations.load_po(
                writing, now(), me().id, services().spoken, tag, sent.read() if sent else b"", partial=False
            )
    except Unreadable:
        flash(_("This is no PO file in this language. Nothing was taken."), "bad")
        return redirect(url_for("admin.message_list", tag=tag), 303)
    if taken.bad:
        return _list_page(tag, messages, "all", taken.bad), 422
    flash(ngettext("%(n)s wording was taken as a draft.", "%(n)s wordings were taken as drafts.", taken.drafts), "good")
    return redirect(url_for("admin.message_list", tag=tag), 303)


@page("/translations/<tag>/spelling", who=TRANSLATORS)
def sms_spelling(tag: str) -> str:
    """How an SMS in this language writes the letters that its alphabet lacks."""
    return _spelling_page(tag)


@page("/translations/<tag>/spelling", who=TRANSLATORS, methods=("POST",))
def change_spelling(tag: str) -> Any:
    """A letter is written otherwise from now on; or all letters of the language are kept, or no longer."""
    _messages(tag)
    kept = request.form.get("kept")
    typed = {name: request.form.get(name, "") for name in ("letter", "sms")}
    try:
        with services().store.writing() as writing:
            if kept:
                translations.keep_letters(writing, now(), me().id, tag, kept=kept == "yes")
            else:
                letter = unicodedata.normalize("NFC", typed["letter"].strip())
                translations.spell(writing, now(), me().id, tag, letter, typed["sms"].strip())
    except NotALetter:
        problem = _("Give one letter that the basic SMS alphabet lacks, and 1 to 4 letters that it has.")
        return _spelling_page(tag, typed, problem), 422
    flash(_("Kept. Within seconds every SMS is written so."), "good")
    return redirect(url_for("admin.sms_spelling", tag=tag), 303)


def _spelling_page(tag: str, typed: dict[str, str] | None = None, problem: str = "") -> str:
    _messages(tag)
    folding = Folding()
    with services().store.reading() as reading:
        # As it will be in a few seconds, also in this process.
        translations.follow_spelling(folding).take(reading)
        changed = translations.changed_letters(reading, tag)
    shown = {"letters": folding.letters(tag), "keeps": folding.keeps(tag), "changed": changed}
    return render_template("spelling.html", tag=tag, typed=typed or {}, problem=problem, **shown)


@page("/translations/<tag>/<key>", who=TRANSLATORS)
def wording(tag: str, key: str) -> str:
    """One message, its French, what is said around it, and all that it ever said."""
    return _page(tag, key)


@page("/translations/<tag>/<key>", who=TRANSLATORS, methods=("POST",))
def propose_wording(tag: str, key: str) -> Any:
    """Keep what was typed as a draft; or, with the button "check", say what it takes and what is wrong with it."""
    source = _source(tag, key)
    text = tidy(request.form.get("text", "")).strip()
    if "check" in request.form:
        if request.headers.get("X-Fragment"):
            return jsonify(**_checked(source, tag, text))
        return _page(tag, key, text=text)
    try:
        with services().store.writing() as writing:
            translations.propose(
                writing, now(), me().id, tag, source, text, services().spoken.folding, seen=_number("seen")
            )
    except Unfit:
        return _page(tag, key, text=text), 422
    except Stale:
        return _page(tag, key, text=text, stale=True), 409
    flash(_("Kept as a draft. A second reader must approve it before a live service says it."), "good")
    return redirect(_next_address(tag, key) if "next" in request.form else _address(tag, key), 303)


@page("/translations/<tag>/<key>/approve", who=TRANSLATORS, methods=("POST",))
def approve_wording(tag: str, key: str) -> Any:
    """The second reader says that it is right; within seconds the service says it."""
    _source(tag, key)
    try:
        with services().store.writing() as writing:
            translations.approve(writing, now(), me().id, _number("number") or 0)
        flash(_("Approved: within seconds the service says it."), "good")
    except NotAllowed:
        refused("rule")
        flash(_("Whoever worded a message does not approve it. Ask a second reader."), "bad")
    except Stale:
        flash(_("Somebody else has just changed this."), "note")
    return redirect(_address(tag, key), 303)


@page("/translations/<tag>/<key>/withdraw", who=TRANSLATORS, methods=("POST",))
def withdraw_wording(tag: str, key: str) -> Any:
    """It is no longer said; what was said before it is said again."""
    _source(tag, key)
    try:
        with services().store.writing() as writing:
            translations.withdraw(writing, now(), me().id, _number("number") or 0)
        flash(_("Withdrawn: what was said before it is said again."), "good")
    except Stale:
        flash(_("Somebody else has just changed this."), "note")
    return redirect(_address(tag, key), 303)


def _messages(tag: str) -> list[Standing]:
    if tag not in translations.LANGUAGES:
        abort(404)
    with services().store.reading() as reading:
        return translations.standings(reading, services().spoken)[tag]


def _source(tag: str, key: str) -> Source:
    source = translations.sources(services().spoken).get(key)
    if source is None or tag not in translations.LANGUAGES:
        abort(404)
    return source


def _number(field: str) -> int | None:
    """The number of a wording in a form; an empty field is none."""
    number = request.form.get(field, "")
    if not number:
        return None
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        abort(400)
    return int(number)


def _address(tag: str, key: str) -> str:
    return url_for("admin.wording", tag=tag, key=key)


def _next_address(tag: str, key: str) -> str:
    """The next message without words after this one, round and round; the list when there is none."""
    messages = _messages(tag)
    place = next(number for number, each in enumerate(messages) if each.source.key == key)
    for each in (*messages[place + 1 :], *messages[:place]):
        if each.state is State.MISSING:
            return _address(tag, each.source.key)
    return url_for("admin.message_list", tag=tag, show="draft")


def _checked(source: Source, tag: str, text: str) -> dict[str, Any]:
    """What a text takes as SMS, how it is spelt there, and what is wrong with it."""
    folding = services().spoken.folding
    written = folding.for_sms(text, tag)
    found = [each.said(_) for each in translations.problems(source, tag, text, folding)] if text else []
    return {"size": _size(count(written)), "sms": written if written != text else "", "problems": found}


def _size(size: Segments) -> str:
    """How many SMS, and of which letters."""
    if not size.segments:
        return ""
    sms = ngettext("%(n)s SMS", "%(n)s SMS", size.segments)
    if size.alphabet == "gsm7":
        return f"{sms} · " + ngettext("%(n)s character", "%(n)s characters", size.units)
    return f"{sms} · " + _("a letter outside the basic alphabet cuts each SMS to 70")


def _page(tag: str, key: str, *, text: str | None = None, stale: bool = False) -> str:
    source = _source(tag, key)
    with services().store.reading() as reading:
        messages = translations.standings(reading, services().spoken)[tag]
        past = translations.history(reading, tag, source.msgid)
        people = staff.names(reading, _people(past))
    place = next(number for number, each in enumerate(messages) if each.source == source)
    shown = messages[place].text if text is None else text
    around = [(file, translations.neighbours(messages, source, file)) for file in source.files]
    return render_template(
        "translation.html",
        tag=tag,
        language_name=LANGUAGES[tag],
        source=source,
        standing=messages[place],
        text=shown,
        checked=_checked(source, tag, shown),
        typed=text is not None,
        stale=stale,
        past=past,
        seen=past[0].id if past else "",
        people=people,
        me_id=me().id,
        transcript=services().transcripts.around(source.msgid, tag),
        around=around,
        speaker=services().spoken.translator(tag).speaker(source.msgid),
        number=place + 1,
        total=len(messages),
        before=messages[place - 1].source.key if place else None,
        after=messages[place + 1].source.key if place + 1 < len(messages) else None,
    )


def _people(past: Sequence[Proposal]) -> set[UUID]:
    return {identity for each in past for identity in (each.author_id, each.reviewer_id) if identity}
