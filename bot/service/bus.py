"""Tell whoever waits on a conversation that something was stored for it, in this process and in the others."""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import structlog

from bot.service.logs import failure
from bot.service.shared import TIMEOUT_SECONDS, Away, SharedMemory, end_tasks

ANY = "*"
"""What a listener of every conversation listens to."""
BLIND_SECONDS = 1.0
"""Between two looks at the store when other processes cannot tell what they stored."""
_CHANNEL = "signals"
_EVERYONE = "!"
"""Stands for signals that could not be told: whoever hears it wakes all its listeners."""
_MOST_WAITING = 500
"""Conversations to tell of at once; beyond, everyone is woken."""
_QUIET_SECONDS = 1.0
"""Silence after which Redis is asked whether it is there: one that hangs closes nothing."""
log = structlog.get_logger()


class Bus:
    """Signals by conversation. Content never passes here: listeners read the store.

    Processes tell each other through Redis. Without it, or while it is away, every listener looks at the store each
    BLIND_SECONDS when another process may write to it.
    """

    def __init__(self, shared: SharedMemory | None = None, *, has_others: bool = False) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._shared = shared
        self._has_others = has_others or shared is not None
        self._hears = False
        self._me = secrets.token_hex(8)
        self._to_tell: dict[str, None] = {}
        self._has_news = asyncio.Event()

    def signal(self, conversation_id: str) -> None:
        """Wake every listener of a conversation, here at once, and soon in the other processes."""
        self._wake(conversation_id)
        if self._shared is not None:
            self._note(conversation_id)

    @contextmanager
    def listen(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """Yield an event set at each signal; subscribe before reading the store, so nothing is missed."""
        event = asyncio.Event()
        self._listeners[conversation_id].add(event)
        try:
            yield event
        finally:
            self._listeners[conversation_id].discard(event)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Exchange signals with the other processes until the end of the block."""
        works = [self._wake_blindly()] if self._has_others else []
        if self._shared is not None:
            works += [self._tell(self._shared), self._hear(self._shared)]
        tasks = [asyncio.create_task(work) for work in works]
        try:
            yield
        finally:
            await end_tasks(tasks)
            if self._shared is not None and self._to_tell:
                await self._tell_once(self._shared)  # what was answered last, in a stop

    def _wake(self, conversation_id: str) -> None:
        for topic in (conversation_id, ANY):
            for event in self._listeners.get(topic, ()):
                event.set()

    def _wake_everyone(self) -> None:
        for events in self._listeners.values():
            for event in events:
                event.set()

    async def _wake_blindly(self) -> None:
        while True:
            await asyncio.sleep(BLIND_SECONDS)
            if not self._hears:
                self._wake_everyone()

    def _note(self, word: str) -> None:
        """Keep what is to be told. It never grows: too much of it comes down to one word."""
        if _EVERYONE not in self._to_tell:
            self._to_tell[word] = None
        if len(self._to_tell) > _MOST_WAITING:
            self._to_tell = {_EVERYONE: None}
        self._has_news.set()

    async def _tell(self, shared: SharedMemory) -> None:
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            if not await self._tell_once(shared):
                await asyncio.sleep(BLIND_SECONDS)
                self._has_news.set()

    async def _tell_once(self, shared: SharedMemory) -> bool:
        words, self._to_tell = self._to_tell, {}
        message = " ".join((self._me, *words))
        try:
            await shared.ask(lambda redis: redis.publish(shared.name(_CHANNEL), message))
        except Away:
            # Others may hear Redis again before we do: they are then told that they missed something.
            self._to_tell = {_EVERYONE: None}
            return False
        return True

    async def _hear(self, shared: SharedMemory) -> None:
        is_told = False
        while True:
            reason: dict[str, str] = {}
            try:
                await self._hear_until_silent(shared)
            except Exception as error:  # noqa: BLE001 - as in SharedMemory.ask
                reason = failure(error)
            if self._hears or not is_told:
                self._hears, is_told = False, True
                self._wake_everyone()
                log.warning("signals_not_heard", **reason)
            await asyncio.sleep(BLIND_SECONDS)

    async def _hear_until_silent(self, shared: SharedMemory) -> None:
        """Return when Redis has not answered in time."""
        ears: Any = shared.client.pubsub()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await ears.subscribe(shared.name(_CHANNEL))
            is_asked = True
            while True:
                message = await ears.get_message(timeout=_QUIET_SECONDS)
                if message is not None:
                    is_asked = False
                    self._take(message)
                elif is_asked:
                    return
                else:
                    is_asked = True
                    async with asyncio.timeout(TIMEOUT_SECONDS):
                        await ears.ping()
        finally:
            with suppress(Exception):
                await ears.close()

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            self._hears = True
            self._wake_everyone()  # for what was told before
            log.info("signals_heard")
        elif message["type"] == "message":
            sender, *words = message["data"].decode("ascii", "replace").split()
            if sender == self._me:
                return
            for word in words:
                if word == _EVERYONE:
                    self._wake_everyone()
                else:
                    self._wake(word)
