"""Open the store for a command, with its keys, and close it at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import Settings
from bot.store.cipher import Cipher, load_cipher
from bot.store.database import Database, migrate


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[tuple[Database, Cipher]]:
    """Yield the store as it is, without bringing its schema up to date. Raises CipherError."""
    database = Database(settings.database)
    try:
        yield database, load_cipher(settings.keys_folder)
    finally:
        await database.close()


@asynccontextmanager
async def open_current_store(settings: Settings) -> AsyncIterator[tuple[Database, Cipher]]:
    """Yield the store at the newest schema, made when there is none. Raises CipherError."""
    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    await asyncio.to_thread(migrate, settings.database)
    async with open_store(settings) as opened:
        yield opened
