"""The client: keeps connections open and posts prepared requests over them, one after the other on each.

It runs in a process of its own, and does no more per request than it must: it shares the machine with what it measures.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: Connections that are kept open, each with at most one request under way.
CONNECTIONS = 12


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be written to the socket; `name` is its provider id, by which its row is found."""

    name: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one round: seconds it took, the names that were answered as expected, all others, the latencies."""

    seconds: float
    answered: tuple[str, ...]
    refused: tuple[str, ...]
    latencies: tuple[float, ...]

    @property
    def per_second(self) -> float:
        """Requests answered as expected in a second."""
        return len(self.answered) / self.seconds

    def latency(self, share: float) -> float:
        """The latency in seconds below which this share of the requests stayed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def post(port: int, requests: Sequence[Request], seconds: float, mark: bytes) -> Round:
    """Post until the time or the requests are used up; an answer counts if it is a 200 that holds `mark`."""
    return asyncio.run(_post(port, requests, seconds, mark))


async def _post(port: int, requests: Sequence[Request], seconds: float, mark: bytes) -> Round:
    answered: list[str] = []
    refused: list[str] = []
    latencies: list[float] = []
    waiting = iter(requests)
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(min(CONNECTIONS, len(requests)))]
    begun = time.perf_counter()

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for request in _until(begun + seconds, waiting):
            sent = time.perf_counter()
            writer.write(request.octets)
            status, body = await _answer(reader)
            latencies.append(time.perf_counter() - sent)
            (answered if status == 200 and mark in body else refused).append(request.name)
        writer.close()

    await asyncio.gather(*(work(reader, writer) for reader, writer in streams))
    return Round(time.perf_counter() - begun, tuple(answered), tuple(refused), tuple(latencies))


def _until(end: float, requests: Iterator[Request]) -> Iterator[Request]:
    while time.perf_counter() < end:
        request = next(requests, None)
        if request is None:
            return
        yield request


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return int(head[9:12]), await reader.readexactly(int(length))
