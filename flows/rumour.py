"""Somebody has heard something and wants to know whether it is true. What they heard is never repeated to anybody."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.conversation import (
    Choice,
    Context,
    Fetch,
    Kind,
    NewReport,
    Nothing,
    ReportSoFar,
    Say,
    Talking,
    Text,
    closing,
    known_answer,
)
from flows.report import so_far as report_so_far
from flows.report import wants_answer


def rumour(ctx: Context) -> Talking:
    """What they heard: the answer at once where it is known, else through what, and whether they want it sent."""
    _ = ctx.gettext
    heard = yield Text("heard", _("What did you hear? A few words, without names of people."), skip=_("skip"))
    if heard is None:
        return Nothing()
    yield Fetch("words_found", {"read_place": heard})
    known = yield Fetch("answer_found", {"rumour": heard})
    if known is not None:
        yield Say(known_answer(_, known["veracity"], known["sentence"]))
        yield Say(closing(_, ctx.code, ctx.reading))
        return NewReport()
    ways = {"person": _("a person"), "phone": _("telephone"), "radio": _("radio"), "crowd": _("market, meeting")}
    yield Choice("through", _("How did you hear it?"), ways, skip=_("skip"))
    yield Choice("send", _("Send you the answer when it is known?"), {"yes": _("yes"), "no": _("no")}, skip=_("skip"))
    yield Say(_("We check it. The answer: STATUS %(code)s. Until then, better not to repeat it.", code=ctx.code))
    yield Say(closing(_, ctx.code, ctx.reading))
    return NewReport()


def so_far(answers: Mapping[str, Any]) -> ReportSoFar:
    """The desk checks it; it writes back only to those who agreed."""
    told = report_so_far(answers)
    known = answers.get("answer_found") or {}
    return replace(
        told,
        kind=Kind.RUMOUR,
        text=answers.get("heard"),
        answer_needed=wants_answer(answers),
        incident=known.get("incident"),
    )
