"""Transactions that leave all or nothing, and databases that are refused."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from bot import main
from bot.config import Settings
from bot.errors import SealError, SettingError, StoreAway
from bot.store import Duplicate, Store, migrations
from bot.store.sealing import Keys
from bot.store.session import make_engine
from bot.store.tables import contact, form_token, installation, report
from bot.store.types import new_id
from tests import services

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TOKEN = insert(form_token)


def _token(name: str) -> dict[str, Any]:
    return {"token": name, "used_at": NOW}


def _tokens(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.run(select(form_token.c.token).order_by(form_token.c.token)).scalars())


# All or nothing


@pytest.mark.parametrize("act", ["run", "later", "flush"])
def test_a_block_that_raises_leaves_no_trace(store: Store, act: str) -> None:
    told: list[str] = []
    with pytest.raises(KeyError), store.writing() as session:
        (session.run if act == "run" else session.later)(TOKEN, _token("a"))
        if act == "flush":
            session.flush()
        session.after_commit(lambda: told.append("durable"))
        raise KeyError
    assert _tokens(store) == told == []


def test_what_waits_for_the_commit_is_told_once_it_is_durable(store: Store) -> None:
    told: list[list[str]] = []
    with store.writing() as session:
        session.later(TOKEN, _token("a"))
        session.after_commit(lambda: told.append(_tokens(store)))
        assert told == []
    assert told == [["a"]]


def test_a_commit_that_fails_tells_nobody_and_keeps_nothing(store: Store) -> None:
    told: list[str] = []
    with store.writing() as session:
        session.later(TOKEN, _token("taken"))
    with pytest.raises(Duplicate), store.writing() as session:
        session.after_commit(lambda: told.append("durable"))
        session.later(TOKEN, _token("new"))
        session.later(TOKEN, _token("taken"))
    assert told == []
    assert _tokens(store) == ["taken"]


def test_queued_writes_run_in_order_and_before_every_question(store: Store) -> None:
    with store.writing() as session:
        session.later(TOKEN, _token("a"))
        session.later(update(form_token).where(form_token.c.token == "a").values(token="b"))
        removed = session.later(delete(form_token).where(form_token.c.token == "b").returning(form_token.c.used_at))
        session.later(TOKEN, _token("c"))
        ((one,), none) = session.fetch(
            (select(form_token.c.token), {}), (select(form_token).where(form_token.c.token == "a"), {})
        )
        assert (one.token, none) == ("c", [])
        assert [row.used_at for row in removed.rows] == [NOW]
        session.later(TOKEN, _token("d"))
        assert session.run(select(form_token)).all()[-1].token == "d"


@pytest.mark.parametrize("act", ["run", "flush", "commit"])
def test_a_broken_unique_rule_is_a_duplicate_at_once_on_both_databases(store: Store, act: str) -> None:
    with store.writing() as session:
        session.run(TOKEN, _token("a"))
    with pytest.raises(Duplicate), store.writing() as session:
        (session.run if act == "run" else session.later)(TOKEN, _token("a"))
        if act == "flush":
            with pytest.raises(Duplicate):
                session.flush()
            raise Duplicate
        assert act == "commit", "it was not noticed at once"
    assert _tokens(store) == ["a"]


@pytest.mark.parametrize(
    "broken",
    [
        insert(contact).values(id=new_id(), made_at=None),
        insert(installation).values(id=1, mode="other", key_check=b"", made_at=NOW),
        insert(report).values(
            id=new_id(), talk_id=new_id(), status="received", closed_queue=False, exercise=False, urgency=1,
            place_confirmed=False, channel="simulator", code_hash=b"x", made_at=NOW, changed_at=NOW,
        ),
    ],
    ids=["an empty column", "a value outside its list", "a row that is not there"],
)  # fmt: skip
@pytest.mark.parametrize("act", ["run", "later"])
def test_another_broken_rule_is_no_duplicate(store: Store, broken: Any, act: str) -> None:
    """Whoever meets a Duplicate looks for the row that was there first: there would be none."""
    with pytest.raises(Exception, match=r"(?i)constraint") as failure, store.writing() as session:
        getattr(session, act)(broken)
    assert not isinstance(failure.value, (Duplicate, StoreAway))


def test_an_error_never_shows_the_values(store: Store) -> None:
    with pytest.raises(Exception, match=r"\w") as failure, store.writing() as session:
        session.run(text("INSERT INTO form_token (token, used_at) VALUES (:number, NULL)"), {"number": "+22376000001"})
    chain, shown = failure.value, ""
    while chain is not None:
        shown += str(chain).partition("DETAIL")[0]
        chain = chain.__cause__
    assert "+22376000001" not in shown


def test_looking_never_waits_for_a_writer_and_sees_what_was_committed(store: Store) -> None:
    with store.writing() as session:
        session.run(TOKEN, _token("a"))
        seen = []
        thread = threading.Thread(target=lambda: seen.append(_tokens(store)))
        thread.start()
        thread.join(10)
        assert seen == [[]]
    assert _tokens(store) == ["a"]


def test_writers_at_the_same_time_wait_for_each_other_and_lose_nothing(store: Store) -> None:
    with store.writing() as session:
        session.run(insert(contact).values(id=new_id(), made_at=NOW, changed_at=NOW))

    def add() -> None:
        for _ in range(10):
            with store.writing() as session:
                before = session.run(select(contact.c.made_at).with_for_update()).scalar_one()
                session.run(update(contact).values(made_at=before + timedelta(seconds=1)))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as session:
        assert session.run(select(contact.c.made_at)).scalar_one() == NOW + timedelta(seconds=40)


def test_those_who_open_a_new_sqlite_file_at_once_wait_for_each_other(tmp_path: Path) -> None:
    """SQLite refuses the second of two that switch the journal at the same instant: seen in about one of ten."""
    failures: list[BaseException] = []

    def first(url: str, together: threading.Barrier) -> None:
        engine = make_engine(url)
        try:
            together.wait()
            with engine.begin() as connection:
                connection.exec_driver_sql("SELECT 1")
        except BaseException as failure:  # noqa: BLE001 - carried over to the test's own thread
            failures.append(failure)
        finally:
            engine.dispose()

    for number in range(150):
        together = threading.Barrier(3)
        threads = [
            threading.Thread(target=first, args=(f"sqlite:///{tmp_path / str(number)}", together)) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


def test_sqlite_keeps_each_commit_through_a_power_cut_and_shreds_what_is_deleted(
    settings: Callable[..., Settings], sqlite_url: str
) -> None:
    with Store.open(settings(database_url=sqlite_url), Keys.make()).reading() as session:
        pragmas = {
            name: session.run(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema")
        }
    assert pragmas == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0,
    }  # fmt: skip


# Databases that are refused


@pytest.fixture
def stamped(settings: Callable[..., Settings], database_url: str) -> Settings:
    """A demonstration's migrated and stamped database, and its keys."""
    made = settings(database_url=database_url)
    main.migrate(made)
    return made


