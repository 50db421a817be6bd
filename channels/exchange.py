"""Send one message to the assistant and get what it says: the same for the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.answer import Answer
from bot.service.assistant import Assistant
from bot.service.intake import Incoming
from bot.store.conversations import StoredMessage

WAIT_SECONDS = 8.5
"""Time given to an answer. Answers come within 10 seconds, or the message says that it is kept."""


@dataclass(frozen=True)
class Exchange:
    """The replies to one message, or the last words of a conversation that it erased."""

    replies: list[StoredMessage]
    erased: Answer | None = None


async def exchange(assistant: Assistant, conversation_id: str, incoming: Incoming) -> Exchange:
    """Store a message and return its replies: there is always at least one, if only about the delay.

    Raises a `bot.service.errors.Refused` when the message cannot be taken.
    """
    receipt = await assistant.receive(conversation_id, incoming)
    if receipt.erased:
        return Exchange([], receipt.erased)
    replies = await assistant.wait_for_replies(conversation_id, receipt.seq, WAIT_SECONDS)
    if not await assistant.is_settled(receipt.seq):
        replies = await assistant.tell_delay(conversation_id, receipt.seq)
    return Exchange(replies)
