"""The weekly question to a vigilance cell, asked by the clock: one digit is a whole answer."""

from bot.conversation import Choice, Context, Digits, Say, Talking, WeeklySituation, call_hours


def situation(ctx: Context) -> Talking:
    """How it is this week; a pause and a stand-in are answers like any other."""
    _ = ctx.gettext
    states = {
        "good": _("well"),
        "middling": _("so-so"),
        "hard": _("difficult"),
        "call": _("call me"),
        "pause": _("pause"),
        "stand_in": _("stand-in"),
    }
    state = yield Choice("situation", _mine(ctx, _("Hello. This week, how is it where you are?")), states)
    services = hour = weeks = None
    if state == "good":
        asked = _("Thank you. Three digits for market, school, health: 1 open 2 closed 0 don't know. Example: 121")
        services = yield Digits("services", asked, length=3, highest=2, skip=_("skip"))
        yield Say(_("Thank you, noted. Until next week."))
    elif state == "pause":
        pauses = {"1": _("one week"), "2": _("two weeks"), "4": _("one month")}
        weeks = yield Choice("pause", _("For how long?"), pauses)
        yield Say(_("Thank you, noted."))
    elif state == "stand_in":
        yield Say(_("Whoever stands in for you sends us JOIN %(code)s within 7 days.", code=ctx.code))
    else:
        hour = yield Choice("call", _("May we call you?"), call_hours(_), skip=_("no"))
        yield Say(_("Thank you, noted."))
    return WeeklySituation(state, services, hour, int(weeks or 0))


def _mine(ctx: Context, text: str) -> str:
    """Several people on one phone are told apart by a digit, never by a name."""
    return f"({ctx.person}) {text}" if ctx.person > 1 else text
