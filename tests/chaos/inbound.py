"""Receiving: signed webhooks come in batches, and in the middle of each batch a web process is killed."""

import time
from dataclasses import dataclass

from tests.chaos.house import house
from tests.chaos.traffic import WORDS, Traffic
from tests.chaos.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of it."""

    webhooks: int
    kills: int
    web: int = 4


FULL = Dose(webhooks=10_000, kills=200)
SMALL = Dose(webhooks=320, kills=8, web=3)

_TURNS = len(WORDS) + 1


def run(dose: Dose, build: str = "Build", seed: int = 1) -> Verdict:
    """Kill web processes while people write, and compare what got a 2xx with what was kept."""
    with house(build, seed) as shaken:
        shaken.open(web=dose.web, workers=1)
        traffic = Traffic(shaken)
        began = time.monotonic()
        size = dose.webhooks // dose.kills
        for batch in range(dose.kills):
            # So many people at a time are in the middle of a conversation.
            first = batch // _TURNS * size
            people = range(first, first + size)
            sending = shaken.provider.run(traffic.batch(people))
            time.sleep(shaken.chance.uniform(0.0, 0.2))
            shaken.kill(shaken.web, 1)
            sending.result(60)
            shaken.await_ready(shaken.web, dose.web - 1)
        unsettled = shaken.settle(60)
        figures = {
            "webhooks": traffic.posted,
            "acknowledged": traffic.taken,
            "kill -9 of web": shaken.kills["web"],
            "replies": len(shaken.provider.ledger),
            "errors logged": shaken.errors(),
            "seconds": round(time.monotonic() - began, 1),
        }
        return Verdict(f"receiving ({build})", figures, {**traffic.judge(), "replies not final": unsettled})
