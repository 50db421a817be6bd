"""Errors that people reported ("signalements"): the words and the fiche, never who wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.database import now
from bot.store.schema import signalements


@dataclass(frozen=True)
class Signalement:
    """A report as it is kept. `fiche` and `rubrique` are ids of the taxonomy, or None when unknown."""

    id: int
    at: datetime
    fiche: str | None
    rubrique: str | None
    words: str


async def add_signalement(
    connection: AsyncConnection, cipher: Cipher, words: str, *, fiche: str | None, rubrique: str | None
) -> int:
    """Store a report and return its id."""
    result = await connection.execute(
        signalements.insert().values(at=now(), fiche=fiche, rubrique=rubrique, words_enc=cipher.seal(words))
    )
    return int(result.inserted_primary_key[0])


async def list_signalements(connection: AsyncConnection, cipher: Cipher) -> list[Signalement]:
    """Return every report, oldest first."""
    rows = (await connection.execute(sa.select(signalements).order_by(signalements.c.id))).all()
    return [Signalement(row.id, row.at, row.fiche, row.rubrique, cipher.open(row.words_enc)) for row in rows]


async def delete_before(connection: AsyncConnection, moment: datetime) -> int:
    """Delete the reports older than `moment`; return how many."""
    result = await connection.execute(signalements.delete().where(signalements.c.at < moment))
    return int(result.rowcount)
