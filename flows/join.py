"""A member of a cell, an association or a committee enrols with a code; each month they say that it is still them."""

from bot.conversation import Choice, Context, Joined, Nothing, Say, StillMember, Talking
from flows.welcome import ask_language


def join(ctx: Context) -> Talking:
    """They sent a code that the secretariat gave; nobody is on a list who did not say yes."""
    _ = ctx.gettext
    if ctx.stranger:
        yield from ask_language(ctx, _("Language?"))
    wish = yield Choice(
        "agree",
        _("You join the list of your commune: one short question a week, free to leave at any time. Do you agree?"),
        {"yes": _("yes"), "no": _("no")},
    )
    if wish == "no":
        yield Say(_("Thank you, noted."))
        return Nothing()
    if ctx.person > 1:
        yield Say(_("Noted. On this telephone you are number %(person)s.", person=ctx.person))
    else:
        yield Say(_("Thank you, noted."))
    return Joined()


def confirm(ctx: Context) -> Talking:
    """Each month; a number that nobody confirms leaves the lists."""
    _ = ctx.gettext
    text = _("Once a month we ask: is this number still yours?")
    still = {"still": _("still me"), "replaced": _("somebody else now"), "stop": _("take me off the list")}
    answer = yield Choice("confirm", f"({ctx.person}) {text}" if ctx.person > 1 else text, still, yes="still")
    yield Say(_("Thank you, noted."))
    return StillMember(answer)
