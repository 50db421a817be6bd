"""The audit: that something was done, and nothing more."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store import audit
from bot.store.database import Database
from bot.store.schema import audit as table


async def test_a_line_holds_an_event_and_a_time_only(database: Database) -> None:
    async with database.write() as connection:
        await audit.note(connection, audit.CONVERSATION_ERASED)
    async with database.read() as connection:
        (row,) = (await connection.execute(sa.select(table))).all()
    assert row.event == "conversation_effacee"
    assert set(row.keys()) == {"id", "at", "event"}
