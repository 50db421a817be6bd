"""The inbox and the outbox: one message once, in order, told late once, served once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import conversations as store
from bot.store import queues
from bot.store.cipher import Cipher
from bot.store.conversations import ASSISTANT, USER
from bot.store.database import Database, now
from bot.store.schema import outbox


async def receive(
    connection: AsyncConnection, cipher: Cipher, conversation_id: str, key: str, *, done: bool = False
) -> int:
    seq = await store.add_message(connection, cipher, conversation_id, USER, {"text": key})
    await queues.add_to_inbox(connection, seq, conversation_id, key, done=done)
    return seq


async def open_one(connection: AsyncConnection, cipher: Cipher) -> str:
    return (await store.create_conversation(connection, cipher, "web", "jeton")).id


async def test_the_same_message_cannot_be_received_twice(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        conversation = await open_one(connection, cipher)
        seq = await receive(connection, cipher, conversation, "k")
        assert await queues.find_received(connection, "k") == seq
        assert await queues.find_received(connection, "autre") is None
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await receive(connection, cipher, conversation, "k")
    async with database.read() as connection:
        assert len(await store.list_messages(connection, cipher, conversation)) == 1


async def test_messages_are_answered_in_the_order_of_storage(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        conversation, other = await open_one(connection, cipher), await open_one(connection, cipher)
        await receive(connection, cipher, other, "x")
        seqs = [
            await receive(connection, cipher, conversation, f"k{rank}", done=rank == 1) for rank in range(4)
        ]
        order = []
        while item := await queues.next_to_answer(connection, cipher, conversation):
            order.append((item.seq, item.body["text"]))
            assert await queues.mark_answered(connection, item.seq)
        assert order == [(seqs[0], "k0"), (seqs[2], "k2"), (seqs[3], "k3")]
        assert await queues.conversations_waiting(connection) == [other]


async def test_a_message_is_answered_once(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        seq = await receive(connection, cipher, await open_one(connection, cipher), "k")
        assert await queues.mark_answered(connection, seq)
        assert not await queues.mark_answered(connection, seq)
        assert not await queues.mark_answered(connection, 999)


async def test_a_try_is_counted_and_a_postponed_message_still_waits(
    database: Database, cipher: Cipher
) -> None:
    later = now() + timedelta(seconds=30)
    async with database.write() as connection:
        conversation = await open_one(connection, cipher)
        seq = await receive(connection, cipher, conversation, "k")
        await queues.note_attempt(connection, seq)
        await queues.note_attempt(connection, seq)
        await queues.postpone(connection, seq, later, attempts=2)
        item = await queues.next_to_answer(connection, cipher, conversation)
        assert item
        assert (item.attempts, item.next_attempt_at, item.delay_told) == (2, later, False)


async def test_one_caller_only_tells_the_delay(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        conversation = await open_one(connection, cipher)
        seq = await receive(connection, cipher, conversation, "k")
        assert await queues.claim_delay_notice(connection, seq)
        assert not await queues.claim_delay_notice(connection, seq)
        done = await receive(connection, cipher, conversation, "l", done=True)
        assert not await queues.claim_delay_notice(connection, done)


async def test_conversations_that_wait_come_oldest_first(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        first, second, third = [await open_one(connection, cipher) for _ in range(3)]
        for rank, conversation in enumerate((second, first, second, third)):
            await receive(connection, cipher, conversation, f"k{rank}", done=conversation == third)
        assert await queues.conversations_waiting(connection) == [second, first]


async def test_an_answer_is_served_once(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        conversation = await open_one(connection, cipher)
        seq = await store.add_message(connection, cipher, conversation, ASSISTANT, {"text": "oui"})
        await queues.add_to_outbox(connection, seq, conversation, "web", None)
        assert (await queues.counts(connection))["a_livrer"] == 1
        await queues.mark_served(connection, [])
        await queues.mark_served(connection, [seq])
        served_at = (await connection.execute(sa.select(outbox.c.delivered_at))).scalar_one()
        await queues.mark_served(connection, [seq])
        assert (await connection.execute(sa.select(outbox.c.delivered_at))).scalar_one() == served_at
        assert await queues.counts(connection) == {"a_repondre": 0, "a_livrer": 0}


async def test_what_waits_is_counted(database: Database, cipher: Cipher) -> None:
    async with database.write() as connection:
        conversation = await open_one(connection, cipher)
        for rank in range(3):
            await receive(connection, cipher, conversation, f"k{rank}", done=rank == 2)
        assert await queues.counts(connection) == {"a_repondre": 2, "a_livrer": 0}
