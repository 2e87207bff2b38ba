"""What tests know of our words without asking the code: the French master's marks and the shape of a closing."""

import re

from bot.languages.text import fold

#: The number in everybody's closing, in any language; examples and a hotline are none.
_CODE = re.compile(r"(?<!suivi )(?<!status )\b(?!(?:80333|12345678)\b)([0-9]{5,9})\b")


def code_in(text: str) -> str | None:
    """The reporter's number in a closing, or None."""
    found = _CODE.search(fold(text))
    return found[1] if found else None


def is_closing(text: str) -> bool:
    """Whether this is the French closing of every flow."""
    return "c'est note, no " in fold(text) and "inutile de garder ces messages" in fold(text)


def is_menu(text: str) -> bool:
    """Whether this is the menu; a wire with buttons shows its services on them."""
    return text.startswith("Kunnafoni:") and (text == "Kunnafoni:" or "9 Langue" in text)


def asks_language(text: str) -> bool:
    """Whether the French words ask for the language."""
    return "langue? 1 francais" in fold(text)


def asks_how_soon(text: str) -> bool:
    """Whether the French words ask how soon an answer is needed."""
    return "il vous faut une reponse" in fold(text)


def asks_place(text: str) -> bool:
    """Whether the French words ask for the commune."""
    return "Quelle commune" in text


def asks_cercle(text: str) -> bool:
    """Whether the French words settle a homonym."""
    return "pres de quelle ville" in fold(text)


def asks_call(text: str) -> bool:
    """Whether the French words ask whether we may call."""
    return "Peut-on vous appeler" in text
