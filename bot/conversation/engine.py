"""Replay: walk a flow through the known answers to the first open question.

A talk has no other state than its answers, so it survives a restart, a new version of the flow, a change of language
and a step back. Reasons and prior art: docs/design.md.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.outcomes import Nothing, Outcome, ReportSoFar
from bot.conversation.questions import Context, Fetch, Question, Say, Step
from bot.errors import FlowError

#: More steps than this in one walk is a loop in the flow.
_MOST_STEPS = 500

Talking = Generator[Step, Any, Any]
FlowFunction = Callable[[Context], Generator[Step, Any, Outcome]]


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow by name: the function, and how its answers so far describe the report that the talk carries."""

    name: str
    talk: FlowFunction
    draft: Callable[[Mapping[str, Any]], ReportSoFar | None] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a walk stopped: what to say now, the open question or look-up, the path walked, the outcome at the end."""

    say: tuple[str, ...] = ()
    ask: Question | None = None
    need: Fetch | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome | None = None

    @property
    def finished(self) -> bool:
        """Whether the flow has returned."""
        return self.outcome is not None


def replay(flow: FlowFunction, context: Context, answers: Mapping[str, Any], just_answered: str | None = None) -> Turn:
    """Walk `flow` through `answers` and stop at the first question or look-up that they don't settle.

    Only what is said after `just_answered` (None: from the start) is in `say`. Raises FlowError if the flow breaks a
    rule; whatever the flow itself raises passes through.
    """
    say: list[str] = []
    walked: dict[str, Any] = {}
    caught_up = just_answered is None
    talk = flow(context)
    reply: Any = None
    try:
        for _ in range(_MOST_STEPS):
            step = talk.send(reply)
            reply = None
            if isinstance(step, Say):
                say.append(step.text)
                continue
            _check(step, walked)
            if not _settled(step, answers):
                return _open(step, say, walked)
            reply = walked[step.key] = answers[step.key]
            if not caught_up:
                say.clear()
                caught_up = step.key == just_answered
        raise FlowError("a flow took too many steps")
    except StopIteration as end:
        outcome = end.value if end.value is not None else Nothing()
        if not isinstance(outcome, Outcome):
            raise FlowError(f"a flow returned {type(outcome).__name__}") from None
        return Turn(tuple(say), None, None, walked, outcome)
    finally:
        talk.close()


def _check(step: object, walked: Mapping[str, Any]) -> None:
    if not isinstance(step, Question | Fetch):
        raise FlowError(f"a flow yielded {type(step).__name__}")
    if step.key in walked:
        raise FlowError(f"{step.key!r} is asked twice")


def _settled(step: Question | Fetch, answers: Mapping[str, Any]) -> bool:
    if step.key not in answers:
        return False
    return isinstance(step, Fetch) or step.accepts(answers[step.key])


def _open(step: Question | Fetch, say: list[str], walked: dict[str, Any]) -> Turn:
    if isinstance(step, Fetch):
        return Turn(tuple(say), None, step, walked)
    return Turn(tuple(say), step, None, walked)
