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


#: French and English are ours. All others are drafts that wait for a speaker, each with the catalogue it stands in. A
#: word that people may send by itself as an answer or as news is none: no number, place, "close" or single letter.
_SPELLINGS: dict[Word, tuple[str, ...]] = {
    Word.STOP: (
        "stop", "stopp", "stope", "stoppe", "arret", "aret", "arrete", "arreter", "arretez",
        "stop all", "stopall", "stop sms", "unsubscribe", "desabonner", "end", "cancel", "quit",
        "a bali",  # bm "cancel", MediaWiki
        "dartin",  # ff "stop", Firefox
        "haaytu",  # ff "cancel", MediaWiki
        "fatta",  # ses "quit", Tux Paint
        "توقف", "قف", "أوقف", "إيقاف", "إلغاء", "إلغاء الاشتراك",  # ar
    ),
    Word.START: ("start", "demarrer", "reprendre", "commencer", "recommencer", "unstop", "revenir", "ابدأ", "بدء"),
    Word.HELP: (
        "help", "aide", "aidez", "info", "infos", "information", "informations",
        "dɛmɛ", "deme", "dèmè", "dème",  # bm, MediaWiki
        "kunnafoni", "kunafoni", "kounafoni", "kounnafoni",  # bm "information", MediaWiki
        "ballal",  # ff, MediaWiki
        "humpito",  # ff "information", Firefox
        "faba",  # ses, Wikivoyage
        "alhabar",  # ses "information", Firefox
        "xibaaru", "xibari", "khibaru", "khibari",  # snk "information", Common Voice
        "deema",  # snk, Français-Soninké lexicon
        "tadhelt", "tilalt",  # taq, Sudlow
        "مساعدة", "مساعده", "المساعدة", "معلومات",  # ar
    ),
    Word.MENU: ("menu", "accueil", "services", "قائمة", "القائمة", "قائمه"),
    Word.LANGUAGE: (
        "langue", "langues", "lang", "langu", "language", "changer de langue", "change language",
        "kan", "kanw",  # bm, MediaWiki
        "ɗemngal", "demngal",  # ff, MediaWiki
        "šenni", "senni", "chenni",  # ses, Firefox
        "xanne",  # snk, OpenSNK
        "tawalt",  # taq, Sudlow
        "لغة", "اللغة", "لغه", "اللغه", "تغيير اللغة",  # ar
    ),
    Word.BACK: (
        "retour", "back", "precedent",
        "ka segin", "seguin ko", "ka seguin",  # bm "go back", MediaWiki; segin alone is also 8
        "رجوع", "عودة",  # ar
    ),
    Word.STATUS: ("suivi", "status", "statut", "etat", "suivre", "متابعة"),
    Word.JOIN: ("join", "inscription", "inscrire", "rejoindre", "adherer", "تسجيل", "التسجيل", "انضمام"),
    Word.FORGET_ME: (
        "oubliez moi", "oublie moi", "oubliez-moi", "oublie-moi", "oublier moi", "forget me", "effacez moi",
        "efface moi",
        "انسوني", "انسني",  # ar
    ),
}  # fmt: skip
_BY_SPELLING = {fold(spelling): word for word, spellings in _SPELLINGS.items() for spelling in spellings}
_POLITELY = re.compile(r" (?:svp|stp|s'il vous plait|please|merci)$")
_WITH_CODE = re.compile(r"([^\W\d]+)[ :.#-]*(?:no|n|numero)?[ :.#°-]*(\d[\d ]{0,30})")


def recognise(text: str) -> Command | None:
    """The command that this whole message is, or None."""
    said = " ".join(fold(digits(text)).split()).strip(" .!?,;:\"'()؟،")
    asked = _POLITELY.sub("", said)
    if asked in _BY_SPELLING or said == "":
        return Command(_BY_SPELLING[asked]) if said else _bare_question_mark(text)
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
