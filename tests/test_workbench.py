"""The workbench keeps its promises: verbs, contracts, clear sentences, one suite on two databases."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import create_engine, inspect, text

from bot.config import Settings
from bot.store import Store
from tests import services
from tests.conftest import lacks

ROOT = Path(__file__).parent.parent
VERBS = {
    "run", "install", "test", "e2e", "pictures", "lint", "strings", "transcripts", "bench", "bench-data", "chaos", "fuzz", "lock", "help"
}  # fmt: skip


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run make as a person does, without what a make around us has set."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )


def test_make_alone_lists_every_verb_with_a_sentence() -> None:
    lines = dict(line.removeprefix("make ").split(maxsplit=1) for line in make().stdout.splitlines())
    assert set(lines) == VERBS
    assert set(re.findall(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), re.M)[0].split()) == VERBS


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile alone, and a folder `bin` for stand-ins of Python."""
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    return tmp_path


def stand_in(folder: Path, name: str, body: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_a_machine_without_a_new_enough_python_gets_one_sentence(bare_checkout: Path) -> None:
    old = stand_in(bare_checkout, "old", "exit 1")
    done = make(".venv/bin/python", f"PYTHONS=no-such-python {old}", folder=bare_checkout)
    assert done.returncode != 0
    assert (
        done.stderr.splitlines()[0] == "Kunnafoni needs Python 3.11 or newer; the newest Debian package python3 has it."
    )


def test_a_debian_without_python3_venv_gets_the_name_of_the_package(bare_checkout: Path) -> None:
    without = stand_in(bare_checkout, "without", 'case "$2" in *ensurepip*) exit 1;; esac')
    done = make(".venv/bin/python", f"PYTHONS={without}", folder=bare_checkout)
    assert done.returncode != 0
    assert "install the Debian package python3-venv" in done.stderr.splitlines()[0]


def test_a_python_that_can_make_an_environment_is_preferred_to_a_newer_that_cannot(bare_checkout: Path) -> None:
    without = stand_in(bare_checkout, "newer", 'case "$2" in *ensurepip*) exit 1;; esac')
    able = stand_in(bare_checkout, "able", 'if [ "$1" = -m ]; then echo made by able; fi')
    assert make(".venv/bin/python", f"PYTHONS={without} {able}", folder=bare_checkout).stdout == "made by able\n"


def test_everything_that_is_installed_has_a_hash() -> None:
    for lock in ("requirements-build.lock", "requirements.lock", "requirements-test.lock"):
        packages = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
        assert packages and all("==" in each and "--hash=sha256:" in each for each in packages), lock


def test_the_test_lock_holds_the_versions_of_the_run_lock() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^(\S+==\S+)", (ROOT / lock).read_text(), re.M))

    assert pins("requirements.lock") <= pins("requirements-test.lock")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


def test_imports_point_one_way() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


ROOMS = (
    "bot/cli bot/demo bot/main admin bot/webhooks bot/clock bot/intake bot/broadcasts bot/casework bot/translations "
    "bot/walks bot/people bot/talks bot/delivery bot/staff bot/store bot/channels bot/conversation bot/places "
    "bot/languages bot/messages bot/config bot/errors flows"
).split()
#: Those of casework that a contract orders.
DESKS = [
    f"bot/casework/{each}"
    for each in "keeping bulk closed incidents items thread rumours desk reports entries apart interpreting duty telling "
    "masking states seats".split()
]


def test_every_room_has_its_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = set(re.findall(r"bot\.\w+", " ".join(next(each["layers"] for each in contracts if "layers" in each))))
    rooms = {f"bot.{path.stem}" for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or list(path.glob("*.py"))}
    assert rooms - {"bot.__init__"} <= layers


@pytest.fixture
def empty_house(tmp_path: Path) -> Path:
    """Every room of the design, empty, under our contracts."""
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for room in ["bot", *ROOMS, *DESKS, "bot/broadcasts/approval"]:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    return tmp_path


def test_the_empty_house_keeps_the_contracts(empty_house: Path) -> None:
    (empty_house / "flows/report.py").write_text("import bot.conversation.questions\n")
    (empty_house / "bot/conversation/questions.py").write_text("import bot.languages\n")
    (empty_house / "bot/main/__init__.py").write_text("import admin, flows, bot.intake\n")
    (empty_house / "bot/intake/__init__.py").write_text("import bot.talks\n")
    done = lint_imports(empty_house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("room", "imported"),
    [
        ("bot/conversation", "random"),
        ("bot/conversation", "bot.store"),
        ("bot/channels", "bot.conversation"),
        ("bot/webhooks", "bot.clock"),
        ("bot/languages", "sqlalchemy"),
        ("bot/places", "time"),
        ("bot/store", "bot.casework"),
        ("bot/messages", "bot.config"),
        ("bot/casework", "flows"),
        ("bot/casework/telling", "bot.casework.desk"),
        ("bot/casework/rumours", "bot.casework.thread"),
        ("bot/casework/desk", "bot.casework.incidents"),
        ("bot/intake", "bot.broadcasts.approval"),
        ("flows", "bot.messages"),
        ("flows", "admin"),
        ("admin", "bot.main"),
        ("admin", "flows"),
    ],
)
def test_a_strayed_import_breaks_a_contract(empty_house: Path, room: str, imported: str) -> None:
    (empty_house / room / "strayed.py").write_text(f"import {imported}\n")
    done = lint_imports(empty_house)
    assert done.returncode != 0
    assert f"{room.replace('/', '.')}.strayed -> {imported}" in done.stdout


@pytest.mark.parametrize(
    "line", ["datetime.now()", "time.time()", "random.random()", "uuid.uuid4()", "os.environ['X']"]
)
def test_a_clock_or_chance_in_a_pure_room_is_refused(line: str) -> None:
    code = f"import os, random, time, uuid\nfrom datetime import datetime\n\nseen = {line}\n"
    for room, refused in (("flows", True), ("bot/conversation", True), ("bot/delivery", False)):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "ruff",
                "check",
                "--no-cache",
                "--select",
                "TID251",
                "--stdin-filename",
                f"{room}/a.py",
                "-",
            ],
            cwd=ROOT,
            input=code,
            capture_output=True,
            text=True,
        )
        assert ("TID251" in done.stdout) is refused, (room, done.stdout)


