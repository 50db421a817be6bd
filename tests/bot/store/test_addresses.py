"""Where people are written to: the conversation in hand, the ledger of STOP, the counts of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import addresses, deliveries, received
from bot.store import conversations as store
from bot.store.cipher import Cipher
from bot.store.database import Database, now
from bot.store.deliveries import Lane
from bot.store.schema import address_days, message_parts
from bot.store.schema import addresses as addresses_table
from bot.store.schema import deliveries as deliveries_table

ADDRESS = "+33639980001"
OTHER = "+33639980002"
DAY = date(2026, 11, 23)


def hashed(cipher: Cipher, address: str = ADDRESS) -> str:
    return addresses.hash_address(cipher, "sms", address)


async def open_at(connection: AsyncConnection, cipher: Cipher, address: str = ADDRESS) -> str:
    conversation = await store.create_conversation(connection, cipher, "sms", "jeton")
    await addresses.add_address(
        connection, cipher, conversation.id, addresses.hash_address(cipher, "sms", address), address
    )
    return conversation.id


async def queue_and_keep_a_part(connection: AsyncConnection, cipher: Cipher, address: str) -> None:
    await deliveries.add_delivery(
        connection,
        cipher,
        channel="sms",
        conversation_id=None,
        message_seq=None,
        address_hash=addresses.hash_address(cipher, "sms", address),
        address=address,
        text="texte",
        lane=Lane.REPLY,
        not_before=now(),
        useful_for=timedelta(hours=1),
    )
    await received.add_part(
        connection,
        cipher,
        group_hash=cipher.digest(address),
        address_hash=addresses.hash_address(cipher, "sms", address),
        number=1,
        total=2,
        body={"text": "a"},
    )


async def column_of(connection: AsyncConnection, column: sa.Column) -> list:
    return [row[0] for row in (await connection.execute(sa.select(column))).all()]


def test_the_same_number_on_another_channel_is_another_address(cipher: Cipher) -> None:
    assert addresses.hash_address(cipher, "sms", ADDRESS) == addresses.hash_address(cipher, "sms", ADDRESS)
    assert len({hashed(cipher), hashed(cipher, OTHER), addresses.hash_address(cipher, "voix", ADDRESS)}) == 3
    assert ADDRESS not in hashed(cipher)


async def test_the_newest_conversation_of_an_address_is_the_one_in_hand(
    database: Database, cipher: Cipher
) -> None:
    async with database.write() as connection:
        assert await addresses.conversation_in_hand(connection, hashed(cipher)) is None
        older, newer = await open_at(connection, cipher), await open_at(connection, cipher)
        await open_at(connection, cipher, OTHER)
        assert await addresses.conversation_in_hand(connection, hashed(cipher)) == newer
        assert sorted(await addresses.conversations_of(connection, hashed(cipher))) == sorted([older, newer])


async def test_when_the_newest_conversation_is_erased_the_one_before_is_in_hand(
    database: Database, cipher: Cipher
) -> None:
    async with database.write() as connection:
        older, newer = await open_at(connection, cipher), await open_at(connection, cipher)
        await store.erase_conversation(connection, newer)
        assert await addresses.conversation_in_hand(connection, hashed(cipher)) == older


async def test_an_address_is_read_back_with_its_conversation_and_stored_unreadable(
    database: Database, cipher: Cipher
) -> None:
    async with database.write() as connection:
        conversation_id = await open_at(connection, cipher)
        found = await store.find_conversation(connection, cipher, conversation_id)
        assert found
        assert found.address == store.Address(ADDRESS, hashed(cipher))
        (sealed,) = await column_of(connection, addresses_table.c.address_enc)
        assert ADDRESS.encode() not in sealed


async def test_who_speaks_is_said_once_in_each_conversation(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        one, other = await open_at(connection, cipher), await open_at(connection, cipher)
        assert not await addresses.is_presented(connection, one)
        await addresses.mark_presented(connection, one)
        assert await addresses.is_presented(connection, one)
        assert not await addresses.is_presented(connection, other)


async def test_erasing_an_address_takes_its_texts_and_parts_and_leaves_those_of_others(
    database: Database, cipher: Cipher
) -> None:
    async with database.write() as connection:
        for address in (ADDRESS, OTHER):
            await queue_and_keep_a_part(connection, cipher, address)
        await addresses.erase_address(connection, hashed(cipher))
        for table in (deliveries_table, message_parts):
            assert await column_of(connection, table.c.address_hash) == [hashed(cipher, OTHER)]


async def test_erasing_an_address_leaves_its_stop_and_its_counts(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        await addresses.oppose(connection, "sms", hashed(cipher))
        await addresses.note_sent(connection, hashed(cipher), DAY)
        await addresses.erase_address(connection, hashed(cipher))
        assert await addresses.is_opposed(connection, hashed(cipher))
        assert (await addresses.day_of(connection, hashed(cipher), DAY)).sent == 1


async def test_a_stop_is_written_once_and_lifted(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        assert not await addresses.is_opposed(connection, hashed(cipher))
        for _ in range(2):
            await addresses.oppose(connection, "sms", hashed(cipher))
        assert await addresses.is_opposed(connection, hashed(cipher))
        assert not await addresses.is_opposed(connection, hashed(cipher, OTHER))
        await addresses.lift_opposition(connection, hashed(cipher))
        assert not await addresses.is_opposed(connection, hashed(cipher))
        await addresses.lift_opposition(connection, hashed(cipher))  # nothing to lift is no fault


async def test_the_counts_of_a_day_start_at_nothing_and_are_of_that_day_and_address(
    database: Database, cipher: Cipher
) -> None:
    async with database.write() as connection:
        fresh = await addresses.day_of(connection, hashed(cipher), DAY)
        assert (fresh.received, fresh.sent, fresh.limit_told, fresh.text_hash, fresh.repeats) == (
            *(0, 0, False),
            *(None, 0),
        )
        await addresses.update_day(connection, hashed(cipher), DAY, received=3, limit_told=True, repeats=2)
        same = await addresses.day_of(connection, hashed(cipher), DAY)
        assert (same.received, same.sent, same.limit_told, same.repeats) == (3, 0, True, 2)
        for address, day in ((ADDRESS, DAY + timedelta(days=1)), (OTHER, DAY)):
            assert (await addresses.day_of(connection, hashed(cipher, address), day)).received == 0


async def test_every_message_queued_is_counted(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        for _ in range(3):
            await addresses.note_sent(connection, hashed(cipher), DAY)
        assert (await addresses.day_of(connection, hashed(cipher), DAY)).sent == 3


async def test_counts_of_past_days_go_and_those_of_the_day_stay(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        for days in (2, 1, 0):
            await addresses.note_sent(connection, hashed(cipher), DAY - timedelta(days=days))
        await addresses.delete_days_before(connection, DAY - timedelta(days=1))
        assert sorted(await column_of(connection, address_days.c.day)) == [DAY - timedelta(days=1), DAY]


async def test_old_parts_go_and_the_others_stay(
    database: Database, cipher: Cipher, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.now(UTC).replace(tzinfo=None)
    async with database.write() as connection:
        for address, age in ((ADDRESS, timedelta(hours=3)), (OTHER, timedelta(hours=1))):
            monkeypatch.setattr(received, "now", lambda age=age: moment - age)
            await queue_and_keep_a_part(connection, cipher, address)
        await addresses.delete_parts_before(connection, moment - timedelta(hours=2))
        assert await column_of(connection, message_parts.c.address_hash) == [hashed(cipher, OTHER)]
