"""What would go wrong if a wording were sent. The sentences are labels of the panel, and English for the command."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from babel.messages import Message

from bot.conversation.commands import Word, recognise
from bot.languages import Folding, count, digits
from bot.languages.catalogue import bare_percent, is_filled, placeholders
from bot.languages.problem import N_, Problem

#: What a desk may word in so many SMS once folded; French and Bambara within one, and in GSM-7.
_MOST_SEGMENTS = 2
_IN_ONE_SMS = frozenset({"fr", "bm"})

_REORDERING = frozenset({"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"})
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Source:
    """One message to be worded: the English that names it, the French that people work from, the files that say it."""

    msgid: str
    french: str
    files: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """A short name for addresses: 16 hexadecimal digits of its hash."""
        return hashlib.sha256(self.msgid.encode()).hexdigest()[:16]


def problems(source: Source, language: str, text: str, folding: Folding) -> list[Problem]:
    """Everything for which this text may not stand for the message in this language; none if it may."""
    if not text.strip():
        return [Problem(N_("There is no text."))]
    return [
        *_of_characters(text),
        *_of_placeholders(source, text),
        *_of_numbers(source, text),
        *_of_commands(source, text),
        *_of_length(language, text, folding),
    ]


def _of_characters(text: str) -> Iterator[Problem]:
    if any(unicodedata.category(each) == "Cc" for each in text):
        yield Problem(N_("It must be one line, without control characters."))
    if any(unicodedata.bidirectional(each) in _REORDERING for each in text):
        yield Problem(N_("It holds invisible characters that turn the writing direction around; type it anew."))


def _of_placeholders(source: Source, text: str) -> Iterator[Problem]:
    wanted, found = placeholders(source.msgid), placeholders(text)
    for name in sorted(wanted - found):
        yield Problem(N_("%(name)s is missing: it must stand there exactly so."), {"name": name})
    for name in sorted(found - wanted):
        yield Problem(N_("%(name)s is not in the original: nothing would be filled in there."), {"name": name})
    if is_filled(Message(source.msgid)) and bare_percent(text):
        yield Problem(N_("A percent sign must be written twice here."))


def _of_numbers(source: Source, text: str) -> Iterator[Problem]:
    """Numbers that English and French share (17, 18, 15) must be there, and none that neither of them has."""
    english, french, found = _numbers(source.msgid), _numbers(source.french), _numbers(text)
    for number in sorted(english & french - found):
        yield Problem(N_("The number %(number)s of the original is missing."), {"number": number})
    for number in sorted(found - english - french):
        yield Problem(N_("The number %(number)s is not in the original."), {"number": number})


def _numbers(text: str) -> frozenset[str]:
    return frozenset(re.findall("[0-9]+", digits(_PLACEHOLDER.sub(" ", text))))


def _of_commands(source: Source, text: str) -> Iterator[Problem]:
    """A command in capitals must be in capitals a word for the same command, one that we understand when it comes."""
    wanted, found = _commands(source.msgid), _commands(text)
    for word in sorted(wanted.keys() - found.keys()):
        yield Problem(
            N_("The word %(word)s is missing, or the word in its place is no command that we understand."),
            {"word": wanted[word]},
        )


def _commands(text: str) -> dict[Word, str]:
    """The commands that stand in capitals in the text; letters without case count as capitals."""
    words = [word for word in _WORD.findall(_PLACEHOLDER.sub(" ", text)) if word == word.upper() and len(word) > 1]
    phrases = [*words, *(f"{first} {second}" for first, second in pairwise(words))]
    return {found.word: phrase for phrase in phrases if (found := recognise(phrase))}


def _of_length(language: str, text: str, folding: Folding) -> Iterator[Problem]:
    size = count(folding.for_sms(text, language))
    most = 1 if language in _IN_ONE_SMS else _MOST_SEGMENTS
    if size.segments > most:
        yield Problem(
            N_("It takes %(segments)s SMS; at most %(most)s are allowed."), {"segments": size.segments, "most": most}
        )
    elif language in _IN_ONE_SMS and size.alphabet != "gsm7":
        yield Problem(N_("It holds a letter that the basic SMS alphabet lacks, even when folded."))
