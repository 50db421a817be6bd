"""The audit: that something was done, never to whom nor what it said."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import now
from bot.store.schema import audit

DEMANDE_ERASED = "demande_effacee"
CONVERSATION_ERASED = "conversation_effacee"
CONVERSATIONS_PURGED = "conversations_purgees"


async def note(connection: AsyncConnection, event: str) -> None:
    """Keep one line: the event and its time."""
    await connection.execute(audit.insert().values(at=now(), event=event))
