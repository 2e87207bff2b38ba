"""The real program, started as an operator starts it: its own processes, its own folder, its own port."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_COMMAND = Path(sys.executable).with_name("kunnafoni")
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Office:
    """A running desk and who may sign in there."""

    base: str
    username: str
    password: str

    def at(self, path: str) -> str:
        """The address of a page."""
        return f"{self.base}{path}"


@contextlib.contextmanager
def demonstration(folder: Path) -> Iterator[Office]:
    """`kunnafoni run` with DEMO=1 on SQLite, with the data and the password that it makes for itself."""
    port = _free_port()
    with _running(folder, {"DEMO": "1", "PORT": str(port)}, "run") as output:
        password = _read(output, r"Password +(\S+)")
        base = f"http://localhost:{port}"
        _wait(base)
        yield Office(base, "demo", password)


@contextlib.contextmanager
def live(folder: Path, database_url: str, username: str) -> Iterator[Office]:
    """`kunnafoni web`, `worker` and `clock` in production, with one member of staff who has never signed in."""
    port = _free_port()
    settings = {"DATABASE_URL": database_url, "KEY_FILE": str(folder / "keys.json"), "PORT": str(port)}
    for command in (["keys", "make"], ["migrate"]):
        _run(folder, settings, *command)
    made = _run(folder, settings, "staff", username, "--role", "secretary", "--role", "administrator", "--generate")
    base = f"http://localhost:{port}"
    with contextlib.ExitStack() as stack:
        stack.enter_context(_running(folder, settings, "web", "--workers", "1"))
        stack.enter_context(_running(folder, settings, "worker"))
        stack.enter_context(_running(folder, settings, "clock"))
        _wait(base)
        yield Office(base, username, made.rpartition(": ")[2].strip())


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    ours = {"DATA_DIR": str(folder / "data"), **settings}
    return {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "TZ", "LANG"}} | ours


def _run(folder: Path, settings: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [_COMMAND, *arguments],
        env=_environment(folder, settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextlib.contextmanager
def _running(folder: Path, settings: dict[str, str], *arguments: str) -> Iterator[Path]:
    """One process of the program while the block lasts; the file that holds what it says."""
    said = folder / f"{arguments[0]}.out"
    with said.open("w") as output:
        process = subprocess.Popen(
            [_COMMAND, *arguments],
            env=_environment(folder, settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield said
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _read(output: Path, pattern: str) -> str:
    """What the program prints on its start."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := re.search(pattern, output.read_text()):
            return found[1]
        time.sleep(0.02)
    raise AssertionError(f"the program did not start: {output.read_text()[-2000:]}")


def _wait(base: str) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{base}/ready", timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError(f"{base} never became ready")
