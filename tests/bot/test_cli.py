"""The command as an operator types it: whatever is wrong is one sentence and a non-zero exit, never a traceback."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from tests.providers import free_port

ROOT = Path(__file__).resolve().parents[2]
NOBODY_LISTENS = "postgresql://nobody@127.0.0.1:1/x"


def kunnafoni(folder: Path, *arguments: str, said: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=_environment(folder, settings),
        cwd=ROOT,
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _environment(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PORT": str(free_port()), **settings}


@pytest.mark.parametrize(
    ("verb", "settings", "sentence"),
    [
        ("run", {"DEMO": "maybe"}, "DEMO: "),
        ("run", {"DEMO": "1", "PORT": "abc"}, "PORT: "),
        ("run", {"DEMO": "1", "PORT": "99999"}, "PORT: "),
        ("run", {"DEMO": "1", "DATABASE_URL": "rubbish"}, "DATABASE_URL: "),
        ("run", {"DEMO": "1", "DATABASE_URL": "mysql://x/y"}, "DATABASE_URL: "),
        ("run", {"DEMO": "1", "DATABASE_URL": NOBODY_LISTENS}, "the database can't be reached"),
        ("migrate", {"DEMO": "1", "DATABASE_URL": NOBODY_LISTENS}, "the database can't be reached"),
        ("run", {"DEMO": "1", "TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_ACCOUNT_SID: "),
        ("run", {"DEMO": "1", "TELEGRAM_MODE": "pigeon", "TELEGRAM_BOT_TOKEN": "1:a"}, "TELEGRAM_MODE: "),
        ("worker", {"DEMO": "1", "REDIS_URL": "nonsense"}, "REDIS_URL: "),
        ("run", {}, "KEY_FILE: "),
        ("web", {"KEY_FILE": "/nowhere/keys.json"}, "KEY_FILE: /nowhere/keys.json does not exist"),
        ("run", {"DEMO": "1", "DATA_DIR": "/proc/kunnafoni"}, "DATA_DIR: "),
        ("run", {"DEMO": "1", "DATA_DIR": "/etc/passwd/kunnafoni"}, "DATA_DIR: "),
        ("web", {"DEMO": "1"}, "the database is not migrated"),
    ],
)
def test_a_wrong_setting_is_one_sentence(tmp_path: Path, verb: str, settings: dict[str, str], sentence: str) -> None:
    ended = kunnafoni(tmp_path, verb, **settings)
    assert ended.returncode != 0
    (line,) = ended.stderr.splitlines()
    assert line.startswith("kunnafoni: ")
    assert sentence in line
    assert not ended.stdout


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = kunnafoni(tmp_path, "run", DEMO="1", PORT=str(taken.getsockname()[1]))
    assert ended.returncode != 0
    (line,) = ended.stderr.splitlines()
    assert line.startswith("kunnafoni: PORT: ")


def test_run_prints_address_and_password_ends_on_ctrl_c_and_keeps_its_data(tmp_path: Path) -> None:
    port = free_port()
    keys = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"],
            env=_environment(tmp_path, {"DEMO": "1", "PORT": str(port)}),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout
        greeting = ""
        while "Ctrl-C" not in greeting:
            line = process.stdout.readline()
            assert line, greeting
            greeting += line
        assert f"http://localhost:{port}/admin/" in greeting
        assert "Password" in greeting
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
        assert "Traceback" not in rest
        keys.append((tmp_path / "keys.json").read_bytes())
    assert keys[0] == keys[1]


def test_the_phone_in_a_terminal_talks_through_the_same_intake(tmp_path: Path) -> None:
    assert kunnafoni(tmp_path, "migrate", DEMO="1").returncode == 0
    talk = kunnafoni(tmp_path, "phone", said="on a vole nos boeufs pres de Konna\n1\n2\n5\n", DEMO="1")
    assert talk.returncode == 0
    assert "Langue?" in talk.stdout
    assert "Inutile de garder ces messages" in talk.stdout
    assert "Traceback" not in talk.stderr


def test_translations_go_out_and_come_back_as_drafts_and_a_bad_one_keeps_all_out(tmp_path: Path) -> None:
    demo = {"DEMO": "1"}
    assert kunnafoni(tmp_path, "migrate", **demo).returncode == 0
    path = tmp_path / "shz.po"
    out = ("translations", "export", str(path), "--language", "shz")
    back = ("translations", "import", str(path), "--language", "shz")
    assert kunnafoni(tmp_path, *out, **demo).returncode == 0
    text = path.read_text()
    path.write_text(text.replace('msgid "yes"\nmsgstr ""', 'msgid "yes"\nmsgstr "ayyo %(x)s"'))
    ended = kunnafoni(tmp_path, *back, **demo)
    assert ended.returncode != 0
    assert '"yes": %(x)s is not in the original' in ended.stdout
    assert ended.stderr.startswith("kunnafoni: nothing was loaded")
    path.write_text(text.replace('msgid "yes"\nmsgstr ""', 'msgid "yes"\nmsgstr "ayyo"'))
    assert kunnafoni(tmp_path, *back, **demo).stdout.startswith("1 are drafts now")
    assert kunnafoni(tmp_path, *out, **demo).returncode == 0
    assert 'msgid "yes"\nmsgstr "ayyo"' in path.read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("translations", "import", "/nowhere.po", "--language", "bm"), "can't be read"),
        (("translations", "export", "/nowhere/bm.po", "--language", "bm"), "can't be written"),
        (("translations", "import", "{po}", "--language", "bm", "--by", "nobody"), "nobody here is called nobody"),
        (("translations", "import", "{po}", "--language", "bm"), "no PO file"),
    ],
)
def test_a_translation_file_that_is_none_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    kunnafoni(tmp_path, "migrate", DEMO="1")
    po = tmp_path / "bad.po"
    po.write_bytes(b"\xff\xfe")
    ended = kunnafoni(tmp_path, *(each.format(po=po) for each in arguments), DEMO="1")
    assert ended.returncode != 0
    (line,) = ended.stderr.splitlines()
    assert line.startswith("kunnafoni: ")
    assert sentence in line


@pytest.mark.parametrize("expects", [b"Expect: 100-continue\r\n", b""], ids=["asks first", "just sends"])
def test_what_is_too_large_is_left_unread_and_answered_by_the_application(expects: bytes) -> None:
    asked: list[tuple[str, str, bytes]] = []

    def application(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        asked.append((environ["PATH_INFO"], environ["CONTENT_LENGTH"], environ["wsgi.input"].read()))
        start("413 Too Large", [("Content-Length", "8")])
        return [b"too much"]

    server = cli.make_server(application, 0)
    serving = threading.Thread(target=server.run)
    serving.start()
    with socket.create_connection(("127.0.0.1", server.effective_port), timeout=10) as browser:
        head = b"POST /list HTTP/1.1\r\nHost: a\r\nContent-Length: 99000000\r\n" + expects + b"\r\n"
        # At once: what came after the answer would reset the connection.
        browser.sendall(head + b"GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = b"".join(iter(lambda: browser.recv(4096), b""))
    server.close()
    serving.join(10)
    assert answer.startswith(b"HTTP/1.1 413 Too Large")
    assert answer.endswith(b"too much")
    assert asked == [("/list", "99000000", b"")], "and what was sent of it is no request of its own"
