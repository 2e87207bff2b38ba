"""Words of every day: those of French, and those that French has in Mali."""

from functools import lru_cache
from importlib import resources

from spellchecker import SpellChecker

from bot.casework.masking.marks import APART
from bot.languages.text import fold


@lru_cache(maxsize=1)
def everyday() -> frozenset[str]:
    """They in all their forms, folded; of a word with a hyphen each part. Takes half a second, once."""
    local = resources.files("bot.casework.masking").joinpath("everyday.txt").read_text(encoding="utf-8").split()
    words = map(fold, (*SpellChecker(language="fr").word_frequency.words(), *local))
    return frozenset(part for word in words for part in APART.split(word))
