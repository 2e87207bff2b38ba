"""Which language we speak: asked once, by digit, and again whenever somebody sends LANGUAGE."""

from bot.conversation import Choice, Context, LanguageChosen, Talking


def welcome(ctx: Context) -> Talking:
    """Somebody wants to choose the language."""
    language = yield from ask_language(ctx, ctx.gettext("Language?"))
    return LanguageChosen(language)


def ask_language(ctx: Context, text: str) -> Talking:
    """The language by digit, the less spoken ones on a second page; None if the person passed over it."""
    _ = ctx.gettext
    first = {
        "fr": "Français",
        "bm": "Bamanankan",
        "ffm": "Fulfulde",
        "ses": "Songhay",
        "taq": "Tamasheq",
        "other": _("Other"),
    }
    language = yield Choice("language", text, first, unlisted=_OTHERS)
    if language != "other":
        return language
    return (yield Choice("language_other", _("Language?"), _OTHERS))


_OTHERS = {
    "snk": "Soninke",
    "bze": "Bozo",
    "dts": "Dogon",
    "myk": "Mamara",
    "shz": "Senoufo",
    "bmq": "Bomu",
    "mwk": "Maninka",
    "kao": "Xaasonga",
    "ar": "Arabe/Hasanya",
}
