"""Somebody rang and hung up: a person will call them. In which language, and when."""

from bot.conversation import CallBackWanted, Choice, Context, Say, Talking, call_hours, closing
from flows.welcome import ask_language


def call_back(ctx: Context) -> Talking:
    """A missed call has become a task; the answers only make it easier to do."""
    _ = ctx.gettext
    if ctx.stranger:
        yield from ask_language(ctx, _("Kunnafoni: we will call you back. Language?"))
    hour = yield Choice("call", _("May we call you?"), call_hours(_), skip=_("no"))
    yield Say(closing(_, ctx.code, ctx.reading))
    return CallBackWanted(hour)
