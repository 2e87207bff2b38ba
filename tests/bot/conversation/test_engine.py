"""Replay: a talk is a pure function of its answers. Each test names one rule of it."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import (
    Choice,
    Choices,
    Context,
    Day,
    Fetch,
    Flow,
    Nothing,
    Number,
    Photo,
    Place,
    Question,
    ReportSoFar,
    Say,
    Talking,
    Text,
    Voice,
    replay,
)
from bot.conversation.outcomes import NewReport
from bot.errors import FlowError
from flows import FLOWS

PAST_ANSWERS = sorted(Path(__file__).parents[2].joinpath("flows", "answers").glob("*.json"))


def plainly(message: str, /, **values: object) -> str:
    return message % values if values else message


def context(**facts: Any) -> Context:
    return Context(gettext=plainly, language="en", today=date(2026, 11, 23), code="12345", **facts)


def colours(ctx: Context) -> Talking:
    """A small flow with everything in it: words, a branch, a look-up, an outcome."""
    yield Say("Welcome.")
    colour = yield Choice("colour", "Colour?", {"red": "red", "green": "green"})
    yield Say(f"You like {colour}.")
    if colour == "red":
        yield Text("shade", "Which red?", skip="skip")
    found = yield Fetch("found", {"find": colour})
    yield Say(f"{len(found)} found.")
    yield Number("many", "How many?", low=1, high=9)
    yield Say("Bye.")
    return NewReport()


def test_a_walk_stops_at_the_first_open_question() -> None:
    turn = replay(colours, context(), {})
    assert turn.ask is not None
    assert turn.ask.key == "colour"
    assert turn.say == ("Welcome.",)
    assert not turn.finished


def test_the_same_answers_always_lead_to_the_same_turn() -> None:
    answers = {"colour": "red", "shade": None, "found": [1, 2]}
    assert replay(colours, context(), answers, "found") == replay(colours, context(), answers, "found")
    assert answers == {"colour": "red", "shade": None, "found": [1, 2]}, "the answers that came in are left alone"


def test_only_what_follows_the_answer_just_given_is_said() -> None:
    turn = replay(colours, context(), {"colour": "red"}, "colour")
    assert turn.say == ("You like red.",)
    turn = replay(colours, context(), {"colour": "red", "shade": "dark", "found": []}, "shade")
    assert turn.say == ("0 found.",)


def test_an_answer_before_a_look_up_has_its_words_after_it() -> None:
    answers: dict[str, Any] = {"colour": "green"}
    turn = replay(colours, context(), answers, "colour")
    assert turn.need is not None
    assert (turn.need.key, turn.need.request) == ("found", {"find": "green"})
    turn = replay(colours, context(), {**answers, "found": [1]}, "colour")
    assert turn.say == ("You like green.", "1 found.")


def test_a_look_up_that_is_answered_is_never_asked_for_again() -> None:
    turn = replay(colours, context(), {"colour": "green", "found": []}, "colour")
    assert turn.need is None
    assert turn.ask is not None
    assert turn.ask.key == "many"


def test_a_look_up_may_find_nothing_at_all() -> None:
    def flow(ctx: Context) -> Talking:
        found = yield Fetch("found", {})
        yield Say(repr(found))
        return Nothing()

    assert replay(flow, context(), {"found": None}).say == ("None",)


def test_on_finish_the_path_walked_is_kept_in_order_and_abandoned_branches_are_dropped() -> None:
    answers = {"shade": "dark", "many": 3, "found": [1], "colour": "green", "relic": "x"}
    turn = replay(colours, context(), answers, "many")
    assert turn.finished
    assert list(turn.answers.items()) == [("colour", "green"), ("found", [1]), ("many", 3)]
    assert turn.say == ("Bye.",)


def test_the_outcome_is_what_the_flow_returns() -> None:
    turn = replay(colours, context(), {"colour": "green", "found": [], "many": 1}, "many")
    assert turn.outcome == NewReport()


def test_a_flow_that_returns_nothing_has_ended() -> None:
    def flow(ctx: Context) -> Talking:
        yield Say("Bye.")

    turn = replay(flow, context(), {})
    assert (turn.outcome, turn.finished) == (Nothing(), True)


@pytest.mark.parametrize("first", [Text("what", "?"), Fetch("what", {})])
@pytest.mark.parametrize("second", [Text("what", "?"), Fetch("what", {})])
def test_a_key_used_twice_in_one_walk_raises(first: Any, second: Any) -> None:
    def flow(ctx: Context) -> Talking:
        yield first
        yield second
        return Nothing()

    with pytest.raises(FlowError, match="twice"):
        replay(flow, context(), {"what": "x"})


def test_the_same_key_in_two_branches_is_one_question() -> None:
    def flow(ctx: Context) -> Talking:
        if ctx.stranger:
            yield Text("what", "Stranger?")
        else:
            yield Text("what", "Friend?")
        return Nothing()

    assert replay(flow, context(), {"what": "x"}).finished
    assert replay(flow, context(stranger=True), {"what": "x"}).finished


def test_a_flow_that_never_ends_is_stopped() -> None:
    def says(ctx: Context) -> Talking:
        while True:
            yield Say("and")

    def asks(ctx: Context) -> Talking:
        number = 0
        while True:
            yield Text(f"q{number}", "?")
            number += 1

    with pytest.raises(FlowError, match="too many"):
        replay(says, context(), {})
    with pytest.raises(FlowError, match="too many"):
        replay(asks, context(), {f"q{number}": "x" for number in range(10_000)})


@pytest.mark.parametrize("step", ["words", None, 3, ("a", "b")])
def test_a_flow_that_yields_something_else_raises(step: Any) -> None:
    def flow(ctx: Context) -> Talking:
        yield step
        return Nothing()

    with pytest.raises(FlowError, match="yielded"):
        replay(flow, context(), {})


def test_a_flow_that_returns_something_else_raises() -> None:
    def flow(ctx: Context) -> Talking:
        yield Say("x")
        return "done"

    with pytest.raises(FlowError, match="returned"):
        replay(flow, context(), {})  # type: ignore[arg-type]


def test_what_a_flow_raises_passes_through_and_its_generator_is_closed() -> None:
    closed = []

    def flow(ctx: Context) -> Talking:
        try:
            yield Text("what", "?")
            raise KeyError("mine")
        finally:
            closed.append(True)

    replay(flow, context(), {})
    assert closed == [True]
    with pytest.raises(KeyError, match="mine"):
        replay(flow, context(), {"what": "x"})


def test_a_known_answer_that_no_longer_fits_is_asked_for_again_and_what_follows_is_kept() -> None:
    answers = {"colour": "blue", "found": [1], "many": 3}
    turn = replay(colours, context(), answers)
    assert turn.ask is not None
    assert turn.ask.key == "colour"
    turn = replay(colours, context(), {**answers, "colour": "green"}, "colour")
    assert turn.finished, "the later answers still stand"


FITS: list[tuple[Question, list[Any], list[Any]]] = [
    (Text("q", "?"), ["x", ""], [None, 3, ["x"], {"a": 1}, True]),
    (Text("q", "?", skip="skip"), [None, "x"], [3]),
    (Choice("q", "?", {"a": "A", "b": "B"}), ["a", "b"], ["c", None, 1, "A", ["a"]]),
    (Choice("q", "?", {"a": "A"}, skip="no"), ["a", None], ["", 0, False]),
    (Choices("q", "?", {"a": "A", "b": "B"}), [["a"], ["a", "b"]], [[], "a", ["c"], ["a", "c"], None, {"a": 1}]),
    (Number("q", "?", low=1, high=5), [1, 5], [0, 6, "3", 3.0, True, None]),
    (Number("q", "?"), [0, 1_000_000], [-1, 1_000_001]),
    (Day("q", "?"), ["2026-11-23"], ["23/11", "", 3, None, "2026-02-30"]),
    (Place("q", "?"), ["Konna"], [None, 3]),
    (Photo("q", "?"), ["file-1"], [None, 3]),
    (Voice("q", "?", skip="skip"), ["file-1", None], [3]),
]


@pytest.mark.parametrize(("question", "good", "bad"), FITS, ids=lambda value: type(value).__name__)
def test_each_question_knows_which_stored_answers_still_fit(
    question: Question, good: list[Any], bad: list[Any]
) -> None:
    assert [value for value in good if not question.accepts(value)] == []
    assert [value for value in bad if question.accepts(value)] == []


def test_an_unhashable_answer_is_asked_for_again_not_an_error() -> None:
    def flow(ctx: Context) -> Talking:
        yield Choice("colour", "Colour?", {"red": "red"})
        return Nothing()

    turn = replay(flow, context(), {"colour": ["red"]})
    assert turn.ask is not None


@pytest.mark.parametrize("path", PAST_ANSWERS, ids=lambda path: path.stem)
def test_past_answers_still_lead_where_they_led(path: Path) -> None:
    past = json.loads(path.read_text())
    flow = FLOWS[past["flow"]]
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in past["facts"].items()}
    answers, last = dict(past["answers"]), next(reversed(past["answers"]), None)
    while (turn := replay(flow.talk, context(**facts), answers, last)).need:
        answers[turn.need.key] = None  # a look-up that is newer than the talk, and finds nothing
    assert turn.finished is past["finished"]
    assert (turn.ask.key if turn.ask else None) == past["asks"]
    assert [key for key in turn.answers if key in past["answers"]] == past["path"]
    if flow.draft:
        told = _plain(flow.draft, turn.answers)
        assert {name: value for name, value in told.items() if value is not None or name in past["report"]} == past[
            "report"
        ]


def test_there_are_past_answers_of_every_flow_that_asks() -> None:
    kept = {json.loads(path.read_text())["flow"] for path in PAST_ANSWERS}
    assert kept == {name for name, flow in FLOWS.items() if _asks(flow)}


def _asks(flow: Flow) -> bool:
    return replay(flow.talk, context(template="more"), {}).ask is not None


def _plain(draft: Callable[[Mapping[str, Any]], ReportSoFar | None], answers: Mapping[str, Any]) -> dict[str, Any]:
    told = draft(answers)
    return {name: getattr(told, name) for name in told.__slots__} if told else {}


def test_flows_know_no_clock_and_no_chance() -> None:
    """The same context a thousand times over gives the same bytes: nothing but the context goes in."""
    for flow in FLOWS.values():
        turns = {repr(replay(flow.talk, context(stranger=True, template="ongoing"), {})) for _ in range(20)}
        assert len(turns) == 1
