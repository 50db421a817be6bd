"""What gateways gave us lately: the same thing given again is known, and parts wait for the last one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.database import insert_new, now
from bot.store.schema import message_parts, received


async def is_new(connection: AsyncConnection, key: str, window: timedelta | None = None) -> bool:
    """Note what was received under a keyed hash; return False when it was already, within the window if one is given."""
    if await insert_new(connection, received, key=key, at=now()):
        return True
    at = (await connection.execute(sa.select(received.c.at).where(received.c.key == key))).scalar_one()
    if window is None or now() - at <= window:
        return False
    await connection.execute(received.update().where(received.c.key == key).values(at=now()))
    return True


async def delete_before(connection: AsyncConnection, moment: datetime) -> None:
    """Forget what was received before `moment`."""
    await connection.execute(received.delete().where(received.c.at < moment))


async def add_part(
    connection: AsyncConnection,
    cipher: Cipher,
    *,
    group_hash: str,
    address_hash: str,
    number: int,
    total: int,
    body: dict[str, Any],
) -> None:
    """Keep one part of a long message (`number` from 1); the same part again changes nothing."""
    known = sa.select(message_parts.c.id).where(
        message_parts.c.group_hash == group_hash, message_parts.c.number == number
    )
    if (await connection.execute(known)).first() is None:
        await connection.execute(
            message_parts.insert().values(
                group_hash=group_hash,
                address_hash=address_hash,
                number=number,
                total=total,
                body_enc=cipher.seal(body),
                at=now(),
            )
        )


async def take_whole(
    connection: AsyncConnection, cipher: Cipher, group_hash: str, *, even_incomplete: bool = False
) -> list[dict[str, Any]]:
    """Return the parts of a message in order and forget them; nothing while one is missing."""
    query = (
        sa.select(message_parts)
        .where(message_parts.c.group_hash == group_hash)
        .order_by(message_parts.c.number)
    )
    rows = (await connection.execute(query)).all()
    if not rows or (len(rows) < rows[0].total and not even_incomplete):
        return []
    await connection.execute(message_parts.delete().where(message_parts.c.group_hash == group_hash))
    return [cipher.open(row.body_enc) for row in rows]


async def list_stale_groups(connection: AsyncConnection, before: datetime) -> list[str]:
    """Return the messages whose first part came before `before` and that still lack one."""
    query = (
        sa.select(message_parts.c.group_hash, sa.func.min(message_parts.c.at).label("first"))
        .group_by(message_parts.c.group_hash)
        .having(sa.func.min(message_parts.c.at) < before)
        .order_by("first")
    )
    return [row.group_hash for row in (await connection.execute(query)).all()]
