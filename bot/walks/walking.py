"""Walks flows: every option and a few samples at every question, until every path has ended.

It drives `bot.talks` as the intake does and needs no database.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.channels import Channel
from bot.conversation import TEMPLATES, Said, Shown
from bot.conversation.outcomes import Outcome
from bot.conversation.questions import SKIP_NUMBER, Media
from bot.errors import FlowError
from bot.talks import LookUp, Spoken, Talk, Talks, open_talk

#: A commune, a name that several communes have, a region that settles it, and no place at all.
PLACES = ("Konna", "Farako", "Sikasso", "zzqqwe")
CODE = "48271"
#: When a desk reads that is closed now: from 7 on another day.
NIGHT = (7, 19, "25/12")
#: No walk of ours is longer.
MOST_STEPS = 12
#: These questions are about the language and don't count among the three of a report.
LANGUAGE_KEYS = frozenset({"language", "language_other"})
_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """One thing we said: the question it ends in (None: it asks nothing), and the reply that led to it."""

    reply: str
    spoken: Spoken
    asked: Shown | None

    @property
    def text(self) -> str:
        """The words as the wire carries them."""
        return self.spoken.text


@dataclass(frozen=True)
class Path:
    """One walk from the first words to the end."""

    steps: tuple[Step, ...]
    talk: Talk
    outcome: Outcome | None

    @property
    def closing(self) -> str:
        """The last thing we said, without the number."""
        return self.steps[-1].text.replace(CODE, "N")

    @property
    def questions(self) -> list[str]:
        """The keys that were asked, in order, without those about the language."""
        return [step.asked.key for step in self.steps if step.asked and step.asked.key not in LANGUAGE_KEYS]


class NeverEnds(FlowError):
    """A path is longer than any of ours may be, or a reply was not understood as it was shown."""


@dataclass(frozen=True)
class Here:
    """A turn without a database: what a flow looks up there is a sample."""

    wire: Channel
    now: datetime = _NOW
    session: Any = None


#: What is found where a flow looks something up in the store: news, and the answer to a question that is known.
NEWS = "Lundi et jeudi."
QUESTION, ANSWER = "une question connue", "Les autorités ont regardé sur place ce matin."


def look_ups() -> dict[str, LookUp]:
    """Samples for every look-up of `bot.main`."""
    known = {"incident": str(uuid.UUID(int=8)), "veracity": "confirmed_false", "sentence": ANSWER}
    return {
        "info": lambda *_: NEWS,
        "rumour": lambda _session, _now, _language, request: known if request["rumour"] == QUESTION else None,
    }


def walk(talks: Talks, wire: Channel, flow: str, facts: Mapping[str, Any]) -> Iterator[Path]:
    """Every path through this flow from these facts; of the desk's questions, through every template."""
    for told in ({**facts, "template": key} for key in TEMPLATES) if flow == "question" else (facts,):
        opened, first = _begin(talks, wire, flow, told)
        yield from _on(talks, wire, opened, (first,))


def play(talks: Talks, wire: Channel, flow: str, facts: Mapping[str, Any], replies: Sequence[str]) -> list[Step]:
    """The one path that these replies take; it ends where a reply does not fit what this language asks."""
    talk, first = _begin(talks, wire, flow, facts)
    steps = [first]
    for reply in replies:
        said = dict(_replies(talk.asked, wire)).get(reply) if talk.asked else None
        if said is None:
            break
        spoken = talks.hear(talk, said, Here(wire))
        steps.append(Step(reply, spoken, talk.asked))
    return steps


def _begin(talks: Talks, wire: Channel, flow: str, facts: Mapping[str, Any]) -> tuple[Talk, Step]:
    opened = open_talk(_NOW, uuid.UUID(int=7), flow, {"code": CODE, **facts})
    spoken = talks.begin(opened, Here(wire))
    return opened, Step("", spoken, opened.asked)


def _on(talks: Talks, wire: Channel, heard: Talk, steps: tuple[Step, ...]) -> Iterator[Path]:
    if heard.asked is None:
        yield Path(steps, heard, steps[-1].spoken.outcome)
        return
    if len(steps) > MOST_STEPS:
        raise NeverEnds(" > ".join(step.reply for step in steps))
    for reply, said in _replies(heard.asked, wire):
        branch = replace(heard, answers=dict(heard.answers))
        spoken = talks.hear(branch, said, Here(wire))
        if not spoken.understood:
            raise NeverEnds(f"{reply!r} does not fit {heard.asked.key} as it was shown")
        yield from _on(talks, wire, branch, (*steps, Step(reply, spoken, branch.asked)))


def _replies(asked: Shown, wire: Channel) -> Iterator[tuple[str, Said]]:
    """What a person could answer: each option by digit or button, samples of words, and the skip."""
    if asked.skip:
        yield SKIP_NUMBER, Said(pressed=SKIP_NUMBER) if wire.has_buttons and asked.options else Said(SKIP_NUMBER)
    for number, (value, _) in enumerate(asked.options, start=1):
        yield f"{number}", Said(pressed=value) if wire.has_buttons else Said(f"{number}")
    samples: dict[str, tuple[Said, ...]] = {
        "place": tuple(map(Said, PLACES)),
        "text": (Said("des mots"), Said(QUESTION)),
        "digits": (Said("0" * (asked.low or 1)),),
        "number": (Said(str(asked.low)), Said(str(asked.high))),
        "day": (Said("bi"), Said("12/03")),
        "photo": (Said(media=(Media("photo", "file"),)),),
        "recording": (Said(media=(Media("photo", "file"),)), Said(media=(Media("voice", "file"),))),
        "voice": (Said(media=(Media("voice", "file"),)),),
    }
    for said in samples.get(asked.kind, ()):
        yield said.text or "[media]", said
