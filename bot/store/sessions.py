"""Who is signed in at the console. A token is given once and kept as a keyed hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.desk_schema import sessions

LONGEST = timedelta(hours=20)
"""A whole day at work, and the least that asks for no way to extend it (WCAG 2.2.1, RGAA 13.1)."""
IDLE = timedelta(hours=12)
"""Any page read starts it again: no one at work loses what they write, and a desk left in the evening is shut by morning."""
HALF = timedelta(minutes=10)
"""Between the password and the code: time enough to fetch a phone."""
TOUCH_EVERY = timedelta(minutes=1)
"""A page a second must not be a write a second."""
_TOKEN_BYTES = 32
_LONGEST_TOKEN = 64


@dataclass(frozen=True)
class Session:
    """A session still open. It is not whole until the one-time code is given. Times are UTC, without a timezone."""

    token_hash: str
    account_id: int
    last_at: datetime
    expires_at: datetime
    is_whole: bool


async def open_session(
    connection: AsyncConnection, cipher: Cipher, account_id: int, *, is_whole: bool, at: datetime
) -> str:
    """Open a session and return its token; those that ended are forgotten on the way."""
    await delete_ended(connection, at)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    await connection.execute(
        sessions.insert().values(
            token_hash=_digest(cipher, token),
            account_id=account_id,
            created_at=at,
            last_at=at,
            expires_at=at + (LONGEST if is_whole else HALF),
            is_whole=is_whole,
        )
    )
    return token


async def find_session(
    connection: AsyncConnection, cipher: Cipher, token: str, at: datetime
) -> Session | None:
    """Return the open session of a token, or None when it ended or never was."""
    if not token.isascii() or len(token) > _LONGEST_TOKEN:  # a cookie holds what its sender wants
        return None
    query = sa.select(sessions).where(
        sessions.c.token_hash == _digest(cipher, token),
        sessions.c.expires_at > at,
        sessions.c.last_at > at - IDLE,
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return Session(row.token_hash, row.account_id, row.last_at, row.expires_at, row.is_whole)


async def touch_session(connection: AsyncConnection, session: Session, at: datetime) -> None:
    """Note that a session was used."""
    await connection.execute(
        sessions.update().where(sessions.c.token_hash == session.token_hash).values(last_at=at)
    )


async def close_session(connection: AsyncConnection, session: Session) -> None:
    """End one session."""
    await connection.execute(sessions.delete().where(sessions.c.token_hash == session.token_hash))


async def close_all(connection: AsyncConnection, account_id: int) -> int:
    """End every session of an account, those that wait for a code too; return how many."""
    return int(
        (await connection.execute(sessions.delete().where(sessions.c.account_id == account_id))).rowcount
    )


async def delete_ended(connection: AsyncConnection, at: datetime) -> int:
    """Forget the sessions that ended; return how many."""
    ended = sa.or_(sessions.c.expires_at <= at, sessions.c.last_at <= at - IDLE)
    return int((await connection.execute(sessions.delete().where(ended))).rowcount)


def form_key(cipher: Cipher, token: str) -> str:
    """Return what ties a form to a session: known from the token, and telling nothing of it."""
    return cipher.digest(f"formulaire:{token}")


def _digest(cipher: Cipher, token: str) -> str:
    return cipher.digest(f"session:{token}")
