"""Small news that is useful in itself: water, rain, market days, papers, hours. It is why contact proves nothing."""

from collections.abc import Mapping

from bot.conversation import Choice, Context, Fetch, Nothing, Say, Talking
from flows.report import ask_place


def infos(ctx: Context) -> Talking:
    """What the sky, the river and the market do near here."""
    _ = ctx.gettext
    return (
        yield from _tell(
            ctx, "info", {"river": _("the river"), "rain": _("the rain"), "market": _("market days")}, needs_place=True
        )
    )


def papers(ctx: Context) -> Talking:
    """How to get a paper, what the school asks for, when the offices are open."""
    _ = ctx.gettext
    topics = {
        "birth": _("birth paper"),
        "identity": _("identity card"),
        "school": _("school"),
        "hours": _("opening hours"),
    }
    return (yield from _tell(ctx, "paper", topics, needs_place=False))


def _tell(ctx: Context, key: str, topics: Mapping[str, str], *, needs_place: bool) -> Talking:
    """The news of one topic, as the desk wrote it and while it holds; nothing that is out of date."""
    _ = ctx.gettext
    topic = yield Choice(key, _("What would you like to know?"), topics, skip=_("end"))
    if topic is None:
        return Nothing()
    place = ctx.place
    if place is None and needs_place:
        found = (yield from ask_place(ctx, "where", ()))[1]
        place = found[0] if len(found) == 1 else None
    news = yield Fetch("news_found", {"info": topic, "place": place})
    yield Say(news or _("Nothing new on that today. By telephone: 321."))
    return Nothing()
