"""What a finished talk asks to have done. A flow returns one of these; the caller acts on it in its transaction."""

from dataclasses import dataclass
from typing import Any

from bot.conversation.kinds import Kind


@dataclass(frozen=True, slots=True)
class Outcome:
    """Anything that a flow may return."""


@dataclass(frozen=True, slots=True)
class Nothing(Outcome):
    """The talk has ended and nothing is to be done."""


@dataclass(frozen=True, slots=True)
class LanguageChosen(Outcome):
    """The person speaks this language; None if they did not say."""

    language: str | None


@dataclass(frozen=True, slots=True)
class ReportSoFar:
    """What the answers say of the report that the talk carries; None is "not said".

    `text` is what the person wants to tell: a talk that carries no report yet carries one as soon as there is some.
    `incident` is the id of the one that it asks about, if the answer was known.
    """

    language: str | None = None
    answer_needed: str | None = None
    place: str | None = None
    place_words: str | None = None
    call: str | None = None
    kind: Kind | None = None
    text: str | None = None
    incident: str | None = None


@dataclass(frozen=True, slots=True)
class NewReport(Outcome):
    """The report that the talk carries is told to its end; its draft says what the answers made of it."""


@dataclass(frozen=True, slots=True)
class Helped(Outcome):
    """Whether what was done helped: `yes`, `little` or `no`; what is missing was kept as it was said."""

    answer: str


@dataclass(frozen=True, slots=True)
class Answered(Outcome):
    """What the desk asked by this template was answered, with a value as JSON knows it; None was skipped."""

    template: str
    answer: Any


@dataclass(frozen=True, slots=True)
class Subscribed(Outcome):
    """The person wants one peace message each week, on this day and about this theme; None takes what comes."""

    day: str
    theme: str | None


@dataclass(frozen=True, slots=True)
class Unsubscribed(Outcome):
    """The person wants no more peace messages."""


@dataclass(frozen=True, slots=True)
class Joined(Outcome):
    """The person agreed to be on the list that their code was given for."""


@dataclass(frozen=True, slots=True)
class StillMember(Outcome):
    """The monthly answer: `still`, `replaced` or `stop`."""

    answer: str


@dataclass(frozen=True, slots=True)
class WeeklySituation(Outcome):
    """The weekly answer: how it is, a digit each for market, school and health, an hour for a call, weeks of pause."""

    state: str
    services: str | None
    hour: str | None
    weeks: int


@dataclass(frozen=True, slots=True)
class CallBackWanted(Outcome):
    """The person rang and wants to be called at this hour; None if they did not say."""

    hour: str | None
