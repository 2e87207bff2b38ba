"""The translation desk: what staff word themselves, message by message, over the catalogues that came with the program.

One person proposes, another one approves; only what was approved is said by a live desk. A name stays in the desk.
"""

from bot.languages.problem import Problem
from bot.translations.checks import Source, problems
from bot.translations.exchange import Bad, Imported, as_po, load_po
from bot.translations.spelling import NotALetter, changed_letters, follow_spelling, keep_letters, spell
from bot.translations.standing import LANGUAGES, Standing, neighbours, sources, standings
from bot.translations.wordings import Proposal, Unfit, approve, follow_wordings, history, propose, withdraw

__all__ = [
    "LANGUAGES",
    "Bad",
    "Imported",
    "NotALetter",
    "Problem",
    "Proposal",
    "Source",
    "Standing",
    "Unfit",
    "approve",
    "as_po",
    "changed_letters",
    "follow_spelling",
    "follow_wordings",
    "history",
    "keep_letters",
    "load_po",
    "neighbours",
    "problems",
    "propose",
    "sources",
    "spell",
    "standings",
    "withdraw",
]
