"""What people send: sense, nonsense, and what no phone should send, from one seed."""

import random
import string
from dataclasses import dataclass, field

from bot.messages import InboundKind, Media, Press

REPORTS = (
    "attaque a konna des gens armes",
    "on a vole nos boeufs cette nuit pres de Djenne",
    "Le puits de Sofara est a sec, les femmes marchent loin",
    "i ni ce, binkannikɛlaw nana dugu kɔnɔ",
    "Il y a un engin au bord de la route de Boni, personne n'y touche",
    "ma fille de 13 ans a disparu depuis hier au marche",
    "هجوم على القرية هذه الليلة",
    "ߒ ߓߍ߫ ߝߐ߫ ߟߊ߫ ߓߊߡߊߣߊߣߞߊ߲ ߠߊ߫ ߛߌ߰",
    "ⴰⵣⵓⵍ ⵎⴰⵏ ⴰⵡ ⵜⴻⵍⵍⵉⴷ ⴰⵙⵙⴰ",
    "𞤔𞤢𞤥 𞤱𞤢𞤤𞤭 𞤧𞤢𞤪𞤫 𞤥𞤢𞤶𞤢",
    "les deux familles se disputent le champ depuis la saison passée, il faut quelqu'un",
    "Sauvez-nous!!! ils arrivent 😭😭😭",
)
GREETINGS = ("bonjour", "i ni sogoma", "Salam aleykoum", "allo")
COMMANDS = (
    "STOP", "start", "AIDE", "help", "menu", "langue", "RETOUR", "suivi", "SUIVI 12345", "status 00000", "oubliez-moi",
    "stop!", "  Stop  ", "ＳＴＯＰ", "st\u200bop", "sтop", "?",
)  # fmt: skip
CODED = ("3 2 Konna", "1.1.Mopti", "12 Konna", "9 4 Tombouctou ville", "5 5 Konna", "3 2", "2 3 personnes mortes")
PLACES = ("Konna", "tonbouctou", "Mopti", "bamoko", "Farako", "cercle de Mopti", "zzqqwe", "Bandiagara", "1", "0")
WORDS = (
    "oui",
    "non",
    "ayi",
    "ɔwɔ",
    "awɔ",
    "ayyo",
    "deux",
    "fila",
    "kelen",
    "un",
    "premier",
    "tout de suite",
    "le soir",
)
#: What breaks things, or once did.
HORRORS = (
    "", " ", "\n", "\t\t", "\x00", "a\x00b", "\ud800", "\udfff mots", "\ud83d", "\ufffe", "\ufeff", "\u202e", "\u2066x",
    "\u202eabc\u202c def ghi", "\u200b", "\u200d\u200c", "\u0300" * 40, "e" + "\u0301" * 200, "👨‍👩‍👧‍👦", "🇲🇱", "1️⃣", "①", "٢", "߁", "𝟛",
    "½", "Ⅳ", "%s %(code)s %d %", "{0} {code} {{", "'; DROP TABLE report; --", "<script>alert(1)</script>", "]]>", "&#0;",
    "\\x00\\u0000", "..", "../../etc/passwd", "-1", "1e9", "0x1", "00000000000000000000001", "99999999999999999999", "NaN",
    "null", "None", "true", "ﷺ", "﷽", "ꟼ", "ß", "ŉ", "İstanbul", "ı", "ﬁ", "Ω", "K", "①②③", "1 2 3 4 5", "1,2", "1 ou 2", "12",
    "0 0", "no", "ok merci", "👍", "👎", "❤️", "☎️ +22376123456", "=cmd|'/c calc'!A0", "\r\n\r\nHost: x", "a" * 1600, "é" * 1600,
    "ߒ" * 1600, "😀" * 800, "mots " * 320, "\u202e" * 1600, "\x07" * 1600,
)  # fmt: skip
_ALPHABETS = (
    string.ascii_letters + "     ", "éèêëàçùôîïÉÈ ɛɔɲŋɓɗƴ  ", "".join(map(chr, range(0x7C0, 0x7FB))) + "  ",
    "".join(map(chr, range(0x620, 0x64B))) + "   ", "".join(map(chr, range(0x2D30, 0x2D68))) + "  ", string.printable,
    "".join(map(chr, range(0x1E900, 0x1E95A))) + " ", "0123456789٠١٢٣٤٥٦٧٨٩߀߁߂߃",
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad abc",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to send; `again` repeats the newest one of this person, byte for byte and under the same id."""

    text: str = ""
    kind: InboundKind = InboundKind.TEXT
    media: tuple[Media, ...] = ()
    press: Press | None = None
    again: bool = False
    #: Seconds since the message before it.
    after: float = 3.0


@dataclass
class Writer:
    """Makes messages by chance; the same seed makes the same ones."""

    chance: random.Random
    buttons: list[str] = field(default_factory=list)
    #: Invitations that the secretariat has given away.
    codes: list[str] = field(default_factory=list)

    def message(self) -> Message:
        """The next message of somebody who may have been shown `buttons`."""
        draw = self.chance.random()
        after = self._pause()
        if draw < 0.04:
            return Message(again=True, after=0.5)
        if draw < 0.08:
            return Message(kind=InboundKind.MISSED_CALL, after=after)
        if draw < 0.12:
            return Message(self.text() if draw < 0.10 else "", media=(self._media(),), after=after)
        if draw < 0.18:
            return Message(kind=InboundKind.BUTTON, press=self._press(), after=after)
        return Message(self.text(), after=after)

    def text(self) -> str:
        """Words: an answer most often, so that talks go deep."""
        draw = self.chance.random()
        if self.codes and self.chance.random() < 0.01:
            return f"inscription {self.chance.choice(self.codes)}"
        if draw < 0.45:
            return str(self.chance.choice("0112233445678"))
        for share, words in (
            (0.52, REPORTS), (0.60, PLACES), (0.66, COMMANDS), (0.68, GREETINGS), (0.71, CODED), (0.76, WORDS), (0.90, HORRORS),
        ):  # fmt: skip
            if draw < share:
                chosen = self.chance.choice(words)
                return self._mutated(chosen) if self.chance.random() < 0.3 else chosen
        return self._random()

    def _random(self) -> str:
        alphabet = self.chance.choice(_ALPHABETS)
        return "".join(self.chance.choices(alphabet, k=self.chance.choice((1, 2, 5, 20, 70, 160))))

    def _mutated(self, text: str) -> str:
        """A letter lost, doubled, exchanged or replaced, or two texts run together."""
        if not text:
            return text
        place = self.chance.randrange(len(text))
        match self.chance.randrange(6):
            case 0:
                return text[:place] + text[place + 1 :]
            case 1:
                return text[: place + 1] + text[place:]
            case 2:
                return text[:place] + self.chance.choice("aeiou é1٣\u200d\ud800\x00") + text[place + 1 :]
            case 3:
                return text.upper()
            case 4:
                return text[::-1]
            case _:
                return f"{text} {self.chance.choice(HORRORS)[:80]}"

    def _media(self) -> Media:
        return Media(self.chance.choice(("photo", "voice")), "REF" + str(self.chance.randrange(10**9)))

    def _press(self) -> Press:
        if self.buttons and self.chance.random() < 0.7:
            talk, key, value = self.chance.choice(self.buttons).split(":", 2)
            return Press(talk, key, value)
        return Press(
            "0" * 32, self.chance.choice(("language", "call", "x")), self.chance.choice(("fr", "0", "no", "x" * 60))
        )

    def _pause(self) -> float:
        draw = self.chance.random()
        if draw < 0.97:
            return self.chance.choice((0.0, 1.0, 30.0, 60.0, 60.0, 90.0))
        return self.chance.choice((3_600.0, 86_400.0 + 60, 7 * 86_400.0, 31 * 86_400.0))
