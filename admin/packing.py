"""Pages go packed over the link, and how long they are packed tells nobody what stands on them.

Whoever sees the length of packed answers and can put words of their own beside a secret (an SMS that lands in the inbox
is enough) can guess the secret letter by letter: https://breachattack.com. So each answer carries a filler of random
length, where gzip keeps the name of a file ("Heal the Breach", https://ieeexplore.ieee.org/document/9754554, as Django
does it).
"""

import gzip
import io
import secrets

from flask import Flask, Response, request

#: Shorter answers would not become shorter.
_LEAST_BYTES = 1024
_LONGEST_FILLER = 100
_PACKED = frozenset({"text/html", "application/json"})


def add_packing(app: Flask) -> None:
    """Pack what the panel answers for whoever takes it so; the wires are left alone."""

    @app.after_request
    def pack(response: Response) -> Response:
        if request.blueprint not in {"admin", "phone"} or response.mimetype not in _PACKED:
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") > 0 and len(response.get_data()) >= _LEAST_BYTES:
            response.set_data(_packed(response.get_data()))
            response.headers["Content-Encoding"] = "gzip"
        return response


def _packed(content: bytes) -> bytes:
    filler = "x" * (1 + secrets.randbelow(_LONGEST_FILLER))
    packed = io.BytesIO()
    with gzip.GzipFile(filler, "wb", 6, packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()
