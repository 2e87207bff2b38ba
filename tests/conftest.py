"""What every test may ask for: real servers, a migrated database of its own, settings, a browser."""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import playwright.sync_api
import pytest

from bot.config import Settings
from bot.store import Store, migrations
from bot.store.sealing import Keys
from bot.store.session import make_engine
from tests import sameness, services

_TEMPLATE = "kunnafoni_template"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Ask for the pictures of the documentation; by itself no test changes a file of the repository."""
    parser.addoption("--pictures", action="store_true", help="draw docs/pictures anew")


def pytest_configure() -> None:
    """Live in a zone that is neither Bamako's nor UTC, so that a forgotten zone shows as a wrong day."""
    known = Path("/usr/share/zoneinfo/Pacific/Kiritimati").exists()
    os.environ["TZ"] = "Pacific/Kiritimati" if known else "<+14>-14"
    time.tzset()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what each language costs, where the tests have just found the table in the docs to be today's."""
    held = [each.nodeid for each in terminalreporter.stats.get("passed", ()) if isinstance(each, pytest.TestReport)]
    if any(name.endswith("::test_the_table_in_the_docs_is_this_one") for name in held):
        table = Path(__file__).parent.parent.joinpath("docs", "segments.md").read_text(encoding="utf-8")
        terminalreporter.section("what each language costs on SMS")
        terminalreporter.write_line("\n".join(line for line in table.split("\n") if line.startswith("|")))


def lacks(missing: services.MissingProgram) -> NoReturn:
    """Skip on a machine without the program; in CI nothing may be skipped."""
    if os.environ.get("CI"):
        pytest.fail(str(missing))
    pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[services.Postgres]:
    """One PostgreSQL per process of the tests; it holds a migrated template."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(services.postgres())
        except services.MissingProgram as missing:
            lacks(missing)
        _migrate(server.url(server.create(_TEMPLATE)))
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[services.Redis]:
    """One Redis per process of the tests; empty it first if that matters."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(services.redis())
        except services.MissingProgram as missing:
            lacks(missing)
        yield server


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "kunnafoni.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url: str) -> None:
    engine = make_engine(url, pool_size=1)
    migrations.upgrade(engine)
    engine.dispose()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty folder for DATA_DIR, in memory where there is any: no test waits for a disk."""
    with services.scratch(in_memory=True) as folder:
        yield folder


@pytest.fixture
def sqlite_url(data_dir: Path, _sqlite_template: Path) -> str:
    """A migrated, empty SQLite database of this test's own."""
    path = data_dir / "kunnafoni.sqlite"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres_server: services.Postgres) -> Iterator[str]:
    """A migrated, empty PostgreSQL database of this test's own."""
    name = postgres_server.create(template=_TEMPLATE)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database of this test's own; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def settings(data_dir: Path) -> Callable[..., Settings]:
    """Settings of a demo in this test's folder; arguments change single ones."""

    def make(**changes: Any) -> Settings:
        return replace(Settings(demo=True, data_dir=data_dir), **changes)

    return make


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store with fresh keys on an empty migrated database of each kind; not stamped."""
    store = Store(sameness.engine_for(database_url), Keys.make())
    yield store
    store.close()


@contextlib.contextmanager
def open_browser() -> Iterator[playwright.sync_api.Browser]:
    """Debian's Chromium; while it lives, its event loop keeps the thread from running another.

    The pages of one browser share a process: to start one costs more than most tests.
    """
    try:
        program = services.chromium()
    except services.MissingProgram as missing:
        lacks(missing)
    arguments = ["--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
    with playwright.sync_api.sync_playwright() as player:
        chromium = player.chromium.launch(
            executable_path=program, args=[*arguments, "--disable-sync", "--no-first-run", "--process-per-site"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.sync_api.Browser]:
    """A browser for the tests of one module."""
    with open_browser() as chromium:
        yield chromium
