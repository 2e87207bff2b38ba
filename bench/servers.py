"""HTTP servers for the benchmark: the choices that were measured against each other, started as in production."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot import cli

_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """One choice of HTTP server: its kind, processes, threads of each."""

    kind: str
    workers: int
    threads: int

    def __str__(self) -> str:
        return f"{self.kind} {self.workers}×{self.threads}"

    def command(self, application: str, port: int) -> list[str]:
        """How this server is started with an application factory, `module:function`."""
        if self.kind == "granian":
            return cli.granian(application, "127.0.0.1", port, self.workers, self.threads)
        kind = ["--worker-class", self.kind.removeprefix("gunicorn-")]
        threads = ["--threads", str(self.threads)] if self.kind.endswith("gthread") else []
        size = ["--workers", str(self.workers), *kind, *threads, "--keep-alive", "75"]
        return [
            sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *size, "--log-level", "warning",
            f"{application}()",
        ]  # fmt: skip


#: What `kunnafoni web` starts by itself.
CHOSEN = Server("granian", cli.WORKERS, cli.THREADS)
CHOICES = (
    *(Server("granian", workers, threads) for workers in (1, 2) for threads in (1, 2, 4)),
    # Its sync workers close each connection, which no client of ours would bear.
    Server("gunicorn-gthread", 2, 2),
)


@contextlib.contextmanager
def serving(server: Server, application: str, environment: Mapping[str, str], path: str = "/health") -> Iterator[int]:
    """Serve the application until the block ends; the port, on which it answers already."""
    port = _free_port()
    process = subprocess.Popen(server.command(application, port), env={**os.environ, **environment, "PORT": str(port)})
    try:
        _wait(process, port, path)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(port: int, path: str) -> bool:
    """Whether somebody answers on this port, whatever it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _wait(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not answers(port, path):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("the web server did not start")
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
