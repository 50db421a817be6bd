"""Requests to a person: a reference to say, a code that opens, and nothing readable on disk."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.cipher import Cipher
from bot.store.database import Database, now
from bot.store.demandes import (
    CLOSED,
    TAKEN,
    DemandeDetails,
    Ticket,
    conversation_state,
    create_demande,
    delete_before,
    find_demande,
    list_demandes,
)
from bot.store.schema import demandes

DETAILS = DemandeDetails("rappel", "06 12 34 56 78", "Mme Essai", "aide pour un dossier")


async def ask(database: Database, cipher: Cipher, conversation_id: str | None = None) -> Ticket:
    async with database.write() as connection:
        return await create_demande(
            connection, cipher, DETAILS, conversation_id=conversation_id, channel="web", territoire="essai"
        )


async def test_a_request_is_found_with_its_reference_and_its_own_code(
    database: Database, cipher: Cipher
) -> None:
    mine, other = await ask(database, cipher), await ask(database, cipher)
    async with database.read() as connection:
        found = await find_demande(connection, cipher, mine.reference, mine.code)
        assert found
        assert (found.reference, found.details, found.status) == (mine.reference, DETAILS, "waiting")
        assert await find_demande(connection, cipher, mine.reference, other.code) is None
        assert await find_demande(connection, cipher, other.reference, mine.code) is None
        assert await find_demande(connection, cipher, mine.reference, "") is None


@pytest.mark.parametrize(
    "write", [str.lower, lambda code: f" {code[:4]} {code[4:]} ", lambda code: "-".join(code)]
)
async def test_a_code_is_read_as_people_copy_it(database: Database, cipher: Cipher, write: object) -> None:
    assert callable(write)
    ticket = await ask(database, cipher)
    async with database.read() as connection:
        assert await find_demande(connection, cipher, f" {ticket.reference.lower()} ", write(ticket.code))


async def test_a_reference_and_a_code_are_easy_to_say(database: Database, cipher: Cipher) -> None:
    for _ in range(20):
        ticket = await ask(database, cipher)
        assert re.fullmatch(r"[BCDFGHJKLMNPRTVWX]{2}-[2345679]{4}", ticket.reference)
        assert re.fullmatch(r"[BCDFGHJKLMNPRTVWX2345679]{8}", ticket.code)


async def test_neither_the_details_nor_the_code_can_be_read_on_disk(
    database: Database, cipher: Cipher, store_file: Path
) -> None:
    ticket = await ask(database, cipher)
    await database.close()
    written = b"".join(path.read_bytes() for path in store_file.parent.glob("assistant.db*"))
    assert ticket.reference.encode() in written
    for secret in (ticket.code, "Mme Essai", "06 12 34 56 78", "aide pour un dossier"):
        assert secret.encode() not in written


async def test_only_those_that_wait_are_listed_oldest_first(database: Database, cipher: Cipher) -> None:
    tickets = [await ask(database, cipher) for _ in range(4)]
    async with database.write() as connection:
        for ticket, status in zip(tickets, (CLOSED, "waiting", TAKEN, "waiting"), strict=True):
            await connection.execute(
                demandes.update().where(demandes.c.reference == ticket.reference).values(status=status)
            )
        waiting = await list_demandes(connection, cipher)
        everything = await list_demandes(connection, cipher, all_states=True)
    assert [item.reference for item in waiting] == [tickets[1].reference, tickets[3].reference]
    assert [item.reference for item in everything] == [ticket.reference for ticket in tickets]


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ((), "bot"),
        (("closed",), "bot"),
        (("waiting",), "waiting"),
        (("waiting", "taken"), "operator"),
        (("taken",), "operator"),
    ],
)
async def test_the_state_of_a_conversation_is_that_of_its_requests(
    database: Database, cipher: Cipher, statuses: tuple[str, ...], state: str
) -> None:
    await ask(database, cipher, "autre")
    async with database.write() as connection:
        for status in statuses:
            ticket = await create_demande(
                connection, cipher, DETAILS, conversation_id="c", channel="web", territoire="essai"
            )
            await connection.execute(
                demandes.update().where(demandes.c.reference == ticket.reference).values(status=status)
            )
        assert await conversation_state(connection, "c") == state


async def test_old_requests_are_deleted(database: Database, cipher: Cipher) -> None:
    old, fresh = await ask(database, cipher), await ask(database, cipher)
    async with database.write() as connection:
        await connection.execute(
            demandes.update()
            .where(demandes.c.reference == old.reference)
            .values(created_at=now() - timedelta(days=31))
        )
        assert await delete_before(connection, now() - timedelta(days=30)) == 1
        assert [item.reference for item in await list_demandes(connection, cipher)] == [fresh.reference]
