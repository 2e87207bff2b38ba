"""What this number is good for. The harmless services make contact with it prove nothing."""

from bot.conversation import Context, Nothing, Say, Talking


def menu(ctx: Context) -> Talking:
    """Somebody greets us or asks what we do."""
    _ = ctx.gettext
    yield Say(_("Kunnafoni: write to us in your own words, in your language. A person reads everything, 7am to 7pm."))
    yield Say(_("LANGUAGE, HELP, STOP = no more messages. Emergencies: 17, 18, 15."))
    return Nothing()
