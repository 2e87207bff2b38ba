"""Health and family: asks nothing that identifies, and gives everybody the same useful numbers.

Nobody who was here is written to afterwards: it returns nothing that anything could act on.
"""

from bot.conversation import Choice, Context, Nothing, Say, Talking


def support(ctx: Context) -> Talking:
    """The same list, whatever was chosen."""
    _ = ctx.gettext
    options = {
        "health": _("health"),
        "children": _("children"),
        "papers": _("papers"),
        "woman": _("talk to a woman"),
        "man": _("talk to a man"),
    }
    yield Choice("support", _("Health, family:"), options, skip=_("end"))
    yield Say(_("Useful numbers: health 15, rescue 18, police 17, listening 80333, information 321."))
    if ctx.hears_calls:
        yield Say(_("A missed call and we call you back. Nothing else will be sent."))
    else:
        yield Say(_("Nothing else will be sent."))
    return Nothing()
