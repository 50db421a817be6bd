"""Mails that wait: each is held by one sender at a time, and nothing of it stays at its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store import mails
from bot.store.cipher import Cipher, load_cipher
from bot.store.database import Database
from bot.store.desk_schema import mails as table
from bot.store.mails import GIVEN_UP, HANDING, HOLD, QUEUED, SENT, Mail

START = datetime(2026, 11, 30, 9, 0)
MOMENT = timedelta(microseconds=1)


class Clock:
    """The present of the store, moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(mails, "now", clock)
    return clock


async def add(database: Database, cipher: Cipher, subject: str = "Une demande attend") -> int:
    async with database.write() as connection:
        return await mails.add_mail(
            connection, cipher, to="agent@mairie.example", subject=subject, text="À prendre."
        )


async def take(database: Database, cipher: Cipher) -> Mail | None:
    async with database.write() as connection:
        return await mails.take_next(connection, cipher)


async def rows(database: Database) -> list[sa.engine.Row]:
    async with database.read() as connection:
        return (await connection.execute(sa.select(table).order_by(table.c.id))).all()


async def test_a_mail_is_taken_as_it_was_queued(database: Database, cipher: Cipher) -> None:
    mail_id = await add(database, cipher)
    assert await take(database, cipher) == Mail(
        mail_id, START, 1, "agent@mairie.example", "Une demande attend", "À prendre."
    )


async def test_what_waits_is_sealed(database: Database, cipher: Cipher, store_file: Path) -> None:
    await add(database, cipher)
    stored = b"".join(path.read_bytes() for path in store_file.parent.glob("assistant.db*"))
    assert not any(word in stored for word in (b"agent@mairie", b"Une demande attend", b"prendre"))


async def test_a_mail_that_is_held_is_not_taken_again(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    await add(database, cipher)
    assert await take(database, cipher)
    clock.at += HOLD - MOMENT
    assert await take(database, cipher) is None
    async with database.read() as connection:
        assert not await mails.is_any_due(connection)


async def test_a_mail_whose_sender_died_is_taken_again(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    mail_id = await add(database, cipher)
    await take(database, cipher)
    clock.at += HOLD
    again = await take(database, cipher)
    assert again
    assert (again.id, again.attempts) == (mail_id, 2)


async def test_a_sender_that_wakes_up_late_changes_nothing_for_the_next(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    await add(database, cipher)
    first = await take(database, cipher)
    clock.at += HOLD
    second = await take(database, cipher)
    assert first
    assert second
    async with database.write() as connection:
        await mails.give_up(connection, first)
        await mails.postpone(connection, first, START)
    assert [row.status for row in await rows(database)] == [HANDING]
    async with database.write() as connection:
        await mails.mark_sent(connection, second)
    assert [row.status for row in await rows(database)] == [SENT]


@pytest.mark.parametrize(("end", "status"), [(mails.mark_sent, SENT), (mails.give_up, GIVEN_UP)])
async def test_nothing_of_a_mail_stays_at_its_end(
    database: Database, cipher: Cipher, end: object, status: str
) -> None:
    await add(database, cipher)
    mail = await take(database, cipher)
    async with database.write() as connection:
        await end(connection, mail)
    [row] = await rows(database)
    assert (row.status, row.body_enc) == (status, None)
    async with database.read() as connection:
        assert await mails.states(connection) == {status: 1}


async def test_a_mail_put_off_waits_for_its_time(database: Database, cipher: Cipher, clock: Clock) -> None:
    await add(database, cipher)
    mail = await take(database, cipher)
    assert mail
    async with database.write() as connection:
        await mails.postpone(connection, mail, START + timedelta(minutes=1))
    assert await take(database, cipher) is None
    clock.at += timedelta(minutes=1)
    assert await take(database, cipher)


async def test_a_mail_put_off_lets_the_others_pass(database: Database, cipher: Cipher, clock: Clock) -> None:
    await add(database, cipher, "un")
    await add(database, cipher, "deux")
    first = await take(database, cipher)
    assert first
    async with database.write() as connection:
        await mails.postpone(connection, first, START + MOMENT)
    clock.at += timedelta(minutes=1)
    taken = [await take(database, cipher), await take(database, cipher)]
    assert [mail.subject for mail in taken if mail] == ["deux", "un"]


async def test_a_mail_that_no_key_opens_does_not_stand_before_the_others(
    database: Database, cipher: Cipher, tmp_path: Path
) -> None:
    await add(database, load_cipher(tmp_path / "autres"))
    await add(database, cipher, "lisible")
    mail = await take(database, cipher)
    assert mail
    assert mail.subject == "lisible"
    assert [(row.status, row.body_enc is None) for row in await rows(database)] == [
        (GIVEN_UP, True),
        (HANDING, False),
    ]


async def test_old_mails_are_deleted_whatever_became_of_them(
    database: Database, cipher: Cipher, clock: Clock
) -> None:
    await add(database, cipher)
    clock.at += timedelta(days=1)
    await add(database, cipher)
    async with database.write() as connection:
        await mails.delete_before(connection, START + MOMENT)
    assert [(row.status, row.created_at) for row in await rows(database)] == [(QUEUED, clock.at)]
