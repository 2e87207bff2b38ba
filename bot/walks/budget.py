"""How many SMS each language takes, over every path of every flow, and whether each wire can carry what is said.

A language whose messages have no words yet speaks its fallback's; `states` says how much of its own it has.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.simulator import Simulator
from bot.conversation.engine import Flow
from bot.languages import gsm7
from bot.languages.catalogue import TAGS, Catalogues, State
from bot.languages.folding import Folding
from bot.talks import Talks
from bot.walks.walking import NIGHT, walk

#: What one page of USSD holds (3GPP TS 23.038 §5: 160 octets; GSM-7 packs 182 characters, UCS-2 80), and one message of
#: Telegram (Bot API, sendMessage).
USSD_SEPTETS, USSD_UCS2, TELEGRAM_CHARACTERS = 182, 80, 4096
#: The last is told at night, so that what is said then is counted too.
_FACTS: tuple[dict[str, Any], ...] = ({}, {"hears_calls": True}, {"has_media": True, "reading": NIGHT})


@dataclass(frozen=True)
class Budget:
    """One language over all paths: every text that is said, counted once."""

    tag: str
    questions: frozenset[str]
    statements: frozenset[str]
    states: Mapping[State, int]
    folding: Folding = field(default_factory=Folding, repr=False, compare=False)

    def over(self, most: int) -> list[str]:
        """The questions that take more SMS than that."""
        return [text for text in self.questions if self._taken(text).segments > most]

    @property
    def in_one(self) -> float:
        """The share of questions that fit one GSM-7 segment; none does in a script that GSM-7 has not."""
        fit = [each for each in map(self._taken, self.questions) if each.segments == 1 and each.alphabet == "gsm7"]
        return len(fit) / len(self.questions)

    @property
    def in_one_sms(self) -> float:
        """The share of questions that are one SMS, whatever its alphabet: 160 signs in GSM-7, 70 in UCS-2."""
        return 1 - len(self.over(1)) / len(self.questions)

    @property
    def unicode(self) -> list[str]:
        """The texts that need UCS-2 even when folded."""
        return [text for text in self.questions | self.statements if self._taken(text).alphabet != "gsm7"]

    def segments(self, *, folded: bool) -> int:
        """All texts, each once, in SMS."""
        texts = self.questions | self.statements
        return sum((self._taken(text) if folded else gsm7.count(text)).segments for text in texts)

    @property
    def too_long_for_ussd(self) -> int:
        """The questions that one page of USSD does not hold."""
        sizes = map(self._taken, self.questions)
        return sum(each.units > (USSD_SEPTETS if each.alphabet == "gsm7" else USSD_UCS2) for each in sizes)

    @property
    def too_long_for_telegram(self) -> int:
        """The texts that one message of Telegram does not hold."""
        return sum(len(text) > TELEGRAM_CHARACTERS for text in self.questions | self.statements)

    def _taken(self, text: str) -> gsm7.Segments:
        return gsm7.count(self.folding.for_sms(text, self.tag))


class _Unfolded(Simulator):
    """The simulated phone without folding: a text as its language writes it."""

    is_sms = False


def budget_of(talks: Talks, flows: Mapping[str, Flow], catalogues: Catalogues, tag: str) -> Budget:
    """This language over all paths; about half a second of work."""
    wire = _Unfolded()
    steps = [
        step
        for name in flows
        for facts in _FACTS
        for path in walk(talks, wire, name, {"language": tag, **facts})
        for step in path.steps
        # Another language was chosen on the way; it has a row of its own.
        if step.asked is None or step.asked.language == tag
    ]
    states = [catalogues.state(tag, message) for message in catalogues.messages()]
    return Budget(
        tag,
        frozenset(step.text for step in steps if step.asked),
        frozenset(step.text for step in steps if not step.asked),
        {state: states.count(state) for state in State},
        catalogues.folding,
    )


class Budgets:
    """The budgets of one process, counted in the background and anew after a desk has changed what is said."""

    def __init__(self, talks: Talks, flows: Mapping[str, Flow], catalogues: Catalogues) -> None:
        self._talks, self._flows, self._catalogues = talks, flows, catalogues
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._counted: dict[str, Budget] = {}
        self._version: tuple[int, int] | None = None

    def known(self) -> Mapping[str, Budget]:
        """What is counted up to now; starts counting if anything is missing. The order is that of the languages."""
        with self._lock:
            version = self._catalogues.version, self._catalogues.folding.version
            if self._version != version:
                self._version, self._counted = version, {}
            missing = [tag for tag in TAGS if tag not in self._counted]
            if missing and not (self._thread and self._thread.is_alive()):
                self._thread = threading.Thread(target=self._count, args=(missing, version), daemon=True)
                self._thread.start()
            return {tag: self._counted[tag] for tag in TAGS if tag in self._counted}

    def all(self) -> Iterator[Budget]:
        """Every language, counted here and now."""
        for tag in TAGS:
            yield budget_of(self._talks, self._flows, self._catalogues, tag)

    def _count(self, tags: list[str], version: tuple[int, int]) -> None:
        for tag in tags:
            counted = budget_of(self._talks, self._flows, self._catalogues, tag)
            with self._lock:
                if version != self._version:
                    return
                self._counted[tag] = counted
