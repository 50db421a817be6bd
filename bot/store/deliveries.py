"""Messages to hand to a gateway, in order, and what became of each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.database import now
from bot.store.schema import deliveries

QUEUED = "queued"
HANDING = "handing"
ACCEPTED = "accepted"
BUFFERED = "buffered"
SENT = "sent"
REJECTED = "rejected"
UNDELIVERED = "undelivered"
DELIVERED = "delivered"
FAILED = "failed"
EXPIRED = "expired"
STOPPED = "stopped"

_RANKS = {ACCEPTED: 1, BUFFERED: 2, SENT: 3, REJECTED: 4, UNDELIVERED: 5, DELIVERED: 6}
"""Reports come late and in any order: a state only gives way to one that says more."""


CLOCKS_APART = timedelta(seconds=5)
"""How far the clocks of two machines may be apart without anything being wrong."""


class Lane(IntEnum):
    """Whose turn comes first; order is kept within a lane."""

    URGENT = 0
    REPLY = 1
    PUSH = 2


@dataclass(frozen=True)
class Delivery:
    """A message being handed to a gateway. `attempts` counts this try."""

    id: int
    public_id: str
    conversation_id: str | None
    message_seq: int | None
    address: str
    text: str
    lane: Lane
    attempts: int


async def add_delivery(
    connection: AsyncConnection,
    cipher: Cipher,
    *,
    channel: str,
    conversation_id: str | None,
    message_seq: int | None,
    address_hash: str,
    address: str,
    text: str,
    lane: Lane,
    not_before: datetime,
    useful_for: timedelta,
) -> None:
    """Queue a text for an address."""
    moment = now()
    await connection.execute(
        deliveries.insert().values(
            public_id=uuid.uuid4().hex,
            channel=channel,
            conversation_id=conversation_id,
            message_seq=message_seq,
            address_hash=address_hash,
            address_enc=cipher.seal(address),
            text_enc=cipher.seal(text),
            lane=int(lane),
            status=QUEUED,
            attempts=0,
            created_at=moment,
            next_attempt_at=not_before,
            expires_at=max(moment, not_before) + useful_for,
            changed_at=moment,
        )
    )


def _was_set_ahead() -> sa.sql.ColumnElement:
    """Tell whether a message was queued by a clock that has since been set back: its time would keep it for hours.

    What nobody asked for just now keeps its hour, which people sleep by.
    """
    return sa.and_(deliveries.c.changed_at > now() + CLOCKS_APART, deliveries.c.lane != int(Lane.PUSH))


async def take_next(connection: AsyncConnection, cipher: Cipher, channel: str) -> Delivery | None:
    """Mark the next message as being handed over and return it: dangers first, then the order of storage.

    A message of the same address and lane that still waits for another try holds back those behind it.
    """
    earlier = deliveries.alias()
    is_held = (
        sa.select(earlier.c.id)
        .where(
            earlier.c.address_hash == deliveries.c.address_hash,
            earlier.c.lane == deliveries.c.lane,
            earlier.c.channel == deliveries.c.channel,
            earlier.c.id < deliveries.c.id,
            earlier.c.status.in_((QUEUED, HANDING)),
        )
        .exists()
    )
    query = (
        sa.select(deliveries)
        .where(
            deliveries.c.channel == channel,
            deliveries.c.status == QUEUED,
            sa.or_(deliveries.c.next_attempt_at <= now(), _was_set_ahead()),
            sa.not_(is_held),
        )
        .order_by(deliveries.c.lane, deliveries.c.id)
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    result = await connection.execute(
        deliveries.update()
        .where(deliveries.c.id == row.id, deliveries.c.status == QUEUED)
        .values(status=HANDING, attempts=row.attempts + 1, changed_at=now())
    )
    if not result.rowcount:
        return None  # a STOP came at this instant
    return Delivery(
        id=row.id,
        public_id=row.public_id,
        conversation_id=row.conversation_id,
        message_seq=row.message_seq,
        address=cipher.open(row.address_enc),
        text=cipher.open(row.text_enc),
        lane=Lane(row.lane),
        attempts=row.attempts + 1,
    )


async def seconds_to_next(connection: AsyncConnection, channel: str) -> float | None:
    """Return the seconds until a message may be handed over, 0 when one may now, None when none waits."""
    due_at = sa.case((_was_set_ahead(), now()), else_=deliveries.c.next_attempt_at)
    query = sa.select(sa.func.min(due_at)).where(
        deliveries.c.channel == channel, deliveries.c.status == QUEUED
    )
    first = (await connection.execute(query)).scalar_one()
    return max(0.0, (first - now()).total_seconds()) if first else None


async def hand_back(connection: AsyncConnection, channel: str, not_before: datetime) -> int:
    """Queue again what an earlier process was handing over when it died; return how many."""
    result = await connection.execute(
        deliveries.update()
        .where(deliveries.c.channel == channel, deliveries.c.status == HANDING)
        .values(status=QUEUED, next_attempt_at=not_before, changed_at=now())
    )
    return int(result.rowcount)


async def mark_accepted(connection: AsyncConnection, delivery_id: int, gateway_hash: str | None) -> None:
    """Note that the gateway took a message; a report that came before the answer of the gateway stays."""
    await _set(connection, delivery_id, gateway_hash=gateway_hash, address_enc=None, text_enc=None)
    await connection.execute(
        deliveries.update()
        .where(deliveries.c.id == delivery_id, deliveries.c.status == HANDING)
        .values(status=ACCEPTED)
    )


async def postpone(
    connection: AsyncConnection, delivery_id: int, not_before: datetime, *, counts: bool = True
) -> None:
    """Queue a message again for a later try; this one does not count when nothing was wrong with it."""
    attempts = deliveries.c.attempts if counts else deliveries.c.attempts - 1
    await connection.execute(
        deliveries.update()
        .where(deliveries.c.id == delivery_id, deliveries.c.status == HANDING)
        .values(status=QUEUED, attempts=attempts, next_attempt_at=not_before, changed_at=now())
    )


async def close(connection: AsyncConnection, delivery_id: int, status: str) -> None:
    """End a message that is not sent: failed, expired or stopped."""
    await _set(connection, delivery_id, status=status, address_enc=None, text_enc=None)


async def report(
    connection: AsyncConnection, status: str, *, public_id: str | None = None, gateway_hash: str | None = None
) -> bool:
    """Take in a delivery report. Returns False when it names no message of ours; one that says less changes nothing."""
    known = deliveries.c.public_id == public_id if public_id else deliveries.c.gateway_hash == gateway_hash
    row = (await connection.execute(sa.select(deliveries.c.id, deliveries.c.status).where(known))).first()
    if row is None:
        return False
    if _RANKS[status] > _RANKS.get(row.status, 0):
        await _set(connection, row.id, status=status, address_enc=None, text_enc=None)
    return True


async def take_expired(connection: AsyncConnection, channel: str) -> list[sa.engine.Row]:
    """Drop the messages that waited longer than they are useful; return their ids, lanes and conversations."""
    query = sa.select(deliveries.c.id, deliveries.c.lane, deliveries.c.conversation_id).where(
        deliveries.c.channel == channel, deliveries.c.status == QUEUED, deliveries.c.expires_at < now()
    )
    rows: list[sa.engine.Row] = (await connection.execute(query)).all()
    for row in rows:
        await close(connection, row.id, EXPIRED)
    return rows


async def stop_address(connection: AsyncConnection, address_hash: str) -> None:
    """Drop what is still queued for an address that asked to be sent nothing more."""
    await connection.execute(
        deliveries.update()
        .where(deliveries.c.address_hash == address_hash, deliveries.c.status == QUEUED)
        .values(status=STOPPED, address_enc=None, text_enc=None, changed_at=now())
    )


async def states(connection: AsyncConnection, channel: str) -> dict[str, int]:
    """Return how many messages of a channel are in each state."""
    query = (
        sa.select(deliveries.c.status, sa.func.count().label("n"))
        .where(deliveries.c.channel == channel)
        .group_by(deliveries.c.status)
    )
    return {row.status: int(row.n) for row in (await connection.execute(query)).all()}


async def delete_before(connection: AsyncConnection, moment: datetime) -> None:
    """Delete what was queued before `moment`, whatever became of it."""
    await connection.execute(deliveries.delete().where(deliveries.c.created_at < moment))


async def _set(connection: AsyncConnection, delivery_id: int, **values: Any) -> None:
    await connection.execute(
        deliveries.update().where(deliveries.c.id == delivery_id).values(changed_at=now(), **values)
    )
