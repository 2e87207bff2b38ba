"""What the killed processes run: the parts that `kunnafoni worker`, `clock` and `web` run, joined by `main`, with less
patience, a faster wire, and one part broken where a negative control asks for it.

    python -m tests.chaos.process worker|clock
    granian … tests.chaos.process:web
"""

import ctypes
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from flask import Flask

from bot import config, main
from bot.clock import Clock
from bot.delivery.outbox import Patience
from tests.chaos.builds import BUILDS, Build

_PR_SET_PDEATHSIG = 1


def web() -> Flask:
    """The web application of one granian worker; it dies with its master."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _log()
    app = main.create_app(_build().parts(_assemble()))
    _ready()
    return app


def _work() -> None:
    parts = _build().parts(_assemble())
    main.start_workers(parts, threading.Event())
    _ready()
    threading.Event().wait()


def _keep_time() -> None:
    build = _build()
    parts = build.parts(_assemble())
    threading.Thread(target=Clock(parts.store, build.duties(parts)).run, args=(threading.Event(),), daemon=True).start()
    _ready()
    threading.Event().wait()


def _build() -> Build:
    return BUILDS[os.environ["CHAOS_BUILD"]]()


def _assemble() -> main.Parts:
    patience = Patience(float(os.environ["CHAOS_LEASE"]), float(os.environ["CHAOS_GRACE"]))
    parts = main.assemble(config.read(), in_process=True, may_be_away=True, patience=patience)
    wire = parts.channels["twilio-sms"]
    wire.per_second = float(os.environ["CHAOS_PACE"])
    wire.burst = int(wire.per_second)
    return parts


def _ready() -> None:
    Path(os.environ["CHAOS_READY"]).touch()


def _log() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")


if __name__ == "__main__":
    _log()
    {"worker": _work, "clock": _keep_time}[sys.argv[1]]()
