"""What a page weighs on the wire, as the running program sends it: the link of the desk is poor and paid for.

A first load is the page with all that it links to, by a browser that was never here; after that the files are kept.
"""

import contextlib
import gzip
import http.client
import re
from urllib.parse import urlsplit

from tests.e2e.visitor import Visitor

_FIRST, _AFTER = 60 * 1024, 25 * 1024
_FOR_EVER = "public, max-age=31536000, immutable"


class Wire:
    """Asks for pages as a browser with this visitor's cookies does, and counts what comes over the wire."""

    def __init__(self, visitor: Visitor) -> None:
        self._host = urlsplit(visitor.office.base).netloc
        self._cookies = "; ".join(f"{each['name']}={each['value']}" for each in visitor.context.cookies())

    def excess(self, path: str, most_first: int = _FIRST, most_later: int = _AFTER) -> list[str]:
        """What is too heavy about this page; nothing for a light one."""
        later, content = self._ask(path)
        files = set(re.findall(r'(?:href|src)="(/admin/file/[^"]+)"', content))
        first = later + sum(self._ask(each, kept=True)[0] for each in files)
        return [
            f"{path} takes {size:,} bytes {when}"
            for size, most, when in ((first, most_first, "on first load"), (later, most_later, "on each later one"))
            if size > most
        ]

    def _ask(self, path: str, *, kept: bool = False) -> tuple[int, str]:
        with contextlib.closing(http.client.HTTPConnection(self._host, timeout=60)) as connection:
            connection.request("GET", path, headers={"Cookie": self._cookies, "Accept-Encoding": "gzip, deflate, br"})
            answer = connection.getresponse()
            body = answer.read()
        assert answer.status < 500, path
        assert not kept or answer.headers["Cache-Control"] == _FOR_EVER, path
        assert answer.headers["Content-Encoding"] == "gzip" or len(body) < 1500, path
        content = gzip.decompress(body) if answer.headers["Content-Encoding"] else body
        return len(body) + len(str(answer.headers)), content.decode(errors="replace")
