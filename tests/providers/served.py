"""A web server on a thread of its own, and the ways in which a provider can fail at the level of HTTP."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.providers.faults import Fault, Faults, Planned


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Served:
    """A server on 127.0.0.1; `url` is its address. A context manager, or `start` and `stop`."""

    def __init__(self, *, latency: float = 0.0, port: int = 0, seed: int = 0) -> None:
        self.latency = latency
        self.faults = Faults(seed)
        #: Sends that arrived while a 429 still forbade them.
        self.too_early = 0
        #: The most sends that were under way at once.
        self.most_at_once = 0
        self._at_once = 0
        self._closed_until = 0.0
        self.port = port
        self.loop = asyncio.new_event_loop()
        self.client: aiohttp.ClientSession
        self._runner: web.AppRunner
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self.loop.run_forever, name=type(self).__name__, daemon=True)

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self.port}"

    def routes(self, router: web.UrlDispatcher) -> None:
        """Add this provider's routes."""
        raise NotImplementedError

    def start(self) -> Self:
        """Listen; returns when a client may come."""
        self._thread.start()
        self.run(self._listen()).result(10)
        return self

    def stop(self) -> None:
        """Stop listening, break every connection and forget what was still to be posted; once is enough."""
        if self.loop.is_closed():
            return
        self.run(self._end()).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def run(self, call: Coroutine[Any, Any, Any]) -> "Future[Any]":
        """Run a coroutine on the server's thread."""
        return asyncio.run_coroutine_threadsafe(call, self.loop)

    def later(self, call: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine beside the requests; only from the server's thread."""
        task = self.loop.create_task(call)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _listen(self) -> None:
        application = web.Application()
        self.routes(application.router)
        self.client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20))
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=512)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _end(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.client.close()
        await self._runner.cleanup()

    async def faulty(
        self,
        request: web.Request,
        accept: Callable[[], Awaitable[web.Response]],
        refuse: Callable[[Planned], web.Response],
    ) -> web.StreamResponse:
        """Answer one send: through the next fault if there is one, else with what `accept` makes of it."""
        if self.loop.time() < self._closed_until:
            self.too_early += 1
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            planned = self.faults.next()
            if planned is None:
                answer = await accept()
                await asyncio.sleep(self.latency)
                return answer
            return await self._fail(request, planned, accept, refuse)
        finally:
            self._at_once -= 1

    async def _fail(
        self,
        request: web.Request,
        planned: Planned,
        accept: Callable[[], Awaitable[web.Response]],
        refuse: Callable[[Planned], web.Response],
    ) -> web.StreamResponse:
        fault = planned.fault
        if fault is Fault.DROP_BEFORE_BODY:
            return _reset(request)
        await request.read()
        answer = await accept() if fault.accepts else refuse(planned)
        await asyncio.sleep(self.latency)
        if fault in {Fault.DROP_AFTER_BODY, Fault.DROP_AFTER_ACCEPT}:
            return _reset(request)
        if fault in {Fault.SILENCE, Fault.SILENCE_AFTER_ACCEPT}:
            await asyncio.sleep(3600)
        if fault is Fault.HALF_ANSWER_AFTER_ACCEPT:
            return await _half(request)
        if fault is Fault.NONSENSE_AFTER_ACCEPT:
            return web.Response(status=200, text="<html>", content_type="text/html")
        if fault is Fault.SERVER_ERROR_AFTER_ACCEPT:
            return refuse(planned)
        if fault is Fault.TOO_MANY:
            self._closed_until = self.loop.time() + (planned.retry_after or 0)
        return answer


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _half(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "400", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"sid": "SM')
    return _reset(request)
