"""Counts by day, of nobody."""

from __future__ import annotations

from datetime import date

from bot.store import counters
from bot.store.database import Database


async def test_counts_of_a_month_add_up_by_name(database: Database) -> None:
    async with database.write() as connection:
        await counters.add(connection, date(2026, 11, 1), "sms_segments", 2)
        await counters.add(connection, date(2026, 11, 1), "sms_segments", 3)
        await counters.add(connection, date(2026, 11, 23), "sms_segments")
        await counters.add(connection, date(2026, 11, 23), "refus")
        assert await counters.of_month(connection, date(2026, 11, 23)) == {"refus": 1, "sms_segments": 6}


async def test_another_month_and_the_days_to_come_are_not_counted(database: Database) -> None:
    async with database.write() as connection:
        for day in (date(2026, 10, 31), date(2025, 11, 23), date(2026, 11, 24), date(2026, 12, 1)):
            await counters.add(connection, day, "sms_segments")
        assert await counters.of_month(connection, date(2026, 11, 23)) == {}
        assert await counters.of_month(connection, date(2026, 10, 31)) == {"sms_segments": 1}
