"""Every path of every flow, in every language, with buttons and without, keeps the promises of a conversation."""

import itertools
import re
from collections.abc import Mapping
from typing import Any

import pytest

from bot import main
from bot.channels import Channel
from bot.channels.simulator import Simulator
from bot.channels.telegram import Telegram
from bot.conversation import CallBackWanted, Choice, Context, Flow, NewReport, Nothing, Say, Talking, Text, closing
from bot.conversation.kinds import Kind
from bot.conversation.lexicon import NOW, Lexicon
from bot.languages.catalogue import TAGS, Catalogues
from bot.languages.text import fold
from bot.places.gazetteer import Gazetteer
from bot.talks import Talks
from bot.walks.walking import LANGUAGE_KEYS, NIGHT, PLACES, NeverEnds, Path, Step, look_ups, walk
from flows import FLOWS
from tests.flows.walker import betrayals, ends_well, segments
from tests.providers.settings import SETTINGS

KONNA = "kun:mopti/mopti/konna"
FARAKO = ("kun:segou/segou/farako", "kun:sikasso/kolondieba/farako")
#: What may be known when a talk begins.
BEGINNINGS: dict[str, dict[str, Any]] = {
    "place unknown": {},
    "place read": {"place": KONNA},
    "place that several have": {"homonyms": FARAKO},
    "wire that hears calls": {"hears_calls": True},
    "second person on the telephone": {"person": 2},
    "told at night": {"reading": NIGHT},
    "Arabic letters": {"arabic_letters": True},
}
WIRES: dict[str, Channel] = {"sms": Simulator(), "telegram": Telegram(SETTINGS)}


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    return Catalogues.load(main.LOCALES, "bot", drafts=True)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="module")
def talks(catalogues: Catalogues, gazetteer: Gazetteer) -> Talks:
    return Talks(FLOWS, catalogues, gazetteer, look_ups())


def _beginnings(language: str | None) -> list[dict[str, Any]]:
    """A stranger walks through every language as well, and is the only one to whom the letters matter."""
    strangers = ("place unknown", "wire that hears calls", "Arabic letters")
    names = [name for name in BEGINNINGS if name != "Arabic letters"] if language else strangers
    return [{"language": language, "stranger": language is None, **BEGINNINGS[name]} for name in names]


def _all_paths(talks: Talks, wire: str, language: str | None) -> dict[str, list[Path]]:
    """By flow, every path from every beginning."""
    return {
        name: [path for facts in _beginnings(language) for path in walk(talks, WIRES[wire], name, facts)]
        for name in FLOWS
    }


@pytest.mark.parametrize("language", [None, *TAGS], ids=lambda tag: tag or "stranger")
@pytest.mark.parametrize("wire", WIRES)
def test_every_path_keeps_every_promise(talks: Talks, wire: str, language: str | None) -> None:
    paths = _all_paths(talks, wire, language)
    assert len(paths["report"]) > 50, "or the walker misses paths"
    _every_path_ends(paths)
    _closings_are_the_same_bytes_but_the_number(paths)
    _a_report_asks_three_questions_at_most(paths["report"])
    _a_report_may_be_skipped_through(paths["report"])
    _nothing_names_a_kind_a_danger_or_a_place(paths)
    _texts_stay_inside_their_budget(paths, wire)
    _options_are_drawn_as_the_wire_can(paths, wire)


def _every_path_ends(paths: Mapping[str, list[Path]]) -> None:
    for path in itertools.chain(*paths.values()):
        assert ends_well(path)
        keys = [step.asked.key for step in path.steps if step.asked]
        assert len(keys) == len(set(keys)), "a question is asked once in a walk"
        assert all(re.fullmatch("[a-z][a-z0-9_]*", key) for key in keys)


def _closings_are_the_same_bytes_but_the_number(paths: Mapping[str, list[Path]]) -> None:
    closings: dict[tuple[str, bool], set[str]] = {}
    for path in (path for path in itertools.chain(*paths.values()) if _takes_something_in(path)):
        at_night = "reading" in path.talk.facts
        closings.setdefault((path.talk.language, at_night), set()).add(path.closing.split("\n")[-1])
    assert {tag: len(found) for tag, found in closings.items()} == dict.fromkeys(closings, 1)


def _takes_something_in(path: Path) -> bool:
    return isinstance(path.outcome, NewReport | CallBackWanted)


def _a_report_asks_three_questions_at_most(paths: list[Path]) -> None:
    assert max(len(path.questions) for path in paths) == 3


def _a_report_may_be_skipped_through(paths: list[Path]) -> None:
    asked = [step.asked for path in paths for step in path.steps if step.asked]
    assert {each.key for each in asked if not each.skip} <= LANGUAGE_KEYS


def _nothing_names_a_kind_a_danger_or_a_place(paths: Mapping[str, list[Path]]) -> None:
    """No statement, and no question about a report, does. What the menu offers is the same for everybody."""
    said = {step.text for path in itertools.chain(*paths.values()) for step in path.steps if _tells_of_them(path, step)}
    assert {text: found for text in said if (found := betrayals(text, WORDS))} == {}


