"""The key file: made once and only in a demonstration, closed to others, never written over, never half there."""

import base64
import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import cli, main
from bot.config import Settings
from bot.errors import SettingError
from bot.store.sealing import Keys, load_keys, save_keys

LONG = base64.b64encode(bytes(32)).decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the key file will be, in a folder that is not there yet."""
    return tmp_path / "away" / "keys.json"


def test_keys_come_back_as_they_were_saved(path: Path) -> None:
    keys = Keys.make().with_new_wrapping_key()
    save_keys(keys, path)
    found = load_keys(path)
    assert (found.pepper, found.wrapping) == (keys.pepper, keys.wrapping)


def test_only_its_owner_can_read_the_key_file_and_nothing_lies_beside_it(path: Path) -> None:
    os.umask(umask := os.umask(0o777))
    for mask in (umask, 0):
        os.umask(mask)
        save_keys(Keys.make(), path, over=True)
        os.umask(umask)
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
        assert list(path.parent.iterdir()) == [path]


def test_the_key_file_and_its_name_are_on_the_disk_before_anything_relies_on_them(
    path: Path, flushed: list[str]
) -> None:
    for over in (False, True):
        flushed.clear()
        save_keys(Keys.make(), path, over=over)
        assert flushed[-1] == str(path.parent)
        assert any(name.startswith(str(path.parent / ".")) for name in flushed[:-1])


@pytest.mark.parametrize("mode", [0o440, 0o420, 0o410, 0o404, 0o402, 0o401, 0o644, 0o777])
def test_a_key_file_open_to_others_is_refused(path: Path, mode: int) -> None:
    save_keys(Keys.make(), path)
    path.chmod(mode)
    with pytest.raises(SettingError, match="KEY_FILE: .*chmod 0400"):
        load_keys(path)


def test_a_missing_key_file_is_named_with_the_command_that_makes_one(path: Path) -> None:
    with pytest.raises(SettingError, match="KEY_FILE: .*does not exist.*keys make"):
        load_keys(path)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}",
        json.dumps({"pepper": LONG}).encode(),
        json.dumps({"pepper": LONG, "wrapping": {}}).encode(),
        json.dumps({"pepper": LONG, "wrapping": []}).encode(),
        json.dumps({"pepper": LONG, "wrapping": {"one": LONG}}).encode(),
        json.dumps({"pepper": LONG, "wrapping": {"1": LONG[:8]}}).encode(),
        json.dumps({"pepper": LONG[:-4], "wrapping": {"1": LONG}}).encode(),
        json.dumps({"pepper": 5, "wrapping": {"1": LONG}}).encode(),
        json.dumps({"pepper": "not base64!", "wrapping": {"1": LONG}}).encode(),
    ],
)  # fmt: skip
def test_a_damaged_key_file_is_refused_in_one_sentence(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    path.chmod(0o400)
    with pytest.raises(SettingError, match=r"KEY_FILE: .*can't be read as a key file\.$"):
        load_keys(path)


def test_a_folder_in_place_of_the_key_file_is_refused(path: Path) -> None:
    path.mkdir(parents=True, mode=0o700)
    with pytest.raises(SettingError, match="KEY_FILE"):
        load_keys(path)


def test_what_a_killed_rotation_left_is_removed_by_the_next(path: Path) -> None:
    save_keys(Keys.make(), path)
    left = path.with_name(f".{path.name}.dead")
    left.write_text("an old wrapping key")
    save_keys(Keys.make(), path, over=True)
    assert not left.exists()


def test_a_key_file_is_never_written_over(path: Path) -> None:
    save_keys(Keys.make(), path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        save_keys(Keys.make(), path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_the_demonstration_makes_its_keys_at_the_first_run_and_keeps_them(settings: Callable[..., Settings]) -> None:
    first = main.make_keys(settings())
    assert stat.S_IMODE(settings().keys.stat().st_mode) == 0o400
    assert main.make_keys(settings()).wrapping == first.wrapping


def test_a_damaged_key_file_is_not_replaced_by_the_demonstration(settings: Callable[..., Settings]) -> None:
    settings().keys.write_text("{")
    settings().keys.chmod(0o400)
    with pytest.raises(SettingError, match="KEY_FILE"):
        main.make_keys(settings())
    assert settings().keys.read_text() == "{"


def test_processes_that_start_together_have_the_same_keys(settings: Callable[..., Settings]) -> None:
    together, found = threading.Barrier(8), []

    def start() -> None:
        together.wait()
        found.append(main.make_keys(settings()).pepper)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_production_names_its_key_file_and_never_makes_it(settings: Callable[..., Settings], path: Path) -> None:
    with pytest.raises(SettingError, match="KEY_FILE"):
        main.make_keys(settings(demo=False))
    with pytest.raises(SettingError, match="KEY_FILE"):
        main.make_keys(settings(demo=False, key_file=path))
    assert not path.exists()
    assert not settings().keys.exists()


def test_the_command_makes_a_key_file_once(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KEY_FILE", str(path))
    assert _command("keys", "make") is None
    before = path.read_bytes()
    said = _command("keys", "make")
    assert "keys are never made over others" in said
    assert path.read_bytes() == before
    shown = "".join([*capsys.readouterr(), said])
    assert not any(base64.b64encode(key).decode() in shown for key in load_keys(path).wrapping.values())


def _command(*arguments: str) -> Any:
    try:
        cli.run(arguments)
    except SystemExit as end:
        return end.code
    return None
