"""The inbox (what came in and is to be answered) and the outbox (what is to be delivered)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import leases
from bot.store.cipher import Cipher
from bot.store.database import now
from bot.store.schema import inbox, messages, outbox

PENDING = "pending"
DONE = "done"
SERVED = "served"
SET_AHEAD = timedelta(minutes=15)
"""No try is put off so long: a message due later than this was put off by a clock that has since been set back."""


@dataclass(frozen=True)
class InboxItem:
    """A message to answer. `attempts` counts the tries already made."""

    seq: int
    message_id: str
    conversation_id: str
    stored_at: datetime
    body: dict[str, Any]
    attempts: int
    delay_told: bool
    next_attempt_at: datetime
    behind: bool = False


async def add_to_inbox(
    connection: AsyncConnection,
    seq: int,
    conversation_id: str,
    dedupe_key: str,
    *,
    done: bool,
    behind: bool = False,
) -> None:
    """Queue a stored message for an answer, or note that it was answered in this transaction.

    `behind`: an earlier one waits, so what needs no understanding is looked at when its turn comes.
    """
    moment = now()
    await connection.execute(
        inbox.insert().values(
            message_seq=seq,
            conversation_id=conversation_id,
            dedupe_key=dedupe_key,
            status=DONE if done else PENDING,
            attempts=0,
            next_attempt_at=moment,
            delay_told=False,
            behind=behind,
            done_at=moment if done else None,
        )
    )


async def find_received(connection: AsyncConnection, dedupe_key: str) -> int | None:
    """Return the `seq` of the message already received under this sender's id, or None."""
    query = sa.select(inbox.c.message_seq).where(inbox.c.dedupe_key == dedupe_key)
    row = (await connection.execute(query)).first()
    return int(row.message_seq) if row else None


