"""`kunnafoni …`: every act of an operator. Whatever is wrong ends in one sentence and a non-zero exit."""

import argparse
import getpass
import logging
import os
import secrets
import signal
import socket
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import waitress
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

from bot import config, demo, main
from bot.config import Settings
from bot.errors import KunnafoniError, SettingError, Stale, Unreadable
from bot.people.spreadsheet import LARGEST_FILE
from bot.people.template import TEMPLATE
from bot.staff import Role
from bot.store.sealing import Keys, load_keys, save_keys
from bot.translations import LANGUAGES

_QUIET = ("httpx", "httpcore", "telegram", "twilio", "urllib3", "rq", "sqlalchemy.engine", "waitress.queue", "alembic")

#: Processes of `web` and threads of each, as docs/performance.md measured them best on two cores.
WORKERS = 2
THREADS = 2
#: The largest that the application takes, a list of people with its form; nothing of it is put on the disk by waitress.
_LARGEST_REQUEST = LARGEST_FILE + 64 * 1024
#: Longer than one call to a provider takes.
_LEAVING_SECONDS = 15.0


def run(arguments: Sequence[str] | None = None) -> None:
    """The command's entry: parse, do, and leave with 0, or with 1 or 2 and one sentence."""
    parsed = _parser().parse_args(arguments)
    _log()
    try:
        parsed.act(config.read(), parsed)
    except SettingError as problem:
        raise SystemExit(f"kunnafoni: {problem}") from None
    except KunnafoniError as problem:
        raise SystemExit(f"kunnafoni: {problem}") from None
    except OSError as problem:
        raise SystemExit(f"kunnafoni: {problem.filename or ''} {problem.strerror or problem}".rstrip()) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("kunnafoni", description="A messaging service for Mali.")
    verbs = parser.add_subparsers(metavar="command", required=True)
    for name, act, help_text in _COMMANDS:
        verb = verbs.add_parser(name, help=help_text, description=help_text)
        verb.set_defaults(act=act)
        for option, settings in _OPTIONS.get(name, {}).items():
            verb.add_argument(option, **settings)  # type: ignore[arg-type]
    return parser


def _serve_all(settings: Settings, _arguments: argparse.Namespace) -> None:
    _check_port(settings)
    _check_folder(settings.data_dir)
    main.migrate(settings)
    parts = main.assemble(settings, in_process=True)
    passwords = demo.prepare(parts) if settings.demo else {}
    stop = _stop_on_signals(leaving=True)
    threads = [*main.start_workers(parts, stop), main.start_clock(parts, stop), main.follow_desk(parts, stop)]
    server = make_server(main.create_app(parts), settings.port)
    _greet(settings, passwords)
    server.run()  # until a signal
    server.close()
    _await(threads)
    parts.close()


def make_server(application: Callable[..., Any], port: int) -> Any:
    """The server of one laptop: it takes what the application takes, in memory, and leaves anything larger unread."""
    limits = {"threads": 8, "max_request_body_size": _LARGEST_REQUEST, "inbuf_overflow": _LARGEST_REQUEST}
    server = waitress.create_server(application, host="127.0.0.1", port=port, **limits)
    server.channel_class = _Channel
    return server


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Leaves what is too large unread, and lets the application say so in a sentence."""

    error: object

    def received(self, data: bytes) -> int:
        """How many of these bytes belong to the request."""
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge) and not self.body_bytes_received:
            # The application sees the length that is announced; the rest of the connection is thrown away.
            self.error, self.body_rcv, self.expect_continue = None, None, False
            self.headers["CONNECTION"] = "close"
        return consumed


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser


def _greet(settings: Settings, passwords: Mapping[str, str]) -> None:
    here = f"http://localhost:{settings.port}"
    print(f"\n  Kunnafoni is running.\n\n  The panel       {here}/admin/")
    for username, password in passwords.items():
        print(f"  Sign in as      {username}\n  Password        {password}")
    print(f"  The phone       {here}/phone\n\n  Stop it with Ctrl-C; what it holds is kept.\n", flush=True)


def _serve_web(settings: Settings, arguments: argparse.Namespace) -> None:
    _check_port(settings)
    # What is wrong is said here, in a sentence; in the server's own processes it would be a traceback, again and again.
    main.assemble(settings, may_be_away=True).close()
    command = granian("bot.main:web", arguments.host, settings.port, arguments.workers, arguments.threads)
    os.execv(command[0], command)  # noqa: S606 - the server that docs/performance.md chose, with fixed arguments


def granian(application: str, host: str, port: int, workers: int, threads: int) -> list[str]:
    """How the chosen HTTP server is started with an application factory, `module:function`."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", application,
    ]  # fmt: skip


