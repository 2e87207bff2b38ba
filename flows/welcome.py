"""Which language we speak: asked once, by digit, and again whenever somebody sends LANGUAGE."""

from bot.conversation import Choice, Context, LanguageChosen, Talking


def welcome(ctx: Context) -> Talking:
    """Somebody wants to choose the language."""
    language = yield from ask_language(ctx, ctx.gettext("Language?"))
    return LanguageChosen(language)


def ask_language(ctx: Context, text: str) -> Talking:
    """The language by digit, the less spoken ones on a second page; a stranger who writes in Arabic letters is asked
    in them.
    """
    _ = ctx.gettext
    first, others = (_IN_ARABIC, _BESIDE_ARABIC) if ctx.arabic_letters else (_FIRST, _OTHERS)
    language = yield Choice("language", text, {**first, "other": _("Other")}, unlisted=others)
    if language != "other":
        return language
    return (yield Choice("language_other", _("Language?"), others))


_FIRST = {
    "fr": "Français",
    "bm": "Bamanankan",
    "ffm": "Fulfulde",
    "ses": "Songhay",
    "taq": "Tamasheq",
}
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
#: As CLDR calls them in Arabic; with few of them the question is no more than two SMS.
_IN_ARABIC = {"ar": "العربية", "taq": "التاماشيك", "ffm": "الفولانية", "fr": "الفرنسية"}
_BESIDE_ARABIC = {tag: name for tag, name in {**_FIRST, **_OTHERS}.items() if tag not in _IN_ARABIC}
