"""How much one address and one conversation may ask. A danger is never refused by a limit."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from typing import Self

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter

from bot.intake.danger import DangerDetector
from bot.service import metrics
from bot.service.shared import Away, SharedMemory
from bot.settings import Settings

SHEETS_TEXTED_PER_HOUR = 30
"""SMS of fiches that one account of the desk may send: more than a morning of queues asks, less than a spree."""
Rule = tuple[RateLimitItem, str]


class TooMany(Exception):
    """Refused for now; `retry_after` is in seconds, and `title` is for the person."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many requests")
        self.retry_after = retry_after
        self.title = f"Beaucoup de messages arrivent en ce moment. Réessayez dans {_delay_text(retry_after)}."


class Limits:
    """Fixed windows, counted in Redis for all the processes where there is one, else in memory.

    In memory they start again empty with the process, and each process counts what it alone sees: while Redis is away,
    more gets through, and nobody is refused for it.

    Moving windows would be a little fairer, but in this library each hit then walks through every key of
    the store, a thread a key: with a thousand conversations that costs more than answering.
    """

    def __init__(
        self, settings: Settings, danger: DangerDetector, shared: SharedMemory | None = None
    ) -> None:
        self._danger = danger
        self._shared = shared
        self._windows = FixedWindowRateLimiter(MemoryStorage())
        self._shared_windows = FixedWindowRateLimiter(_Redis.of(settings, shared)) if shared else None
        self._conversation = RateLimitItemPerMinute(settings.messages_per_minute)
        self._address = RateLimitItemPerMinute(settings.messages_per_minute_address)
        self._new_conversations = RateLimitItemPerHour(settings.conversations_per_hour_address)
        self._sheets_texted = RateLimitItemPerHour(SHEETS_TEXTED_PER_HOUR)

    async def count_message(self, address: str, conversation_id: str | None, text: str | None) -> None:
        """Count a message. Raises TooMany unless the text tells of a danger."""
        rules: list[Rule] = [(self._address, f"message:{address}")]
        if conversation_id:
            rules.insert(0, (self._conversation, f"conversation:{conversation_id}"))
        await self._count(rules, text)

    async def count_conversation(self, address: str, text: str | None = None) -> None:
        """Count a new conversation, or a request left without one; `text` is the first message, if any."""
        await self._count([(self._new_conversations, f"new:{address}")], text)

    async def count_sheet_texted(self, account_id: int) -> None:
        """Count a fiche that an account sends by SMS. Raises TooMany."""
        await self._count([(self._sheets_texted, f"sheet:{account_id}")], None)

    async def _count(self, rules: list[Rule], text: str | None) -> None:
        for item, key in rules:
            seconds = await self._hit(item, key)
            if seconds is None:
                continue
            if text and (self._danger.find(text) or self._danger.suspect(text)):
                return
            metrics.note_limited(key.partition(":")[0])
            raise TooMany(seconds)

    async def _hit(self, item: RateLimitItem, key: str) -> int | None:
        """Count one; return the seconds to wait when it is one too many."""
        if self._shared is not None and self._shared_windows is not None:
            windows, name = self._shared_windows, self._shared.name("limit", key)
            with suppress(Away):
                return await self._shared.ask(lambda _: _hit(windows, item, name))
        return await _hit(self._windows, item, key)


class _Redis(RedisStorage):
    """Redis as the library counts in it, on our connections."""

    DEPENDENCIES = {"redis": None}  # noqa: RUF012 - as the library has it
    """The library asks for redis-py 5.2, Rasa holds us at 4.6: what a fixed window calls is the same in both."""

    @classmethod
    def of(cls, settings: Settings, shared: SharedMemory) -> Self:
        """Return one on the connections of a memory."""
        return cls(
            settings.redis_url,
            implementation="redispy",
            key_prefix=shared.name("limits"),
            connection_pool=shared.client.connection_pool,
        )


async def _hit(windows: FixedWindowRateLimiter, item: RateLimitItem, key: str) -> int | None:
    if await windows.hit(item, key):
        return None
    window = await windows.get_window_stats(item, key)
    return max(1, math.ceil(window.reset_time - time.time()))


def _delay_text(seconds: int) -> str:
    if seconds <= 90:
        return f"{seconds} seconde{'s' if seconds > 1 else ''}"
    return f"{math.ceil(seconds / 60)} minutes"
