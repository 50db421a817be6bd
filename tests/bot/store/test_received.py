"""What gateways gave us lately: repeats are known, and parts wait for the last one."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import received
from bot.store.cipher import Cipher
from bot.store.database import Database
from bot.store.schema import message_parts
from bot.store.schema import received as received_table

START = datetime(2026, 11, 23, 9, 0)
WINDOW = timedelta(seconds=10)


class Clock:
    """The present of the store, moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(received, "now", clock)
    return clock


async def keep_part(
    connection: AsyncConnection, cipher: Cipher, number: int, *, total: int = 3, group: str = "g"
) -> None:
    await received.add_part(
        connection,
        cipher,
        group_hash=group,
        address_hash="a",
        number=number,
        total=total,
        body={"text": f"{group}{number}"},
    )


async def test_what_was_received_is_known_for_good_without_a_window(database: Database, clock: Clock) -> None:
    async with database.write() as connection:
        assert await received.is_new(connection, "clé")
        clock.at += timedelta(hours=47)
        assert not await received.is_new(connection, "clé")
        assert await received.is_new(connection, "autre")


async def test_within_its_window_only_a_repeat_is_known(database: Database, clock: Clock) -> None:
    async with database.write() as connection:
        assert await received.is_new(connection, "clé", WINDOW)
        clock.at += WINDOW
        assert not await received.is_new(connection, "clé", WINDOW)
        clock.at += timedelta(seconds=1)
        assert await received.is_new(connection, "clé", WINDOW)


async def test_the_window_starts_again_at_each_new_message(database: Database, clock: Clock) -> None:
    async with database.write() as connection:
        await received.is_new(connection, "clé", WINDOW)
        clock.at += timedelta(seconds=11)
        assert await received.is_new(connection, "clé", WINDOW)
        clock.at += timedelta(seconds=9)
        assert not await received.is_new(connection, "clé", WINDOW)


async def test_what_was_received_long_ago_is_forgotten(database: Database, clock: Clock) -> None:
    async with database.write() as connection:
        await received.is_new(connection, "ancien")
        clock.at += timedelta(hours=2)
        await received.is_new(connection, "récent")
        await received.delete_before(connection, START + timedelta(hours=1))
        keys = (await connection.execute(sa.select(received_table.c.key))).all()
        assert [row.key for row in keys] == ["récent"]


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
async def test_parts_in_any_order_make_the_whole_once_the_last_is_there(
    database: Database, cipher: Cipher, order: tuple[int, ...]
) -> None:
    async with database.write() as connection:
        for number in order:
            assert await received.take_whole(connection, cipher, "g") == []
            await keep_part(connection, cipher, number)
        whole = await received.take_whole(connection, cipher, "g")
        assert [part["text"] for part in whole] == ["g1", "g2", "g3"]
        assert await received.take_whole(connection, cipher, "g") == []


async def test_the_same_part_again_does_not_stand_for_a_missing_one(
    database: Database, cipher: Cipher
) -> None:
    async with database.write() as connection:
        for number in (1, 1, 1):
            await keep_part(connection, cipher, number, total=2)
        assert await received.take_whole(connection, cipher, "g") == []
        await keep_part(connection, cipher, 2, total=2)
        assert [part["text"] for part in await received.take_whole(connection, cipher, "g")] == ["g1", "g2"]


async def test_parts_of_two_messages_do_not_mix(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        await keep_part(connection, cipher, 1, total=2, group="g")
        await keep_part(connection, cipher, 2, total=2, group="h")
        assert await received.take_whole(connection, cipher, "g") == []
        assert await received.take_whole(connection, cipher, "h") == []


async def test_a_stale_message_is_taken_as_far_as_it_goes_and_only_once(
    database: Database, cipher: Cipher
) -> None:
    async with database.write() as connection:
        await keep_part(connection, cipher, 3)
        await keep_part(connection, cipher, 1)
        stale = await received.take_whole(connection, cipher, "g", even_incomplete=True)
        assert [part["text"] for part in stale] == ["g1", "g3"]
        assert await received.take_whole(connection, cipher, "g", even_incomplete=True) == []


async def test_messages_are_stale_by_their_first_part_oldest_first(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    async with database.write() as connection:
        for group, number in (("vieux", 1), ("moyen", 1), ("vieux", 2), ("neuf", 1)):
            await keep_part(connection, cipher, number, group=group)
            clock.at += timedelta(minutes=1)
        stale = await received.list_stale_groups(connection, START + timedelta(minutes=1, seconds=30))
        assert stale == ["vieux", "moyen"]
        assert await received.list_stale_groups(connection, START) == []


async def test_the_words_of_a_part_are_stored_unreadable(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        await keep_part(connection, cipher, 1, group="lisible")
        (row,) = (await connection.execute(sa.select(message_parts))).all()
        assert b"lisible" not in row.body_enc
