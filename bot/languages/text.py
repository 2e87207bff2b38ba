"""The border that every text crosses once (`tidy`) and the keys it is matched by (`fold`, `phonetic`, `digits`).

None of these raises, whatever the str.
"""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
# C0 without tab and newline, DEL, C1; U+FFFE and U+FFFF may not stand in XML, which is what TwiML is.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")


def tidy(text: str) -> str:
    """The one rule for text that comes in: NFC, lines end in a newline, no control but it and the tab, valid UTF-8.

    A control character becomes a space, a lone surrogate U+FFFD; two halves of a pair are joined.
    """
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _LINE_ENDS.sub("\n", text)
    text = _NO_CHARACTERS.sub("\ufffd", _CONTROLS.sub(" ", text))
    return unicodedata.normalize("NFC", text)


def is_in_arabic_letters(text: str) -> bool:
    """Whether most of its letters are Arabic ones (Unicode blocks Arabic, Supplement and Presentation Forms)."""
    letters = [character for character in text if character.isalpha()]
    return 2 * len(_ARABIC.findall("".join(letters))) > len(letters)


_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")


def digits(text: str) -> str:
    """The text with the digits of every script, keycaps and circled numbers written 0-9; the rest unchanged."""
    if text.isascii():
        return text
    text = _KEYCAP.sub(r"\1", text.replace("\N{KEYCAP TEN}", "10"))
    return "".join(map(_digit, text))


def _digit(character: str) -> str:
    if character.isascii() or unicodedata.category(character) not in ("Nd", "No"):
        return character
    value = unicodedata.numeric(character, -1.0)
    return str(int(value)) if value >= 0 and value.is_integer() else character


# What stands for a letter of the national alphabets on a keyboard that lacks it, and letters that no accent explains.
_LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("ɛεєэԑəǝ", "e"),
        **dict.fromkeys("ɔͻᴐø", "o"),
        **dict.fromkeys("ɲñ", "ny"),
        "ŋ": "ng",
        "ɓ": "b",
        "ɗ": "d",
        "đ": "d",
        "ƴ": "y",
        "ɣ": "gh",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        **dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}ʼʻ`´ʔ′", "'"),
        **dict.fromkeys("“”„«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("ىی", "ي"),
        "ک": "ك",
        "ـ": "",
    }
)


def fold(text: str) -> str:
    """The key that texts are matched on: case, accents, script of digits, spaces and look-alike letters don't count.

    ɛ and è are e, ɔ and ò are o, ɲ and ñ are ny, ŋ is ng, ١ is 1; punctuation stays. Folding a key changes nothing.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().replace("`", "'").split())
    # Before, because NFKC makes a space of ´; after, because a look-alike may be a capital or hidden under an accent.
    text = _caseless(digits(tidy(text)).translate(_LOOK_ALIKES)).translate(_LOOK_ALIKES)
    text = digits(_caseless(_bare(text))).translate(_LOOK_ALIKES)
    return " ".join(_bare(text).split())


def _caseless(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _bare(text: str) -> str:
    """The text without accents and without what no eye sees (joiners, direction marks, variation selectors)."""
    apart = unicodedata.normalize("NFKD", text)
    kept = (character for character in apart if unicodedata.category(character) not in ("Mn", "Me", "Cf"))
    return unicodedata.normalize("NFC", "".join(kept))


#: N'Ko writes every sound: what each letter sounds like. Its tones are no letters, its ring over a vowel is n.
NKO_SOUNDS = dict(zip("ߊߋߌߍߎߏߐߒߓߔߕߖߗߘߙߚߛߝߞߟߠߡߣߤߥߦ", "aeieuoonbptjcdrrsfklnmnhwy", strict=True)) | {
    "ߑ": "",
    "ߜ": "gb",
    "ߢ": "ny",
    "ߧ": "ny",
    "\N{NKO COMBINING NASALIZATION MARK}": "n",
}

# In this order: a later rule reads what an earlier one wrote. j is French dj and Bambara j, c is French tch.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^\w]|_", ""),
        (r"(.)\1+", r"\1"),
        (r"m(?=[bp])", "n"),
        (r"gn|ny", "ñ"),
        (r"n[gh]", "n"),
        (r"tch", "ç"),
        (r"[sc]h", "s"),
        (r"[gk]h|x", "g"),
        (r"([bdyt])h", r"\1"),
        (r"ph", "f"),
        (r"qu?", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"ou(?=[aeiou])", "w"),
        (r"ou", "u"),
        (r"i(?=[aeou])", "y"),
        (r"y(?![aeiou])", "i"),
        (r"ñ[iy]?(?=[aeiou])", "ny"),
        (r"ñ", "n"),
        (r"dj|dy", "j"),
        (r"ty", "c"),
        (r"ç", "c"),
        (r"(.)\1+", r"\1"),
    )
)
_SOUND_LETTERS = str.maketrans({"ž": "j", "Ž": "j"})


def phonetic(text: str) -> str:
    """One name as it sounds, for names spelt the French way, the old way or the official one; letters and digits only.

    ou is u or w, gn and ny one sound, so dj, dy and j, tch and ty, c and k, ch and s; doubled letters count once.
    A key to be compared with keys, never to be shown, and never used on a yes or a no (`ayi` and `ayo` are neighbours).
    """
    key = fold(unicodedata.normalize("NFC", text).translate(_SOUND_LETTERS))
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key


# Embeddings, overrides and isolates reorder their neighbours; the plain marks (LRM, RLM, ALM) can't and stay.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text for display: every control that could reorder the page around it is written out, as in [U+202E]."""
    return _REORDERING.sub(lambda match: f"[U+{ord(match.group()):04X}]", tidy(text))
