"""Real servers for tests, benchmarks and chaos: PostgreSQL and Redis, each private to who starts it.

They listen on a unix socket in a folder of their own, and end with the process that started them, whatever ends it.
"""

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import psycopg
import redis as redis_client

_PREFIX = "kunnafoni-test-"
_MEMORY = Path("/dev/shm")
_PATIENCE_SECONDS = 60.0


class _Account(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


class MissingProgram(Exception):
    """A program that a Debian package brings is not on this machine; `package` names it."""

    def __init__(self, package: str) -> None:
        super().__init__(f"needs the Debian package {package}")
        self.package = package


@dataclass
class Postgres:
    """A PostgreSQL server with one superuser and no password, on a socket in `folder`."""

    programs: Path
    folder: Path
    account: _Account
    fsync: bool
    _process: subprocess.Popen[bytes] | None = None
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def dsn(self, name: str = "postgres") -> str:
        """The address of the database `name` for psycopg."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def url(self, name: str = "postgres") -> str:
        """The address of the database `name` for SQLAlchemy and DATABASE_URL."""
        return self.dsn(name).replace("postgresql://", "postgresql+psycopg://", 1)

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction, in the database `postgres`."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, name: str | None = None, *, template: str = "template1") -> str:
        """Make a database, a copy of `template` to which nobody is connected; its name."""
        name = name or f"test_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database and end its connections."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        durable = "on" if self.fsync else "off"
        options = {
            "unix_socket_directories": str(self.folder),
            "listen_addresses": "",
            "max_connections": "200",
            "fsync": durable,
            "synchronous_commit": durable,
            "full_page_writes": durable,
        }
        arguments = [argument for name, value in options.items() for argument in ("-c", f"{name}={value}")]
        command = [str(self.programs / "postgres"), "-D", str(self.folder / "data"), *arguments]
        self._process = _start(command, self.folder / "log", self.account, "QUIT")
        _wait(self._process, self.folder / "log", self._answers)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.dsn(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End the server in good order: connections are cut, what was committed is on disk."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """End the server at once, as a power cut does; `start` then recovers from its log."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            _end(self._process, how)
        self._process = None


@dataclass(frozen=True)
class Redis:
    """A Redis server that keeps nothing on disk, on a socket in `folder`."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """The address for REDIS_URL."""
        return f"unix://{self.folder / 'redis.sock'}"

    def empty(self) -> None:
        """Forget everything."""
        with redis_client.Redis.from_url(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        """End the server as a power cut does."""
        _end(self.process, signal.SIGKILL)


@contextlib.contextmanager
def postgres(*, fsync: bool = False) -> Iterator[Postgres]:
    """A PostgreSQL server: in memory and careless by default; with `fsync` on disk and as durable as it can be.

    Raises MissingProgram where PostgreSQL is not installed.
    """
    programs = _postgres_programs()
    account = _postgres_account()
    with _ending_on_sigterm(), scratch(in_memory=not fsync) as folder:
        if account:
            os.chown(folder, account["user"], account["group"])
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        _run([str(programs / "initdb"), "-D", str(folder / "data"), *options], folder, account)
        server = Postgres(programs, folder, account, fsync)
        try:
            server.start()
            yield server
        finally:
            server.crash()


@contextlib.contextmanager
def redis() -> Iterator[Redis]:
    """A Redis server; raises MissingProgram where Redis is not installed."""
    program = shutil.which("redis-server")
    if not program:
        raise MissingProgram("redis-server")
    with _ending_on_sigterm(), scratch(in_memory=True) as folder:
        socket = folder / "redis.sock"
        options = {"--port": "0", "--unixsocket": str(socket), "--dir": str(folder), "--save": "", "--appendonly": "no"}
        process = _start([program, *itertools.chain(*options.items())], folder / "log", {}, "KILL")
        try:
            _wait(process, folder / "log", socket.exists)
            yield Redis(folder, process)
        finally:
            _end(process, signal.SIGKILL)


def chromium() -> str:
    """The path of Debian's browser; raises MissingProgram where it is not installed."""
    program = shutil.which("chromium")
    if not program:
        raise MissingProgram("chromium")
    return program


def _postgres_programs() -> Path:
    """The folder with the newest PostgreSQL's programs; Debian keeps them out of PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    if not found:
        raise MissingProgram("postgresql")
    return Path(found).resolve().parent


def _start(command: list[str], log: Path, account: _Account, last_signal: str) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own; where we are killed, the kernel sends it `last_signal`."""
    leash = shutil.which("setpriv")
    if leash:
        command = [leash, "--pdeathsig", last_signal, "--", *command]
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd=log.parent,
            **account,
        )


def _run(command: list[str], folder: Path, account: _Account) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **account)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def _postgres_account() -> _Account:
    """Who runs PostgreSQL, as arguments of subprocess: it refuses root."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _wait(process: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.01)


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def scratch(*, in_memory: bool) -> Iterator[Path]:
    """A private folder with a short path (a socket's may have 107 bytes), named after the process that owns it."""
    place = _MEMORY if in_memory and os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    _sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Remove what processes left behind that were killed before they could."""
    for left in place.glob(f"{_PREFIX}*"):
        owner = left.name.removeprefix(_PREFIX).split("-")[0]
        if not Path("/proc", owner).exists():
            shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM into SystemExit, so that servers are stopped and folders removed on the way out."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _exit(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)
