"""Do something once for a key, however often and however closely it is asked, and of whichever process."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Generic, TypeVar

from bot.service.shared import Away, SharedMemory

Result = TypeVar("Result")
KEEP_SECONDS = 600.0
"""A double click, a reload, a connection lost and found again; not tomorrow."""
MAX_KEPT = 10_000
CLAIM_SECONDS = 9
"""How long the others wait for a process that died while it acted; one that lives claims again before."""
_LOOK_SECONDS = 0.05
_CLAIM = b"?"
"""What a claim begins with; a result, which is sealed, never does."""
_HOLD = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('expire', KEYS[1], ARGV[2]) end"
_DROP = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"


def _same(value: Any) -> Any:
    return value


class Once(Generic[Result]):
    """Keeps the result of what was done under each key: in memory, and sealed in Redis when it is shared.

    While Redis is away each process knows of its own only. `write` gives what JSON holds of a result, and `read` gives
    the result again.
    """

    def __init__(
        self,
        name: str = "",
        write: Callable[[Result], Any] = _same,
        read: Callable[[Any], Result] = _same,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._write = write
        self._read = read
        self._clock = clock
        self._shared: SharedMemory | None = None
        self._done: dict[str, tuple[float, asyncio.Task[Result]]] = {}

    def share(self, shared: SharedMemory | None) -> None:
        """Act once among all the processes that share under this name; None: in this one alone."""
        self._shared = shared

    async def run(self, key: str | None, act: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Return the result of `act`, or the earlier one of the same key. A failure is not kept."""
        if key is None:
            return await act()
        self._forget_old()
        if key not in self._done:
            self._done[key] = (self._clock(), asyncio.create_task(self._act(key, act)))
        return await self._result(key)

    async def _act(self, key: str, act: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        if self._shared is None:
            return await act()
        turn = _Turn(self._shared, self._shared.name(f"once:{self._name}", key))
        try:
            sealed = await turn.wait()
        except Away:
            return await act()
        if sealed:
            return self._read(self._shared.open(sealed))
        try:
            result = await turn.hold(asyncio.ensure_future(act()))
        except Exception:
            await turn.drop()
            raise
        await turn.keep(self._shared.seal(self._write(result)))
        return result

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


class _Turn:
    """The right of one process to act for a key, and what it leaves to the others."""

    def __init__(self, shared: SharedMemory, name: str) -> None:
        self._shared = shared
        self._name = name
        self._claim = _CLAIM + secrets.token_hex(8).encode()

    async def wait(self) -> bytes | None:
        """Return None when the turn is ours, else what another process left, once it has. Raises Away."""
        while True:
            if await self._shared.ask(lambda r: r.set(self._name, self._claim, nx=True, ex=CLAIM_SECONDS)):
                return None
            found = await self._shared.ask(lambda r: r.get(self._name))
            if found is not None and not found.startswith(_CLAIM):
                return bytes(found)
            await asyncio.sleep(_LOOK_SECONDS)

    async def hold(self, acting: asyncio.Future[Result]) -> Result:
        """Wait for the act, and let nobody else begin meanwhile."""
        while True:
            done, _ = await asyncio.wait([acting], timeout=CLAIM_SECONDS / 3)
            if done:
                return acting.result()
            await self._tell(lambda r: r.eval(_HOLD, 1, self._name, self._claim, CLAIM_SECONDS))

    async def drop(self) -> None:
        """Let another process try."""
        await self._tell(lambda r: r.eval(_DROP, 1, self._name, self._claim))

    async def keep(self, sealed: bytes) -> None:
        """Leave the result to the others."""
        await self._tell(lambda r: r.set(self._name, sealed, ex=int(KEEP_SECONDS)))

    async def _tell(self, work: Callable[[Any], Awaitable[object]]) -> None:
        with suppress(Away):
            await self._shared.ask(work)
