"""A first guess at what a free text is about, for triage to confirm, with the words that led to it.

It is never told to the sender. Words of the closed queue win over all others: it is better that a report lands there
wrongly, and is released, than the other way round.
"""

import re
from dataclasses import dataclass

from bot.conversation.kinds import CLOSED, USUAL_URGENCY, Kind
from bot.languages.text import fold

#: Whole words, folded; those of the closed queue in the feminine and the plural too. French; Bambara words are drafts
#: (Tux Paint, MediaWiki, common loan words).
_WORDS: dict[Kind, tuple[str, ...]] = {
    Kind.SEXUAL_VIOLENCE: ("viol", "viole", "violer", "violeur", "violent les",
                           "violent des", "violent nos", "violence sexuelle", "agression sexuelle",
                           "mariage force", "esclavage sexuel", "abus sexuel", "attouchement", "rape", "raped"),
    Kind.CHILD: ("enfant soldat", "enfant recrute", "enfants recrutes", "recrute des enfants", "recrutent des enfants",
                 "enfant", "mineur", "fillette", "garconnet", "talibe", "bebe",
                 "denmisen", "denmisenw", "child", "children"),
    Kind.ABDUCTION: ("enleve", "enlever", "enlevent", "enlevement", "kidnappe", "kidnape", "kidnapper", "kidnappent",
                     "kidnapping", "otage", "rancon", "disparu", "disparition", "kidnapped", "abducted"),
    Kind.ATTACK: ("attaque", "attaquent", "attaquer", "attaques", "tirs", "tir", "tirent", "coups de feu",
                  "coup de feu",
                  "fusillade", "tue", "tues", "tuent", "morts", "mort", "massacre", "gens armes", "hommes armes",
                  "brule le village", "incendie le village", "marifa", "kele", "attack", "shooting", "killed"),
    Kind.EXPLOSIVE: ("mine", "engin", "explosif", "explosifs", "explosion", "bombe", "obus", "grenade", "munition",
                     "bomb"),
    Kind.THREAT: ("menace", "menaces", "menacent", "ultimatum", "intimidation", "lettre de menace", "threat"),
    Kind.ROAD: ("route coupee", "braquage", "coupeurs de route", "embuscade", "barrage", "checkpoint"),
    Kind.THEFT: ("vol", "voleur", "voleurs", "vole", "voles", "volent", "betail", "boeufs emportes", "zakat", "sonya"),
    Kind.TENSION: ("conflit", "dispute", "bagarre", "champ", "foncier", "litige", "tension", "affrontement",
                   "eleveurs"),
    Kind.DISASTER: ("inondation", "inonde", "crue", "feu", "incendie", "tempete", "secheresse", "criquets", "flood"),
    Kind.HEALTH: ("malade", "malades", "maladie", "epidemie", "rougeole", "cholera", "paludisme", "vaccin", "bana"),
    Kind.DISPLACEMENT: ("deplace", "deplaces", "deplacees", "refugies", "fuient", "fuite", "ont fui", "displaced"),
    Kind.NEED: ("faim", "nourriture", "eau", "puits", "forage", "besoin", "aide alimentaire", "vivres", "ji", "hungry"),
    Kind.SERVICE: ("ecole", "cantine", "csref", "cscom", "mairie", "acte de naissance", "corruption", "enseignant"),
    Kind.RUMOUR: ("rumeur", "on dit que", "il parait", "est ce vrai", "est-ce vrai", "rumour"),
    Kind.IDEA: ("proposition", "je propose", "nous proposons", "suggestion", "idee"),
}  # fmt: skip


def _pattern(kind: Kind, words: tuple[str, ...]) -> re.Pattern[str]:
    ending = "e?s?" if kind in CLOSED else ""
    longest_first = sorted((fold(word) for word in words), key=len, reverse=True)
    said = (" ".join(re.escape(part) + ending for part in word.split()) for word in longest_first)
    return re.compile(rf"\b(?:{'|'.join(said)})\b")


_PATTERNS = {kind: _pattern(kind, words) for kind, words in _WORDS.items()}
_RIGHT_NOW = re.compile(r"\b(?:maintenant|en ce moment|urgent|urgence|au secours|vite|now|sisan|help)\b")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a text may be about, how urgent that usually is (1–4), and the words that led to it."""

    kind: Kind | None
    urgency: int
    words: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether the text goes to the closed queue before anything else is computed."""
        return self.kind in CLOSED


def suggest(text: str) -> Suggestion:
    """The first kind, in the order of the list above, that a word of the text stands for."""
    said = " ".join(fold(text).replace("'", " ").split())
    for kind, pattern in _PATTERNS.items():
        words = tuple(dict.fromkeys(pattern.findall(said)))
        if words:
            urgency = USUAL_URGENCY[kind]
            return Suggestion(kind, max(1, urgency - 1) if _RIGHT_NOW.search(said) else urgency, words)
    return Suggestion(None, 2 if _RIGHT_NOW.search(said) else 3)
