"""What is held about the person of a conversation, for whoever asks what is held about them (GDPR, article 15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.demandes import Demande, read_demande
from bot.store.desk_schema import followups
from bot.store.followups import Followup
from bot.store.schema import addresses, conversations, demandes, messages


@dataclass(frozen=True)
class Held:
    """What a conversation holds, counted; times are UTC, without a timezone.

    `since` is the time of the oldest message still kept, None when there is none. `address` is where the person is
    written to, None on a page. `form` is what they wrote in a request that is not sent yet.
    """

    channel: str
    created_at: datetime
    last_at: datetime
    messages: int
    since: datetime | None
    requests: tuple[Demande, ...]
    followups: tuple[Followup, ...]
    address: str | None = None
    form: dict[str, Any] | None = None


async def read_held(connection: AsyncConnection, cipher: Cipher, conversation_id: str) -> Held | None:
    """Return what is held in a conversation and the requests made in it, or None when it is gone."""
    query = (
        sa.select(conversations, addresses.c.address_enc)
        .select_from(conversations.outerjoin(addresses, addresses.c.conversation_id == conversations.c.id))
        .where(conversations.c.id == conversation_id)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    of_messages = sa.select(sa.func.count().label("n"), sa.func.min(messages.c.at).label("since"))
    said = (await connection.execute(of_messages.where(messages.c.conversation_id == conversation_id))).one()
    of_requests = (
        sa.select(demandes)
        .where(demandes.c.conversation_id == conversation_id)
        .order_by(demandes.c.created_at, demandes.c.reference)
    )
    of_followups = sa.select(followups).where(followups.c.conversation_id == conversation_id)
    return Held(
        channel=row.channel,
        created_at=row.created_at,
        last_at=row.last_at,
        messages=int(said.n),
        since=said.since,
        requests=tuple(
            read_demande(cipher, request) for request in (await connection.execute(of_requests)).all()
        ),
        followups=tuple(Followup(**asked) for asked in (await connection.execute(of_followups)).mappings()),
        address=cipher.open(row.address_enc) if row.address_enc else None,
        form=cipher.open(row.flow_enc) if row.flow_enc else None,
    )