async def next_to_answer(
    connection: AsyncConnection, cipher: Cipher, conversation_id: str
) -> InboxItem | None:
    """Return the oldest unanswered message of a conversation: order is the order of storage."""
    query = (
        sa.select(inbox, messages.c.body_enc, messages.c.at, messages.c.id.label("message_id"))
        .join(messages, messages.c.seq == inbox.c.message_seq)
        .where(inbox.c.conversation_id == conversation_id, inbox.c.status == PENDING)
        .order_by(inbox.c.message_seq)
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return InboxItem(
        seq=row.message_seq,
        message_id=row.message_id,
        conversation_id=row.conversation_id,
        stored_at=row.at,
        body=cipher.open(row.body_enc),
        attempts=row.attempts,
        delay_told=row.delay_told,
        next_attempt_at=row.next_attempt_at,
        behind=row.behind,
    )


async def list_waiting(connection: AsyncConnection, conversation_id: str) -> list[int]:
    """Return the `seq` of the messages of the conversation that still wait for their answer, in order."""
    query = (
        sa.select(inbox.c.message_seq)
        .where(inbox.c.conversation_id == conversation_id, inbox.c.status == PENDING)
        .order_by(inbox.c.message_seq)
    )
    return [int(row.message_seq) for row in (await connection.execute(query)).all()]


async def is_settled(connection: AsyncConnection, seq: int) -> bool:
    """Tell whether nothing more is to come soon: a message was answered, erased, or its delay told."""
    query = sa.select(inbox.c.message_seq).where(
        inbox.c.message_seq == seq, inbox.c.status == PENDING, inbox.c.delay_told.is_(False)
    )
    return (await connection.execute(query)).first() is None


async def has_waiting(connection: AsyncConnection, conversation_id: str) -> bool:
    """Tell whether a message of the conversation still waits for its answer."""
    query = sa.select(inbox.c.message_seq).where(
        inbox.c.conversation_id == conversation_id, inbox.c.status == PENDING
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def conversations_waiting(connection: AsyncConnection) -> list[str]:
    """Return the conversations that have an unanswered message, oldest first."""
    query = (
        sa.select(inbox.c.conversation_id, sa.func.min(inbox.c.message_seq).label("first"))
        .where(inbox.c.status == PENDING)
        .group_by(inbox.c.conversation_id)
        .order_by("first")
    )
    return [row.conversation_id for row in (await connection.execute(query)).all()]


async def hold(connection: AsyncConnection, seq: int, holder: str) -> bool:
    """Take a waiting message to answer it. Returns False when it is answered, or in the hands of a living process."""
    is_free = sa.or_(
        inbox.c.holder.is_(None), inbox.c.holder == holder, inbox.c.holder.not_in(leases.living(connection))
    )
    result = await connection.execute(
        inbox.update()
        .where(inbox.c.message_seq == seq, inbox.c.status == PENDING, is_free)
        .values(holder=holder)
    )
    return bool(result.rowcount)


async def last_waiting(connection: AsyncConnection) -> int:
    """Return the `seq` of the newest message that waits for an answer, 0 when none does."""
    query = sa.select(sa.func.max(inbox.c.message_seq)).where(inbox.c.status == PENDING)
    return int((await connection.execute(query)).scalar_one() or 0)


async def note_attempt(connection: AsyncConnection, seq: int) -> None:
    """Count a try before it is made, so that a crash in the middle is known afterwards."""
    await connection.execute(
        inbox.update().where(inbox.c.message_seq == seq).values(attempts=inbox.c.attempts + 1)
    )


async def list_left(connection: AsyncConnection, before: datetime) -> list[str]:
    """Return the conversations whose message was due before a moment and is in no living process's hands."""
    query = (
        sa.select(inbox.c.conversation_id)
        .where(
            inbox.c.status == PENDING,
            sa.or_(inbox.c.next_attempt_at < before, inbox.c.next_attempt_at > before + SET_AHEAD),
            sa.or_(inbox.c.holder.is_(None), inbox.c.holder.not_in(leases.living(connection))),
        )
        .distinct()
    )
    return [row.conversation_id for row in (await connection.execute(query)).all()]


async def mark_answered(connection: AsyncConnection, seq: int) -> bool:
    """Mark a message answered. Returns False when it no longer waits (answered or erased meanwhile)."""
    result = await connection.execute(
        inbox.update()
        .where(inbox.c.message_seq == seq, inbox.c.status == PENDING)
        .values(status=DONE, done_at=now())
    )
    return bool(result.rowcount)


async def postpone(
    connection: AsyncConnection, seq: int, next_attempt_at: datetime, *, attempts: int
) -> None:
    """Note when a message that still waits is tried again, and how often it was tried."""
    await connection.execute(
        inbox.update()
        .where(inbox.c.message_seq == seq, inbox.c.status == PENDING)
        .values(next_attempt_at=next_attempt_at, attempts=attempts, holder=None)
    )


async def claim_delay_notice(connection: AsyncConnection, seq: int) -> bool:
    """Return True for the one caller who may tell the person that this message will take longer."""
    result = await connection.execute(
        inbox.update()
        .where(inbox.c.message_seq == seq, inbox.c.status == PENDING, inbox.c.delay_told.is_(False))
        .values(delay_told=True)
    )
    return bool(result.rowcount)


async def add_to_outbox(
    connection: AsyncConnection, seq: int, conversation_id: str, channel: str, in_reply_to: int | None
) -> None:
    """Queue a stored answer for delivery."""
    await connection.execute(
        outbox.insert().values(
            message_seq=seq,
            conversation_id=conversation_id,
            in_reply_to=in_reply_to,
            channel=channel,
            status=PENDING,
            attempts=0,
            next_attempt_at=now(),
        )
    )


async def mark_served(connection: AsyncConnection, seqs: list[int]) -> None:
    """Note that a page or the API fetched these answers."""
    if seqs:
        await connection.execute(
            outbox.update()
            .where(outbox.c.message_seq.in_(seqs), outbox.c.status == PENDING)
            .values(status=SERVED, delivered_at=now())
        )


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """Return how many messages wait for an answer and how many answers for delivery."""
    waiting = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.status == PENDING)
    undelivered = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.status == PENDING)
    return {
        "a_repondre": int((await connection.execute(waiting)).scalar_one()),
        "a_livrer": int((await connection.execute(undelivered)).scalar_one()),
    }
