"""Somebody who talks with the assistant, in tests."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.model.answer import Answer
from bot.service.assistant import Assistant
from bot.service.intake import Incoming, Receipt
from bot.store.conversations import Conversation

PATIENCE_SECONDS = 20.0


@dataclass
class Person:
    """One conversation, seen by the person in it."""

    assistant: Assistant
    id: str
    token: str

    @classmethod
    async def arrive(cls, assistant: Assistant) -> Person:
        """Open a conversation."""
        conversation, token, _welcome = await assistant.start_conversation("web")
        return cls(assistant, conversation.id, token)

    async def send(
        self, text: str | None = None, choice: str | None = None, client_id: str | None = None
    ) -> Receipt:
        """Send a text or pick a choice, and return the receipt."""
        return await self.assistant.receive(self.id, Incoming(text, choice, client_id))

    async def say(self, text: str) -> Answer:
        """Send a text that is answered at once, and return the answer."""
        return (await self.hear(await self.send(text)))[-1]

    async def pick(self, choice: str) -> Answer:
        """Pick a choice that is answered at once, and return the answer."""
        return (await self.hear(await self.send(choice=choice)))[-1]

    async def hear(self, receipt: Receipt, count: int = 1) -> list[Answer]:
        """Return the replies to a message as soon as there are that many."""
        with self.assistant.listen(self.id) as signal:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    signal.clear()
                    replies = await self.assistant.wait_for_replies(self.id, receipt.seq, 0)
                    if len(replies) >= count:
                        return [reply.answer for reply in replies if reply.answer]
                    await signal.wait()

    async def replies(self, receipt: Receipt) -> list[Answer]:
        """Return the replies there are now."""
        found = await self.assistant.wait_for_replies(self.id, receipt.seq, 0)
        return [reply.answer for reply in found if reply.answer]

    async def texts(self) -> list[str]:
        """Return what the person said, as it is kept."""
        return [
            message.text for message in await self.assistant.transcript(self.id) if message.text is not None
        ]

    async def conversation(self) -> Conversation:
        """Return the conversation as it is stored."""
        found = await self.assistant.find_conversation(self.id, self.token)
        assert found
        return found


def words_of(answer: Answer) -> str:
    """Return every word of an answer's blocks."""
    return "\n".join(item for block in answer.blocks for item in block.items)
