"""Sealing: what a stolen copy of the database can't read.

A value is sealed under a data key, bound to a label and to its row, so that it can't be moved unnoticed. Data keys lie
in the row they belong to, wrapped by the wrapping key of the key file; destroying either makes erasure final.
"""

import base64
import hashlib
import hmac
import json
import os
import stat
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from bot.errors import SealError, SettingError

_NONCE = 12
_FORM = b"\x01"


def seal(key: bytes, label: str, row: UUID | str, text: str) -> bytes:
    """`text` under `key`, readable only with the same label and row (AES-256-GCM, 96-bit random nonce)."""
    return seal_bytes(key, label, row, text.encode())


def seal_bytes(key: bytes, label: str, row: UUID | str, content: bytes) -> bytes:
    """What is no text, such as a file, sealed as a text is."""
    nonce = os.urandom(_NONCE)
    return _FORM + nonce + _cipher(key).encrypt(nonce, content, _bound(label, row))


def unseal(key: bytes, label: str, row: UUID | str, sealed: bytes) -> str:
    """The text that was sealed for this label and row; raises SealError for anything else."""
    return unseal_bytes(key, label, row, sealed).decode()


def unseal_bytes(key: bytes, label: str, row: UUID | str, sealed: bytes) -> bytes:
    """The bytes that were sealed for this label and row; raises SealError for anything else."""
    return _open(key, _bound(label, row), sealed)


def new_data_key() -> bytes:
    """A fresh 256-bit key for what is erased together: one talk, one address, one draft."""
    return os.urandom(32)


def _bound(label: str, row: UUID | str) -> bytes:
    return f"{label}|{row}".encode()


@lru_cache(maxsize=4096)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _open(key: bytes, bound: bytes, sealed: bytes) -> bytes:
    if sealed[:1] != _FORM:
        raise SealError("a sealed value has an unknown form")
    try:
        return _cipher(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], bound)
    except (InvalidTag, ValueError):  # ValueError: not even a whole nonce is left of it
        raise SealError("a sealed value does not belong here, or its key is another one") from None


@dataclass(slots=True)
class Keys:
    """The secrets outside the database: a pepper for blind indexes and the wrapping keys, newest last."""

    pepper: bytes = field(repr=False)
    wrapping: dict[int, bytes] = field(repr=False)
    _derived: dict[str, bytes] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def make(cls) -> "Keys":
        """A new set of keys, from the system's randomness."""
        return cls(os.urandom(32), {1: os.urandom(32)})

    @property
    def current(self) -> int:
        """The number of the wrapping key that new data keys are wrapped with."""
        return max(self.wrapping)

    def derive(self, purpose: str) -> bytes:
        """A 256-bit key for one purpose (HKDF-SHA-256); purposes can't be told from one another."""
        with self._lock:
            if purpose not in self._derived:
                self._derived[purpose] = HKDFExpand(hashes.SHA256(), 32, purpose.encode()).derive(self.pepper)
            return self._derived[purpose]

    def blind(self, purpose: str, value: str) -> bytes:
        """A hash for look-ups that says nothing without the key file (HMAC-SHA-256)."""
        return hmac.digest(self.derive(f"blind:{purpose}"), value.encode(), hashlib.sha256)

    def wrap(self, data_key: bytes, row: UUID | str) -> bytes:
        """The data key as it may lie in its row."""
        nonce = os.urandom(_NONCE)
        number = self.current.to_bytes(4)
        return number + nonce + _cipher(self.wrapping[self.current]).encrypt(nonce, data_key, _bound("key", row))

    def unwrap(self, wrapped: bytes | None, row: UUID | str) -> bytes:
        """The data key of a row; raises SealError when it was erased or its wrapping key destroyed."""
        if wrapped is None:
            raise SealError("the key of this row was erased")
        key = self.wrapping.get(int.from_bytes(wrapped[:4]))
        if key is None:
            raise SealError("the wrapping key of this row is not in the key file")
        try:
            return _cipher(key).decrypt(wrapped[4 : 4 + _NONCE], wrapped[4 + _NONCE :], _bound("key", row))
        except (InvalidTag, ValueError):
            raise SealError("the key of this row was moved or changed") from None

    def seal_alone(self, label: str, row: UUID, content: str | bytes) -> dict[str, bytes]:
        """Two columns of a new row with a data key of its own: that key, wrapped, and the one that `label` names, as
        table.column, sealed under it. Without the row nobody reads it again.
        """
        key, column = new_data_key(), label.rpartition(".")[2]
        as_bytes = content.encode() if isinstance(content, str) else content
        return {"data_key": self.wrap(key, row), column: seal_bytes(key, label, row, as_bytes)}

    def unseal_of(self, label: str, row: Any) -> str:
        """The text in the column that `label` names, of a row that has its data key with it."""
        sealed = getattr(row, label.rpartition(".")[2])
        return unseal(self.unwrap(row.data_key, row.id), label, row.id, sealed)

    def with_new_wrapping_key(self) -> "Keys":
        """These keys and one more wrapping key, which is the current one."""
        return Keys(self.pepper, {**self.wrapping, self.current + 1: os.urandom(32)})

    def without(self, numbers: set[int]) -> "Keys":
        """These keys without some wrapping keys; what they wrapped is gone for ever."""
        return Keys(self.pepper, {number: key for number, key in self.wrapping.items() if number not in numbers})


def save_keys(keys: Keys, path: Path, *, over: bool = False) -> None:
    """Write the key file, mode 0400, whole or not at all, and on the disk before anything relies on it.

    A key file that is already there is only ever replaced `over` it; else it raises FileExistsError.
    """
    content = {
        "pepper": base64.b64encode(keys.pepper).decode(),
        "wrapping": {str(number): base64.b64encode(key).decode() for number, key in keys.wrapping.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    if over:
        for left in path.parent.glob(f".{path.name}.*"):
            left.unlink()  # of a rotation that was killed: it may hold a wrapping key that is to be destroyed
    new = path.with_name(f".{path.name}.{uuid4().hex}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        if over:
            new.replace(path)
        else:
            path.hardlink_to(new)
    finally:
        new.unlink(missing_ok=True)
    _flush(path.parent)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def load_keys(path: Path) -> Keys:
    """The keys in this file; raises SettingError when it is missing, damaged or open to others."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingError("KEY_FILE", f"can be read by others; run: chmod 0400 {path}")
        content = json.loads(path.read_text())
        keys = Keys(
            base64.b64decode(content["pepper"], validate=True),
            {int(number): base64.b64decode(key, validate=True) for number, key in content["wrapping"].items()},
        )
    except FileNotFoundError:
        raise SettingError("KEY_FILE", f"{path} does not exist; `kunnafoni keys make` makes one.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SettingError("KEY_FILE", f"{path} can't be read as a key file.") from None
    if len(keys.pepper) != 32 or not keys.wrapping or any(len(key) != 32 for key in keys.wrapping.values()):
        raise SettingError("KEY_FILE", f"{path} can't be read as a key file.")
    return keys
