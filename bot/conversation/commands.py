"""Commands: words that are understood before any flow, and only when they are the whole message.

A word inside a sentence is never a command: "stop" within a report stays part of the report.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.languages.text import digits, fold


class Word(StrEnum):
    """What a person may always ask for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    MENU = "menu"
    LANGUAGE = "language"
    BACK = "back"
    STATUS = "status"
    FORGET_ME = "forget_me"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Command:
    """A command and what stood behind it: the code of a STATUS, else nothing."""

    word: Word
    argument: str = ""


#: French, English and Bambara. The Bambara words are drafts: dɛmɛ and ka segin are in MediaWiki's Bambara catalogue
#: ("help", "go back"), kan "language" and kunnafoni "information" likewise; the others wait for a speaker.
_SPELLINGS: dict[Word, tuple[str, ...]] = {
    Word.STOP: ("stop", "stopp", "arret", "arreter", "arretez", "stop all", "stopall", "unsubscribe", "desabonner",
                "end",
                "cancel", "quit", "a bali"),
    Word.START: ("start", "demarrer", "reprendre", "commencer", "recommencer", "unstop", "revenir"),
    Word.HELP: ("help", "aide", "aidez", "info", "infos", "deme", "dèmè"),
    Word.MENU: ("menu", "accueil", "services"),
    Word.LANGUAGE: ("langue", "langues", "language", "kan", "kanw", "changer de langue", "change language"),
    Word.BACK: ("retour", "back", "precedent", "ka segin", "segin", "seguin ko", "ka seguin"),
    Word.STATUS: ("suivi", "status", "statut", "etat", "suivre"),
    Word.JOIN: ("join", "inscription", "inscrire", "rejoindre", "adherer"),
    Word.FORGET_ME: ("oubliez moi", "oublie moi", "oubliez-moi", "oublie-moi", "forget me", "effacez moi",
                     "efface moi"),
}  # fmt: skip
_BY_SPELLING = {fold(spelling): word for word, spellings in _SPELLINGS.items() for spelling in spellings}
_WITH_CODE = re.compile(r"([^\W\d]+)[ :.#-]*(?:no|n|numero)?[ :.#°-]*(\d[\d ]{0,30})")


def recognise(text: str) -> Command | None:
    """The command that this whole message is, or None."""
    said = " ".join(fold(digits(text)).split()).strip(" .!?,;:\"'()")
    if said in _BY_SPELLING or said == "":
        return Command(_BY_SPELLING[said]) if said else _bare_question_mark(text)
    found = _WITH_CODE.fullmatch(said)
    word = _BY_SPELLING.get(found[1]) if found else None
    if found and word in (Word.STATUS, Word.JOIN):
        return Command(word, found[2].replace(" ", ""))
    return None


def _bare_question_mark(text: str) -> Command | None:
    return Command(Word.HELP) if text.strip() == "?" else None


_GREETINGS = frozenset(
    fold(each)
    for each in (
        "bonjour", "bonsoir", "salut", "slt", "bjr", "bsr", "allo", "hello", "hi", "coucou", "salam", "salam aleykoum",
        "assalamou aleykoum", "as salam aleykoum", "salamaleykoum", "i ni ce", "ini ce", "i ni sogoma", "ini sogoma",
        "i ni tile", "ini tile", "i ni wula", "ini wula", "i ni su", "ini su", "aw ni ce", "aw ni sogoma", "aw ni tile",
        "ca va", "merci", "ok", "d'accord", "daccord", "test",
    )
)  # fmt: skip


def is_greeting(text: str) -> bool:
    """Whether the whole message is a greeting or a courtesy: it opens the menu and makes no report."""
    return " ".join(fold(text).split()).strip(" .!,;:?\"'()") in _GREETINGS
