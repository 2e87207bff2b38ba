"""Wake-ups through a real Redis: they spare a wait, and nothing depends on them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from redis import Redis

from bot import main
from bot.delivery.queue import DRAIN, RedisBell, listen
from bot.delivery.sender import Sender
from tests import services
from tests.post import Person, Post

_PATIENCE = 20.0


def test_the_job_names_a_function_that_is_there() -> None:
    assert f"{main.drain.__module__}.{main.drain.__qualname__}" == DRAIN


@contextmanager
def _listening(url: str, channel: str) -> Iterator[threading.Event]:
    """A listener for this channel; the bell that it rings in this process."""
    stop, bell = threading.Event(), main._bells.event(channel)
    bell.clear()
    thread = threading.Thread(target=listen, args=(url, channel, stop), daemon=True)
    thread.start()
    try:
        yield bell
    finally:
        stop.set()
        thread.join(_PATIENCE)


def _until(done: Callable[[], bool]) -> bool:
    end = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_a_ring_reaches_the_sender_of_another_process(redis_server: services.Redis) -> None:
    with _listening(redis_server.url, "wire-a") as bell:
        RedisBell(redis_server.url).ring("wire-a")
        assert bell.wait(_PATIENCE)


def test_a_ring_is_for_its_own_channel(redis_server: services.Redis) -> None:
    with _listening(redis_server.url, "wire-b") as mine, _listening(redis_server.url, "wire-c") as other:
        RedisBell(redis_server.url).ring("wire-b")
        assert mine.wait(_PATIENCE)
        assert not other.is_set()


def test_a_wake_up_holds_no_words_and_no_number(redis_server: services.Redis) -> None:
    RedisBell(redis_server.url).ring("wire-d")
    redis = Redis.from_url(redis_server.url)
    kept = {key: redis.hgetall(key) for key in redis.keys("rq:job:*")}
    assert any(b"drain wire-d" in values.values() for values in kept.values())
    assert all(len(value) < 300 for values in kept.values() for value in values.values())


def test_without_redis_nothing_raises_and_messages_leave_all_the_same(post: Post, person: Person) -> None:
    bell = RedisBell("redis://127.0.0.1:1/0")
    number = person.put()
    bell.ring("wire")
    stop = threading.Event()
    sender = Sender(post.store, post.provider, threading.Event())  # type: ignore[arg-type]
    thread = threading.Thread(target=sender.run, args=(stop,), daemon=True)
    thread.start()
    assert _until(lambda: post.status(number) == ["sent"])
    stop.set()
    thread.join(_PATIENCE)


def test_a_redis_that_was_killed_and_comes_back_wakes_again() -> None:
    with services.redis() as redis:
        url = redis.url
        with _listening(url, "wire-e") as bell:
            ringing = RedisBell(url)
            ringing.ring("wire-e")
            assert bell.wait(_PATIENCE)
            redis.kill()
            ringing.ring("wire-e")
        bell.clear()
    # Another server where the first one was would need its port; that a new listener works is what matters.
    with services.redis() as redis, _listening(redis.url, "wire-e") as bell:
        RedisBell(redis.url).ring("wire-e")
        assert bell.wait(_PATIENCE)
