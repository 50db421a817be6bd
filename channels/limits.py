"""How much one address and one conversation may ask. A danger is never refused by a limit."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from bot.intake.danger import DangerDetector
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
    """Fixed windows kept in memory: they start again empty with the process.

    Moving windows would be a little fairer, but in this library each hit then walks through every key of
    the store, a thread a key: with a thousand conversations that costs more than answering.
    """

    def __init__(self, settings: Settings, danger: DangerDetector) -> None:
        self._danger = danger
        self._windows = FixedWindowRateLimiter(MemoryStorage())
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
            if not await self._windows.hit(item, key):
                if text and (self._danger.find(text) or self._danger.suspect(text)):
                    return
                window = await self._windows.get_window_stats(item, key)
                raise TooMany(max(1, math.ceil(window.reset_time - time.time())))


def _delay_text(seconds: int) -> str:
    if seconds <= 90:
        return f"{seconds} seconde{'s' if seconds > 1 else ''}"
    return f"{math.ceil(seconds / 60)} minutes"
