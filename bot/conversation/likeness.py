"""Which of the options' own words somebody meant who spells as they speak: misspelt, unaccented, the French way.

Two options that are both near are never told apart by a guess. Yes and no don't come here.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from bot.languages.text import fold, phonetic

#: Articles and the like: "soir" is "le soir" and "semaine" is "cette semaine".
_LIGHT = frozenset(
    "un une le la les l d de du des en au aux a dans ce cet cette ces c est sur pour par svp merci the in at on".split()
)
#: Whoever negates and an option that doesn't are never one: "besoin" is not "pas besoin".
_NEGATIONS = frozenset("pas pa non ne n sans aucun aucune jamais no not without te man kana لا ليس بدون غير".split())
#: The short forms of French SMS.
_SHORT_FORMS = {
    "mtn": "maintenant", "mnt": "maintenant", "maint": "maintenant", "auj": "aujourdhui", "ajd": "aujourdhui",
    "aprem": "apres midi", "apm": "apres midi",
}  # fmt: skip
#: How French is spelt that is written as it sounds.
_AS_SPOKEN = ((re.compile("eau|au"), "o"), (re.compile("ai|ei"), "e"))
_ARABIC_ARTICLE = re.compile(r"\bال(?=\w{3})")
_MERGED_ARTICLE = re.compile("^[ld](?=[aeiouh])")
#: Shorter words are only matched to the letter, as they sound.
_SHORTEST_GUESS = 4
#: Who writes more tells a story.
_LONGEST_GUESS = 60
#: The next likest option must lie this many letters further off.
_CLEAR_LEAD = 2


class _Sound(NamedTuple):
    letters: str
    negated: bool


def likest(said: str, options: Iterable[tuple[str, str]]) -> str | None:
    """The value whose label, among (value, label), these words must mean; None if none does or two may."""
    if len(said) > _LONGEST_GUESS:
        return None
    heard = _sound(said)
    known = [(value, _label(label)) for value, label in options]
    same = {value for value, label in known if label.letters and label == heard}
    if same or len(heard.letters) < _SHORTEST_GUESS:
        return same.pop() if len(same) == 1 else None
    # One value may have several labels: its best counts.
    letters_off: dict[str, int] = {}
    for value, label in known:
        letters_off[value] = min(_letters_off(heard, label), letters_off.get(value, _FAR))
    if not letters_off:
        return None
    (best, value), *others = sorted((off, value) for value, off in letters_off.items())
    clear = all(off - best >= _CLEAR_LEAD for off, _ in others)
    return value if best < _FAR and clear and _near(value, heard, known) else None


_FAR = 99


def _near(value: str, heard: _Sound, known: Iterable[tuple[str, _Sound]]) -> bool:
    return any(
        label.negated == heard.negated and _is_misspelt(heard.letters, label.letters)
        for each, label in known
        if each == value
    )


def _letters_off(heard: _Sound, label: _Sound) -> int:
    return min(Levenshtein.distance(letters, label.letters) for letters in _with_and_without_article(heard.letters))


def _is_misspelt(said: str, label: str) -> bool:
    """Whether so few letters differ as a slip of the thumb or of the ear makes; the first letter never does."""
    for letters in _with_and_without_article(said):
        off = Levenshtein.distance(letters, label)
        if len(label) < _SHORTEST_GUESS or letters[0] != label[0]:
            continue
        if len(label) == _SHORTEST_GUESS:
            # In four letters another letter makes another word: one may only be too many or missing.
            return off == 1 and len(letters) != len(label)
        if off <= (1 if len(label) < _LONG else 2):
            return True
    return False


#: Words of this length bear two slips.
_LONG = 8


def _with_and_without_article(letters: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((letters, _MERGED_ARTICLE.sub("", letters))))


@lru_cache(maxsize=2048)
def _label(label: str) -> _Sound:
    """What an option sounds like; remembered, because it is ours. What people write is not."""
    return _sound(label)


def _sound(text: str) -> _Sound:
    words = re.findall(r"[^\W_]+", _ARABIC_ARTICLE.sub("", fold(text)).replace("'h", "h"))
    words = [word for each in words for word in _SHORT_FORMS.get(each, each).split() if word not in _LIGHT]
    letters = "".join(words)
    for pattern, spoken in _AS_SPOKEN:
        letters = pattern.sub(spoken, letters)
    return _Sound(phonetic(letters), any(word in _NEGATIONS for word in words))
