"""Somebody who writes from a phone, in tests: what they send, and what is queued for them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

import sqlalchemy as sa

from bot.service.assistant import Assistant
from bot.service.correspondence import Inbound, Part, Reception
from bot.store import addresses
from bot.store.conversations import Conversation, find_conversation
from bot.store.deliveries import Lane
from bot.store.schema import deliveries
from tests.bot.service.person import PATIENCE_SECONDS

ADDRESS = "+33639980001"
_KEYS = count()


@dataclass(frozen=True)
class Queued:
    """A text queued for a phone."""

    text: str
    lane: Lane
    created_at: datetime
    not_before: datetime
    expires_at: datetime


@dataclass
class Phone:
    """One number, seen by the person who holds it."""

    assistant: Assistant
    address: str = ADDRESS
    _seen: int = field(default=0)

    async def send(self, text: str | None, *, key: str | None = "", part: Part | None = None) -> Reception:
        """Send a text, with an id of its own unless told otherwise."""
        key = f"clé-{next(_KEYS)}" if key == "" else key
        return await self.assistant.receive_from(Inbound("sms", self.address, text, key, part))

    async def say(self, text: str | None, *, answers: int = 1) -> list[str]:
        """Send a text and return what is queued in answer, once there are so many."""
        await self.send(text)
        return [queued.text for queued in await self.hear(answers)]

    async def ask(self, text: str | None) -> str:
        """Send a text and return the one SMS that answers it."""
        (only,) = await self.say(text)
        return only

    async def hear(self, answers: int = 1) -> list[Queued]:
        """Return what was queued since the last time, once there are so many."""
        with self.assistant.listen_to_all() as news:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    news.clear()
                    if len(found := await self._queued_since()) >= answers:
                        self._seen = max((row.id for row in found), default=self._seen)
                        return [self._read(row) for row in found]
                    await news.wait()

    async def new(self) -> list[Queued]:
        """Return what was queued since the last time, now."""
        return await self.hear(0)

    async def _queued_since(self) -> list[sa.engine.Row]:
        query = (
            sa.select(deliveries)
            .where(deliveries.c.address_hash == self.hash, deliveries.c.id > self._seen)
            .order_by(deliveries.c.id)
        )
        async with self.assistant._database.read() as connection:
            return (await connection.execute(query)).all()

    def _read(self, row: sa.engine.Row) -> Queued:
        cipher = self.assistant._cipher
        assert cipher.open(row.address_enc) == self.address
        return Queued(
            cipher.open(row.text_enc), Lane(row.lane), row.created_at, row.next_attempt_at, row.expires_at
        )

    @property
    def hash(self) -> str:
        """The keyed hash under which the number is known."""
        return addresses.hash_address(self.assistant._cipher, "sms", self.address)

    async def is_opposed(self) -> bool:
        """Tell whether the number stands in the ledger of STOP."""
        async with self.assistant._database.read() as connection:
            return await addresses.is_opposed(connection, self.hash)

    async def conversation(self) -> Conversation:
        """Return the conversation in hand."""
        async with self.assistant._database.read() as connection:
            conversation_id = await addresses.conversation_in_hand(connection, self.hash)
            assert conversation_id
            found = await find_conversation(connection, self.assistant._cipher, conversation_id)
        assert found
        return found
