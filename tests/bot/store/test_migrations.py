"""Migrations: what they make is what the tables say, up and down, by one or by two at once."""

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from bot import main
from bot.casework import members
from bot.config import Settings
from bot.errors import SettingError
from bot.people import groups, memberships
from bot.people.groups import Counts, Wanted
from bot.store import Store, migrations
from bot.store.session import make_engine
from bot.store.tables import GroupKind, installation, metadata, report
from tests import services
from tests.chat import TRUSTED, Road


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An empty, migrated database."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def test_the_migrated_tables_are_those_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    if engine.dialect.name == "sqlite":
        # It does not tell which way an index sorts, so those that sort downwards look changed.
        found = [
            change for change in found if not re.match("ix_report_(open|status)", str(getattr(change[1], "name", "")))
        ]
    assert found == []


def test_each_migration_goes_down_and_up_again_with_what_the_house_holds(road: Road) -> None:
    phone = road.phone()
    for said in ("on a vole nos boeufs cette nuit", "1", "1", "Konna", "1"):
        phone.says(said)
    assert [task.report_id for task in road.call_backs()] == [road.report().id], (
        "a row that points at a table made anew"
    )
    engine = road.store.engine
    migrations.downgrade(engine, "0001")
    with engine.connect() as connection:
        assert migrations.is_behind(connection)
    migrations.upgrade(engine)
    with engine.connect() as connection:
        assert not migrations.is_behind(connection)
    assert road.report().narrative == "on a vole nos boeufs cette nuit"
    assert [task.report_id for task in road.call_backs()] == [road.report().id]
    migrations.downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(engine)
    migrations.upgrade(engine)


def test_who_joined_before_there_were_groups_is_a_contact_in_one(road: Road) -> None:
    engine = road.store.engine
    with road.store.writing() as session:
        group_id = groups.make(session, road.now, "command", GroupKind.CCLS, "kun:mopti/mopti/konna")
        codes = [members.invite(session, road.now, TRUSTED, group_id) for _ in range(3)]
    for said in (f"inscription {codes[0]}", "1", "1", f"inscription {codes[1]}", "1"):
        road.phone().says(said)
    migrations.downgrade(engine, "0020")
    with engine.connect() as connection:
        rows = connection.execute(text('SELECT "group", place, person FROM member ORDER BY person')).all()
    assert [tuple(row) for row in rows] == [("committee", "kun:mopti/mopti/konna", each) for each in (1, 2)]
    migrations.upgrade(engine)
    with road.store.reading() as session:
        ((group, counts),) = groups.listed(session, road.now, Wanted(), titles=True)
        found = memberships.of_group(session, road.now, group.id, 10)
    assert (group.kind, group.place, counts) == (GroupKind.CCLS, "kun:mopti/mopti/konna", Counts(listed=2))
    assert [each.person for each in found] == [1, 2]
    other = road.phone("76000002")
    for said in (f"inscription {codes[2]}", "1", "1"):
        other.says(said)
    with road.store.reading() as session:
        assert groups.counted(session, road.now, group.id) == Counts(listed=3), "a code given before is good after"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_that_migrate_at_once_wait_for_each_other(
    kind: str, settings: Callable[..., Settings], request: pytest.FixtureRequest
) -> None:
    if kind == "postgresql":
        server: services.Postgres = request.getfixturevalue("postgres_server")
        made = settings(database_url=server.url(server.create()))
    else:
        made = settings()
    main.make_keys(made)
    failures: list[BaseException] = []

    def migrate() -> None:
        try:
            main.migrate(made)
        except BaseException as failure:  # noqa: BLE001 - carried over to the test's own thread
            failures.append(failure)

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    store = Store.open(made, main.make_keys(made))
    with store.reading() as session:
        assert [row.mode for row in session.run(select(installation))] == ["demo"]
    store.close()


def test_a_database_of_one_mode_is_refused_in_the_other(settings: Callable[..., Settings], database_url: str) -> None:
    demo = settings(database_url=database_url)
    main.migrate(demo)
    main.assemble(demo).close()
    with pytest.raises(SettingError, match="made for demo use"):
        main.assemble(settings(database_url=database_url, demo=False, key_file=demo.keys))


def test_what_was_found_out_goes_to_the_scale_of_seven_and_back(road: Road) -> None:
    """What the old scale can't say was not settled there; the new one takes nothing that it does not know."""
    for number in range(5):
        road.phone(f"7600000{number}").says("on dit que le marche est ferme")
    engine = road.store.engine
    ids = [line.id for line in road.reports()]
    scale = ("confirmed_true", "confirmed_false", "cannot_be_checked", "probably_false", "under_check")
    with road.store.writing() as session:
        for identity, veracity in zip(ids, scale, strict=True):
            session.run(update(report).where(report.c.id == identity).values(veracity=veracity))
    migrations.downgrade(engine, "0015")
    with engine.connect() as connection:
        old = connection.execute(text("SELECT verdict FROM report ORDER BY made_at, id")).scalars().all()
    assert old == ["true", "false", "unknown", None, None]
    migrations.upgrade(engine)
    assert [line.veracity for line in road.reports()] == [*scale[:3], None, None]
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(update(report).values(veracity="perhaps"))
