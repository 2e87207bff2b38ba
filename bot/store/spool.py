"""The spool: where a verified inbound message waits, sealed, while the database is away.

One file per message: `<microsecond of arrival>-<HMAC of the sender>-<HMAC of channel and provider id>`, so that a
repeated webhook is seen to be one, and who has something waiting here too. A file is on the disk (file and folder
flushed) before anybody is told that the message was taken.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from bot.errors import SealError, SettingError
from bot.messages import Inbound, InboundKind, Media, Press
from bot.store.sealing import Keys, seal, unseal

_FILE = re.compile("[0-9]{18}-[0-9a-f]{32}-[0-9a-f]{64}")


class Spool:
    """A folder of sealed messages. Raises SettingError when the folder can't be written at the start."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder = folder
        self._keys = keys
        self.check()

    def check(self) -> None:
        """Prove that a file can be written and flushed here."""
        probe = self._folder / f".probe.{_unique()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(probe, b"ok")
            probe.unlink()
        except OSError as failure:
            raise SettingError("DATA_DIR", f"the spool can't be written: {failure.strerror}.") from None

    def keep(self, inbound: Inbound, received: float) -> None:
        """Keep this message until it is drained; `received` is its Unix time. Raises OSError if it can't."""
        name = self._keys.blind("spool", f"{inbound.channel}|{inbound.provider_id}").hex()
        order = f"{int(received * 1_000_000):018d}"
        if any(file.endswith(f"-{name}") for file in self._files()):
            _flush_folder(self._folder)  # whoever wrote it may not have come so far
            return
        content = json.dumps({"received": received, "inbound": asdict(inbound)}, ensure_ascii=True)
        sealed = seal(self._keys.derive("spool"), "spool", name, content)
        new = self._folder / f".new.{_unique()}"
        _write(new, sealed)
        new.replace(self._folder / f"{order}-{self._mark(inbound.address)}-{name}")
        _flush_folder(self._folder)

    def holds(self, address: str) -> bool:
        """Whether a message of this sender waits here; a folder that can't be read holds nothing back."""
        try:
            files = self._files()
        except OSError:
            return False
        if not files:
            return False
        mark = self._mark(address)
        return any(file.split("-")[1] == mark for file in files)

    def _mark(self, address: str) -> str:
        return self._keys.blind("spool.sender", address).hex()[:32]

    def _files(self) -> list[str]:
        return [path.name for path in self._folder.iterdir() if _FILE.fullmatch(path.name)]

    def waiting(self) -> Iterator[tuple[Path, Inbound, float]]:
        """What waits, in the order it was received; a file that can't be opened is left and passed over."""
        for file in sorted(self._files()):
            path = self._folder / file
            try:
                name = file.split("-")[2]
                content = json.loads(unseal(self._keys.derive("spool"), "spool", name, path.read_bytes()))
                yield path, _inbound(content["inbound"]), content["received"]
            except FileNotFoundError:
                continue  # somebody else has just drained it
            except (SealError, ValueError, KeyError, TypeError):
                continue  # damaged or under other keys: it stays for a person to look at

    def count(self) -> int:
        """How many messages wait."""
        return len(self._files())

    def done(self, path: Path) -> None:
        """Forget a message that is now in the database."""
        path.unlink(missing_ok=True)
        _flush_folder(self._folder)


def _inbound(fields: dict[str, object]) -> Inbound:
    press = fields.pop("press")
    media = fields.pop("media")
    kind = InboundKind(str(fields.pop("kind")))
    return Inbound(
        **fields,  # type: ignore[arg-type]
        kind=kind,
        press=Press(**press) if isinstance(press, dict) else None,
        media=tuple(Media(**each) for each in media) if isinstance(media, list) else (),
    )


def _unique() -> str:
    return uuid4().hex


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