def _tells_of_them(path: Path, step: Step) -> bool:
    if path.talk.flow in ("report", "call_back", "welcome", "question"):
        return True
    return step.asked is None and "advice" not in path.talk.answers


def _texts_stay_inside_their_budget(paths: Mapping[str, list[Path]], wire: str) -> None:
    """A question in French is one SMS; nothing in any language is more than three."""
    if wire != "sms":
        return
    steps = (step for path in itertools.chain(*paths.values()) for step in path.steps)
    said = {(step.text, step.asked is not None and step.asked.language == "fr") for step in steps}
    for text, is_french_question in said:
        assert segments(text) <= (1 if is_french_question else 3), text


def _options_are_drawn_as_the_wire_can(paths: Mapping[str, list[Path]], wire: str) -> None:
    for step in (step for path in paths["report"] for step in path.steps):
        options = bool(step.asked and step.asked.options)
        assert bool(step.spoken.buttons) == (options and WIRES[wire].has_buttons)
        assert ("1 " in step.text) == (options and not WIRES[wire].has_buttons)
        assert all(len(button.data.encode()) <= 64 for button in step.spoken.buttons)


@pytest.mark.parametrize(("language", "flow"), [("taq", "safety"), ("ses", "support"), ("dts", "call_back")])
def test_where_one_word_of_a_question_lacks_the_fallback_says_all_of_it(talks: Talks, language: str, flow: str) -> None:
    """Also the word behind "0 =": these languages have their own, and the rest of the question in French only."""
    asked = {tag: next(walk(talks, WIRES["sms"], flow, {"language": tag})).steps[0].text for tag in (language, "fr")}
    assert asked[language] == asked["fr"]


def _words() -> frozenset[str]:
    """What nobody who reads along may find: kinds, the words they are told by, names of places."""
    kinds = {fold(kind.value.replace("_", " ")) for kind in Kind}
    told = {entry.word for entry in Lexicon.load().shipped if entry.topic != NOW}
    places = {fold(name) for name in PLACES}
    # "pas besoin" and "no need" are options, "services" and "autre" are words of the menu, "health" names a number: everybody gets them.
    return frozenset((kinds | told | places) - {"need", "besoin", "service", "other", "health"})


WORDS = _words()


# The negative controls: flows that break these promises are found out.


def _betrays_the_place(ctx: Context) -> Talking:
    yield Say(f"Merci pour Konna {ctx.place or ''}")
    return Nothing()


def _closes_in_its_own_words(ctx: Context) -> Talking:
    answer = yield Choice("answer_needed", "?", {"now": "1", "today": "2"}, skip="0")
    yield Say(closing(ctx.gettext, ctx.code, ctx.reading) if answer else "Merci.")
    return NewReport()


def _asks_four(ctx: Context) -> Talking:
    for number in range(4):
        yield Text(f"question_{number}", "?", skip="0")
    return Nothing()


def _asks_at_length(ctx: Context) -> Talking:
    yield Text("what", "Que s'est-il donc passé? " * 8, skip="0")
    return Nothing()


def _asks_for_ever(ctx: Context) -> Talking:
    number = 0
    while True:
        yield Text(f"question_{number}", "?", skip="0")
        number += 1


def _talks_with(flow: Any, catalogues: Catalogues, gazetteer: Gazetteer) -> Talks:
    flows: Mapping[str, Flow] = {**FLOWS, "report": Flow("report", flow)}
    return Talks(flows, catalogues, gazetteer, look_ups())


def test_a_flow_that_names_a_place_is_found_out(catalogues: Catalogues, gazetteer: Gazetteer) -> None:
    paths = _all_paths(_talks_with(_betrays_the_place, catalogues, gazetteer), "sms", "fr")
    with pytest.raises(AssertionError, match="konna"):
        _nothing_names_a_kind_a_danger_or_a_place(paths)


def test_a_flow_with_a_closing_of_its_own_is_found_out(catalogues: Catalogues, gazetteer: Gazetteer) -> None:
    paths = _all_paths(_talks_with(_closes_in_its_own_words, catalogues, gazetteer), "sms", "fr")
    with pytest.raises(AssertionError):
        _closings_are_the_same_bytes_but_the_number(paths)


def test_a_flow_that_asks_too_much_is_found_out(catalogues: Catalogues, gazetteer: Gazetteer) -> None:
    paths = _all_paths(_talks_with(_asks_four, catalogues, gazetteer), "sms", "fr")
    with pytest.raises(AssertionError):
        _a_report_asks_three_questions_at_most(paths["report"])


def test_a_flow_that_speaks_too_long_is_found_out(catalogues: Catalogues, gazetteer: Gazetteer) -> None:
    paths = _all_paths(_talks_with(_asks_at_length, catalogues, gazetteer), "sms", "fr")
    with pytest.raises(AssertionError):
        _texts_stay_inside_their_budget(paths, "sms")


def test_a_flow_that_never_ends_is_found_out(catalogues: Catalogues, gazetteer: Gazetteer) -> None:
    with pytest.raises(NeverEnds):
        _all_paths(_talks_with(_asks_for_ever, catalogues, gazetteer), "sms", "fr")
