"""An SMS in letters that GSM-7 has: one ɛ or one curly apostrophe cuts a message from 160 characters to 70.

The official spelling is what is stored and what every other wire shows; this is derived at the border of an SMS.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping

from bot.languages.gsm7 import count, fits

# è and ò are the older Bambara spelling and GSM-7; their capitals are not, hence E and O.
_COMMON: Mapping[str, str] = {
    "ɛ": "è", "Ɛ": "E", "ɔ": "ò", "Ɔ": "O", "ɲ": "ny", "Ɲ": "Ny", "ŋ": "ng", "Ŋ": "Ng",
    "ɓ": "b", "Ɓ": "B", "ɗ": "d", "Ɗ": "D", "ƴ": "y", "Ƴ": "Y", "ə": "e", "Ə": "E", "ǝ": "e", "Ǝ": "E",
    "ɣ": "gh", "Ɣ": "Gh", "ʔ": "'", "œ": "oe", "Œ": "Oe", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ı": "i",
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "‚": ",",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "•": "-", "·": "-",
    "…": "...", "→": ">", "×": "x", "°": "o", "\t": " ",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\ufe0e": "",
}  # fmt: skip

_SONGHAY: Mapping[str, str] = {
    "ž": "j", "Ž": "J", "ã": "an", "Ã": "An", "ẽ": "en", "Ẽ": "En", "ĩ": "in", "õ": "on", "Õ": "On", "ũ": "un",
}  # fmt: skip

#: Where a language differs from the common table; š, ă, ḍ, ê, ç and the like just lose their mark.
_OWN: Mapping[str, Mapping[str, str]] = {"ses": _SONGHAY, "taq": {"ž": "j", "Ž": "J"}}


class Folding:
    """How each language is spelt on an SMS; a desk may change a letter at any time, or keep a language's letters."""

    def __init__(self) -> None:
        self._tables: Mapping[str, Mapping[str, str]] = _OWN
        self._whole: frozenset[str] = frozenset()
        self.version = 0

    def lay_over(self, letters: Mapping[str, Mapping[str, str]], whole: Collection[str]) -> None:
        """From now on these letters, by tag, are spelt so, and the languages `whole` keep theirs at any price.

        They take the place of all that was laid over before.
        """
        self._tables = {tag: {**_OWN.get(tag, {}), **letters.get(tag, {})} for tag in {*_OWN, *letters}}
        self._whole = frozenset(whole)
        self.version += 1

    def keeps(self, tag: str) -> bool:
        """Whether this language keeps its letters, whatever an SMS then costs."""
        return tag in self._whole

    def letters(self, tag: str) -> Iterator[tuple[str, str]]:
        """The letters that are written otherwise in an SMS of this language, with how."""
        yield from sorted({**_LETTERS, **self._tables.get(tag, {})}.items())

    def for_sms(self, text: str, tag: str) -> str:
        """The text in GSM-7 as readers of the language `tag` write it without its letters, when that spares UCS-2.

        Never more segments than before. A text with letters of another script (Arabic, N'Ko, Tifinagh) stays as it is.
        """
        before = count(text)
        if before.alphabet == "gsm7":
            return text
        text = unicodedata.normalize("NFC", text)
        if tag in self._whole and any(character.isalpha() and not fits(character) for character in text):
            return text
        folded = _folded(text, self._tables.get(tag, {}))
        if any(character.isalpha() and not fits(character) for character in folded):
            return text
        after = count(folded)
        spared = after.alphabet == "gsm7" and after.segments <= before.segments
        return folded if spared or after.segments < before.segments else text


_SHIPPED = Folding()


def for_sms(text: str, tag: str) -> str:
    """The text as `Folding.for_sms` spells it where no desk has changed anything."""
    return _SHIPPED.for_sms(text, tag)


_LETTERS = {letter: written for letter, written in _COMMON.items() if letter.isalpha()}


def _folded(text: str, own: Mapping[str, str]) -> str:
    pieces = []
    for place, character in enumerate(text):
        piece = character if fits(character) else _piece(character, own)
        if len(piece) > 1 and character.isupper() and text[place + 1 : place + 2].isupper():
            piece = piece.upper()
        pieces.append(piece)
    return "".join(pieces)


def _piece(character: str, own: Mapping[str, str]) -> str:
    if character in own:
        return own[character]
    if character in _COMMON:
        return _COMMON[character]
    if unicodedata.category(character) == "Mn":
        # The tones of official texts (ɛ́): a reader without them loses nothing that an SMS can carry.
        return "" if "\u0300" <= character <= "\u036f" else character
    if unicodedata.category(character) == "Zs":
        return " "
    bare = unicodedata.normalize("NFKD", character)
    latin = "".join(part for part in bare if not unicodedata.combining(part))
    return latin if latin and all(map(fits, latin)) else character
