"""Limits counted by several processes in one Redis, and by each alone while it is away."""

from __future__ import annotations

import re
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from redis.asyncio import Redis as Client
from structlog.testing import capture_logs

from bot.intake.danger import DangerDetector
from bot.service.shared import SharedMemory
from bot.settings import Settings
from bot.store.cipher import load_cipher
from channels.limits import Limits, TooMany
from tests.channels.talking import DANGER, OpenClient, open_conversation
from tests.engines import Redis, run_redis
from tests.until import until

ADDRESS = "adresse-en-clair"
CONVERSATION = "0123456789abcdef0123456789abcdef"
KEY = re.compile(
    r"assistant:[0-9a-f]{12}:limits:[0-9a-f]{40}:LIMITER/assistant:[0-9a-f]{12}:limit:[0-9a-f]{40}"
    r"/[0-9]+/1/(minute|hour)"
)

OpenLimits = Callable[[], Limits]


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    """A Redis for these tests; who stops it starts it again."""
    with run_redis() as running:
        yield running


@pytest.fixture
async def open_limits(server: Redis, tmp_path: Path) -> AsyncIterator[OpenLimits]:
    """Return what makes the limits of one more process: two messages a minute in a conversation."""
    settings = Settings(redis_url=server.url, messages_per_minute=2)
    async with AsyncExitStack() as stack:

        def open_one() -> Limits:
            shared = SharedMemory(server.url, load_cipher(tmp_path))
            stack.push_async_callback(shared.close)
            return Limits(settings, DangerDetector(None), shared)

        yield open_one


async def count(limits: Limits, text: str | None = "bonjour", conversation: str = CONVERSATION) -> int:
    """Count a message; return the seconds to wait, 0 when it is taken."""
    try:
        await limits.count_message(ADDRESS, conversation, text)
    except TooMany as refusal:
        return refusal.retry_after
    return 0


def is_away(limits: Limits) -> bool:
    assert limits._shared is not None
    return limits._shared._is_away


async def test_two_processes_count_together(open_limits: OpenLimits) -> None:
    here, there = open_limits(), open_limits()
    assert [await count(here), await count(there)] == [0, 0]
    assert 1 <= await count(here) <= 60
    assert 1 <= await count(there) <= 60
    assert await count(there, conversation="f" * 32) == 0


async def test_two_servers_know_an_address_under_the_same_word(
    server: Redis, open_client: OpenClient, tmp_path: Path
) -> None:
    settings = {"redis_url": server.url, "conversations_per_hour_address": 2, "var": tmp_path / "commun"}
    here, there = await open_client(**settings), await open_client(**settings)
    await open_conversation(here)
    await open_conversation(there)
    assert (await here.post("/api/v1/conversations", json={})).status == 429
    assert (await there.post("/api/v1/conversations", json={})).status == 429


async def test_what_redis_holds_expires_and_names_nobody(server: Redis, open_limits: OpenLimits) -> None:
    limits = open_limits()
    async with Client.from_url(server.url) as client:
        await client.flushall()
        await count(limits)
        await limits.count_conversation(ADDRESS)
        await limits.count_sheet_texted(7)
        keys = [key async for key in client.scan_iter("*")]
        assert len(keys) == 4
        for key in keys:
            assert 0 < await client.ttl(key) <= 3600
            assert int(await client.get(key)) == 1
            assert KEY.fullmatch(key.decode())


async def full(server: Redis) -> None:
    async with Client.from_url(server.url) as client:
        await client.config_set("maxmemory", "1")


async def emptied(server: Redis) -> None:
    async with Client.from_url(server.url) as client:
        await client.config_set("maxmemory", "0")


@pytest.mark.parametrize("how", ["killed", "stopped", "full"])
async def test_without_redis_each_process_counts_alone_then_together_again(
    server: Redis, open_limits: OpenLimits, how: str
) -> None:
    here, there = open_limits(), open_limits()
    assert [await count(here), await count(there)] == [0, 0]
    if how == "killed":
        server.stop(signal.SIGKILL)
    elif how == "stopped":
        server.signal(signal.SIGSTOP)
    else:
        await full(server)
    try:
        with capture_logs() as logs:
            answers = [await count(here), await count(here), await count(here), await count(there)]
            assert answers[:2] + answers[3:] == [0, 0, 0]
            assert 1 <= answers[2] <= 60
            assert await count(here, DANGER) == 0
            assert [entry["event"] for entry in logs] == ["redis_away", "redis_away"]  # one each
            assert is_away(here)
    finally:
        if how == "killed":
            server.start()
        elif how == "stopped":
            server.signal(signal.SIGCONT)
        else:
            await emptied(server)
    await until(lambda: not is_away(here) and not is_away(there))
    async with Client.from_url(server.url) as client:
        await client.flushall()
    assert [await count(here), await count(there), bool(await count(here))] == [0, 0, True]


async def test_a_danger_is_never_refused_by_what_others_counted(open_limits: OpenLimits) -> None:
    here, there = open_limits(), open_limits()
    for _ in range(3):
        await count(here)
    assert await count(there) > 0
    assert await count(there, DANGER) == 0
