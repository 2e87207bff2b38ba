"""The desk asks or says something in ready words; the digit that comes back is read against this very question."""

from bot.conversation import TEMPLATES, Answered, Context, Nothing, Say, Talking


def question(ctx: Context) -> Talking:
    """One template; a statement waits for nothing."""
    _ = ctx.gettext
    step = TEMPLATES[ctx.template].make(_, ctx.code)
    answer = yield step
    if isinstance(step, Say):
        return Nothing()
    yield Say(_("Thank you, noted."))
    return Answered(ctx.template, answer)
