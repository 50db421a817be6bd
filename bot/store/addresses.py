"""Where people are written to, on channels that know them by an address: encrypted, and found by a keyed hash."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.database import insert_new, now
from bot.store.schema import address_days, addresses, conversations, deliveries, message_parts, oppositions


def hash_address(cipher: Cipher, channel: str, address: str) -> str:
    """Return the keyed hash under which an address of a channel is looked up."""
    return cipher.digest(f"{channel}:{address}")


async def add_address(
    connection: AsyncConnection, cipher: Cipher, conversation_id: str, address_hash: str, address: str
) -> None:
    """Tie a conversation to an address: from now on, it is the one in hand there."""
    await connection.execute(
        addresses.insert().values(
            conversation_id=conversation_id,
            address_hash=address_hash,
            address_enc=cipher.seal(address),
            presented=False,
            created_at=now(),
        )
    )


async def conversation_in_hand(connection: AsyncConnection, address_hash: str) -> str | None:
    """Return the newest conversation of an address, or None."""
    query = (
        sa.select(addresses.c.conversation_id)
        .join(conversations, conversations.c.id == addresses.c.conversation_id)
        .where(addresses.c.address_hash == address_hash)
        .order_by(addresses.c.created_at.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    return str(row.conversation_id) if row else None


async def conversations_of(connection: AsyncConnection, address_hash: str) -> list[str]:
    """Return every conversation of an address."""
    query = sa.select(addresses.c.conversation_id).where(addresses.c.address_hash == address_hash)
    return [row.conversation_id for row in (await connection.execute(query)).all()]


async def is_presented(connection: AsyncConnection, conversation_id: str) -> bool:
    """Tell whether the first words of the conversation were said: who speaks, and that it is a machine."""
    query = sa.select(addresses.c.presented).where(addresses.c.conversation_id == conversation_id)
    return bool((await connection.execute(query)).scalar_one())


async def mark_presented(connection: AsyncConnection, conversation_id: str) -> None:
    """Note that the first words said who speaks."""
    await connection.execute(
        addresses.update().where(addresses.c.conversation_id == conversation_id).values(presented=True)
    )


async def erase_address(connection: AsyncConnection, address_hash: str) -> None:
    """Delete what is tied to an address beside its conversations. A STOP and the counts of the day stay."""
    for table in (deliveries, message_parts):
        await connection.execute(table.delete().where(table.c.address_hash == address_hash))


# -- STOP ------------------------------------------------------------------------------------------


async def is_opposed(connection: AsyncConnection, address_hash: str) -> bool:
    """Tell whether this address asked to be sent nothing more."""
    query = sa.select(oppositions.c.at).where(oppositions.c.address_hash == address_hash)
    return (await connection.execute(query)).first() is not None


async def oppose(connection: AsyncConnection, channel: str, address_hash: str) -> None:
    """Write a STOP in its ledger."""
    await insert_new(connection, oppositions, address_hash=address_hash, channel=channel, at=now())


async def lift_opposition(connection: AsyncConnection, address_hash: str) -> None:
    """Take a STOP out of its ledger: the person writes again."""
    await connection.execute(oppositions.delete().where(oppositions.c.address_hash == address_hash))


# -- the counts of a day ---------------------------------------------------------------------------


async def day_of(connection: AsyncConnection, address_hash: str, day: date) -> sa.engine.Row:
    """Return the counts of an address on a day, made when they are not there."""
    query = sa.select(address_days).where(
        address_days.c.address_hash == address_hash, address_days.c.day == day
    )
    row = (await connection.execute(query)).first()
    if row is None:
        await insert_new(connection, address_days, address_hash=address_hash, day=day)
        row = (await connection.execute(query)).first()
    return row


async def update_day(connection: AsyncConnection, address_hash: str, day: date, **values: object) -> None:
    """Change the counts of an address on a day."""
    await connection.execute(
        address_days.update()
        .where(address_days.c.address_hash == address_hash, address_days.c.day == day)
        .values(**values)
    )


async def note_sent(connection: AsyncConnection, address_hash: str, day: date) -> None:
    """Count a message queued for an address."""
    await day_of(connection, address_hash, day)
    await update_day(connection, address_hash, day, sent=address_days.c.sent + 1)


async def delete_days_before(connection: AsyncConnection, day: date) -> None:
    """Delete the counts older than a day."""
    await connection.execute(address_days.delete().where(address_days.c.day < day))


async def delete_parts_before(connection: AsyncConnection, moment: datetime) -> None:
    """Delete parts of messages older than `moment`."""
    await connection.execute(message_parts.delete().where(message_parts.c.at < moment))
