"""What has to be masked before a text leaves triage: telephone numbers, names of people, ethnonyms, somebody's age.

It marks and a person decides: a list of names is never whole, and a name may be a village. Places are not marked, as a
summary is sent with its place; an age together with a place tells who it is, so every age is.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.casework.masking.capitals import by_capital
from bot.casework.masking.french import by_letters, by_spelling
from bot.casework.masking.listed import by_list
from bot.casework.masking.marks import Listed, Mark, apart
from bot.casework.masking.patterns import by_form
from bot.languages.text import digits
from bot.places.gazetteer import Gazetteer


def marks(text: str, listed: Listed) -> list[Mark]:
    """What to mask in this text, in order and never overlapping; the words `listed` are folded."""
    return _as_written(text, apart(_sure(digits(text), listed)))


def marks_to_send(text: str, listed: Listed, gazetteer: Gazetteer) -> list[Mark]:
    """What to mask in a text that leaves triage: also what only looks like a name, a capital that no place explains.

    No list holds every name, so here a mark too many, which a person lets stay, is better than one too few.
    """
    plain = digits(text)
    return _as_written(text, _likely(plain, listed, gazetteer))


def marks_in_french(text: str, listed: Listed, gazetteer: Gazetteer) -> list[Mark]:
    """What to mask in a French text that leaves triage: also a word that is neither French nor a place.

    A name in small letters has no other sign. A word that is only spelt wrong is marked too, and well mended.
    """
    plain = digits(text)
    known = _likely(plain, listed, gazetteer)
    return _as_written(text, apart([*known, *by_spelling(plain, known, listed, gazetteer)]))


def _as_written(text: str, found: list[Mark]) -> list[Mark]:
    """The marks with the digits that stand in the text, where it is as long with ours."""
    if len(digits(text)) != len(text):
        return found
    return [replace(mark, words=text[mark.start : mark.end]) for mark in found]


def _likely(text: str, listed: Listed, gazetteer: Gazetteer) -> list[Mark]:
    sure = apart(_sure(text, listed))
    seen = apart([*sure, *by_capital(text, sure, gazetteer)])
    return apart([*seen, *by_letters(text, seen)])


def _sure(text: str, listed: Listed) -> list[Mark]:
    return [*by_form(text), *by_list(text, listed)]


def masked(text: str, found: Iterable[Mark]) -> str:
    """The text with each marked part replaced by […]; a part in doubt stays, for a person to look."""
    text = digits(text) if len(digits(text)) != len(text) else text
    pieces, end = [], 0
    for mark in sorted(mark for mark in found if not mark.why.is_doubt):
        pieces += [text[end : mark.start], "[…]"]
        end = mark.end
    return "".join([*pieces, text[end:]])
