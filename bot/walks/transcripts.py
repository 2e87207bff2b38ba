"""The conversation around a message: the shortest walk on which it is said, in the language that is asked for."""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.simulator import Simulator
from bot.conversation.engine import Flow
from bot.languages.catalogue import SOURCE, Catalogues
from bot.talks import Talks
from bot.walks.walking import CODE, NIGHT, Path, Step, play, walk

#: Walked with and without what a wire may bring; a stranger is asked for a language first.
_FACTS: tuple[Mapping[str, Any], ...] = (
    {"language": SOURCE},
    {"language": SOURCE, "hears_calls": True, "has_media": True, "reading": NIGHT, "person": 2},
    {"language": None, "stranger": True},
)
#: So much before the message is shown with it.
_BEFORE = 2
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


@dataclass(frozen=True, slots=True)
class Line:
    """One bubble: what they reply or what we say, and whether our text holds the message."""

    ours: bool
    text: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class _Way:
    flow: str
    facts: Mapping[str, Any]
    replies: tuple[str, ...]


class Transcripts:
    """Finds conversations; the ways to each message are walked once in a process, in the language of the code."""

    def __init__(self, talks: Talks, flows: Mapping[str, Flow], catalogues: Catalogues) -> None:
        self._talks, self._flows, self._catalogues = talks, flows, catalogues
        self._wire = Simulator()
        self._lock = threading.Lock()
        self._ways: dict[str, _Way] | None = None

    def around(self, msgid: str, tag: str) -> list[Line]:
        """The last lines of a walk up to the message; none if no walk of ours says it (an answer to a command, say)."""
        with self._lock:
            if self._ways is None:
                self._ways = self._find_ways()
        way = self._ways.get(msgid)
        if way is None:
            return []
        facts = {**way.facts, **({"language": tag} if way.facts["language"] else {"arabic_letters": tag == "ar"})}
        steps = play(self._talks, self._wire, way.flow, facts, way.replies)
        return list(_lines(steps[-_BEFORE - 1 :], whole=len(steps) <= _BEFORE + 1))

    def _find_ways(self) -> dict[str, _Way]:
        """By the English of each message, the shortest way to it."""
        texts: dict[str, _Way] = {}
        for name in self._flows:
            for facts in _FACTS:
                for path in walk(self._talks, self._wire, name, facts):
                    _note(texts, name, path)
        found = {}
        shortest = sorted(texts.items(), key=lambda each: len(each[1].replies))
        for msgid in self._catalogues.messages():
            pattern = _pattern(msgid)
            way = next((way for text, way in shortest if pattern.search(text)), None)
            if way:
                found[msgid] = way
        return found


def _note(texts: dict[str, _Way], flow: str, path: Path) -> None:
    replies: list[str] = []
    for step in path.steps:
        if step.reply:
            replies.append(step.reply)
        known = texts.get(step.text)
        if known is None or len(known.replies) > len(replies):
            texts[step.text] = _Way(flow, path.talk.facts, tuple(replies))


def _pattern(msgid: str) -> re.Pattern[str]:
    """The message as it stands in a text: filled in, and not as a part of a longer word."""
    parts = (re.escape(part) for part in _PLACEHOLDER.split(msgid.replace("%%", "%")))
    return re.compile(rf"(?<!\w){'.*?'.join(parts)}(?!\w)")


def _lines(steps: Sequence[Step], *, whole: bool) -> list[Line]:
    found = []
    for number, step in enumerate(steps):
        if step.reply and (number or whole):
            found.append(Line(ours=False, text=step.reply))
        found.append(Line(ours=True, text=step.text.replace(CODE, "12345"), here=number == len(steps) - 1))
    return found