def _work(settings: Settings, _arguments: argparse.Namespace) -> None:
    parts = main.assemble(settings, in_process=True, may_be_away=True)
    stop = _stop_on_signals()
    threads = [*main.start_workers(parts, stop), main.follow_desk(parts, stop)]
    stop.wait()
    _await(threads)
    parts.close()


def _keep_time(settings: Settings, _arguments: argparse.Namespace) -> None:
    parts = main.assemble(settings, may_be_away=True)
    stop = _stop_on_signals()
    threads = [main.start_clock(parts, stop), main.follow_desk(parts, stop)]
    stop.wait()
    _await(threads)
    parts.close()


def _migrate(settings: Settings, _arguments: argparse.Namespace) -> None:
    _check_folder(settings.data_dir)
    main.migrate(settings)
    print("The database is up to date.")


def _phone(settings: Settings, _arguments: argparse.Namespace) -> None:
    _check_folder(settings.data_dir)
    main.migrate(settings)
    parts = main.assemble(settings, in_process=True)
    if not settings.demo:
        print("This is not a demonstration: what you send here is marked as an exercise.")
    demo.talk_on_the_terminal(parts)
    parts.close()


def _load_demo(settings: Settings, _arguments: argparse.Namespace) -> None:
    if not settings.demo:
        raise SettingError("DEMO", "demo data is only ever loaded with DEMO=1.")
    main.migrate(settings)
    parts = main.assemble(settings, in_process=True)
    for username, password in demo.prepare(parts).items():
        print(f"Sign in as {username} with {password}")
    parts.close()


def _staff(settings: Settings, arguments: argparse.Namespace) -> None:
    parts = main.assemble(settings, in_process=True)
    password = secrets.token_urlsafe(15)
    if sys.stdin.isatty() and not arguments.generate:
        password = getpass.getpass("Password (15 characters at least): ")
    main.make_staff(
        parts, arguments.username, arguments.name or arguments.username, password, arguments.role or ["triage"]
    )
    if arguments.generate or not sys.stdin.isatty():
        print(f"Password for {arguments.username}: {password}")
    parts.close()


def _keys(settings: Settings, arguments: argparse.Namespace) -> None:
    path = settings.keys
    if arguments.what == "make":
        try:
            save_keys(Keys.make(), path)
        except FileExistsError:
            raise SettingError("KEY_FILE", f"{path} exists; keys are never made over others.") from None
        print(f"Made {path}. Keep a copy away from the database's backups.")
    elif arguments.what == "rotate":
        parts = main.assemble(settings, in_process=True)
        print(f"Wrapped {main.rotate_keys(parts)} keys anew; the old wrapping key is destroyed.")
        parts.close()
    else:
        print(f"{path}: wrapping key {load_keys(path).current}")


def _places(settings: Settings, arguments: argparse.Namespace) -> None:
    _check_folder(settings.data_dir)
    dry = arguments.what == "check"
    loaded = main.load_villages(settings, arguments.file, accept_partial=arguments.accept_partial, dry=dry)
    for line, problem in loaded.problems:
        print(f"line {line}: {problem}", file=sys.stderr)
    if loaded.problems and not (arguments.accept_partial and loaded.villages):
        raise SystemExit(
            f"kunnafoni: {len(loaded.problems)} rows are wrong, {len(loaded.villages)} are good; nothing was changed."
        )
    done = "would be known" if dry else "are known from the next start on"
    print(f"{len(loaded.villages)} villages {done}.")


def _contacts(settings: Settings, arguments: argparse.Namespace) -> None:
    if arguments.what == "template":
        _write(arguments.file, TEMPLATE)
        print(f"Wrote {arguments.file}.")
        return
    content = _read(arguments.file)
    parts = main.assemble(settings, in_process=True)
    try:
        if arguments.what == "check":
            done = main.check_contacts(parts, content)
        else:
            done = main.import_contacts(parts, content, _say_how_far)
    except Stale:
        raise Unreadable("somebody changed the same people meanwhile; nothing was written, run it again.") from None
    finally:
        parts.close()
    for bad in done.bad:
        print(f"row {bad.row}: {bad.problem}", file=sys.stderr)
    if done.bad:
        raise Unreadable(f"{len(done.bad)} rows are wrong, {len(done.people)} people are good; nothing was written.")
    verb = "would be" if arguments.what == "check" else "are"
    counts = done.counts
    print(f"{counts.fresh} contacts {verb} new, {counts.known} known; {counts.memberships} {verb} put into a group.")
    print(f"{counts.stay_out} stay out of a group at their own wish; {counts.silent} said STOP and get no messages.")


def _say_how_far(done: int, of: int) -> None:
    """Said only where somebody looks at it; what a script reads stays as it is."""
    if sys.stderr.isatty():
        print(f"{done} of {of} people are ready to be written", file=sys.stderr)


