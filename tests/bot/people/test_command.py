"""`kunnafoni contacts`: every bad row by its number, and a file lands whole or not at all."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import cli, main
from bot.config import Settings
from bot.people.reading import read_entries
from bot.people.spreadsheet import read_rows
from bot.people.template import TEMPLATE
from bot.places.gazetteer import Gazetteer
from bot.store.audit import Action
from bot.store.tables import audit, contact
from tests.bot.people.files import as_csv, as_xlsx, row


@pytest.fixture
def house(settings: Callable[..., Settings], database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    made = settings(database_url=database_url)
    main.migrate(made)
    for name, value in {"DEMO": "1", "DATA_DIR": str(made.data_dir), "DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    return made


def _contacts(*arguments: str) -> int | str | None:
    try:
        cli.run(["contacts", *arguments])
    except SystemExit as end:
        return end.code
    return 0


def _count(house: Settings) -> int:
    parts = main.assemble(house, in_process=True)
    with parts.store.reading() as session:
        found = session.run(select(func.count()).select_from(contact)).scalar_one()
        noted = session.run(select(audit.c.action).where(audit.c.action == Action.CONTACTS_IMPORTED.value)).all()
    parts.close()
    assert len(noted) == (1 if found else 0)
    return int(found)


def test_a_file_is_checked_then_imported_whole(
    house: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(as_xlsx(row(), row("70000001", "Fanta")))
    assert _contacts("check", str(path)) == 0
    assert "2 contacts would be new" in capsys.readouterr().out
    assert _count(house) == 0
    assert _contacts("import", str(path)) == 0
    assert "2 contacts are new" in capsys.readouterr().out
    assert _count(house) == 2


def test_a_file_with_a_bad_row_changes_nothing_and_names_no_person(
    house: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "list.csv"
    path.write_bytes(as_csv(row(), row("70000001", "Fanta", commune="Zzqqwe")))
    assert "nothing was written" in str(_contacts("import", str(path)))
    told = capsys.readouterr()
    assert "row 3: No commune is called Zzqqwe." in told.err
    assert not any(secret in told.err + told.out + caplog.text for secret in ("70000001", "76123456", "Fanta", "Awa"))
    assert _count(house) == 0


def test_a_file_that_is_none_is_refused_in_one_sentence(house: Settings, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"nom;age\nAwa;3\n")
    assert str(_contacts("check", str(path))) == "kunnafoni: The first row has no column number (numero)."
    assert "can't be read" in str(_contacts("check", str(tmp_path / "none.csv")))


def test_the_template_is_read_and_its_examples_are_no_people(house: Settings, tmp_path: Path) -> None:
    path = tmp_path / "template.csv"
    assert _contacts("template", str(path)) == 0
    assert path.read_bytes() == TEMPLATE
    read = list(read_entries(read_rows(TEMPLATE), Gazetteer.load()))
    assert [str(each.problem) for each in read] == ["No network has this telephone number."] * 2  # type: ignore[union-attr]
