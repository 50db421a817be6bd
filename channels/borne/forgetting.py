"""Erase what was left at a kiosk whose browser was closed, or never came back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog
from aiohttp import web

from bot.store.conversations import KIOSK
from channels.keys import ASSISTANT

IDLE = timedelta(minutes=10)
"""Without a message. Longer than a page is read; the next person does not wait for it, since the screen is wiped first."""
LOOK_SECONDS = 60.0
log = structlog.get_logger()


async def forget_left(app: web.Application) -> AsyncIterator[None]:
    """Look every minute until the application stops."""
    task = asyncio.create_task(_repeat(app))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _repeat(app: web.Application) -> None:
    while True:
        try:
            await app[ASSISTANT].purge.purge_left(KIOSK, IDLE)
        except Exception:
            log.exception("kiosk_purge_failed")  # tried again in a minute; the screen was wiped already
        await asyncio.sleep(LOOK_SECONDS)
