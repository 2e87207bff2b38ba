"""What the house knows of writing: catalogues, the matching key, the GSM-7 alphabet and what an SMS costs in segments.

Pure: no clock, no chance, no network, no database. The files it reads are the catalogues under `locales/`.
"""

from bot.languages.catalogue import LANGUAGES, TAGS, Catalogues, Language, State, Translator
from bot.languages.folding import Folding, for_sms
from bot.languages.gsm7 import Segments, count
from bot.languages.text import digits, fold, phonetic, tidy, visible

__all__ = [
    "LANGUAGES",
    "TAGS",
    "Catalogues",
    "Folding",
    "Language",
    "Segments",
    "State",
    "Translator",
    "count",
    "digits",
    "fold",
    "for_sms",
    "phonetic",
    "tidy",
    "visible",
]
