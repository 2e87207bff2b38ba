"""Column types and SQL functions that mean the same on PostgreSQL and on SQLite."""

import os
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Integer, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

#: A row number for bulk tables; SQLite numbers rows only under the name INTEGER.
RowNumber = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, always aware in Python; SQLite would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone, and hand the database UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every moment its zone back."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class moment(FunctionElement[datetime]):  # noqa: N801 - an SQL function, named like one
    """The database's clock, `seconds` from now; workers on several machines then agree on leases."""

    type = Instant()
    inherit_cache = True


@compiles(moment, "postgresql")
def _moment_postgresql(element: moment, compiler: Any, **options: Any) -> str:
    if not element.clauses.clauses:
        return "clock_timestamp()"
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


@compiles(moment, "sqlite")
def _moment_sqlite(element: moment, compiler: Any, **options: Any) -> str:
    shift = ""
    if element.clauses.clauses:
        shift = f", ({compiler.process(element.clauses, **options)}) || ' seconds'"
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now'{shift})"


class seconds_since(FunctionElement[float]):  # noqa: N801
    """How many seconds the database's clock is past a moment."""

    inherit_cache = True


@compiles(seconds_since, "postgresql")
def _seconds_since_postgresql(element: seconds_since, compiler: Any, **options: Any) -> str:
    return f"extract(epoch from clock_timestamp() - {compiler.process(element.clauses, **options)})"


@compiles(seconds_since, "sqlite")
def _seconds_since_sqlite(element: seconds_since, compiler: Any, **options: Any) -> str:
    return f"((julianday('now') - julianday({compiler.process(element.clauses, **options)})) * 86400.0)"


def among(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """Whether a column has one of our own constants, written into the SQL so that partial indexes are seen to fit."""
    return column.in_([literal_column(f"'{value}'") for value in values])


def new_id() -> uuid.UUID:
    """A fresh UUID version 7 (RFC 9562): it sorts by the millisecond it was made in, the rest is chance."""
    milliseconds = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10))
    number = (milliseconds & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (chance >> 68 & 0xFFF) << 64 | 0b10 << 62
    return uuid.UUID(int=number | chance & 0x3FFFFFFFFFFFFFFF)
