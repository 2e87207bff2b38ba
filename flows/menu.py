"""What this number is good for. The harmless services make contact with it prove nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.conversation import Choice, Context, LanguageChosen, ReportSoFar, Talking
from flows import opinion, rumour
from flows.infos import infos, papers
from flows.peace import peace
from flows.report import so_far as report_so_far
from flows.report import tell
from flows.safety import safety
from flows.support import support
from flows.welcome import ask_language


def menu(ctx: Context) -> Talking:
    """Somebody greets us or asks what we do: nine services, each by its digit, and words are heard all the same."""
    _ = ctx.gettext
    services = {
        "infos": _("Water, rain, markets"),
        "papers": _("Town hall, school, papers"),
        "support": _("Health, family"),
        "opinion": _("Give an opinion"),
        "rumour": _("True or false?"),
        "safety": _("Advice"),
        "peace": _("Messages"),
        "tell": _("Talk to us"),
        "language": _("Language"),
    }
    service = yield Choice("service", "Kunnafoni:", services)
    return (yield from _SERVICES[service](ctx))


def _language(ctx: Context) -> Talking:
    return LanguageChosen((yield from ask_language(ctx, ctx.gettext("Language?"))))


_SERVICES: Mapping[str, Callable[[Context], Talking]] = {
    "infos": infos,
    "papers": papers,
    "support": support,
    "opinion": opinion.opinion,
    "rumour": rumour.rumour,
    "safety": safety,
    "peace": peace,
    "tell": tell,
    "language": _language,
}
_DRAFTS: Mapping[str, Callable[[Mapping[str, Any]], ReportSoFar]] = {
    "opinion": opinion.so_far,
    "rumour": rumour.so_far,
    "tell": report_so_far,
}


def so_far(answers: Mapping[str, Any]) -> ReportSoFar | None:
    """What the chosen service says of a report, if it makes one."""
    draft = _DRAFTS.get(answers.get("service") or "")
    return draft(answers) if draft else None
