"""What a conversation holds that a request needs to know: words of the person, a subject, a danger."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.intake.commands import find_command
from bot.model.answer import Answer, AnswerType
from bot.store.cipher import Cipher
from bot.store.conversations import USER
from bot.store.schema import messages


@dataclass(frozen=True)
class Told:
    """`has_words`: the person wrote something of their own. `subject`: the fiche answered last."""

    has_words: bool = False
    subject: str | None = None
    has_danger: bool = False


async def read_told(connection: AsyncConnection, cipher: Cipher, conversation_id: str | None) -> Told:
    """Return what a conversation holds; nothing for none. A choice or a command word is nobody's own words."""
    if conversation_id is None:
        return Told()
    query = (
        sa.select(messages.c.sender, messages.c.body_enc)
        .where(messages.c.conversation_id == conversation_id)
        .order_by(messages.c.seq)
    )
    rows = (await connection.execute(query)).all()
    bodies = [(row.sender, cipher.open(row.body_enc)) for row in rows]
    said = [body for sender, body in bodies if sender == USER and "choice" not in body]
    answers = [Answer.from_json(body["answer"]) for _sender, body in bodies if "answer" in body]
    return Told(
        has_words=any(find_command(body.get("text") or "", by_address=True) is None for body in said),
        subject=next((answer.fiche for answer in reversed(answers) if answer.fiche), None),
        has_danger=any(answer.type is AnswerType.URGENCE for answer in answers),
    )
