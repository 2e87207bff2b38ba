"""One peace message a week, for those who ask for it; and out again as easily."""

from bot.conversation import Choice, Context, Fetch, Nothing, Say, Subscribed, Talking, Unsubscribed


def peace(ctx: Context) -> Talking:
    """Whether, on which day, and about what; or one at once."""
    _ = ctx.gettext
    wish = yield Choice(
        "peace",
        _("One message a week: tales, music, peace, mutual help."),
        {"weekly": _("yes"), "never": _("no, or no more"), "once": _("one now")},
        skip=_("end"),
        yes="weekly",
        no="never",
    )
    if wish is None:
        return Nothing()
    if wish == "never":
        yield Say(_("Done."))
        return Unsubscribed()
    if wish == "once":
        return (yield from _one_now(ctx))
    day = yield Choice(
        "peace_day", _("Which day?"), {"friday": _("Friday"), "sunday": _("Sunday"), "monday": _("Monday")}
    )
    theme = yield from _theme(ctx)
    yield Say(_("Noted. To end it: STOP."))
    return Subscribed(day, None if theme == "all" else theme)


def _theme(ctx: Context) -> Talking:
    _ = ctx.gettext
    themes = {"tales": _("tales, music"), "help": _("mutual help"), "all": _("everything")}
    return (yield Choice("peace_theme", _("What do you like?"), themes, skip=_("skip")))


def _one_now(ctx: Context) -> Talking:
    """The text that two people answer for, if there is one; nothing is noted of who read it."""
    _ = ctx.gettext
    theme = yield from _theme(ctx)
    text = None
    for topic in ("tales", "help") if theme in (None, "all") else (theme,):
        text = text or (yield Fetch(f"{topic}_found", {"info": topic, "place": ctx.place}))
    yield Say(text or _("Nothing new on that today."))
    return Nothing()
