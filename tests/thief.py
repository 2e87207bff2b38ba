"""What a thief can carry away, and how to find in it what a person wrote, in whatever dress."""

import base64
import hashlib
import re
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests import services


def _dresses(secret: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        plain = secret.encode(encoding, "replace")
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for shift in range(3):
            # The middle of it, wherever in a longer text it stood.
            yield base64.b64encode(b"\0" * shift + plain)[4:-4]
    yield quote(secret).encode()
    yield secret.encode("unicode_escape")
    yield "".join(f"\\u{ord(letter):04x}" for letter in secret).encode()
    for prefix in ("", "tel:+223", "+223", "223", "telegram:", "sim:"):
        for algorithm in (hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.blake2b):
            digest = algorithm((prefix + secret).encode()).digest()[:16]
            yield digest
            yield digest.hex().encode()


def found(dump: bytes, secrets: Collection[str]) -> set[str]:
    """Which of the secrets stand in this copy, in any dress; letters in any case."""
    lowered = dump.lower()
    return {
        secret
        for secret in secrets
        for dressed in _dresses(secret)
        if dressed in dump or (len(dressed) > 8 and dressed.lower() in lowered)
    }


def database(server: services.Postgres, name: str) -> bytes:
    """A database of PostgreSQL as a dump, as the files of its tables, and the server's logs."""
    command = [str(server.programs / "pg_dump"), "--inserts", server.dsn(name)]
    taken = subprocess.run(command, capture_output=True, check=True).stdout
    server.execute("CHECKPOINT")
    taken += files(server.folder / "data" / "pg_wal")
    with psycopg.connect(server.dsn(name)) as connection:
        row = connection.execute("SELECT pg_relation_filepath('message')").fetchone()
    assert row
    taken += files((server.folder / "data" / row[0]).parent)
    return taken + (server.folder / "log").read_bytes()


def folder(path: Path, *, but: Path) -> bytes:
    """All files in and under a folder, `but` the one that is kept elsewhere."""
    return b"".join(each.read_bytes() for each in path.rglob("*") if each.is_file() and each != but)


def files(path: Path) -> bytes:
    """The files of a folder; a log that is made in advance is empty for the most part."""
    whole = b"".join(each.read_bytes() for each in path.iterdir() if each.is_file())
    return re.sub(rb"\0{64,}", b"\0", whole)