def test_the_readme_names_every_setting_and_route_and_the_first_verbs() -> None:
    readme = (ROOT / "README.md").read_text()
    settings = {name.upper() for name in Settings.__dataclass_fields__}
    routes = {"/admin", "/phone", "/health", "/ready", "/channels/"}
    verbs = {"make run", "make test", "make help"}
    assert not [name for name in sorted(settings | routes | verbs) if name not in readme]


def test_the_tests_live_in_another_zone() -> None:
    assert time.strftime("%z") == "+1400"


def test_the_suite_runs_on_both_databases(database_url: str, request: pytest.FixtureRequest) -> None:
    engine = create_engine(database_url)
    assert engine.dialect.name == request.node.callspec.params["database_url"]
    assert "installation" in inspect(engine).get_table_names()
    engine.dispose()


def test_the_store_keeps_what_is_written_on_both_databases(store: Store) -> None:
    with store.writing() as session:
        session.run(text("CREATE TABLE kept (id integer)"))
    with store.reading() as session:
        assert session.run(text("SELECT count(*) FROM kept")).scalar_one() == 0


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_a_missing_program_skips_a_test_at_home_and_fails_it_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(services.MissingProgram) as missing:
        services.chromium()
    with pytest.raises(outcome, match="needs the Debian package chromium"):
        lacks(missing.value)


def test_each_database_is_a_test_s_own(postgres_server: services.Postgres) -> None:
    assert postgres_server.create() != postgres_server.create()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_servers_end_with_the_process_that_started_them(how: signal.Signals) -> None:
    code = """
        import time
        from tests.services import postgres, redis
        with postgres() as database, redis() as wakeups:
            print(database._process.pid, wakeups.process.pid, flush=True)
            time.sleep(60)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        servers = process.stdout.readline().split()
        assert len(servers) == 2
        process.send_signal(how)
    deadline = time.monotonic() + 30
    while any(_runs(pid) for pid in servers):
        assert time.monotonic() < deadline, "a server outlived the tests"
        time.sleep(0.02)
    with services.redis() as later:
        assert not list(later.folder.parent.glob(f"kunnafoni-test-{process.pid}-*"))


def _runs(pid: str) -> bool:
    try:
        return Path("/proc", pid, "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_crashed_database_starts_again_with_what_it_had() -> None:
    with services.postgres(fsync=True) as server:
        name = server.create()
        server.crash()
        server.start()
        server.drop(name)


def test_the_browser_shows_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<p dir=auto>I ni ce</p>")
    assert page.text_content("p") == "I ni ce"
    page.close()
