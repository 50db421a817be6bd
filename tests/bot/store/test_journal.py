"""What operators did: in order, their own, without content, for a year."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store import journal
from bot.store.database import Database
from bot.store.desk_schema import journal as table

START = datetime(2026, 11, 23, 9, 0)


async def test_an_account_sees_what_it_did_newest_first_and_nothing_of_others(database: Database) -> None:
    async with database.write() as connection:
        await journal.note(connection, journal.SIGNED_IN, 1, at=START)
        await journal.note(connection, journal.READ, 1, "BC-2345", at=START + timedelta(minutes=1))
        await journal.note(connection, journal.READ, 2, "BC-2345", at=START)
        await journal.note(connection, journal.SIGN_IN_REFUSED, None, at=START)
        entries = await journal.list_of(connection, 1)
        last = await journal.list_of(connection, 1, limit=1)
    assert entries == [
        journal.Entry(START + timedelta(minutes=1), "read", "BC-2345"),
        journal.Entry(START, "signed_in", None),
    ]
    assert last == entries[:1]


async def test_the_time_is_the_present_when_none_is_given(database: Database) -> None:
    async with database.write() as connection:
        await journal.note(connection, journal.CLAIMED, 1, "BC-2345")
        (entry,) = await journal.list_of(connection, 1)
    assert entry.at.tzinfo is None
    assert entry.at > START - timedelta(days=3650)


async def test_what_is_older_than_a_year_is_deleted(database: Database) -> None:
    async with database.write() as connection:
        for days in (0, 364, 366):
            await journal.note(connection, journal.READ, 1, f"J-{days}", at=START - timedelta(days=days))
        assert await journal.delete_before(connection, START - journal.KEPT) == 1
        assert [entry.reference for entry in await journal.list_of(connection, 1)] == ["J-364", "J-0"]


def test_every_action_fits_its_column_and_has_a_name_of_its_own() -> None:
    assert len(set(journal.ACTIONS)) == len(journal.ACTIONS)
    assert all(len(action) <= table.c.action.type.length for action in journal.ACTIONS)
