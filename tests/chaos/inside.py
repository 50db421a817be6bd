"""What the store holds at the end of a run, read beside the assistant with its keys."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bot.store.cipher import Cipher, load_cipher
from bot.store.conversations import ASSISTANT, USER
from bot.store.database import Database
from bot.store.schema import addresses, deliveries, inbox, messages, outbox
from tests.chaos.count import Stored
from tests.chaos.people import NOTICE

ON_THEIR_WAY = ("queued", "handing")


@dataclass
class Inside:
    """The store of a running assistant."""

    database: Database
    cipher: Cipher

    @classmethod
    def open(cls, url: str, var: Path) -> Inside:
        """Open the store at an address, with the keys of this folder."""
        return cls(Database(url), load_cipher(var / "cles"))

    async def waiting(self) -> tuple[int, int]:
        """Return how many messages wait for their answer, and how many for a carrier."""
        asked = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.status == "pending")
        queued = sa.select(sa.func.count()).where(deliveries.c.status.in_(ON_THEIR_WAY))
        async with self.database.read() as connection:
            return (
                int((await connection.execute(asked)).scalar_one()),
                int((await connection.execute(queued)).scalar_one()),
            )

    async def stored(self, conversations: dict[str, str]) -> list[Stored]:
        """Return every question and the rows that answer it. `conversations` names the people of the API by their ids."""
        people = {**conversations, **await self._addresses()}
        async with self.database.read() as connection:
            rows = (await connection.execute(sa.select(messages).order_by(messages.c.seq))).all()
            replies = (await connection.execute(sa.select(outbox.c.message_seq, outbox.c.in_reply_to))).all()
        asked = {reply.message_seq: reply.in_reply_to for reply in replies}
        answers: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            if (
                row.sender == ASSISTANT
                and asked.get(row.seq) is not None
                and not self._is_notice(row.body_enc)
            ):
                answers[asked[row.seq]].append(row.seq)
        return [
            Stored(
                people.get(row.conversation_id, "?"),
                str(self.cipher.open(row.body_enc)["text"]),
                row.seq,
                tuple(answers[row.seq]),
            )
            for row in rows
            if row.sender == USER
        ]

    def _is_notice(self, body: bytes) -> bool:
        return NOTICE in str(self.cipher.open(body))

    async def _addresses(self) -> dict[str, str]:
        async with self.database.read() as connection:
            rows = (
                await connection.execute(sa.select(addresses.c.conversation_id, addresses.c.address_enc))
            ).all()
        return {row.conversation_id: str(self.cipher.open(row.address_enc)) for row in rows}
