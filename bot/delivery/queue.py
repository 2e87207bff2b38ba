"""The doorbell: tells senders that something waits. It may fail or be lost; senders look every second anyway."""

import logging
import threading
from typing import Protocol

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty

log = logging.getLogger(__name__)

#: No webhook waits longer than this for Redis.
_RING_SECONDS = 0.05
#: The function that a job names; a worker's `main` provides it.
DRAIN = "bot.main.drain"


class Doorbell(Protocol):
    """Something to ring after a commit."""

    def ring(self, channel: str) -> None:
        """Wake whoever sends on this channel. Never raises, never waits long."""


class Bells:
    """Doorbells within one process: one event per channel."""

    def __init__(self) -> None:
        self._events: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def event(self, channel: str) -> threading.Event:
        """The event that a sender of this channel waits for."""
        with self._lock:
            return self._events.setdefault(channel, threading.Event())

    def ring(self, channel: str) -> None:
        """Wake the sender in this process."""
        self.event(channel).set()


class RedisBell:
    """Doorbells between processes: a job `drain(channel)` on the channel's own queue."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=_RING_SECONDS, socket_connect_timeout=_RING_SECONDS)

    def ring(self, channel: str) -> None:
        """Put the wake-up into the channel's queue; a failure is logged and forgotten."""
        try:
            queue = Queue(channel, connection=self._redis, serializer=JSONSerializer)
            queue.enqueue(DRAIN, channel, result_ttl=0, failure_ttl=3600, ttl=60, description=f"drain {channel}")
        except (RedisError, OSError):
            log.warning("no wake-up: redis can't be reached")


def listen(url: str, channel: str, stop: threading.Event) -> None:
    """Work off wake-ups of one channel until `stop`; a Redis that is away is waited for."""
    while not stop.is_set():
        try:
            connection = Redis.from_url(url)
            queue = Queue(channel, connection=connection, serializer=JSONSerializer)
            worker = _Listener([queue], connection=connection, serializer=JSONSerializer, worker_ttl=20)
            worker.work(logging_level="WARNING", max_idle_time=5)
        except (RedisError, OSError):
            log.warning("no wake-ups: redis can't be reached; looking every second")
            stop.wait(2.0)


class _Listener(SimpleWorker):
    """A worker in a thread: it runs jobs in place, without signals, which belong to the process."""

    death_penalty_class = TimerDeathPenalty

    def _install_signal_handlers(self) -> None:
        return None
