"""Accounts as they are kept: read back whole, nothing that identifies readable on disk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.service.logs import failure
from bot.store import accounts as store
from bot.store.accounts import Account, Role, Totp
from bot.store.cipher import Cipher
from bot.store.database import Database

START = datetime(2026, 11, 23, 9, 0)


async def insert(database: Database, cipher: Cipher, **changes: Any) -> int:
    values: dict[str, Any] = {
        "login": "essai",
        "role": Role.OPERATEUR,
        "name": "Mme Essai",
        "email": "essai@exemple.fr",
        "password_hash": "hash",
        "must_change": True,
        "at": START,
    }
    async with database.write() as connection:
        return await store.insert_account(connection, cipher, **{**values, **changes})


async def test_an_account_is_read_as_it_was_written(database: Database, cipher: Cipher) -> None:
    account_id = await insert(database, cipher)
    async with database.read() as connection:
        found = await store.find_account(connection, cipher, account_id)
        assert found == await store.find_login(connection, cipher, "essai")
        assert await store.find_account(connection, cipher, account_id + 1) is None
        assert await store.find_login(connection, cipher, "ESSAI") is None
    assert found == Account(
        id=account_id,
        login="essai",
        role=Role.OPERATEUR,
        name="Mme Essai",
        email="essai@exemple.fr",
        hours="",
        shortcuts=True,
        must_change=True,
        has_totp=False,
        disabled=False,
        locked_until=None,
        created_at=START,
    )


async def test_accounts_are_listed_by_login(database: Database, cipher: Cipher) -> None:
    for login in ("b", "c", "a"):
        await insert(database, cipher, login=login, email=None)
    async with database.read() as connection:
        found = await store.list_accounts(connection, cipher)
    assert [(account.login, account.email) for account in found] == [("a", None), ("b", None), ("c", None)]


async def test_two_accounts_never_have_the_same_login(database: Database, cipher: Cipher) -> None:
    await insert(database, cipher)
    with pytest.raises(sa.exc.IntegrityError) as refused:
        await insert(database, cipher)
    assert "essai" not in str(
        failure(refused.value)
    )  # what a log may hold: PostgreSQL's own words quote the login


async def test_credentials_are_found_by_login_or_by_id(database: Database, cipher: Cipher) -> None:
    account_id = await insert(database, cipher)
    async with database.write() as connection:
        await store.set_totp(connection, cipher, account_id, Totp("AAAA", "BBBB"), step=12)
        by_login = await store.find_credentials(connection, cipher, "essai")
        by_id = await store.find_credentials(connection, cipher, account_id)
        assert await store.find_credentials(connection, cipher, "autre") is None
        assert await store.find_credentials(connection, cipher, account_id + 1) is None
    assert by_login
    assert by_login == by_id
    assert (by_login.password_hash, by_login.totp, by_login.totp_step) == ("hash", Totp("AAAA", "BBBB"), 12)
    assert "hash" not in repr(by_login)


@pytest.mark.parametrize(
    ("totp", "has_totp"),
    [(Totp(), False), (Totp(pending="A"), False), (Totp("A"), True), (Totp("A", "B"), True)],
)
async def test_a_secret_that_no_code_confirmed_is_not_asked_for(
    database: Database, cipher: Cipher, totp: Totp, has_totp: bool
) -> None:
    account_id = await insert(database, cipher)
    async with database.write() as connection:
        await store.set_totp(connection, cipher, account_id, totp, step=None)
        account = await store.find_account(connection, cipher, account_id)
    assert account
    assert account.has_totp is has_totp


async def test_a_renewed_hash_does_not_undo_a_change_of_password(database: Database, cipher: Cipher) -> None:
    account_id = await insert(database, cipher)
    async with database.write() as connection:
        await store.replace_hash(connection, account_id, "un autre", "perdu")
        await store.replace_hash(connection, account_id, "hash", "renouvelé")
        known = await store.find_credentials(connection, cipher, account_id)
    assert known
    assert known.password_hash == "renouvelé"


async def test_changing_an_account_that_does_not_exist_says_so(database: Database, cipher: Cipher) -> None:
    account_id = await insert(database, cipher)
    async with database.write() as connection:
        assert await store.update_account(connection, account_id, shortcuts=False)
        assert not await store.update_account(connection, account_id + 1, shortcuts=False)


async def test_neither_name_nor_email_nor_secret_can_be_read_on_disk(
    database: Database, cipher: Cipher, store_file: Path
) -> None:
    account_id = await insert(database, cipher)
    async with database.write() as connection:
        await store.set_totp(
            connection, cipher, account_id, Totp("JBSWY3DPEHPK3PXP", "KRSXG5CTMVRXEZLU"), step=1
        )
    await database.close()
    written = b"".join(path.read_bytes() for path in store_file.parent.glob("assistant.db*"))
    assert b"operateur" in written
    for secret in ("Mme Essai", "essai@exemple.fr", "JBSWY3DPEHPK3PXP", "KRSXG5CTMVRXEZLU"):
        assert secret.encode() not in written
