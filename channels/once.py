"""Do something once for a key, however often and however closely it is asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")
KEEP_SECONDS = 600.0
"""A double click, a reload, a connection lost and found again; not tomorrow."""
MAX_KEPT = 10_000


class Once(Generic[Result]):
    """Keeps, in memory only, the result of what was done under each key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._done: dict[str, tuple[float, asyncio.Task[Result]]] = {}

    async def run(self, key: str | None, act: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Return the result of `act`, or the earlier one of the same key. A failure is not kept."""
        if key is None:
            return await act()
        self._forget_old()
        if key not in self._done:
            self._done[key] = (self._clock(), asyncio.create_task(act()))
        return await self._result(key)

    async def _result(self, key: str) -> Result:
        task: Awaitable[Result] = self._done[key][1]
        try:
            # Shielded: a client that leaves must not undo what the second click waits for.
            return await asyncio.shield(task)
        except Exception:
            self._done.pop(key, None)
            raise

    def _forget_old(self) -> None:
        oldest_first = list(self._done.items())
        too_many = len(oldest_first) - MAX_KEPT
        for rank, (key, (moment, _)) in enumerate(oldest_first):
            if rank > too_many and self._clock() - moment < KEEP_SECONDS:
                break
            del self._done[key]
