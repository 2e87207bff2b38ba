"""Somebody tells us what is happening. What they wrote is already kept; at most three questions follow."""

from collections.abc import Mapping
from typing import Any

from bot.conversation import (
    Choice,
    Context,
    Fetch,
    NewReport,
    Nothing,
    Place,
    Recording,
    ReportSoFar,
    Say,
    Talking,
    Text,
    call_hours,
    closing,
)
from flows.welcome import ask_language


def report(ctx: Context) -> Talking:
    """Somebody tells us what is happening; what they wrote is already kept."""
    _ = ctx.gettext
    if ctx.stranger:
        yield from ask_language(ctx, _first_words(ctx))
    yield Choice(
        "answer_needed",
        _("Thank you. You need an answer:"),
        {"now": _("right away"), "today": _("today"), "week": _("this week"), "none": _("no need")},
        skip=_("skip"),
    )
    asked = 1
    if ctx.place is None:
        asked += (yield from ask_place(ctx, "where", ctx.homonyms))[0]
    if ctx.has_media and asked < 3:
        yield Recording("recording", _("A photo or a voice message of it? Only if that is safe."), skip=_("skip"))
        asked += 1
    if asked < 3:
        yield Choice(
            "call",
            _("May we call you?"),
            call_hours(_),
            skip=_("no"),
        )
    yield Say(closing(_, ctx.code, ctx.reading))
    return NewReport()


def _first_words(ctx: Context) -> str:
    _ = ctx.gettext
    if ctx.hears_calls:
        return _(
            "Kunnafoni: received, thank you. Emergencies: 17, 18, 15. Or a missed call and we call you back. Language?"
        )
    return _("Kunnafoni: received, thank you. Emergencies: 17, 18, 15. Language?")


def ask_place(ctx: Context, key: str, homonyms: tuple[str, ...]) -> Talking:
    """The commune or quarter in the person's own words, settled by a look-up: how many questions it took, and which.

    More than one place, or none, is what nobody could settle.
    """
    _ = ctx.gettext
    asked = 0
    found: list[str] = list(homonyms)
    if not found:
        words = yield Place(key, _("Which commune or quarter? Write the name."), skip=_("skip"))
        asked = 1
        if words is None:
            return asked, []
        found = yield Fetch(f"{key}_found", {"find_place": words})
    if len(found) > 1:
        near = yield Place(f"{key}_near", _("Near which town or in which cercle? Write the name."), skip=_("skip"))
        asked += 1
        if near is not None:
            found = yield Fetch(f"{key}_settled", {"narrow_place": near, "among": found})
    return asked, found


def tell(ctx: Context) -> Talking:
    """Somebody chose to talk to us: their words, then what a report asks that they don't say."""
    _ = ctx.gettext
    words = yield Text("what", _("Write to us in your own words, in your language."), skip=_("end"))
    if words is None:
        return Nothing()
    yield from place_of_words(ctx, words)
    yield Choice("call", _("May we call you?"), call_hours(_), skip=_("no"))
    yield Say(closing(_, ctx.code, ctx.reading))
    return NewReport()


def place_of_words(ctx: Context, words: str) -> Talking:
    """The place that the words name; asked for only where they name none, or one that several places are called."""
    found = yield Fetch("words_found", {"read_place": words})
    if len(found) != 1:
        yield from ask_place(ctx, "where", tuple(found))


def wants_answer(answers: Mapping[str, Any]) -> str | None:
    """How soon, from the answer to "Send you the answer when it is known?"."""
    return {"yes": "week", "no": "none"}.get(answers.get("send") or "")


def so_far(answers: Mapping[str, Any]) -> ReportSoFar:
    """What the answers say of the report."""
    found = answers.get("where_settled") or answers.get("where_found") or answers.get("words_found") or []
    words = ", ".join(str(answers[key]) for key in ("where", "where_near") if answers.get(key))
    language = answers.get("language")
    return ReportSoFar(
        language=answers.get("language_other") if language == "other" else language,
        answer_needed=answers.get("answer_needed"),
        place=found[0] if len(found) == 1 else None,
        place_words=words or None,
        call=answers.get("call"),
        text=answers.get("what"),
    )
