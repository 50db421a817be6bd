"""Erase what was left at a kiosk whose browser was closed, or never came back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from aiohttp import web

from bot.service.repeating import repeating
from bot.store.conversations import KIOSK
from channels.keys import ASSISTANT

IDLE = timedelta(minutes=10)
"""Without a message. Longer than a page is read; the next person does not wait for it, since the screen is wiped first."""
LOOK_SECONDS = 60.0


async def forget_left(app: web.Application) -> AsyncIterator[None]:
    """Look every minute until the application stops; what fails is tried again, and the screen was wiped already."""
    purge = app[ASSISTANT].purge
    async with repeating(lambda: purge.purge_left(KIOSK, IDLE), LOOK_SECONDS, "kiosk_purge_failed"):
        yield