def _check(settings: Settings, keys: Keys | None = None, *, demo: bool = True) -> None:
    store = Store.open(settings, keys or main.make_keys(settings))
    try:
        store.check(demo=demo)
    finally:
        store.close()


def test_a_stamped_database_is_taken_in_its_own_mode_and_refused_in_the_other(stamped: Settings) -> None:
    _check(stamped)
    with pytest.raises(SettingError, match="DEMO: this database was made for demo use"):
        _check(stamped, demo=False)


def test_a_live_database_is_refused_by_a_demonstration(settings: Callable[..., Settings], database_url: str) -> None:
    live = settings(database_url=database_url)
    keys = main.make_keys(live)
    main.migrate(replace(live, demo=False, key_file=live.keys))
    with pytest.raises(SettingError, match="DEMO: this database was made for live use"):
        _check(live, keys)


def test_migrating_again_never_changes_the_stamp(stamped: Settings) -> None:
    main.migrate(replace(stamped, demo=False, key_file=stamped.keys))
    _check(stamped)


def test_a_database_under_other_keys_is_refused(stamped: Settings) -> None:
    with pytest.raises(SealError, match="KEY_FILE"):
        _check(stamped, Keys.make())


def test_a_database_without_stamp_or_migration_is_refused_with_the_command(
    settings: Callable[..., Settings], database_url: str
) -> None:
    made = settings(database_url=database_url)
    with pytest.raises(SettingError, match="stamp.*kunnafoni migrate"):
        _check(made)
    store = Store.open(made, Keys.make())
    migrations.downgrade(store.engine, "base")
    store.close()
    with pytest.raises(SettingError, match="not migrated.*kunnafoni migrate"):
        _check(made)


