"""Something done now and then: it goes on after a failure, and ends with its block."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from bot.service.repeating import repeating


async def test_a_failure_is_told_and_the_work_is_done_again_until_the_end() -> None:
    third, times = asyncio.Event(), 0

    async def work() -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise OSError("the store is away")
        if times == 3:
            third.set()

    with capture_logs() as logs:
        async with repeating(work, 0.0, "work_failed"):
            await asyncio.wait_for(third.wait(), 20)
        done = times
        await asyncio.sleep(0)
    assert [line["event"] for line in logs] == ["work_failed"]
    assert times == done


async def test_the_first_time_may_wait() -> None:
    async def work() -> None:
        raise AssertionError("too early")

    with capture_logs() as logs:
        async with repeating(work, 3600.0, "work_failed", at_once=False):
            await asyncio.sleep(0)
    assert logs == []