def _translations(settings: Settings, arguments: argparse.Namespace) -> None:
    parts = main.assemble(settings, in_process=True)
    if arguments.what == "export":
        _write(arguments.file, main.export_translations(parts, arguments.language))
        print(f"Wrote {arguments.file}.")
        parts.close()
        return
    loaded = main.import_translations(
        parts,
        arguments.language,
        _read(arguments.file),
        by=arguments.by,
        partial=arguments.accept_partial,
    )
    parts.close()
    for bad in loaded.bad:
        print(bad)
    if loaded.bad and not arguments.accept_partial:
        raise Unreadable(f"nothing was loaded: {len(loaded.bad)} wrong; --accept-partial loads the others.")
    print(f"{loaded.drafts} are drafts now; {loaded.unchanged} said nothing new; {len(loaded.bad)} wrong.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise Unreadable(f"{path} can't be read: {failure.strerror}.") from None


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as failure:
        raise Unreadable(f"{path} can't be written: {failure.strerror}.") from None


def _doctor(settings: Settings, _arguments: argparse.Namespace) -> None:
    parts = main.assemble(settings, in_process=True)
    for line in main.diagnose(parts):
        print(line)
    parts.close()


_COMMANDS: tuple[tuple[str, Callable[[Settings, argparse.Namespace], None], str], ...] = (
    ("run", _serve_all, "web, sender and clock in one process, for one office on one laptop"),
    ("web", _serve_web, "the web processes of a national server"),
    ("worker", _work, "sends what waits, and lands lists of people"),
    ("clock", _keep_time, "does what is due"),
    ("migrate", _migrate, "bring the database to the newest migration"),
    ("phone", _phone, "a simulated phone in the terminal"),
    ("demo", _load_demo, "load the demonstration's data and make a fresh password"),
    ("staff", _staff, "make a member of staff"),
    ("translations", _translations, "write a language's texts to a PO file, or take one's texts as drafts"),
    ("keys", _keys, "make, show or rotate the keys"),
    ("places", _places, "check or load the villages of a file (docs/places.md)"),
    ("contacts", _contacts, "check or import the contacts of a file, or write a template (docs/contacts.md)"),
    ("doctor", _doctor, "say what is well and what is not"),
)
_OPTIONS: dict[str, dict[str, dict[str, object]]] = {
    "web": {
        "--host": {"default": "127.0.0.1", "help": "the address to listen on"},
        "--workers": {"type": int, "default": WORKERS, "help": "processes"},
        "--threads": {"type": int, "default": THREADS, "help": "threads of each process"},
    },
    "staff": {
        "username": {"help": "the name to sign in with"},
        "--name": {"help": "the name that colleagues see"},
        "--role": {
            "action": "append",
            "choices": [role.value for role in Role],
            "metavar": "ROLE",
            "help": f"a role, of {', '.join(Role)}; may be given several times",
        },
        "--generate": {"action": "store_true", "help": "make a password and print it once"},
    },
    "places": {
        "what": {"choices": ["import", "check"], "help": "what to do"},
        "file": {"type": Path, "help": "a CSV file"},
        "--accept-partial": {"action": "store_true", "help": "load the good rows of a file with bad ones"},
    },
    "contacts": {
        "what": {"choices": ["check", "import", "template"], "help": "what to do"},
        "file": {"type": Path, "help": "a CSV or XLSX file"},
    },
    "translations": {
        "what": {"choices": ["export", "import"], "help": "what to do"},
        "file": {"type": Path, "metavar": "FILE.po", "help": "the file to write or to read"},
        "--language": {"choices": LANGUAGES, "required": True, "metavar": "TAG", "help": "fr, bm, ffm …"},
        "--by": {"metavar": "NAME", "help": "import: the user name of who worded them; they can't approve them"},
        "--accept-partial": {"action": "store_true", "help": "import: load what is right where something is wrong"},
    },
    "keys": {"what": {"choices": ["make", "show", "rotate"], "help": "what to do"}},
}


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.port))
        except OSError:
            raise SettingError("PORT", f"{settings.port} is taken by another program; choose another one.") from None


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".probe.{uuid.uuid4().hex}"
        probe.touch()
        probe.unlink()
    except OSError as failure:
        raise SettingError("DATA_DIR", f"{folder} can't be written: {failure.strerror}.") from None


def _await(threads: Iterable[threading.Thread]) -> None:
    """Give these threads the time to finish what they do, all together at most _LEAVING_SECONDS."""
    end = time.monotonic() + _LEAVING_SECONDS
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))


def _stop_on_signals(*, leaving: bool = False) -> threading.Event:
    """An event that SIGTERM and SIGINT set; `leaving` makes the first of them end what the main thread waits in."""
    stop = threading.Event()

    def end(*_: object) -> None:
        first = not stop.is_set()
        stop.set()
        if leaving and first:
            raise SystemExit(0)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, end)
    return stop


def _log() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


if __name__ == "__main__":
    run()
