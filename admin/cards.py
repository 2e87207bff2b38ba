"""The paper cards of trained cells, to print: ten on a page, in any of our languages.

A card names no service and no telephone number: whoever finds one learns digits and words, not whom they go to.
"""

from flask import abort, render_template

from admin.access import Role, page
from admin.services import services
from bot.conversation.coded import NEWEST, instructions_on_paper, kinds_on_paper, needed_on_paper
from bot.languages import LANGUAGES, TAGS
from bot.languages.catalogue import Translator

PRINTERS = frozenset({Role.SECRETARY, Role.TRANSLATOR})
_ON_A_PAGE = 10


@page("/cards", who=PRINTERS)
def card_list() -> str:
    """The languages, and which of them has all the words of the card."""
    spoken = {tag: _speaker(tag).tag for tag in TAGS}
    return render_template("cards.html", spoken=spoken, card=NEWEST)


@page("/cards/<tag>", who=PRINTERS)
def card(tag: str) -> str:
    """A sheet of cards in this language, or whole in the one that speaks for it where a word is missing."""
    if tag not in LANGUAGES:
        abort(404)
    speaker = _speaker(tag)
    words = {
        "kinds": kinds_on_paper(speaker.gettext),
        "needed": needed_on_paper(speaker.gettext),
        "instructions": instructions_on_paper(speaker.gettext),
    }
    return render_template("card.html", tag=tag, spoken=speaker.tag, card=NEWEST, number=_ON_A_PAGE, **words)


def _speaker(tag: str) -> Translator:
    """The first of the language and its fallbacks that has every word of the card."""
    catalogues = services().spoken
    asked: list[str] = []

    def gather(message: str, /, **_: object) -> str:
        asked.append(message)
        return message

    for words in (kinds_on_paper, needed_on_paper, instructions_on_paper):
        words(gather)
    for each in (tag, *LANGUAGES[tag].fallbacks):
        translator = catalogues.translator(each)
        if all(translator.speaker(message) == each for message in asked):
            return translator
    return catalogues.translator(tag if tag == "en" else "fr")
