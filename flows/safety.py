"""What to do when…: the same few lines for everybody, by number, so that reading them says nothing about the reader.

The advice is what humanitarian mine action and civil protection teach everywhere: don't touch, go back in your own
tracks, higher ground, keep children in sight, don't pass on what nobody has checked. It sends nobody anywhere.
"""

from bot.conversation import Choice, Context, Nothing, Say, Talking


def safety(ctx: Context) -> Talking:
    """One piece of advice."""
    _ = ctx.gettext
    topics = {
        "danger": _("danger close by"),
        "object": _("a strange object"),
        "water": _("water is rising"),
        "talk": _("what people say"),
        "young": _("the young"),
        "road": _("on the road"),
    }
    advice = {
        "danger": _(
            "Lie down or stay behind a wall, away from windows. Lights out, telephone silent. Go out only when it has "
            "been calm for long. Numbers: 17, 18, 15."
        ),
        "object": _(
            "Don't touch it, don't throw anything at it. Go back in your own steps. Keep others away. Tell the chief. "
            "Numbers: 17, 18."
        ),
        "water": _(
            "Go up to high ground now, children and elders first. Don't walk through moving water. Take papers and "
            "drinking water. Number: 18."
        ),
        "talk": _(
            "Ask who says it and how they know. Wait before you pass it on. Listen to the local radio. You may ask us: "
            "MENU, then 5."
        ),
        "young": _(
            "Listen first, without anger. Stay close, find work or studies to share. Talk to someone they respect. "
            "You may call 116 for advice."
        ),
        "road": _(
            "Ask before you leave, travel by day and with others, tell the family your hour. If something is wrong, "
            "turn back. Numbers: 17, 18."
        ),
    }
    topic = yield Choice("advice", _("Advice:"), topics, skip=_("end"))
    if topic is not None:
        yield Say(advice[topic])
    return Nothing()
