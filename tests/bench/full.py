"""An empty store beside one with 10,000 conversations: each operation on both, in turn, and how many times slower it became.

For each, the statements that read a whole table are kept beside: they will grow, whatever the times say today.

Both hold the same open requests: what operators have before them does not depend on how many people wrote in a month.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from statistics import median
from typing import Any

from bot.store.demandes import CALL, DemandeDetails
from tests.bench.figures import slower_by
from tests.bench.filling import Filler
from tests.bench.local import Local, open_local
from tests.bench.operations import OPERATIONS, Scene
from tests.bench.plans import scans_of
from tests.engines import run_postgres

OPEN_REQUESTS = 20
BOUND = 1.2
WARM_UP = 3


def measure_full(engine: str, *, conversations: int, rounds: int) -> dict[str, Any]:
    """Return the median of each operation on an empty and on a full store, in milliseconds, and their ratio."""
    with ExitStack() as stack:
        urls = ["", ""]
        if engine == "postgres":
            server = stack.enter_context(run_postgres())
            urls = [server.url(server.new_database()) for _ in urls]
        return asyncio.run(_measure(urls, conversations, rounds))


async def _measure(urls: list[str], conversations: int, rounds: int) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        empty, full = [await stack.enter_async_context(_scene(url)) for url in urls]
        began = time.monotonic()
        await Filler(full.local.assistant._cipher, full.local.assistant.composer).fill(
            full.local.database, conversations
        )
        filled = round(time.monotonic() - began, 1)
        print(f"  {conversations} conversations écrites en {filled} s", flush=True)
        await _analyse(full.local)
        operations = {}
        for name in OPERATIONS:
            operations[name] = await _compare(name, empty, full, rounds)
            found = operations[name]
            print(f"  {name} : {found['empty_ms']} puis {found['full_ms']} ms, {found['ratio']}", flush=True)
    return {
        "conversations": conversations,
        "filled_seconds": filled,
        "rounds": rounds,
        "operations": operations,
    }


@asynccontextmanager
async def _scene(url: str) -> AsyncIterator[Scene]:
    async with open_local(database_url=url) as local:
        for _ in range(OPEN_REQUESTS):
            details = DemandeDetails(CALL, telephone="06 39 98 00 00", mots="Je n'ai pas reçu mon aide.")
            await local.assistant.create_demande(details, conversation_id=None, channel="web")
        yield await Scene.prepare(local)


async def _analyse(local: Local) -> None:
    """Let the engine look at what it holds: PostgreSQL does so by itself within minutes."""
    async with local.database.write() as connection:
        await connection.exec_driver_sql("ANALYZE")


async def _compare(name: str, empty: Scene, full: Scene, rounds: int) -> dict[str, Any]:
    """Return medians in milliseconds; the two take turns, and the first of each turn changes."""
    act = OPERATIONS[name]
    times: dict[int, list[float]] = {id(empty): [], id(full): []}
    for turn in range(-WARM_UP, rounds):
        for scene in (empty, full) if turn % 2 else (full, empty):
            seconds = await act(scene)
            if turn >= 0:
                times[id(scene)].append(seconds)
    before, after = times[id(empty)], times[id(full)]
    found: dict[str, Any] = {
        "empty_ms": round(1000 * median(before), 2),
        "full_ms": round(1000 * median(after), 2),
        "ratio": round(slower_by(before, after), 2),
    }
    if scans := await scans_of(full.local.database, lambda: act(full)):
        found["scans"] = scans
    return found
