"""Questions asked later: planned once, asked once, answered, and gone with the conversation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import followups
from bot.store.cipher import Cipher
from bot.store.conversations import create_conversation, erase_conversation
from bot.store.database import Database, now


@pytest.fixture
async def conversation_id(database: Database, cipher: Cipher) -> str:
    async with database.write() as connection:
        return (await create_conversation(connection, cipher, "web", "jeton")).id


async def plan(database: Database, conversation_id: str, kind: str, days: int) -> None:
    async with database.write() as connection:
        await followups.plan(connection, conversation_id, kind, "rsa", now() + timedelta(days=days))


async def due(database: Database) -> list[str]:
    async with database.read() as connection:
        return [item.kind for item in await followups.list_due(connection, now())]


async def test_a_question_is_due_when_its_time_has_come_and_is_asked_once(
    database: Database, conversation_id: str
) -> None:
    await plan(database, conversation_id, followups.RIGHT, 1)
    await plan(database, conversation_id, followups.ANSWER, -1)
    assert await due(database) == [followups.ANSWER]
    async with database.write() as connection:
        await followups.mark_asked(connection, conversation_id, followups.ANSWER)
    assert await due(database) == []


async def test_planned_again_it_is_one_question_with_the_new_time(
    database: Database, conversation_id: str
) -> None:
    await plan(database, conversation_id, followups.RIGHT, 3)
    await plan(database, conversation_id, followups.RIGHT, -1)
    assert await due(database) == [followups.RIGHT]


async def test_the_last_answer_counts_and_one_to_nothing_is_told(
    database: Database, conversation_id: str
) -> None:
    await plan(database, conversation_id, followups.ANSWER, -1)
    async with database.write() as connection:
        assert await followups.record_answer(connection, conversation_id, followups.ANSWER, "non")
        assert await followups.record_answer(connection, conversation_id, followups.ANSWER, "oui")
        assert not await followups.record_answer(connection, conversation_id, followups.RIGHT, "oui")
        found = await followups.find(connection, conversation_id, followups.ANSWER)
    assert found
    assert (found.answer, found.subject) == ("oui", "rsa")


async def test_what_is_taken_back_is_never_asked_and_what_was_asked_stays(
    database: Database, conversation_id: str
) -> None:
    await plan(database, conversation_id, followups.ANSWER, -1)
    await plan(database, conversation_id, followups.RIGHT, -1)
    async with database.write() as connection:
        await followups.mark_asked(connection, conversation_id, followups.ANSWER)
        await followups.forget(connection, conversation_id)
        assert await followups.find(connection, conversation_id, followups.ANSWER)
        assert await followups.find(connection, conversation_id, followups.RIGHT) is None


async def test_it_goes_with_the_conversation(database: Database, conversation_id: str) -> None:
    await plan(database, conversation_id, followups.RIGHT, -1)
    async with database.write() as connection:
        await erase_conversation(connection, conversation_id)
    assert await due(database) == []
