"""Rasa's locks are shared through a real Redis, and answers go on when it is away."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.nlu import lock_store
from bot.nlu.lock_store import SharedLockStore
from tests.engines import Redis, run_redis

NAME = "bot.nlu.lock_store.SharedLockStore"


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    with run_redis() as server:
        yield server


def store_of(url: str) -> LockStore:
    """Return a store as Rasa makes it from endpoints.yml."""
    return LockStore.create(EndpointConfig(url=url, type=NAME))


async def is_free(store: LockStore, conversation: str = "c1") -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(0.3), store.lock(conversation, wait_time_in_seconds=0.02):
            return True
    return False


async def test_two_rasa_never_work_on_one_conversation(server: Redis) -> None:
    first, second = store_of(server.url), store_of(server.url)
    async with first.lock("c1"):
        assert not await is_free(second)
        assert await is_free(second, "c2")
    assert await is_free(second)


async def test_without_redis_a_rasa_keeps_its_own_locks() -> None:
    alone, other = store_of(""), store_of("")
    async with alone.lock("c1"):
        assert not await is_free(alone)
        assert await is_free(other)
    assert await is_free(alone)


async def test_answers_go_on_when_redis_dies_in_the_middle_of_one(server: Redis) -> None:
    store = store_of(server.url)
    try:
        async with store.lock("c1"):
            server.stop(signal.SIGKILL)
            assert not await is_free(store)
        assert await is_free(store)
    finally:
        server.start()


async def test_a_redis_that_hangs_costs_one_short_wait_and_no_more(server: Redis) -> None:
    store = store_of(server.url)
    server.signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        for _ in range(3):
            assert await is_free(store)
        assert time.monotonic() - began < 3 * lock_store.TIMEOUT_SECONDS
    finally:
        server.signal(signal.SIGCONT)


async def test_a_lock_taken_while_redis_was_away_is_still_known_when_it_is_back(
    server: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_store, "AWAY_SECONDS", 0.0)
    store = store_of(server.url)
    server.stop(signal.SIGKILL)
    try:
        waiting = store.lock("c1")
        await waiting.__aenter__()
    finally:
        server.start()
    assert not await is_free(store)
    await waiting.__aexit__(None, None, None)
    assert await is_free(store)


async def test_redis_is_used_again_when_it_is_back(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_store, "AWAY_SECONDS", 0.0)
    first, second = store_of(server.url), store_of(server.url)
    server.stop(signal.SIGKILL)
    try:
        assert await is_free(first)
    finally:
        server.start()
    async with first.lock("c1"):
        assert not await is_free(second)


async def test_what_a_killed_rasa_left_goes_by_itself(server: Redis) -> None:
    killed, other = store_of(server.url), store_of(server.url)
    killed.issue_ticket("c9", 0.05)
    assert await is_free(other, "c9")
    killed.issue_ticket("c8", 60)
    assert isinstance(other, SharedLockStore)
    assert other._redis is not None
    assert 0 < other._redis.ttl(f"{lock_store.KEY_PREFIX}c8") <= lock_store.KEPT_SECONDS
