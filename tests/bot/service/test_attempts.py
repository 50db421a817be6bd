"""Waiting after failures: longer each time, never for good, and never for a whole waiting room."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis as Client

from bot.service import attempts
from bot.service.attempts import ADDRESS_FAILURES, AddressFailures, UnknownLogins, lock_after, seconds_until
from bot.service.shared import SharedMemory
from bot.store.cipher import load_cipher
from tests.engines import Redis, run_redis
from tests.until import until

START = datetime(2026, 11, 23, 9, 0)

OpenShared = Callable[[], SharedMemory]


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    """A Redis for these tests; who stops it starts it again."""
    with run_redis() as running:
        yield running


@pytest.fixture
async def open_shared(server: Redis, tmp_path: Path) -> AsyncIterator[OpenShared]:
    """Return what opens the shared memory of one more process."""
    async with AsyncExitStack() as stack:

        def open_one() -> SharedMemory:
            shared = SharedMemory(server.url, load_cipher(tmp_path))
            stack.push_async_callback(shared.close)
            return shared

        yield open_one


@pytest.fixture(params=["memory", "redis"])
def shared(request: pytest.FixtureRequest, open_shared: OpenShared) -> SharedMemory | None:
    """Where failures are counted: in one process, or among several."""
    return open_shared() if request.param == "redis" else None


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (100_000, 15)],
)
def test_a_lock_doubles_and_stops_at_a_quarter_of_an_hour(failures: int, minutes: int) -> None:
    assert lock_after(failures) == timedelta(minutes=minutes)


def test_the_wait_is_rounded_up_and_never_negative() -> None:
    assert seconds_until(None, START) == 0
    assert seconds_until(START, START + timedelta(days=1)) == 0
    assert seconds_until(START + timedelta(milliseconds=1), START) == 1


async def test_a_login_that_nobody_has_is_locked_as_any_other(shared: SharedMemory | None) -> None:
    unknown = UnknownLogins(shared)
    for _ in range(4):
        assert await unknown.fail("personne", START) == 0
    assert await unknown.wait("personne", START) == 0
    await unknown.fail("personne", START)
    assert await unknown.wait("personne", START) == 60
    assert await unknown.wait("autre", START) == 0
    assert await unknown.fail("personne", START + timedelta(seconds=59, milliseconds=1)) == 1
    assert await unknown.wait("personne", START + timedelta(seconds=60)) == 0
    assert await unknown.fail("personne", START + timedelta(seconds=60)) == 0
    assert await unknown.wait("personne", START + timedelta(seconds=60)) == 120


async def test_locks_grow_as_those_of_a_real_login(shared: SharedMemory | None) -> None:
    unknown, moment = UnknownLogins(shared), START
    for failures in range(1, 13):
        assert await unknown.fail("personne", moment) == 0
        wait = await unknown.wait("personne", moment)
        assert wait == lock_after(failures).total_seconds()
        moment += timedelta(seconds=wait)


async def test_of_a_hundred_tries_at_once_five_are_counted(shared: SharedMemory | None) -> None:
    unknown = UnknownLogins(shared)
    waits = await asyncio.gather(*(unknown.fail("personne", START) for _ in range(100)))
    assert sorted(waits) == [0] * 5 + [60] * 95


async def test_forty_people_wrong_twice_are_not_shut_out(shared: SharedMemory | None) -> None:
    addresses = AddressFailures(shared)
    for _ in range(80):
        await addresses.fail("accueil", START)
    assert await addresses.wait("accueil", START) == 0


async def test_an_address_that_goes_on_waits_until_its_first_failures_are_old(
    shared: SharedMemory | None,
) -> None:
    addresses = AddressFailures(shared)
    for second in range(ADDRESS_FAILURES):
        await addresses.fail("liste", START + timedelta(seconds=second))
    assert await addresses.wait("liste", START + timedelta(seconds=100)) == 800
    assert await addresses.wait("autre", START + timedelta(seconds=100)) == 0
    assert await addresses.wait("liste", START + timedelta(minutes=15)) == 0
    await addresses.fail("liste", START + timedelta(minutes=15))
    assert await addresses.wait("liste", START + timedelta(minutes=15)) == 1


async def test_what_one_process_counts_holds_in_the_others(open_shared: OpenShared) -> None:
    here, there = UnknownLogins(open_shared()), UnknownLogins(open_shared())
    for unknown in (here, there, here, there, here):
        await unknown.fail("personne", START)
    assert [await here.wait("personne", START), await there.wait("personne", START)] == [60, 60]
    one, two = AddressFailures(open_shared()), AddressFailures(open_shared())
    for _ in range(ADDRESS_FAILURES // 2):
        await one.fail("liste", START)
        await two.fail("liste", START)
    assert [await one.wait("liste", START), await two.wait("liste", START)] == [900, 900]


async def test_what_redis_holds_names_nobody_and_expires(server: Redis, open_shared: OpenShared) -> None:
    async with Client.from_url(server.url) as client:
        await client.flushall()
        await UnknownLogins(open_shared()).fail("personne", START)
        await AddressFailures(open_shared()).fail("accueil", START)
        keys = [key async for key in client.scan_iter("*")]
        assert len(keys) == 2
        for key in keys:
            assert b"personne" not in key
            assert b"accueil" not in key
            assert 0 < await client.ttl(key) <= 24 * 3600


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_without_redis_each_process_still_locks(
    server: Redis, open_shared: OpenShared, how: signal.Signals
) -> None:
    here, there = open_shared(), open_shared()
    unknown, addresses = UnknownLogins(here), AddressFailures(here)
    for _ in range(4):
        await unknown.fail("personne", START)
    if how is signal.SIGKILL:
        server.stop(how)
    else:
        server.signal(how)
    try:
        await unknown.fail("personne", START)
        assert await unknown.wait("personne", START) == 60
        for _ in range(ADDRESS_FAILURES):
            await addresses.fail("liste", START)
        assert await addresses.wait("liste", START) == 900
    finally:
        if how is signal.SIGKILL:
            server.start()
        else:
            server.signal(signal.SIGCONT)
    await until(lambda: not here._is_away)
    assert await unknown.wait("personne", START) == 60  # a Redis that forgot frees nobody
    for _ in range(5):
        await unknown.fail("après", START)
    assert await UnknownLogins(there).wait("après", START) == 60


async def test_what_is_remembered_is_bounded_and_the_oldest_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempts, "_REMEMBERED", 3)
    unknown = UnknownLogins()
    for login, times in (("a", 4), ("b", 5), ("c", 5), ("a", 1), ("d", 5)):
        for _ in range(times):
            await unknown.fail(login, START)
    assert [await unknown.wait(login, START) > 0 for login in "abcd"] == [True, False, True, True]