def test_a_live_postgresql_that_may_lose_a_commit_is_refused(
    settings: Callable[..., Settings], postgresql_url: str
) -> None:
    """The tests' own server runs without fsync: a demonstration takes it, production names the setting."""
    demo = settings(database_url=postgresql_url)
    live = replace(demo, demo=False, key_file=demo.keys)
    keys = main.make_keys(demo)
    main.migrate(live)
    with pytest.raises(SettingError, match=r"DATABASE_URL: PostgreSQL runs with fsync=off"):
        _check(live, keys, demo=False)
    with services.postgres(fsync=True) as durable:
        name = durable.create("may_lose")
        safe = replace(live, database_url=durable.url(name))
        main.migrate(safe)
        _check(safe, keys, demo=False)
        durable.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        with pytest.raises(SettingError, match="synchronous_commit=off"):
            _check(safe, keys, demo=False)


# Databases that are away


def test_a_database_that_is_away_says_so_and_keeps_nothing(settings: Callable[..., Settings], tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/nowhere/x.sqlite", f"postgresql+psycopg://postgres@/x?host={tmp_path}"):
        store = Store.open(settings(database_url=url), Keys.make())
        for opened in (store.reading, store.writing):
            with pytest.raises(StoreAway), opened():
                pass
        store.close()


def test_a_database_that_was_away_is_checked_before_anything_is_read_or_written(
    stamped: Settings, settings: Callable[..., Settings]
) -> None:
    store = Store.open(stamped, Keys.make())
    store.check_when_back(demo=True)
    for _ in range(2):
        for opened in (store.reading, store.writing):
            with pytest.raises(SealError), opened():
                raise AssertionError("it went on")
    store.keys = main.make_keys(settings())
    with store.reading() as session:
        assert session.run(select(installation)).one().mode == "demo"
    store.close()


def test_a_connection_that_broke_is_made_again(settings: Callable[..., Settings], postgresql_url: str) -> None:
    store = Store.open(settings(database_url=postgresql_url), Keys.make())
    for act in ("run", "later"):
        with pytest.raises(StoreAway), store.writing() as session:
            session.run(TOKEN, _token("half"))
            pid = session.run(text("SELECT pg_backend_pid()")).scalar_one()
            with store.reading() as other:
                other.run(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
            getattr(session, act)(TOKEN, _token("lost"))
        with store.writing() as session:
            session.run(TOKEN, _token(act))
    assert _tokens(store) == ["later", "run"]
    store.close()


def test_a_full_disk_is_no_absence(settings: Callable[..., Settings], sqlite_url: str) -> None:
    """What can't be written now is told to the provider; the spool is for a database that is away."""
    store = Store.open(settings(database_url=sqlite_url), Keys.make(), pool_size=1)
    with pytest.raises(Exception, match="full") as failure, store.writing() as session:
        session.run(text("PRAGMA max_page_count = 1"))
        session.run(insert(contact).values(id=new_id(), made_at=NOW, changed_at=NOW, name=os.urandom(2_000_000)))
    assert not isinstance(failure.value, StoreAway)
    store.close()
