"""Processes to be killed. None of them outlives the process that started it, whatever ends that."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_SECONDS = 60.0


class Program:
    """One command, started and killed again and again in a process group of its own.

    Start it from a thread that lives on: the kernel ends it with the thread that started it.
    """

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._ready = folder / f"{name}.ready"
        self._command = command
        self._environment = {**os.environ, **environment, "CHAOS_READY": str(self._ready)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it says itself when it is ready."""
        self._ready.unlink(missing_ok=True)
        leash = shutil.which("setpriv")
        command = [leash, "--pdeathsig", "KILL", "--", *self._command] if leash else self._command
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                env=self._environment,
                cwd=_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def ready(self) -> bool:
        """Whether it has said so since its last start. Raises RuntimeError if it has ended by itself."""
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"{self.name} ended by itself: {self.log.read_text(errors='replace')[-3000:]}")
        return self._ready.exists()

    def kill(self) -> None:
        """kill -9, the whole group at once."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def errors(self) -> int:
        """How many lines of its log tell of an error."""
        return sum(" ERROR " in line for line in self.log.read_text(errors="replace").splitlines())


def wait_for(done: Callable[[], bool], what: str, seconds: float = _PATIENCE_SECONDS) -> None:
    """Return as soon as it is done; raises TimeoutError after so many seconds."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.02)
