"""`make run` from outside: seconds until it answers, until a report is seen in the panel, memory after conversations.

Everything is as a newcomer has it: DEMO=1, SQLite, one process. The report is sent from the drawn phone and read in the
inbox over HTTP, after signing in with the password that the start printed.
"""

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench.servers import answers
from bot import demo
from tests.providers import free_port

_REPORT = "Depuis hier il n'y a plus d'eau au forage de Konna, les femmes marchent loin"
_ANSWERS = ("1", "1", "1")


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from the start to the first answer and to the report in the inbox, of a first start and of a second;
    resident memory in MiB before and after the conversations.
    """

    answering: tuple[float, float]
    seen: tuple[float, float]
    conversations: int
    memory: tuple[float, float]

    def __str__(self) -> str:
        first, second = ("{:.1f} s to answer, {:.1f} s more to a report in the inbox".format(*each)
                         for each in zip(self.answering, self.seen, strict=True))  # fmt: skip
        before, after = self.memory
        return (
            f"  first start     {first}\n  second start    {second}\n"
            f"  memory          {before:.0f} MiB, after {self.conversations} conversations {after:.0f} MiB"
        )


def measure(conversations: int) -> Start:
    """Start it twice in a folder of its own."""
    with TemporaryDirectory(prefix="kunnafoni-bench-") as folder:
        with _running(Path(folder)) as (first, _):
            pass
        with _running(Path(folder)) as (second, desk):
            before = desk.memory()
            for number in range(conversations):
                desk.converse(f"7{number:07d}")
            return Start((first[0], second[0]), (first[1], second[1]), conversations, (before, desk.memory()))


class _Desk:
    """Somebody at the panel with a phone beside it."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self._process = process
        self._client = httpx.Client(base_url=f"http://localhost:{port}", follow_redirects=True, timeout=30)

    def sign_in(self, password: str) -> None:
        """Sign in with the password of the demonstration, as its form does."""
        page = self._client.get("/admin/sign-in").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        form = {"csrf_token": token[1], "username": demo.PEOPLE[0].username, "password": password}
        self._client.post("/admin/sign-in", data=form).raise_for_status()

    def inbox(self) -> str:
        """The first page of the inbox."""
        return self._client.get("/admin/").raise_for_status().text

    def converse(self, phone: str, words: str = _REPORT) -> None:
        """A report with the answers to its questions."""
        for text in (words, *_ANSWERS):
            said = {"id": secrets.token_hex(16), "phone": phone, "text": text}
            header = {"X-Kunnafoni-Simulator": "1"}
            self._client.post("/channels/simulator/inbound", json=said, headers=header).raise_for_status()

    def memory(self) -> float:
        """Resident memory of the process in MiB."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self._process.pid}/status").read_text())
        assert found
        return int(found[1]) / 1024


@contextmanager
def _running(folder: Path) -> Iterator[tuple[tuple[float, float], _Desk]]:
    """Run it until the block ends: seconds to the first answer, from there to a report in the inbox, and the desk."""
    port = free_port()
    settings = {"DEMO": "1", "PORT": str(port), "DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "bot.cli", "run"]
    began = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        greeting = ""
        while "Stop it" not in greeting:
            line = process.stdout.readline()
            assert line, f"it ended by itself: {greeting}"
            greeting += line
        while not answers(port, "/health"):
            time.sleep(0.02)
        answering = time.monotonic() - began
        password = re.search(r"Password\s+(\S+)", greeting)
        assert password
        desk, words = _Desk(process, port), f"{secrets.token_hex(4)} {_REPORT}"
        desk.converse("70000000", words)
        desk.sign_in(password[1])
        while words.partition(" ")[0] not in desk.inbox():
            time.sleep(0.02)
        yield (answering, time.monotonic() - began - answering), desk
    finally:
        process.terminate()
        process.wait(30)
