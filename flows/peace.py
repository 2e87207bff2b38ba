"""One peace message a week, for those who ask for it; and out again as easily."""

from bot.conversation import Choice, Context, Nothing, Say, Subscribed, Talking, Unsubscribed


def peace(ctx: Context) -> Talking:
    """Whether, on which day, and about what."""
    _ = ctx.gettext
    wish = yield Choice(
        "peace",
        _("One message a week: tales, music, peace, mutual help."),
        {"weekly": _("yes"), "never": _("no, or no more")},
        skip=_("end"),
    )
    if wish is None:
        return Nothing()
    if wish == "never":
        yield Say(_("Done."))
        return Unsubscribed()
    day = yield Choice(
        "peace_day", _("Which day?"), {"friday": _("Friday"), "sunday": _("Sunday"), "monday": _("Monday")}
    )
    themes = {"tales": _("tales, music"), "help": _("mutual help"), "all": _("everything")}
    theme = yield Choice("peace_theme", _("What do you like?"), themes, skip=_("skip"))
    yield Say(_("Noted. To end it: STOP."))
    return Subscribed(day, None if theme == "all" else theme)
