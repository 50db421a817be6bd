"""Run a test of hypothesis on the loop that is open: its application is opened once, not for each example."""

from __future__ import annotations

import asyncio
from typing import Any

PATIENCE_SECONDS = 60


async def run_examples(test: Any) -> None:
    """Run every example of an async function that `given` decorates; raise what the worst one raised."""
    loop, inner = asyncio.get_running_loop(), test.hypothesis.inner_test

    def run_one(*args: Any, **named: Any) -> None:
        asyncio.run_coroutine_threadsafe(inner(*args, **named), loop).result(PATIENCE_SECONDS)

    test.hypothesis.inner_test = run_one
    await asyncio.to_thread(test)
