"""What the processes of one assistant share for a moment, through Redis; each does without when it is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import structlog
from redis.asyncio import Redis

from bot.service.logs import failure
from bot.settings import SettingsError
from bot.store.cipher import Cipher

TIMEOUT_SECONDS = 0.5
"""What somebody may wait for Redis, once: nobody waits again until it is back."""
LOOK_SECONDS = 1.0
"""Between two looks at a Redis that is away."""
_AT_ONCE = 32
"""Calls under way: a Redis that hangs must not be given a connection a message."""

Answer = TypeVar("Answer")
log = structlog.get_logger()


class Away(Exception):
    """Redis does not answer, or not as agreed: do without it for now."""


class SharedMemory:
    """A Redis that may go away. Its keys and channels tell nothing to who has not the keys of the assistant."""

    def __init__(self, url: str, cipher: Cipher) -> None:
        """Raise SettingsError when the address is not one of Redis. Nothing is connected yet."""
        try:
            self.client: Redis[bytes] = Redis.from_url(
                url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
            )
        except ValueError:
            raise SettingsError(
                "réglage incorrect : BOT_REDIS_URL (écrivez redis://serveur:6379/0)"
            ) from None
        self._cipher = cipher
        self._space = cipher.digest("redis")[:12]
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._is_away = False
        self._looking: asyncio.Task[None] | None = None

    def name(self, purpose: str, word: str = "") -> str:
        """Return the key that stands for a word; two assistants on one Redis never have the same."""
        return f"assistant:{self._space}:{purpose}:{self._cipher.digest(f'{purpose}:{word}')[:40]}"

    def seal(self, value: Any) -> bytes:
        """Return a JSON value encrypted: Redis keeps nothing that can be read."""
        return self._cipher.seal(value)

    def open(self, sealed: bytes) -> Any:
        """Return a JSON value again. Raises CipherError."""
        return self._cipher.open(sealed)

    async def ask(self, work: Callable[[Redis[bytes]], Awaitable[Answer]]) -> Answer:
        """Do something with Redis. Raises Away after TIMEOUT_SECONDS at most, and at once while it is away."""
        if self._is_away:
            raise Away
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS), self._turns:
                return await work(self.client)
        except Exception as error:  # whatever the library raises of a broken connection, nobody may see it
            self._note_away(error)
            raise Away from error

    def _note_away(self, error: Exception) -> None:
        if self._is_away:
            return
        self._is_away = True
        log.warning("redis_away", **failure(error))
        self._looking = asyncio.create_task(self._look_until_back())

    async def _look_until_back(self) -> None:
        """Try a write: a Redis that is full, or only a copy of another, answers pings and takes nothing."""
        while self._is_away:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(Exception):
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    await self.client.set(self.name("look"), b"1", ex=5)
                self._is_away = False
        log.info("redis_back")

    async def close(self) -> None:
        """Close every connection."""
        if self._looking is not None:
            await end_tasks([self._looking])
        with suppress(Exception):
            await self.client.close(close_connection_pool=True)


async def end_tasks(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks that talk to Redis, as often as needed.

    Once is not enough: the library sends within `asyncio.wait_for`, which in Python 3.11 forgets a cancel that comes
    as it ends.
    """
    while going := [task for task in tasks if not task.done()]:
        for task in going:
            task.cancel()
        await asyncio.wait(going, timeout=0.1)
