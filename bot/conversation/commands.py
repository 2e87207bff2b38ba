"""Commands: words that are understood before any flow, and only when they are the whole message.

A word inside a sentence is never a command: "stop" within a report stays part of the report. A few sentences are
commands as a whole, because they can be nothing else: "je ne veux plus de messages".
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
    Word.STATUS: ("suivi", "suivie", "status", "statut", "etat", "suivre", "متابعة"),
    Word.JOIN: ("join", "inscription", "inscrire", "rejoindre", "adherer", "تسجيل", "التسجيل", "انضمام"),
    Word.FORGET_ME: (
        "oubliez moi", "oublie moi", "oubliez-moi", "oublie-moi", "oublier moi", "forget me", "effacez moi",
        "efface moi",
        "انسوني", "انسني",  # ar
    ),
}  # fmt: skip
_BY_SPELLING = {fold(spelling): word for word, spellings in _SPELLINGS.items() for spelling in spellings}
#: Telegram writes commands with a slash; its first button sends /start, with the word of the link that led there.
_SLASHED = re.compile(r"^/(?:(start) [\w-]{1,64}$)?")
_POLITELY = re.compile(r"^(?:please|svp) | (?:svp|stp|s'il vous plait|s'il te plait|please|merci)$")
_WITH_CODE = re.compile(r"([^\W\d]+)[ :.#-]*(?:(?:du|code|no|n|nr|numero)[ :.#°-]*){0,2}(\d[\d ]{0,30})")
_CODE_FIRST = re.compile(r"(\d[\d ]{0,30}) ([^\W\d]+)")
#: Whoever names the messages, or says that they want it, means the command; "arrêtez les voleurs" names others.
_MESSAGES = r"(?:(?:(?:de|les|vos|ces|des|tous les) ?)?(?:sms|msg|messages?|kunnafoni))"
_MEANT = (
    (Word.STOP, rf"(?:(?:je veux|je voudrais|veux) )?(?:stop|arreter|arretez|arrete|arret)(?: {_MESSAGES})?"),
    (Word.STOP, r"stop(?: stop)+"),
    (Word.STOP, rf"(?:(?:je )?(?:ne )?(?:veux|recevoir) )?plus {_MESSAGES}"),
    (Word.STOP, rf"(?:n'envoyez|n'envoie|ne m'envoyez) plus(?: {_MESSAGES})?"),
    (Word.STOP, r"(?:ne )?m'ecri(?:vez|s) plus|arrete[zr]? de m'ecrire"),
    (Word.STOP, r"(?:me )?desabonne[rz](?:[- ]moi)?|desabonnement"),
    (Word.MENU, r"(?:(?:je veux|voir|retour|retour au) )?(?:le )?menu(?: principal)?|menou"),
    (Word.LANGUAGE, r"(?:je veux )?changer (?:la |de )?langue|autre langue"),
    (Word.BACK, r"(?:retour|revenir) en arriere|en arriere"),
    (Word.FORGET_ME, r"(?:oubliez|effacez|supprimez) (?:mon numero|mes donnees|mes messages)"),
    (Word.START, rf"reprendre {_MESSAGES}"),
)
_MEANT_BY = tuple((word, re.compile(pattern)) for word, pattern in _MEANT)


def recognise(text: str) -> Command | None:
    """The command that this whole message is, or None."""
    said = _SLASHED.sub(r"\1", " ".join(fold(digits(text)).split()).strip(" .!?,;:\"'()؟،"))
    asked = _POLITELY.sub("", said)
    if asked in _BY_SPELLING or said == "":
        return Command(_BY_SPELLING[asked]) if said else _bare_question_mark(text)
    return _with_code(said) or next((Command(word) for word, way in _MEANT_BY if way.fullmatch(asked)), None)


def _with_code(said: str) -> Command | None:
    """STATUS or JOIN and a number, in either order."""
    before, after = _WITH_CODE.fullmatch(said), _CODE_FIRST.fullmatch(said)
    name, code = (before[1], before[2]) if before else (after[2], after[1]) if after else ("", "")
    word = _BY_SPELLING.get(name)
    return Command(word, code.replace(" ", "")) if word in (Word.STATUS, Word.JOIN) else None


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
