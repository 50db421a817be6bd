"""The same form, sent to two processes at once, acts once; and once in each where Redis is away."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from redis.asyncio import Redis as Client

from bot.service.shared import SharedMemory
from bot.store.cipher import load_cipher
from bot.store.demandes import Ticket
from channels import once as module
from channels.keys import ASSISTANT
from channels.once import KEEP_SECONDS, Once
from tests.channels.talking import Client as Browser
from tests.channels.talking import OpenClient, app_of, form_id_of
from tests.engines import Redis, run_redis
from tests.until import until

KEY = "une-forme"
TICKET = Ticket("BC-2345", "MOT-SECRET")

OpenOnce = Callable[[], Once[Ticket]]


class Act:
    """Something to do once, which waits to be let go."""

    def __init__(self) -> None:
        self.times = 0
        self.go = asyncio.Event()

    def __call__(self) -> Coroutine[Any, Any, Ticket]:
        return self._act()

    async def _act(self) -> Ticket:
        self.times += 1
        await self.go.wait()
        return TICKET


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    """A Redis for these tests; who stops it starts it again."""
    with run_redis() as running:
        yield running


@pytest.fixture
async def open_once(server: Redis, tmp_path: Path) -> AsyncIterator[OpenOnce]:
    """Return what makes the memory of one more process."""
    async with AsyncExitStack() as stack:

        def open_one() -> Once[Ticket]:
            shared = SharedMemory(server.url, load_cipher(tmp_path))
            stack.push_async_callback(shared.close)
            once = Once("demande", asdict, lambda value: Ticket(**value))
            once.share(shared)
            return once

        yield open_one


async def claimed(server: Redis) -> None:
    async with Client.from_url(server.url) as client:
        async with asyncio.timeout(20):
            while not [key async for key in client.scan_iter("*:once:*")]:
                await asyncio.sleep(0.01)


async def test_two_processes_do_it_once_even_at_the_same_time(open_once: OpenOnce) -> None:
    here, there, act = open_once(), open_once(), Act()
    runs = [asyncio.create_task(once.run(KEY, act)) for once in (here, there, here, there)]
    await until(lambda: act.times)
    act.go.set()
    assert await asyncio.gather(*runs) == [TICKET] * 4
    assert await open_once().run(KEY, act) == TICKET
    assert act.times == 1
    await open_once().run("une-autre", act)
    assert act.times == 2


async def test_a_failure_of_one_process_may_be_tried_at_once_by_another(
    server: Redis, open_once: OpenOnce
) -> None:
    here, there, act = open_once(), open_once(), Act()
    act.go.set()

    async def fail() -> Ticket:
        raise ValueError

    with pytest.raises(ValueError):
        await here.run(KEY, fail)
    assert here._shared is not None
    async with Client.from_url(server.url) as client:
        assert not await client.exists(here._shared.name("once:demande", KEY))
    assert await there.run(KEY, act) == TICKET
    assert await here.run(KEY, act) == TICKET
    assert act.times == 1


async def test_what_redis_holds_is_sealed_and_expires(server: Redis, open_once: OpenOnce) -> None:
    act = Act()
    act.go.set()
    async with Client.from_url(server.url) as client:
        await client.flushall()
        await open_once().run(KEY, act)
        (key,) = [key async for key in client.scan_iter("*")]
        value = await client.get(key)
        assert KEY.encode() not in key
        assert not any(word in value for word in (b"BC-2345", b"MOT-SECRET", b"reference"))
        assert 0 < await client.ttl(key) <= KEEP_SECONDS


async def test_a_process_that_takes_long_keeps_its_turn(
    server: Redis, open_once: OpenOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLAIM_SECONDS", 1)
    here, there, act = open_once(), open_once(), Act()
    first = asyncio.create_task(here.run(KEY, act))
    await until(lambda: act.times)
    second = asyncio.create_task(there.run(KEY, act))
    assert here._shared is not None
    async with Client.from_url(server.url) as client, asyncio.timeout(20):
        for _ in range(4):  # renewed each third of a second: by now it would have run out
            left = await client.pttl(here._shared.name("once:demande", KEY))
            while (now := await client.pttl(here._shared.name("once:demande", KEY))) <= left:
                assert now > 0
                left = now
                await asyncio.sleep(0.01)
    act.go.set()
    assert [await first, await second] == [TICKET, TICKET]
    assert act.times == 1


async def test_a_process_that_died_in_its_turn_holds_back_nobody_for_long(
    server: Redis, open_once: OpenOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLAIM_SECONDS", 1)
    act = Act()
    act.go.set()
    once = open_once()
    assert once._shared is not None
    async with Client.from_url(server.url) as client:
        await client.set(once._shared.name("once:demande", KEY), b"?mort", ex=1)
        assert await asyncio.wait_for(once.run(KEY, act), 20) == TICKET


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_without_redis_each_process_does_it_once(
    server: Redis, open_once: OpenOnce, how: signal.Signals
) -> None:
    here, there, act = open_once(), open_once(), Act()
    begun = asyncio.create_task(here.run("commencé", act))
    await until(lambda: act.times)
    waiting = asyncio.create_task(there.run("commencé", act))
    await claimed(server)
    if how is signal.SIGKILL:
        server.stop(how)
    else:
        server.signal(how)
    try:
        await until(lambda: act.times == 2)  # who waited does not wait for ever
        act.go.set()
        assert [await begun, await waiting] == [TICKET, TICKET]
        act.times = 0
        for once in (here, here, there, there):
            assert await once.run(KEY, act) == TICKET
        assert act.times == 2
    finally:
        if how is signal.SIGKILL:
            server.start()
        else:
            server.signal(signal.SIGCONT)
    await until(lambda: not here._shared._is_away and not there._shared._is_away)
    act.times = 0
    for once in (here, there):
        assert await once.run("après", act) == TICKET
    assert act.times == 1


async def rows(browser: Browser, table: str) -> int:
    async with app_of(browser)[ASSISTANT]._database.read() as connection:
        return int((await connection.execute(sa.text(f"SELECT COUNT(*) FROM {table}"))).scalar_one())


async def test_a_double_click_that_reaches_two_servers_is_one_message_and_one_request(
    server: Redis, open_client: OpenClient, tmp_path: Path
) -> None:
    settings = {"redis_url": server.url, "var": tmp_path / "commun"}
    here, there = await open_client(**settings), await open_client(**settings)
    form_id = form_id_of(await (await here.get("/")).text())

    async def post(browser: Browser, path: str, **fields: str) -> str:
        response = await browser.post(path, data={"form_id": form_id, **fields}, allow_redirects=False)
        assert response.status in (200, 303)
        return response.headers.get("Set-Cookie") or await response.text()

    cookies = await asyncio.gather(*(post(browser, "/message", choice="aide") for browser in (here, there)))
    assert cookies[0] == cookies[1]
    assert [await rows(there, "conversations"), await rows(there, "inbox")] == [1, 1]

    pages = await asyncio.gather(
        *(post(browser, "/personne", moyen="retour", mots="un papier") for browser in (here, there))
    )
    assert await rows(here, "demandes") == 1
    assert pages[0] == pages[1]
