"""Keeping little, for a short time, and making Rasa forget too."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.rasa_client import PROBE_CONVERSATION
from bot.service import purge as purge_module
from bot.service.assistant import Assistant
from bot.service.correspondence import Part
from bot.settings import Settings
from bot.store.database import now
from bot.store.demandes import DemandeDetails
from bot.store.schema import (
    address_days,
    addresses,
    audit,
    conversations,
    counters,
    deliveries,
    demandes,
    message_parts,
    messages,
    oppositions,
    rasa_erasures,
    received,
    signalements,
)
from tests.bot.service.person import Person
from tests.bot.service.phone import Phone


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


OTHER = "+33639980002"


async def test_the_phone_number_of_a_conversation_past_the_retention_goes_with_it(
    assistant: Assistant,
) -> None:
    old, recent = Phone(assistant), Phone(assistant, OTHER)
    ids = [(await phone.send("AIDE")).conversation_id or "" for phone in (old, recent)]
    await age(assistant, 30.01, ids[0])
    assert await assistant.purge.purge_expired() == 1
    for table in (addresses, deliveries):
        assert await left_in(assistant, table.c.conversation_id) == [ids[1]]


async def make_older(assistant: Assistant, table: sa.Table, **values: object) -> None:
    async with assistant._database.write() as connection:
        await connection.execute(table.update().values(**values))


async def test_what_was_sent_past_the_retention_goes_even_when_its_conversation_is_gone_or_goes_on(
    assistant: Assistant,
) -> None:
    phone = Phone(assistant)
    await phone.send("EFFACER")
    await phone.send("OUI")
    await phone.send("AIDE")
    assert len(await left_in(assistant, deliveries.c.id)) == 2
    await make_older(assistant, deliveries, created_at=now() - timedelta(days=30.01))
    await phone.send("CONTACT")
    await assistant.purge.purge_expired()
    assert len(await left_in(assistant, deliveries.c.id)) == 1


async def test_keys_and_parts_received_are_kept_two_days(assistant: Assistant) -> None:
    phone = Phone(assistant)
    await phone.send("un bout", part=Part("1", 1, 2))
    for days, kept in ((1.99, 1), (2.01, 0)):
        for table in (received, message_parts):
            await make_older(assistant, table, at=now() - timedelta(days=days))
        await assistant.purge.purge_expired()
        assert len(await left_in(assistant, received.c.key)) == kept
        assert len(await left_in(assistant, message_parts.c.id)) == kept


async def test_the_counts_of_a_number_go_two_days_later(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Phone(assistant).send("AIDE")
    (day,) = await left_in(assistant, address_days.c.day)
    for days, kept in ((0, [day]), (1, [day]), (2, [])):
        monkeypatch.setattr(purge_module, "today_in_france", lambda days=days: day + timedelta(days=days))
        await assistant.purge.purge_expired()
        assert await left_in(assistant, address_days.c.day) == kept


async def test_a_stop_and_the_counts_of_nobody_outlive_the_retention(assistant: Assistant) -> None:
    phone = Phone(assistant)
    await phone.send("STOP")
    await assistant.deliveries.count("sms_refus")
    long_ago = now() - timedelta(days=400)
    await make_older(assistant, oppositions, at=long_ago)
    await make_older(assistant, counters, day=long_ago.date())
    await age(assistant, 400, (await phone.conversation()).id)
    assert await assistant.purge.purge_expired() == 1
    assert await phone.is_opposed()
    assert await left_in(assistant, counters.c.name) == ["sms_refus"]


# Rasa's notes are a file on SQLite only; tests/bot/test_rasa_trackers.py has both engines.


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


@pytest.mark.usefixtures("store_file")
async def test_what_is_erased_here_is_erased_in_rasa(assistant: Assistant, settings: Settings) -> None:
    mine, other = await Person.arrive(assistant), await Person.arrive(assistant)
    rasa_knows(settings, mine.id, other.id, mine.id)
    await assistant.erase(mine.id)
    assert known_to_rasa(settings) == [other.id]
    assert await left_in(assistant, rasa_erasures.c.conversation_id) == []


@pytest.mark.usefixtures("store_file")
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


@pytest.mark.usefixtures("store_file")
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
