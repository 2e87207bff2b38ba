"""To have a say: on a public service, with an idea, or by asking for somebody who mediates.

A service is chosen by number and nobody is accused: the words are the person's own.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.conversation import Choice, Context, Kind, NewReport, Nothing, ReportSoFar, Say, Talking, Text, closing
from flows.report import place_of_words, wants_answer
from flows.report import so_far as report_so_far

_KINDS = {"service": Kind.SERVICE, "idea": Kind.IDEA, "mediator": Kind.TENSION}


def opinion(ctx: Context) -> Talking:
    """Which of the three."""
    _ = ctx.gettext
    options = {"service": _("a public service"), "idea": _("an idea"), "mediator": _("ask for a mediator")}
    about = yield Choice("opinion", _("Your opinion counts:"), options, skip=_("end"))
    if about is None:
        return Nothing()
    if about == "service":
        yield from _service(ctx)
    words = yield Text("words", _("Write it in a few words, without names of people."), skip=_("end"))
    if words is None:
        return Nothing()
    yield from place_of_words(ctx, words)
    yield Choice("send", _("Send you the answer when it is known?"), {"yes": _("yes"), "no": _("no")}, skip=_("skip"))
    yield Say(_("Answer within 15 days: STATUS %(code)s.", code=ctx.code))
    yield Say(closing(_, ctx.code, ctx.reading))
    return NewReport()


def _service(ctx: Context) -> Talking:
    _ = ctx.gettext
    services = {
        "town_hall": _("town hall"),
        "school": _("school, canteen"),
        "health": _("health centre"),
        "justice": _("justice"),
        "security": _("security services"),
        "other": _("other"),
    }
    yield Choice("public_service", _("Which service?"), services, skip=_("skip"))
    sorts = {"thanks": _("thank"), "complaint": _("complain"), "suggestion": _("propose")}
    yield Choice("sort", _("You want to:"), sorts, skip=_("skip"))


def so_far(answers: Mapping[str, Any]) -> ReportSoFar:
    """The words, with the number of the service before them."""
    words = answers.get("words")
    about = " · ".join(str(answers[key]) for key in ("public_service", "sort") if answers.get(key))
    text = f"[{about}] {words}" if words and about else words
    kind = _KINDS.get(answers.get("opinion") or "")
    return replace(report_so_far(answers), kind=kind, text=text, answer_needed=wants_answer(answers))
