"""Who works at the console. Name, e-mail and one-time secret are encrypted; the password is an Argon2id hash."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.desk_schema import accounts


class Role(StrEnum):
    """What somebody is at the console (docs/glossaire.md); what each may do is in bot/service/accounts.py."""

    AGENT = "agent"
    OPERATEUR = "operateur"
    RESPONSABLE = "responsable"


@dataclass(frozen=True)
class Account:
    """An account without its secrets. `hours` is OpenStreetMap's opening_hours; empty: those of the office."""

    id: int
    login: str
    role: Role
    name: str = field(repr=False)
    email: str | None = field(repr=False)
    hours: str
    shortcuts: bool
    must_change: bool
    has_totp: bool
    disabled: bool
    locked_until: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Totp:
    """One-time secrets (base32): the one in use, and one shown that no code has confirmed yet."""

    secret: str | None = None
    pending: str | None = None


@dataclass(frozen=True, repr=False)
class Credentials:
    """What proves who somebody is. `totp_step` is that of the last code used."""

    id: int
    login: str
    password_hash: str
    disabled: bool
    failures: int
    locked_until: datetime | None
    totp: Totp
    totp_step: int


async def insert_account(
    connection: AsyncConnection,
    cipher: Cipher,
    *,
    login: str,
    role: Role,
    name: str,
    email: str | None,
    password_hash: str,
    must_change: bool,
    at: datetime,
) -> int:
    """Store an account and return its id."""
    result = await connection.execute(
        accounts.insert().values(
            login=login,
            role=role.value,
            name_enc=cipher.seal(name),
            email_enc=cipher.seal(email) if email else None,
            password_hash=password_hash,
            must_change=must_change,
            created_at=at,
        )
    )
    return int(result.inserted_primary_key[0])


async def find_account(connection: AsyncConnection, cipher: Cipher, account_id: int) -> Account | None:
    """Return an account by its id."""
    return await _find(connection, cipher, accounts.c.id == account_id)


async def find_login(connection: AsyncConnection, cipher: Cipher, login: str) -> Account | None:
    """Return an account by its login, as it is stored (lower case)."""
    return await _find(connection, cipher, accounts.c.login == login)


async def _find(connection: AsyncConnection, cipher: Cipher, which: Any) -> Account | None:
    row = (await connection.execute(sa.select(accounts).where(which))).first()
    return _read_account(cipher, row) if row else None


async def list_accounts(connection: AsyncConnection, cipher: Cipher) -> list[Account]:
    """Return every account, by login."""
    rows = (await connection.execute(sa.select(accounts).order_by(accounts.c.login))).all()
    return [_read_account(cipher, row) for row in rows]


async def find_credentials(connection: AsyncConnection, cipher: Cipher, who: str | int) -> Credentials | None:
    """Return what proves who somebody is, by login (str) or by id (int)."""
    which = accounts.c.login == who if isinstance(who, str) else accounts.c.id == who
    row = (await connection.execute(sa.select(accounts).where(which))).first()
    if row is None:
        return None
    return Credentials(
        id=row.id,
        login=row.login,
        password_hash=row.password_hash,
        disabled=row.disabled,
        failures=row.failures,
        locked_until=row.locked_until,
        totp=_read_totp(cipher, row),
        totp_step=row.totp_step or 0,
    )


async def update_account(connection: AsyncConnection, account_id: int, **values: Any) -> bool:
    """Write columns of an account; return False when it does not exist."""
    changed = accounts.update().where(accounts.c.id == account_id).values(**values)
    return bool((await connection.execute(changed)).rowcount)


async def set_totp(
    connection: AsyncConnection, cipher: Cipher, account_id: int, totp: Totp, *, step: int | None
) -> None:
    """Write the one-time secrets; `step` is that of the last code used, None when there was none."""
    sealed = cipher.seal({"secret": totp.secret, "pending": totp.pending}) if totp != Totp() else None
    await update_account(connection, account_id, totp_enc=sealed, totp_step=step)


async def replace_hash(connection: AsyncConnection, account_id: int, old: str, new: str) -> None:
    """Write the same password's new hash, unless the password was changed meanwhile."""
    same = (accounts.c.id == account_id) & (accounts.c.password_hash == old)
    await connection.execute(accounts.update().where(same).values(password_hash=new))


def _read_totp(cipher: Cipher, row: Any) -> Totp:
    return Totp(**cipher.open(row.totp_enc)) if row.totp_enc else Totp()


def _read_account(cipher: Cipher, row: Any) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        role=Role(row.role),
        name=cipher.open(row.name_enc),
        email=cipher.open(row.email_enc) if row.email_enc else None,
        hours=row.hours,
        shortcuts=row.shortcuts,
        must_change=row.must_change,
        has_totp=_read_totp(cipher, row).secret is not None,
        disabled=row.disabled,
        locked_until=row.locked_until,
        created_at=row.created_at,
    )
