"""Do something now and then beside everything else, whatever becomes of one time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

log = structlog.get_logger()


@asynccontextmanager
async def repeating(
    work: Callable[[], Awaitable[object]], seconds: float, failure: str, *, at_once: bool = True
) -> AsyncIterator[None]:
    """Do the work every so many seconds until the end of the block, the first time `at_once` or after them.

    A failure is told in the log under the name `failure`, and the work is done again at the next time.
    """

    async def repeat() -> None:
        if not at_once:
            await asyncio.sleep(seconds)
        while True:
            try:
                await work()
            except Exception:
                log.exception(failure)
            await asyncio.sleep(seconds)

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
