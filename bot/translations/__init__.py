"""The translation desk: what staff word themselves, message by message, over the catalogues that came with the program.

One person proposes, another one approves; only what was approved is said by a live desk. A name stays in the desk.
"""

from bot.translations.checks import Problem, Source, problems
from bot.translations.exchange import Bad, Imported, as_po, load_po
from bot.translations.following import Follower
from bot.translations.standing import LANGUAGES, Standing, neighbours, sources, standings
from bot.translations.wordings import Proposal, Unfit, approve, history, overlay, propose, withdraw

__all__ = [
    "LANGUAGES",
    "Bad",
    "Follower",
    "Imported",
    "Problem",
    "Proposal",
    "Source",
    "Standing",
    "Unfit",
    "approve",
    "as_po",
    "history",
    "load_po",
    "neighbours",
    "overlay",
    "problems",
    "propose",
    "sources",
    "standings",
    "withdraw",
]
