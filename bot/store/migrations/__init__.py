"""Migrations: numbered, in one line, up and down with data; never edited once landed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from bot.errors import KunnafoniError

_FOLDER = Path(__file__).parent


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def head() -> str:
    """The number of the newest migration."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def is_behind(connection: Connection) -> bool:
    """Whether the database lacks a migration that this code needs."""
    return MigrationContext.configure(connection).get_current_revision() != head()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`; two at once wait for each other."""
    with _migrating(engine) as config:
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to `revision`."""
    with _migrating(engine) as config:
        command.downgrade(config, revision)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Config]:
    """One transaction for all steps; two at once wait for each other."""
    with engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection:
        if connection.dialect.name == "postgresql":
            with connection.begin():
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4815162342)")
                yield _config(connection)
            return
        with _unguarded(connection), connection.begin():
            yield _config(connection)
            left = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if left:
                raise KunnafoniError(f"a migration left {len(left)} rows without what they point at")


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which its foreign keys forbid while rows point at it
    (https://www.sqlite.org/lang_altertable.html#otheralter): they are off meanwhile, and checked before the commit.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
