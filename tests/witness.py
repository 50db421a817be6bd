"""What a test sees of a running assistant: its store, read beside it, on a channel that knows people by an address."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from bot.store import conversations as store
from bot.store import queues
from bot.store.addresses import conversation_in_hand, hash_address
from bot.store.cipher import Cipher, load_cipher
from bot.store.conversations import USER, Conversation, StoredMessage
from bot.store.database import Database
from bot.store.demandes import conversation_state
from bot.store.schema import deliveries

PATIENCE_SECONDS = 30.0
Found = TypeVar("Found")


@dataclass
class Witness:
    """Reads the store of a running assistant."""

    database: Database
    cipher: Cipher
    channel: str = "sms"

    async def conversation(self, phone: str) -> Conversation | None:
        """Return the conversation in hand of a phone."""
        async with self.database.read() as connection:
            found = await conversation_in_hand(connection, hash_address(self.cipher, self.channel, phone))
            return await store.find_conversation(connection, self.cipher, found) if found else None

    async def said(self, phone: str) -> list[StoredMessage]:
        """Return what a phone wrote in the conversation in hand."""
        conversation = await self.conversation(phone)
        if conversation is None:
            return []
        async with self.database.read() as connection:
            messages = await store.list_messages(connection, self.cipher, conversation.id)
        return [message for message in messages if message.sender == USER]

    async def replies(self, phone: str, seq: int) -> list[StoredMessage]:
        """Return the replies to a message once it is answered, else nothing."""
        conversation = await self.conversation(phone)
        if conversation is None:
            return []
        async with self.database.read() as connection:
            if seq in await queues.list_waiting(connection, conversation.id):
                return []
            return await store.list_messages(connection, self.cipher, conversation.id, in_reply_to=seq)

    async def state(self, phone: str) -> str:
        """Return `bot`, `waiting` or `operator`."""
        conversation = await self.conversation(phone)
        async with self.database.read() as connection:
            return await conversation_state(connection, conversation.id) if conversation else "bot"

    async def delivery_states(self, phone: str) -> list[str]:
        """Return the states of the messages to a phone, in order."""
        query = (
            sa.select(deliveries.c.status)
            .where(deliveries.c.address_hash == hash_address(self.cipher, self.channel, phone))
            .order_by(deliveries.c.id)
        )
        async with self.database.read() as connection:
            return [row.status for row in (await connection.execute(query)).all()]

    async def undelivered(self) -> int:
        """Return how many messages are still on their way to the gateway."""
        query = sa.select(sa.func.count()).where(deliveries.c.status.in_(("queued", "handing")))
        async with self.database.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def unanswered(self) -> int:
        """Return how many messages wait for their answer."""
        async with self.database.read() as connection:
            return (await queues.counts(connection))["a_repondre"]


@asynccontextmanager
async def witness_of(var: Path, channel: str = "sms") -> AsyncIterator[Witness]:
    """Open the store of an assistant that runs, and its keys."""
    database = Database(f"sqlite+aiosqlite:///{var / 'assistant.db'}")
    try:
        yield Witness(database, load_cipher(var / "cles"), channel)
    finally:
        await database.close()


async def until(
    look: Callable[[], Awaitable[Found]], enough: Callable[[Found], bool], seconds: float = PATIENCE_SECONDS
) -> Found:
    """Look again and again until what is seen is enough. Raises AssertionError with the last thing seen."""
    deadline = time.monotonic() + seconds
    while not enough(found := await look()):
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.05)
    return found
