"""Mails to hand to the mail server: each is held by one sender at a time, and emptied at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher, CipherError
from bot.store.database import now
from bot.store.desk_schema import mails

QUEUED = "queued"
HANDING = "handing"
SENT = "sent"
GIVEN_UP = "given_up"
HOLD = timedelta(minutes=5)
"""How long a mail is its sender's: longer than a session with a server may last. Past that, the sender is dead."""
log = structlog.get_logger()


@dataclass(frozen=True)
class Mail:
    """A mail being handed over. `attempts` counts this try, and tells it from another sender's."""

    id: int
    created_at: datetime
    attempts: int
    to: str
    subject: str
    text: str


async def add_mail(connection: AsyncConnection, cipher: Cipher, *, to: str, subject: str, text: str) -> int:
    """Queue a mail; return its id."""
    moment = now()
    result = await connection.execute(
        mails.insert().values(
            created_at=moment,
            body_enc=cipher.seal({"to": to, "subject": subject, "text": text}),
            status=QUEUED,
            attempts=0,
            next_attempt_at=moment,
        )
    )
    return int(result.inserted_primary_key[0])


async def is_any_due(connection: AsyncConnection) -> bool:
    """Tell whether a mail can be taken now."""
    return (await connection.execute(sa.select(mails.c.id).where(_is_due()).limit(1))).first() is not None


async def take_next(connection: AsyncConnection, cipher: Cipher) -> Mail | None:
    """Take the mail due first, for five minutes: another sender gets it only if this one never ends it."""
    query = sa.select(mails).where(_is_due()).order_by(mails.c.next_attempt_at, mails.c.id).limit(1)
    while (row := (await connection.execute(query)).first()) is not None:
        attempts = row.attempts + 1
        taken = await connection.execute(
            mails.update()
            .where(mails.c.id == row.id, mails.c.attempts == row.attempts, _is_due())
            .values(status=HANDING, attempts=attempts, next_attempt_at=now() + HOLD)
        )
        if taken.rowcount != 1:
            continue
        try:
            return Mail(id=row.id, created_at=row.created_at, attempts=attempts, **cipher.open(row.body_enc))
        except CipherError:
            # Sealed with a key that is gone: no later try would read it, and it would stand before the others.
            log.error("mail_unreadable", mail=row.id)  # noqa: TRY400 - the trace tells nothing more
            await _end_row(connection, row.id, attempts, status=GIVEN_UP, body_enc=None)
    return None


async def mark_sent(connection: AsyncConnection, mail: Mail) -> None:
    """Note that the server took a mail; its address and words go."""
    await _end_row(connection, mail.id, mail.attempts, status=SENT, body_enc=None)


async def give_up(connection: AsyncConnection, mail: Mail) -> None:
    """End a mail that is not sent; its address and words go."""
    await _end_row(connection, mail.id, mail.attempts, status=GIVEN_UP, body_enc=None)


async def postpone(connection: AsyncConnection, mail: Mail, not_before: datetime) -> None:
    """Queue a mail again for a later try."""
    await _end_row(connection, mail.id, mail.attempts, status=QUEUED, next_attempt_at=not_before)


async def states(connection: AsyncConnection) -> dict[str, int]:
    """Return how many mails are in each state."""
    query = sa.select(mails.c.status, sa.func.count().label("n")).group_by(mails.c.status)
    return {row.status: int(row.n) for row in (await connection.execute(query)).all()}


async def delete_before(connection: AsyncConnection, moment: datetime) -> None:
    """Delete what was queued before `moment`, whatever became of it."""
    await connection.execute(mails.delete().where(mails.c.created_at < moment))


def _is_due() -> sa.sql.ColumnElement:
    return sa.and_(mails.c.status.in_((QUEUED, HANDING)), mails.c.next_attempt_at <= now())


async def _end_row(connection: AsyncConnection, mail_id: int, attempts: int, **values: Any) -> None:
    """End a try. Nothing changes when somebody else has taken the mail since: what becomes of it is theirs to say."""
    await connection.execute(
        mails.update()
        .where(mails.c.id == mail_id, mails.c.status == HANDING, mails.c.attempts == attempts)
        .values(**values)
    )
