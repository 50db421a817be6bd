"""Count what waits, of nobody: how many, by channel and by state."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.demandes import WAITING
from bot.store.queues import PENDING
from bot.store.schema import deliveries, demandes, inbox


@dataclass(frozen=True)
class Waiting:
    """How many messages wait for an answer, requests for a person, and deliveries are in each channel and state."""

    answers: int
    demandes: int
    deliveries: dict[tuple[str, str], int]


async def count_waiting(connection: AsyncConnection) -> Waiting:
    """Return what waits now, whichever process will see to it."""
    number = sa.func.count().label("number")
    query = sa.select(deliveries.c.channel, deliveries.c.status, number).group_by(
        deliveries.c.channel, deliveries.c.status
    )
    rows = (await connection.execute(query)).all()
    pending = sa.select(number).select_from(inbox).where(inbox.c.status == PENDING)
    waiting = sa.select(number).select_from(demandes).where(demandes.c.status == WAITING)
    return Waiting(
        answers=int((await connection.execute(pending)).scalar_one()),
        demandes=int((await connection.execute(waiting)).scalar_one()),
        deliveries={(row.channel, row.status): int(row.number) for row in rows},
    )
