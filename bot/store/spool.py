"""The spool: where a verified inbound message waits, sealed, while the database is away.

One folder per sender, named by an HMAC, and in it one file per message, `<microsecond of arrival>-<HMAC of channel and
provider id>`: so a repeated webhook is seen to be one, and whoever has something waiting is found without a search. A
file is on the disk (file and folders flushed) before anybody is told that the message was taken.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from bot.errors import SealError, SettingError
from bot.messages import Inbound, InboundKind, Media, Press
from bot.store.sealing import Keys, seal, unseal

_SENDER = re.compile("[0-9a-f]{32}")
_FILE = re.compile("[0-9]{18}-[0-9a-f]{64}")


class Spool:
    """A folder of sealed messages. Raises SettingError when the folder can't be written at the start."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder = folder
        self._keys = keys
        self.check()

    def check(self) -> None:
        """Prove that a file can be written and flushed here."""
        probe = self._folder / f".probe.{uuid4().hex}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(probe, b"ok")
            probe.unlink()
        except OSError as failure:
            raise SettingError("DATA_DIR", f"the spool can't be written: {failure.strerror}.") from None

    def keep(self, inbound: Inbound, received: float) -> None:
        """Keep this message until it is drained; `received` is its Unix time. Raises OSError if it can't."""
        name = self._keys.blind("spool", f"{inbound.channel}|{inbound.provider_id}").hex()
        sender = self._of(inbound.address)
        if any(file.endswith(f"-{name}") for file in _files(sender)):
            _flush(sender)  # whoever wrote it may not have come so far
            return
        content = json.dumps({"received": received, "inbound": asdict(inbound)}, ensure_ascii=True)
        new = self._folder / f".new.{uuid4().hex}"
        _write(new, seal(self._keys.derive("spool"), "spool", name, content))
        self._move(new, sender, f"{int(received * 1_000_000):018d}-{name}")
        _flush(sender)
        _flush(self._folder)

    def _move(self, new: Path, sender: Path, name: str) -> None:
        for _ in range(100):
            sender.mkdir(exist_ok=True, mode=0o700)
            with suppress(FileNotFoundError):  # the last message of this sender was drained just now
                new.replace(sender / name)
                return
        raise FileNotFoundError(sender)

    def holds(self, address: str) -> bool:
        """Whether a message of this sender waits here."""
        return bool(_files(self._of(address)))

    def waiting(self) -> Iterator[tuple[Path, Inbound, float]]:
        """What waits, in the order it was received; a file that can't be opened is left and passed over."""
        for path in sorted(self._all(), key=lambda path: path.name):
            try:
                name = path.name.partition("-")[2]
                content = json.loads(unseal(self._keys.derive("spool"), "spool", name, path.read_bytes()))
                yield path, _inbound(content["inbound"]), content["received"]
            except FileNotFoundError:
                continue  # somebody else has just drained it
            except (SealError, ValueError, KeyError, TypeError):
                continue  # damaged or under other keys: it stays for a person to look at

    def count(self) -> int:
        """How many messages wait."""
        return len(self._all())

    def expire(self, before: float) -> int:
        """Erase what was received before this Unix time and could never be taken; how many files."""
        old = [path for path in self._all() if int(path.name.partition("-")[0]) < before * 1_000_000]
        for path in old:
            self.done(path)
        return len(old)

    def done(self, path: Path) -> None:
        """Forget a message that is now in the database; should a power cut bring the file back, it is known there."""
        path.unlink(missing_ok=True)
        with suppress(OSError):  # another message of this sender has come
            path.parent.rmdir()

    def _of(self, address: str) -> Path:
        return self._folder / self._keys.blind("spool.sender", address).hex()[:32]

    def _all(self) -> list[Path]:
        senders = [folder for folder in self._folder.iterdir() if _SENDER.fullmatch(folder.name)]
        return [sender / file for sender in senders for file in _files(sender)]


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


def _files(sender: Path) -> list[str]:
    """The names of a sender's files; none where there is no folder."""
    try:
        return [path.name for path in sender.iterdir() if _FILE.fullmatch(path.name)]
    except OSError:
        return []


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    with suppress(FileNotFoundError):  # drained and gone already
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
