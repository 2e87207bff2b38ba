"""It is done: did it help? Whoever says no is heard again, under the same number."""

from bot.conversation import Choice, Context, Helped, Say, Talking, Text


def helped(ctx: Context) -> Talking:
    """Asked by the clock once the desk has closed a report, of those who wanted an answer."""
    _ = ctx.gettext
    answers = {"yes": _("yes"), "little": _("a little"), "no": _("no")}
    answer = yield Choice("helped", _("No %(code)s: done. Did it help you?", code=ctx.code), answers)
    if answer != "yes":
        yield Text("missing", _("What is missing? Write it in a few words."), skip=_("skip"))
    yield Say(_("Thank you, noted."))
    return Helped(answer)
