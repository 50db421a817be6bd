"""Keeping little, for a short time, and making Rasa forget too."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.rasa_client import PROBE_CONVERSATION
from bot.service.assistant import Assistant
from bot.settings import Settings
from bot.store.database import now
from bot.store.demandes import DemandeDetails
from bot.store.schema import audit, conversations, demandes, messages, rasa_erasures, signalements
from tests.bot.service.person import Person


async def age(assistant: Assistant, days: float, *ids: str) -> None:
    """Make conversations, their messages and requests older."""
    moment = now() - timedelta(days=days)
    async with assistant._database.write() as connection:
        await connection.execute(
            conversations.update().where(conversations.c.id.in_(ids)).values(last_at=moment)
        )
        await connection.execute(
            messages.update().where(messages.c.conversation_id.in_(ids)).values(at=moment)
        )
        await connection.execute(
            demandes.update().where(demandes.c.conversation_id.in_(ids)).values(created_at=moment)
        )


async def left_in(assistant: Assistant, column: sa.Column) -> list[str]:
    async with assistant._database.read() as connection:
        return [row[0] for row in (await connection.execute(sa.select(column))).all()]


async def test_conversations_past_the_retention_go_and_the_others_stay(assistant: Assistant) -> None:
    old, recent = await Person.arrive(assistant), await Person.arrive(assistant)
    for person in (old, recent):
        await person.say("aide")
        await assistant.create_demande(DemandeDetails("retour"), conversation_id=person.id, channel="web")
    await age(assistant, 30.01, old.id)
    await age(assistant, 29.99, recent.id)
    assert await assistant.purge.purge_expired() == 1
    assert await left_in(assistant, conversations.c.id) == [recent.id]
    assert set(await left_in(assistant, messages.c.conversation_id)) == {recent.id}
    assert await left_in(assistant, demandes.c.conversation_id) == [recent.id]
    assert await left_in(assistant, rasa_erasures.c.conversation_id) == [old.id]
    assert await left_in(assistant, audit.c.event) == ["conversations_purgees"]


async def test_with_nothing_to_purge_nothing_is_noted(assistant: Assistant) -> None:
    await Person.arrive(assistant)
    assert await assistant.purge.purge_expired() == 0
    assert await left_in(assistant, audit.c.event) == []


async def test_old_messages_of_a_conversation_that_goes_on_go(assistant: Assistant) -> None:
    person = await Person.arrive(assistant)
    await person.say("aide")
    await age(assistant, 31, person.id)
    await person.say("contact")
    assert await assistant.purge.purge_expired() == 0
    assert await person.texts() == ["contact"]


async def test_a_request_without_conversation_goes_at_its_age_too(assistant: Assistant) -> None:
    await assistant.create_demande(
        DemandeDetails("rappel", "06 12 34 56 78"), conversation_id=None, channel="web"
    )
    async with assistant._database.write() as connection:
        await connection.execute(demandes.update().values(created_at=now() - timedelta(days=31)))
    await assistant.purge.purge_expired()
    assert await left_in(assistant, demandes.c.reference) == []


async def test_an_error_reported_goes_at_its_age(assistant: Assistant) -> None:
    old = await assistant.report_error("ancien", fiche="rsa", rubrique=None)
    recent = await assistant.report_error("récent", fiche=None, rubrique=None)
    async with assistant._database.write() as connection:
        for report, days in ((old, 30.01), (recent, 29.99)):
            aged = signalements.update().where(signalements.c.id == report)
            await connection.execute(aged.values(at=now() - timedelta(days=days)))
    await assistant.purge.purge_expired()
    assert [report.words for report in await assistant.list_reports()] == ["récent"]


def rasa_knows(settings: Settings, *conversation_ids: str) -> None:
    with closing(sqlite3.connect(settings.rasa_tracker_db)) as trackers, trackers:
        trackers.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, type_name TEXT, data TEXT)"
        )
        trackers.executemany(
            "INSERT INTO events (sender_id) VALUES (?)", [(item,) for item in conversation_ids]
        )


def known_to_rasa(settings: Settings) -> list[str]:
    with closing(sqlite3.connect(settings.rasa_tracker_db)) as trackers:
        return [row[0] for row in trackers.execute("SELECT sender_id FROM events ORDER BY id")]


async def test_what_is_erased_here_is_erased_in_rasa(assistant: Assistant, settings: Settings) -> None:
    mine, other = await Person.arrive(assistant), await Person.arrive(assistant)
    rasa_knows(settings, mine.id, other.id, mine.id)
    await assistant.erase(mine.id)
    assert known_to_rasa(settings) == [other.id]
    assert await left_in(assistant, rasa_erasures.c.conversation_id) == []


async def test_when_rasas_store_cannot_be_written_it_is_tried_again_later(
    assistant: Assistant, settings: Settings
) -> None:
    person = await Person.arrive(assistant)
    settings.rasa_tracker_db.mkdir()  # no database can be opened there
    await assistant.erase(person.id)
    assert await left_in(assistant, rasa_erasures.c.conversation_id) == [person.id]
    settings.rasa_tracker_db.rmdir()
    rasa_knows(settings, person.id)
    await assistant.purge.forget_in_rasa()
    assert known_to_rasa(settings) == []
    assert await left_in(assistant, rasa_erasures.c.conversation_id) == []


async def test_at_its_start_the_purge_runs_and_forgets_the_health_checks(
    assistant: Assistant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await Person.arrive(assistant)
    rasa_knows(settings, old.id, PROBE_CONVERSATION, "autre")
    await age(assistant, 31, old.id)
    done = asyncio.Event()
    forget = assistant._rasa.forget

    async def forget_and_tell(conversation_id: str) -> None:
        await forget(conversation_id)
        if conversation_id == PROBE_CONVERSATION:
            done.set()

    monkeypatch.setattr(assistant._rasa, "forget", forget_and_tell)
    async with assistant.purge.running():
        await asyncio.wait_for(done.wait(), 20)
    assert known_to_rasa(settings) == ["autre"]
    assert await left_in(assistant, conversations.c.id) == []
