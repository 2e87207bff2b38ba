"""The database away: people go on writing, web processes are killed meanwhile, and the spool keeps it all."""

import threading
import time
from dataclasses import dataclass

from bot.store.spool import Spool
from tests.chaos.house import House, house
from tests.chaos.programs import wait_for
from tests.chaos.traffic import Traffic
from tests.chaos.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of it; times in seconds."""

    seconds: float
    people: int
    pause: float
    kills: int
    before: float = 3.0
    after: float = 6.0
    web: int = 3


FULL = Dose(seconds=60, people=120, pause=3.0, kills=20)
SMALL = Dose(seconds=5, people=30, pause=1.0, kills=3, before=1.0, after=3.0)


def run(dose: Dose, build: str = "Build", seed: int = 1) -> Verdict:
    """Take the database away while people write, and look for every acknowledged message when it is back."""
    with house(build, seed) as shaken:
        shaken.open(web=dose.web, workers=1)
        traffic = Traffic(shaken)
        began = time.monotonic()
        ended = threading.Event()
        writing = shaken.provider.run(traffic.chat(range(dose.people), dose.pause, ended))
        time.sleep(dose.before)
        taken_before = traffic.taken
        most = _without_database(shaken, dose)
        taken_away = traffic.taken - taken_before
        # People write on while the spool empties, however long the database takes to come back.
        time.sleep(dose.after)
        ended.set()
        writing.result(60)
        wait_for(lambda: not _spooled(shaken), "the spool to be empty", 120)
        unsettled = shaken.settle(120)
        figures = {
            "webhooks": traffic.posted,
            "acknowledged": traffic.taken,
            "acknowledged while away": taken_away,
            "in the spool at most": most,
            "kill -9 of web": shaken.kills["web"],
            "seconds away": dose.seconds,
            "errors logged": shaken.errors(),
            "seconds": round(time.monotonic() - began, 1),
        }
        return Verdict(f"database away ({build})", figures, {**traffic.judge(), "replies not final": unsettled})


def _without_database(shaken: House, dose: Dose) -> int:
    """Crash the database, kill web processes in even steps, start it again; how full the spool became."""
    shaken.server.crash()
    back = time.monotonic() + dose.seconds
    for _ in range(dose.kills):
        time.sleep(dose.seconds / (dose.kills + 1))
        shaken.kill(shaken.web, 1)
    time.sleep(max(0.0, back - time.monotonic()))
    most = _spooled(shaken)
    shaken.server.start()
    shaken.forget_connections()
    return most


def _spooled(shaken: House) -> int:
    return Spool(shaken.settings.spool, shaken.keys).count()
