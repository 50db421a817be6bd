"""Signals by conversation: the same in one process and in several, with Redis there, away, hung or back."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from redis.asyncio import Redis as Client
from structlog.testing import capture_logs

from bot.service import bus as module
from bot.service.bus import ANY, Bus
from bot.service.shared import SharedMemory
from bot.store.cipher import Cipher, load_cipher
from tests.engines import Redis, run_redis
from tests.until import until

PATIENCE_SECONDS = 20

OpenBus = Callable[[], Awaitable[Bus]]


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    """A Redis for these tests; who stops it starts it again."""
    with run_redis() as running:
        yield running


@pytest.fixture
def cipher(tmp_path: Path) -> Cipher:
    """The keys of one assistant."""
    return load_cipher(tmp_path)


@pytest.fixture
async def open_bus(server: Redis, cipher: Cipher) -> AsyncIterator[OpenBus]:
    """Return what opens the bus of one more process, and waits until it hears the others."""
    async with AsyncExitStack() as stack:

        async def open_one() -> Bus:
            shared = SharedMemory(server.url, cipher)
            stack.push_async_callback(shared.close)
            opened = Bus(shared)
            await stack.enter_async_context(opened.running())
            await until(lambda: opened._hears)
            return opened

        yield open_one


@pytest.fixture(params=["memory", "redis"])
async def bus(request: pytest.FixtureRequest, open_bus: OpenBus) -> Bus:
    """Each of the two."""
    return Bus() if request.param == "memory" else await open_bus()


async def woken(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), PATIENCE_SECONDS)


async def test_every_listener_of_a_conversation_is_woken_and_no_other(bus: Bus) -> None:
    with bus.listen("a") as one, bus.listen("a") as two, bus.listen("b") as other, bus.listen(ANY) as every:
        bus.signal("a")
        assert (one.is_set(), two.is_set(), other.is_set(), every.is_set()) == (True, True, False, True)


async def test_a_signal_nobody_waits_for_is_not_kept(bus: Bus) -> None:
    bus.signal("a")
    with bus.listen("a") as event:
        assert not event.is_set()


async def test_whoever_leaves_is_forgotten(bus: Bus) -> None:
    with bus.listen("a") as first:
        with bus.listen("a"):
            pass
        bus.signal("a")
        assert first.is_set()
    assert not bus._listeners


async def test_a_signal_wakes_the_listeners_of_another_process_and_no_other(open_bus: OpenBus) -> None:
    here, there = await open_bus(), await open_bus()
    with there.listen("a") as event, there.listen(ANY) as every, there.listen("b") as other:
        here.signal("a")
        await woken(event)
        assert (every.is_set(), other.is_set()) == (True, False)


async def test_assistants_that_share_a_redis_do_not_hear_each_other(
    server: Redis, open_bus: OpenBus, tmp_path: Path
) -> None:
    here, same = await open_bus(), await open_bus()
    shared = SharedMemory(server.url, load_cipher(tmp_path / "autres"))
    stranger = Bus(shared)
    async with stranger.running():
        await until(lambda: stranger._hears)
        with stranger.listen("a") as unheard, same.listen("a") as heard:
            here.signal("a")
            await woken(heard)
            assert not unheard.is_set()
    await shared.close()


async def test_redis_carries_the_conversation_and_nothing_else(server: Redis, open_bus: OpenBus) -> None:
    here, there = await open_bus(), await open_bus()
    async with Client.from_url(server.url) as client, client.pubsub() as spy:
        await spy.psubscribe("*")
        await spy.get_message(timeout=PATIENCE_SECONDS)
        with there.listen("0123abcd") as event:
            here.signal("0123abcd")
            await woken(event)
        message = await spy.get_message(timeout=PATIENCE_SECONDS)
        assert message["data"].decode() == f"{here._me} 0123abcd"


async def test_what_is_signalled_at_the_moment_of_a_stop_is_told(server: Redis, cipher: Cipher) -> None:
    there = Bus(SharedMemory(server.url, cipher))
    here = Bus(SharedMemory(server.url, cipher))
    async with there.running():
        await until(lambda: there._hears)
        with there.listen("a") as event:
            async with here.running():
                here.signal("a")
            await woken(event)


async def test_a_stop_is_not_held_up_by_a_signal_that_is_being_told(server: Redis, cipher: Cipher) -> None:
    for turns in range(30):
        shared = SharedMemory(server.url, cipher)
        bus = Bus(shared)
        async with bus.running():
            await until(lambda bus=bus: bus._hears)
            bus.signal("a")
            for _ in range(turns):
                await asyncio.sleep(0)
        await shared.close()


async def hurt(server: Redis, how: str) -> Callable[[], None]:
    """Take Redis away; returns what brings it back."""
    if how == "killed":
        server.stop(signal.SIGKILL)
        return server.start
    server.signal(signal.SIGSTOP)
    return lambda: server.signal(signal.SIGCONT)


@pytest.mark.parametrize("how", ["killed", "stopped"])
async def test_redis_away_delays_a_signal_and_loses_none(server: Redis, open_bus: OpenBus, how: str) -> None:
    here, there = await open_bus(), await open_bus()
    bring_back = await hurt(server, how)
    try:
        with capture_logs() as logs, there.listen("a") as event:
            for number in range(10_000):
                here.signal(f"c{number}")
                assert len(here._to_tell) <= module._MOST_WAITING + 1
            for _ in range(2):
                here.signal("a")
                await woken(event)
                event.clear()
            await until(lambda: not there._hears and not here._hears)
            names = [entry["event"] for entry in logs]
    finally:
        bring_back()
    assert names.count("redis_away") == 1
    assert names.count("signals_not_heard") == 2  # one each
    await until(lambda: here._hears and there._hears)
    with there.listen("a") as again, there.listen("b") as other:
        await until(lambda: not here._to_tell and not here._shared._is_away)
        again.clear()
        other.clear()
        here.signal("a")
        await woken(again)


async def test_who_could_not_tell_says_so_when_redis_is_back(server: Redis, open_bus: OpenBus) -> None:
    here, there = await open_bus(), await open_bus()
    async with Client.from_url(server.url) as client:
        await client.execute_command("CLIENT", "PAUSE", "1500", "WRITE")
        with there.listen("a") as event:
            here.signal("a")
            await until(lambda: here._shared._is_away)
            assert (there._hears, event.is_set()) == (True, False)
            await woken(event)
            assert there._hears


async def test_a_redis_away_at_the_start_is_heard_when_it_comes(server: Redis, cipher: Cipher) -> None:
    server.stop()
    with capture_logs() as logs:
        late = Bus(SharedMemory(server.url, cipher))
        async with late.running():
            with late.listen("a") as event:
                await woken(event)
            server.start()
            await until(lambda: late._hears)
    assert [entry["event"] for entry in logs] == ["signals_not_heard", "signals_heard"]


async def test_a_shared_store_without_redis_is_looked_at_all_the_time() -> None:
    bus = Bus(has_others=True)
    async with bus.running():
        with bus.listen("a") as event:
            for _ in range(2):
                await woken(event)
                event.clear()


async def test_one_process_alone_looks_at_nothing() -> None:
    bus = Bus()
    before = asyncio.all_tasks()
    async with bus.running():
        assert asyncio.all_tasks() == before
