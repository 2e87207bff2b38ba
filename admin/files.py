"""The stylesheet, the scripts, the sign and the bell: an address holds a hash of the content and is kept for ever.

The files are read once; no page loads anything from another host.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from flask import Response, abort, request, url_for

from admin.access import Door, is_same, page
from admin.headers import FOR_EVER

_TEXTS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_TYPES = {**{suffix: f"{kind}; charset=utf-8" for suffix, kind in _TEXTS.items()}, "wav": "audio/wav"}


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    packed: bytes | None
    content_type: str
    hash: str


@cache
def _files() -> dict[str, _File]:
    found = {}
    for each in resources.files("admin").joinpath("static").iterdir():
        suffix = each.name.rpartition(".")[2]
        if suffix in _TYPES:
            content = each.read_bytes()
            packed = gzip.compress(content, mtime=0) if suffix in _TEXTS else None
            digest = hashlib.sha256(content).hexdigest()[:16]
            found[each.name] = _File(content, packed, _TYPES[suffix], digest)
    return found


def address_of(name: str) -> str:
    """The path of a file of ours; it changes with the content."""
    return url_for("admin.file", digest=_files()[name].hash, name=name)


@page("/file/<digest>/<name>", who=Door.ANYONE)
def file(digest: str, name: str) -> Response:
    """One file, packed for whoever takes it so."""
    found = _files().get(name)
    if found is None or not is_same(digest, found.hash):
        abort(404)
    packed = found.packed if request.accept_encodings.quality("gzip") > 0 else None
    response = Response(packed or found.content, content_type=found.content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER
    return response
