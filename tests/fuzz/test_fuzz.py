"""A small dose of `make fuzz` on both databases, and the proof that its oracle convicts what is broken."""

import logging
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from bot import main
from bot.channels import Channel
from bot.intake import Intake
from bot.messages import Inbound, Outbound
from flows import FLOWS
from tests.fuzz import worlds
from tests.fuzz.crowd import Crowd
from tests.fuzz.doors import Doors
from tests.fuzz.oracle import Broken, Vocabulary, check_answer, check_kept

#: What the menu leads to is a part of its talk; every other flow is begun by itself.
_OFFERED = {"infos", "papers", "support", "opinion", "rumour", "safety", "peace"}
_BEGUN = set(FLOWS) - _OFFERED


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def test_every_promise_holds_on_sqlite(vocabulary: Vocabulary) -> None:
    counts = worlds.run(seed=1, size=3_500, vocabulary=vocabulary)
    assert counts["answered"] > 1_000
    assert counts["kept"] > 1_000
    assert counts["twilio-sms 200"] > 50
    assert counts["twilio-voice 200"] > 20
    assert {name for name in _BEGUN if not counts[f"flow {name}"]} == set(), "a flow that nobody came to"
    assert {name for name in _OFFERED if not counts[f"service {name}"]} == set(), "a service that nobody chose"


def test_every_promise_holds_on_postgresql(vocabulary: Vocabulary, postgresql_url: str) -> None:
    assert worlds.run(seed=2, size=2_500, database_url=postgresql_url, vocabulary=vocabulary)["answered"] > 500


# The same crowd must convict each of these.


class _Careless:
    """An intake with something wrong with it."""

    def __init__(self, careful: Intake) -> None:
        self._careful = careful
        self._chance = random.Random(1)

    def receive(self, inbound: Inbound, wire: Channel, now: datetime, *, inline: bool = True) -> Outbound | None:
        return self._careful.receive(inbound, wire, now, inline=inline)


class _Loses(_Careless):
    def receive(self, inbound: Inbound, wire: Channel, now: datetime, *, inline: bool = True) -> Outbound | None:
        return super().receive(inbound, wire, now) if self._chance.random() > 0.02 else None


class _CutsOff(_Careless):
    def receive(self, inbound: Inbound, wire: Channel, now: datetime, *, inline: bool = True) -> Outbound | None:
        return super().receive(replace(inbound, text=inbound.text[:60]), wire, now)


class _Echoes(_Careless):
    def receive(self, inbound: Inbound, wire: Channel, now: datetime, *, inline: bool = True) -> Outbound | None:
        answer = super().receive(inbound, wire, now)
        return replace(answer, text=f"{answer.text} {inbound.text}") if answer else None


class _SpeaksFrenchOnly(_Careless):
    def receive(self, inbound: Inbound, wire: Channel, now: datetime, *, inline: bool = True) -> Outbound | None:
        answer = super().receive(inbound, wire, now)
        return replace(answer, text="Bien recu, on cherche qui parle votre langue") if answer else None


@pytest.mark.parametrize("broken", [_Loses, _CutsOff, _Echoes, _SpeaksFrenchOnly])
def test_a_broken_intake_is_convicted(broken: type[_Careless], vocabulary: Vocabulary) -> None:
    with worlds.house() as parts:
        careless = broken(parts.intake)
        crowd = Crowd(parts.store, careless, worlds.wires(parts), main.means_of(parts), vocabulary, seed=3)  # type: ignore[arg-type]
        with pytest.raises(Broken):
            crowd.write(1_000)


def test_a_message_that_is_kept_twice_is_found() -> None:
    with pytest.raises(Broken, match="kept twice"):
        check_kept({"a": "x"}, [("a", "x"), ("a", "x")])


@pytest.mark.parametrize(
    "answer",
    [
        "", "  ", "Merci, no %(code)s.", "Merci\u202e", "Merci\x00", "attaque", "Merci " * 120, "Merci, no 12345, no 67890.",
        "Konna", "I ni ce {name}",
    ],
)  # fmt: skip
def test_an_answer_that_is_not_ours_is_found(answer: str, vocabulary: Vocabulary) -> None:
    with pytest.raises(Broken):
        check_answer(answer, vocabulary, language="fr", sms=True)


def test_a_door_that_takes_what_is_forged_is_found() -> None:
    with worlds.house() as parts:
        wire = parts.channels["twilio-sms"]
        wire.verify = lambda request: None  # type: ignore[method-assign]
        doors = Doors(main.create_app(parts).test_client(), parts.store, parts.settings, random.Random(1))
        with pytest.raises(Broken):
            doors.knock(600)
