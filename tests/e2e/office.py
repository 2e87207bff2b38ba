"""The real program, started as an operator starts it: its own processes, its own folder, its own port."""

import contextlib
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import config, main
from bot.store.sealing import Keys, save_keys

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
def live(folder: Path, database_url: str, usernames: Sequence[str]) -> Iterator[list[Office]]:
    """`kunnafoni web`, `worker` and `clock` in production, seen by members of staff who have never signed in."""
    port = _free_port()
    settings = {"DATABASE_URL": database_url, "KEY_FILE": str(folder / "keys.json"), "PORT": str(port)}
    base = f"http://localhost:{port}"
    offices = [Office(base, name, secrets.token_urlsafe(15)) for name in usernames]
    _prepare(folder, settings, offices)
    with contextlib.ExitStack() as stack:
        for command in (["web", "--workers", "1"], ["worker"], ["clock"]):
            stack.enter_context(_running(folder, settings, *command))
        _wait(base)
        yield offices


def _prepare(folder: Path, settings: dict[str, str], offices: Sequence[Office]) -> None:
    """What `kunnafoni keys make`, `migrate` and `staff` do, without starting a process for each."""
    chosen = config.read(_environment(folder, settings))
    save_keys(Keys.make(), chosen.keys)
    main.migrate(chosen)
    parts = main.assemble(chosen, in_process=True)
    for office in offices:
        main.make_staff(parts, office.username, office.username, office.password, ["secretary", "administrator"])
    parts.close()


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    ours = {"DATA_DIR": str(folder / "data"), **settings}
    return {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "TZ", "LANG"}} | ours


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
