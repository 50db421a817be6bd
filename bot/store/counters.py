"""Counts by day, of nobody: what a month cost, what was refused."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import insert_new
from bot.store.schema import counters


async def add(connection: AsyncConnection, day: date, name: str, count: int = 1) -> None:
    """Add to a count of a day."""
    if not await insert_new(connection, counters, day=day, name=name, count=count):
        await connection.execute(
            counters.update()
            .where(counters.c.day == day, counters.c.name == name)
            .values(count=counters.c.count + count)
        )


async def of_month(connection: AsyncConnection, day: date) -> dict[str, int]:
    """Return the counts of the month of a day, by name."""
    query = (
        sa.select(counters.c.name, sa.func.sum(counters.c.count).label("total"))
        .where(counters.c.day >= day.replace(day=1), counters.c.day <= day)
        .group_by(counters.c.name)
        .order_by(counters.c.name)
    )
    return {row.name: int(row.total) for row in (await connection.execute(query)).all()}
