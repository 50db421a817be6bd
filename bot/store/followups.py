"""Questions asked later in a conversation, and their answers. They go with the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import now
from bot.store.desk_schema import followups

ANSWER = "reponse"
"""Was there an answer to the request."""
RIGHT = "droit"
"""Was the right received; asked only of who said yes to being asked."""


@dataclass(frozen=True)
class Followup:
    """One question to ask of a conversation. Times are UTC, without a timezone."""

    conversation_id: str
    kind: str
    subject: str | None
    due_at: datetime
    asked_at: datetime | None = None
    answer: str | None = None


async def plan(
    connection: AsyncConnection, conversation_id: str, kind: str, subject: str | None, due_at: datetime
) -> None:
    """Keep a question to ask at `due_at`; one already planned and not asked yet takes its place."""
    already = await find(connection, conversation_id, kind)
    if already is None:
        await connection.execute(
            followups.insert().values(
                conversation_id=conversation_id, kind=kind, subject=subject, due_at=due_at
            )
        )
    else:
        await _update(
            connection,
            conversation_id,
            kind,
            {"subject": subject, "due_at": due_at, "asked_at": None, "answer": None},
        )


async def find(connection: AsyncConnection, conversation_id: str, kind: str) -> Followup | None:
    """Return the question of this kind of a conversation, or None."""
    query = sa.select(followups).where(*_of(conversation_id, kind))
    row = (await connection.execute(query)).first()
    return _read(row) if row else None


async def list_due(connection: AsyncConnection, moment: datetime) -> list[Followup]:
    """Return the questions whose time has come and that were not asked, oldest first."""
    query = (
        sa.select(followups)
        .where(followups.c.due_at <= moment, followups.c.asked_at.is_(None))
        .order_by(followups.c.due_at)
    )
    return [_read(row) for row in (await connection.execute(query)).all()]


async def mark_asked(connection: AsyncConnection, conversation_id: str, kind: str) -> None:
    """Note that a question was asked: it is asked once."""
    await _update(connection, conversation_id, kind, {"asked_at": now()})


async def record_answer(connection: AsyncConnection, conversation_id: str, kind: str, answer: str) -> bool:
    """Keep what was answered; the last answer counts. Returns False when the question was never planned."""
    return await _update(connection, conversation_id, kind, {"answer": answer})


async def forget(connection: AsyncConnection, conversation_id: str) -> None:
    """Take back the questions of a conversation that were not asked yet: after a STOP, or a no."""
    await connection.execute(
        followups.delete().where(
            followups.c.conversation_id == conversation_id, followups.c.asked_at.is_(None)
        )
    )


async def _update(
    connection: AsyncConnection, conversation_id: str, kind: str, values: dict[str, object]
) -> bool:
    result = await connection.execute(followups.update().where(*_of(conversation_id, kind)).values(**values))
    return bool(result.rowcount)


def _of(conversation_id: str, kind: str) -> tuple[sa.sql.ColumnElement, ...]:
    return followups.c.conversation_id == conversation_id, followups.c.kind == kind


def _read(row: sa.engine.Row) -> Followup:
    return Followup(
        row.conversation_id, row.kind, row.subject, row.due_at, asked_at=row.asked_at, answer=row.answer
    )
