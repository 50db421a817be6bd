"""Sessions of the console: a token nobody can read on disk, an end in any case."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import sessions
from bot.store.accounts import Role, insert_account
from bot.store.cipher import Cipher
from bot.store.database import Database
from bot.store.desk_schema import sessions as table

START = datetime(2026, 11, 23, 9, 0)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def account_id(database: Database, cipher: Cipher) -> int:
    """An account to hold sessions."""
    async with database.write() as connection:
        return await insert_account(
            connection,
            cipher,
            login="essai",
            role=Role.AGENT,
            name="Essai",
            email=None,
            password_hash="-",
            must_change=False,
            at=START,
        )


async def open_one(
    database: Database, cipher: Cipher, account_id: int, *, is_whole: bool = True, at: datetime = START
) -> str:
    async with database.write() as connection:
        return await sessions.open_session(connection, cipher, account_id, is_whole=is_whole, at=at)


async def find(database: Database, cipher: Cipher, token: str, at: datetime) -> sessions.Session | None:
    async with database.read() as connection:
        return await sessions.find_session(connection, cipher, token, at)


async def test_a_session_is_found_by_its_token_alone(
    database: Database, cipher: Cipher, account_id: int
) -> None:
    token, other = [await open_one(database, cipher, account_id) for _ in range(2)]
    assert token != other
    assert len(token) >= 43  # 32 bytes
    found = await find(database, cipher, token, START)
    assert found
    assert (found.account_id, found.is_whole, found.expires_at) == (
        account_id,
        True,
        START + timedelta(hours=20),
    )
    for wrong in ("", token[:-1], token + "a", found.token_hash, "é", "\udc80", "a" * 10_000):
        assert await find(database, cipher, wrong, START) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(max_size=100))
async def test_no_odd_token_opens_anything(
    database: Database, cipher: Cipher, account_id: int, token: str
) -> None:
    assert await find(database, cipher, token, START) is None


async def test_a_session_unused_for_twelve_hours_is_over(
    database: Database, cipher: Cipher, account_id: int
) -> None:
    token = await open_one(database, cipher, account_id)
    used = START + timedelta(hours=7)
    session = await find(database, cipher, token, START + timedelta(hours=12) - SECOND)
    assert session
    assert await find(database, cipher, token, START + timedelta(hours=12)) is None
    async with database.write() as connection:
        await sessions.touch_session(connection, session, used)
    assert await find(database, cipher, token, used + timedelta(hours=12) - SECOND)
    assert await find(database, cipher, token, used + timedelta(hours=12)) is None


async def test_a_session_in_use_is_over_after_twenty_hours(
    database: Database, cipher: Cipher, account_id: int
) -> None:
    token = await open_one(database, cipher, account_id)
    session = await find(database, cipher, token, START)
    assert session
    async with database.write() as connection:
        await sessions.touch_session(connection, session, START + timedelta(hours=19))
    assert await find(database, cipher, token, START + timedelta(hours=20) - SECOND)
    assert await find(database, cipher, token, START + timedelta(hours=20)) is None


async def test_half_a_session_lasts_ten_minutes(database: Database, cipher: Cipher, account_id: int) -> None:
    token = await open_one(database, cipher, account_id, is_whole=False)
    half = await find(database, cipher, token, START + timedelta(minutes=10) - SECOND)
    assert half
    assert not half.is_whole
    assert await find(database, cipher, token, START + timedelta(minutes=10)) is None


async def test_opening_one_forgets_those_that_ended(
    database: Database, cipher: Cipher, account_id: int
) -> None:
    await open_one(database, cipher, account_id)
    await open_one(database, cipher, account_id, at=START + timedelta(hours=1))
    await open_one(database, cipher, account_id, at=START + timedelta(hours=12))
    async with database.write() as connection:
        left = (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar()
        assert left == 2
        assert await sessions.delete_ended(connection, START + timedelta(hours=13)) == 1


async def test_one_is_closed_or_all_of_an_account(
    database: Database, cipher: Cipher, account_id: int
) -> None:
    first, second, third = [await open_one(database, cipher, account_id) for _ in range(3)]
    session = await find(database, cipher, first, START)
    assert session
    async with database.write() as connection:
        await sessions.close_session(connection, session)
    assert await find(database, cipher, first, START) is None
    assert await find(database, cipher, second, START)
    async with database.write() as connection:
        assert await sessions.close_all(connection, account_id) == 2
    assert await find(database, cipher, third, START) is None


async def test_a_token_cannot_be_read_on_disk_nor_from_the_key_of_its_forms(
    database: Database, cipher: Cipher, account_id: int, store_file: Path
) -> None:
    token = await open_one(database, cipher, account_id)
    session = await find(database, cipher, token, START)
    assert session
    key = sessions.form_key(cipher, token)
    await database.close()
    written = b"".join(path.read_bytes() for path in store_file.parent.glob("assistant.db*"))
    assert session.token_hash.encode() in written
    assert token.encode() not in written
    assert key.encode() not in written
    assert key not in {token, session.token_hash, sessions.form_key(cipher, token + "a")}
