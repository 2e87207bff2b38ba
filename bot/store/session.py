"""Transactions: `store.writing()` for what changes something, `store.reading()` for what only looks.

Statements that belong together travel together: `session.fetch(…)` asks several questions and `session.later(…)` queues
writes until the commit. On PostgreSQL each batch is one round trip (libpq's pipeline mode); on SQLite they run in turn.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row
from sqlalchemy import (
    Connection,
    CursorResult,
    Dialect,
    Engine,
    Executable,
    Table,
    create_engine,
    event,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import QueuePool

from bot.config import Settings
from bot.errors import KunnafoniError, SealError, SettingError, StoreAway
from bot.store import migrations
from bot.store.sealing import Keys
from bot.store.tables import installation

log = logging.getLogger(__name__)

#: What SQLite says when the file can't be reached, or another process has held it for too long.
_SQLITE_AWAY = ("unable to open database file", "database is locked", "disk I/O error")
#: A webhook is still answered from the spool before Twilio gives up, after 15 seconds.
_BUSY_SECONDS = 10
_AWAY_SECONDS = 3


class Duplicate(KunnafoniError):
    """A row with the same unique value is already there."""


_Statement = tuple[Executable, Mapping[str, Any]]

#: What COPY's binary form calls the types of our columns; the others are text.
_COPIED_AS = {
    "UUID": "uuid",
    "BYTEA": "bytea",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "SMALLINT": "int2",
    "FLOAT": "float8",
}


@dataclass(slots=True)
class Pending:
    """A queued write; `rows` holds what it returned as soon as it has run."""

    rows: list[Any] = field(default_factory=list)


class Session:
    """One transaction: its connection, the keys, the writes still queued."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self.connection = connection
        self.keys = keys
        self._queued: list[tuple[Executable, Mapping[str, Any], Pending]] = []
        self._after: list[Callable[[], None]] = []

    def run(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Run one statement now, after the queued ones. Raises Duplicate for a broken unique rule."""
        self.flush()
        return self._execute(statement, parameters or {})

    def fetch(self, *questions: tuple[Executable, Mapping[str, Any]]) -> list[list[Any]]:
        """The rows of each question, asked in order in one round trip, which takes the queued writes along."""
        return self._send(questions)

    def later(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Pending:
        """Queue a write for the next flush or the commit; pass a statement that is made once and kept."""
        pending = Pending()
        self._queued.append((statement, parameters or {}, pending))
        return pending

    def flush(self) -> None:
        """Run the queued writes, in order, in one round trip. Raises Duplicate for a broken unique rule."""
        if self._queued:
            self._send(())

    def insert_many(self, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows whose values stand in the order of `columns`: by COPY on PostgreSQL, else by one prepared
        statement. Raises Duplicate for a broken unique rule.
        """
        self.flush()
        if self.connection.dialect.name == "postgresql":
            self._copy(table, columns, rows)
        elif rows:
            self._execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])

    def _copy(self, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        driver = self.connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        into, named = sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(into, named)
        types = [table.c[name].type.compile(self.connection.dialect) for name in columns]
        try:
            with driver.cursor().copy(statement) as copy:
                copy.set_types([_COPIED_AS.get(each, "text") for each in types])
                for row in rows:
                    copy.write_row(row)
        except psycopg.Error as failure:
            raise _ours(failure) from None

    def finish(self) -> None:
        """Run the queued writes and commit; on PostgreSQL the commit rides in the same round trip."""
        if self._queued:
            self._send((), commit=True)

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do this once the transaction is durable, and never if it fails."""
        self._after.append(act)

    def committed(self) -> None:
        """Tell the waiting acts that the transaction is durable."""
        for act in self._after:
            act()

    def _send(self, questions: Sequence[_Statement], *, commit: bool = False) -> list[list[Any]]:
        queued, self._queued = self._queued, []
        found = self._batch([*(each[:2] for each in queued), *questions], commit)
        for (_, _, pending), rows in zip(queued, found, strict=False):
            pending.rows = rows
        return found[len(queued) :]

    def _batch(self, statements: Sequence[_Statement], commit: bool) -> list[list[Any]]:
        if self.connection.dialect.name != "postgresql":
            return [_rows(self._execute(each, parameters)) for each, parameters in statements]
        driver = self.connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        try:
            with driver.pipeline():
                silent = driver.cursor()
                cursors = [_start(driver, silent, self.connection.dialect, *each) for each in statements]
                if commit:
                    # A statement that failed makes the server pass over all that follows it in the pipeline, this too.
                    driver.commit()
            return [[] if cursor is silent else cursor.fetchall() for cursor in cursors]
        except psycopg.Error as failure:
            if driver.closed:
                # The others in the pool are as old as this one: without them the next transaction connects anew.
                self.connection.invalidate()
                self.connection.engine.dispose()
                raise StoreAway("the connection to the database broke") from None
            raise _ours(failure) from None

    def _execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    ) -> CursorResult[Any]:
        try:
            return self.connection.execute(statement, parameters)
        except DBAPIError as failure:
            ours = _ours(failure)
            if ours is failure:
                raise
            raise ours from failure


def _start(
    driver: psycopg.Connection[Any],
    silent: psycopg.Cursor[Any],
    dialect: Dialect,
    statement: Executable,
    given: Mapping[str, Any],
) -> psycopg.Cursor[Any]:
    """Send one statement; the cursor that will hold its rows, or the one that all statements without rows share."""
    made = _compiled(statement, tuple(given), dialect)
    parameters = {**made.constants, **given}
    for name, bind in made.binders:
        parameters[name] = bind(parameters[name])
    cursor = silent if made.silent else driver.cursor(row_factory=namedtuple_row)
    return cursor.execute(made.sql, parameters, binary=not made.silent)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement's SQL, its own constants, what prepares each value, and whether it returns no rows."""

    sql: bytes
    constants: Mapping[str, Any]
    binders: tuple[tuple[str, Callable[[Any], Any]], ...]
    silent: bool


@lru_cache(maxsize=512)
def _compiled(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> _Compiled:
    """The statement as the driver takes it; compiled once per statement and set of names."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))  # type: ignore[attr-defined]
    constants = {name: bind.effective_value for name, bind in compiled.binds.items() if name not in names}
    binders = tuple(compiled._bind_processors.items())
    changes = compiled.isinsert or compiled.isupdate or compiled.isdelete
    silent = changes and not compiled.effective_returning
    return _Compiled(compiled.string.encode(), constants, binders, silent)


def _rows(result: CursorResult[Any]) -> list[Any]:
    return list(result) if result.returns_rows else []


def _ours(failure: psycopg.Error | DBAPIError) -> Exception:
    cause = failure.orig if isinstance(failure, DBAPIError) else failure
    if isinstance(cause, psycopg.errors.UniqueViolation) or "UNIQUE constraint failed" in str(cause):
        return Duplicate("a unique value is already taken")
    if _is_away(failure, cause):
        return StoreAway("the database can't be reached")
    return failure


def _is_away(failure: Exception, cause: Any) -> bool:
    if isinstance(failure, DBAPIError) and failure.connection_invalidated:
        return True
    if isinstance(cause, psycopg.OperationalError):
        # 57P0x: the server stops or starts; 08xxx and none: the connection; 53xxx (no space, no memory) is not away.
        return cause.sqlstate is None or cause.sqlstate.startswith(("08", "57P"))
    return isinstance(failure, OperationalError) and any(each in str(cause) for each in _SQLITE_AWAY)


class Store:
    """The database and the keys to it. Made once per process, by `Store.open`."""

    def __init__(self, engine: Engine, keys: Keys) -> None:
        self.engine = engine
        self.keys = keys
        self._owed: Callable[[], None] | None = None
        self._paying = threading.Lock()

    @classmethod
    def open(cls, settings: Settings, keys: Keys, *, pool_size: int = 16) -> "Store":
        """The store these settings name; it may be away now and come back."""
        return cls(make_engine(settings.database, pool_size=pool_size), keys)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is durable when the block ends, or leaves no trace if it raises."""
        with self._session("BEGIN IMMEDIATE") as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction for looking; it never waits for a writer and never becomes one."""
        with self._session("BEGIN") as session:
            yield session

    @contextmanager
    def _session(self, begin: str) -> Iterator[Session]:
        if self._owed:
            self._pay()
        with self._transaction(begin) as session:
            yield session

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Session]:
        try:
            with self.engine.connect().execution_options(begin=begin) as connection:
                session = Session(connection, self.keys)
                with connection.begin():
                    yield session
                    session.finish()
        except (DBAPIError, psycopg.Error) as failure:
            ours = _ours(failure)
            if ours is failure:
                raise
            raise ours from failure
        except NoConnection:
            raise StoreAway("every connection to the database is taken") from None
        session.committed()

    def migrate(self) -> None:
        """Bring the tables to the newest migration. Raises StoreAway if the database can't be reached."""
        try:
            migrations.upgrade(self.engine)
        except DBAPIError as failure:
            ours = _ours(failure)
            if ours is failure:
                raise
            raise ours from failure

    def check(self, *, demo: bool) -> None:
        """Refuse a database that is of the other mode, under other keys, not migrated, or not durable."""
        with self._transaction("BEGIN") as session:
            if migrations.is_behind(session.connection):
                raise SettingError("DATABASE_URL", "the database is not migrated; run: kunnafoni migrate")
            row = session.run(select(installation)).first()
            if row is None:
                raise SettingError("DATABASE_URL", "the database has no stamp; run: kunnafoni migrate")
            if row.mode != mode_name(demo=demo):
                raise SettingError("DEMO", f"this database was made for {row.mode} use and stays so.")
            if row.key_check != self.keys.blind("installation", "key check"):
                raise SealError("KEY_FILE: these are not the keys of this database.")
            if not demo:
                _check_durable(session.connection)

    def check_when_back(self, *, demo: bool) -> None:
        """Check a database that is away as soon as it is back: nothing is read from it or written before."""
        self._owed = lambda: self.check(demo=demo)

    def _pay(self) -> None:
        with self._paying:
            if self._owed:
                self._owed()
                self._owed = None

    def empty_log(self) -> bool:
        """Empty SQLite's write-ahead log, which keeps what was erased from the tables; whether nothing is left in it.

        A reader or a writer that is in the middle of something is not waited for; call it again. PostgreSQL recycles
        its own log; there, what was erased stays sealed under a key that the next rotation destroys.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with self.engine.connect().execution_options(begin="SELECT 1") as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=100")
            try:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
        return not busy

    def close(self) -> None:
        """Give back the connections."""
        self.engine.dispose()


def mode_name(*, demo: bool) -> str:
    """How a database of this mode is stamped."""
    return "demo" if demo else "live"


def make_engine(url: str, *, pool_size: int = 16) -> Engine:
    """An engine that never puts values into its errors and never waits long for a database that is away."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=pool_size,
            connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=_AWAY_SECONDS,
        connect_args={
            "connect_timeout": _AWAY_SECONDS,
            "options": "-c timezone=UTC -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s",
            "keepalives_idle": 10,
        },
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    _write_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Switch the file to a write-ahead log, for good.

    Of two that switch a new file at the same instant SQLite refuses one at once, whatever its busy timeout: each holds
    what the other waits for. The refused one asks again, for as long as it would wait for any other writer.
    """
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as failure:
            if failure.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _check_durable(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        value = connection.execute(text(f"SHOW {name}")).scalar_one()
        if value not in {"on", "remote_write", "remote_apply"}:
            raise SettingError(
                "DATABASE_URL", f"PostgreSQL runs with {name}={value}; what is kept must survive a crash."
            )
