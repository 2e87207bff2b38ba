"""The real program, started as an operator starts it: its own processes, its own folder, its own port."""

import contextlib
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import config, main
from bot.main import Parts
from bot.store.sealing import Keys, save_keys
from tests.providers import free_port

_COMMAND = Path(sys.executable).with_name("kunnafoni")
_PATIENCE_SECONDS = 180.0


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
    port = free_port()
    base = f"http://localhost:{port}"
    with _running(folder, {"DEMO": "1", "PORT": str(port)}, "run") as program:
        program.answers(base)
        found = re.search(r"Sign in as +(\S+)\s+Password +(\S+)", program.output.read_text())
        assert found
        yield Office(base, *found.groups())


@contextlib.contextmanager
def live(
    folder: Path,
    database_url: str,
    staff: Mapping[str, Sequence[str]],
    *,
    before: Callable[[Parts], None] = lambda parts: None,
    **more: str,
) -> Iterator[list[Office]]:
    """`kunnafoni web`, `worker` and `clock` in production, seen by members of staff who have never signed in.

    `staff` are their user names and roles, `more` further settings, `before` what is done before the processes start.
    """
    port = int(more.pop("PORT", 0)) or free_port()
    settings = {"DATABASE_URL": database_url, "KEY_FILE": str(folder / "keys.json"), "PORT": str(port), **more}
    base = f"http://localhost:{port}"
    offices = [Office(base, name, secrets.token_urlsafe(15)) for name in staff]
    _prepare(folder, settings, offices, staff, before)
    with contextlib.ExitStack() as stack:
        web, *_others = [
            stack.enter_context(_running(folder, settings, *command))
            for command in (["web", "--workers", "1"], ["worker"], ["clock"])
        ]
        web.answers(base)
        yield offices


def _prepare(
    folder: Path,
    settings: dict[str, str],
    offices: Sequence[Office],
    roles: Mapping[str, Sequence[str]],
    before: Callable[[Parts], None],
) -> None:
    """What `kunnafoni keys make`, `migrate` and `staff` do, without starting a process for each."""
    chosen = config.read(_environment(folder, settings))
    save_keys(Keys.make(), chosen.keys)
    main.migrate(chosen)
    parts = main.assemble(chosen, in_process=True)
    for office in offices:
        main.make_staff(parts, office.username, office.username.title(), office.password, roles[office.username])
    before(parts)
    parts.close()


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    ours = {"DATA_DIR": str(folder / "data"), **settings}
    return {
        name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "TZ", "LANG", "PYTHONPATH"}
    } | ours


@dataclass(frozen=True)
class _Running:
    """One process of the program, and the file that holds what it says."""

    process: subprocess.Popen[bytes]
    output: Path

    def until(self, ready: Callable[[], bool]) -> None:
        """Wait for it; a process that ended says why."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the program did not start: {self.output.read_text()[-2000:]}")
            time.sleep(0.05)

    def answers(self, base: str) -> None:
        """Wait until its web pages do."""

        def ready() -> bool:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{base}/ready", timeout=5):
                return True
            return False

        self.until(ready)


@contextlib.contextmanager
def _running(folder: Path, settings: dict[str, str], *arguments: str) -> Iterator[_Running]:
    """A process while the block lasts."""
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
        yield _Running(process, said)
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def refusal(folder: Path, settings: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """The exit status and the words of a process that ends by itself."""
    done = subprocess.run(
        [_COMMAND, *arguments],
        env=_environment(folder, dict(settings)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
    )
    return done.returncode, done.stderr
