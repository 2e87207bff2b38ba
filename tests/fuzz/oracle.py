"""What must be true of every answer, and of what is kept; it knows our catalogues and nothing of our code."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.languages import gsm7
from bot.languages.catalogue import LANGUAGES, SOURCE, forms, messages_of, read, translated
from bot.languages.folding import for_sms
from bot.languages.text import fold
from bot.main import LOCALES

#: Names of languages stand in the code, not in a catalogue.
_AUTONYMS = (
    "Français Bamanankan Fulfulde Songhay Tamasheq Soninke Bozo Dogon Mamara Senoufo Bomu Maninka Xaasonga "
    "Arabe Hasanya العربية التاماشيك الفولانية الفرنسية"
)
#: An answer of ours is never longer than this, in SMS.
MOST_SEGMENTS = 3
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"\b[0-9]{5,9}\b")


class Broken(AssertionError):
    """A promise was broken; the text says which."""


#: The words of the cards, which are printed and never sent.
ON_PAPER = "bot/conversation/coded.py"


class Vocabulary:
    """Every word that a language, or the languages it falls back on, may say; what stands on paper only is not said."""

    def __init__(self, folder: Path = LOCALES) -> None:
        own = {tag: _words_of(folder, tag) for tag in LANGUAGES}
        self._of = {
            tag: frozenset().union(*(own[each] for each in (tag, *LANGUAGES[tag].fallbacks))) for tag in LANGUAGES
        }
        self._any = frozenset().union(*self._of.values())

    def of(self, tag: str | None) -> frozenset[str]:
        """The words of this language; without one, of any."""
        return self._of[tag] if tag else self._any


def _words_of(folder: Path, tag: str) -> frozenset[str]:
    found = set(_words(_AUTONYMS))
    path = folder / tag / "LC_MESSAGES" / "bot.po"
    for message in messages_of(read(path, tag, "bot")) if path.exists() else ():
        if all(place == ON_PAPER for place, _ in message.locations):
            continue
        texts = forms(message.id) if tag == SOURCE else forms(message.string) if translated(message) else ()
        for text in texts:
            found |= _words(text) | _words(for_sms(text, tag))
    return frozenset(found)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(re.sub(r"%\(\w+\)s", " ", text))))


def check_answer(text: str, vocabulary: Vocabulary, *, language: str | None, sms: bool) -> None:
    """An answer is ours alone: our words in the right language, nothing unfilled, nothing invisible, not too long."""
    if not text.strip():
        raise Broken("an empty answer")
    if "%(" in text or "{" in text:
        raise Broken(f"an unfilled answer: {text!r}")
    strange = [each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Cn") and each != "\n"]
    if strange:
        raise Broken(f"an answer with U+{ord(strange[0]):04X}")
    foreign = _words(text) - vocabulary.of(language)
    if foreign:
        raise Broken(f"words that are not ours in {language}: {sorted(foreign)}")
    if len(set(_CODE.findall(text))) > 1:
        raise Broken("an answer with two codes")
    if sms and gsm7.count(text).segments > MOST_SEGMENTS:
        raise Broken(f"an answer of {gsm7.count(text).segments} SMS")


def check_kept(sent: Mapping[str, str], kept: Iterable[tuple[str, str]]) -> None:
    """Whatever was sent is kept, once, as it was; by provider id."""
    found: dict[str, str] = {}
    for name, text in kept:
        if name in found:
            raise Broken(f"kept twice: {found[name]!r}")
        found[name] = text
    for name, text in sent.items():
        if name not in found:
            raise Broken(f"lost: {text!r}")
        if not same(text, found[name]):
            raise Broken(f"changed: {text!r} became {found[name]!r}")


_JOINED = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def same(sent: str, kept: str) -> bool:
    """Whether these are the same words but for what no database and no eye can tell apart."""
    return _plain(sent) == _plain(kept)


def _plain(text: str) -> str:
    text = _JOINED.sub(lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)
    text = re.sub("\r\n?|[\x85\u2028\u2029]", "\n", text)
    text = re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
    return unicodedata.normalize("NFC", re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ", text))
