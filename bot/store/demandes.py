"""Requests to a person ("demandes"): who asked, how to answer them, and a reference to come back with."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.database import now
from bot.store.desk_schema import demande_events
from bot.store.schema import demandes

WAITING = "waiting"
TAKEN = "taken"
CLOSED = "closed"

# No letter or digit that is mistaken for another when read aloud or by hand.
_LETTERS = "BCDFGHJKLMNPRTVWX"
_DIGITS = "2345679"
CODE_SIGNS = _LETTERS + _DIGITS
CODE_LENGTH = 8


CALL = "rappel"
HERE = "retour"
TEXT = "texto"
MEETING = "rdv"
HOME = "domicile"
MOYENS = (HERE, CALL, TEXT, MEETING, HOME)
"""How a person may be answered: in this conversation, by a call, a text, an appointment, a visit at home."""
WITH_PHONE = (CALL, TEXT, MEETING, HOME)


class Urgency(IntEnum):
    """What a queue shows first."""

    DANGER = 0
    SOON = 1
    NORMAL = 2


@dataclass(frozen=True)
class DemandeDetails:
    """What the person gave: only `moyen` is asked of everyone; the rest is theirs to leave out.

    `joindre` is their yes to let an operator read the conversation before the request.
    """

    moyen: str
    telephone: str | None = None
    nom: str | None = None
    mots: str | None = None
    quand: str | None = None
    commune: str | None = None
    joindre: bool = False


@dataclass(frozen=True)
class Demande:
    """A request as it is kept. Times are UTC, without a timezone."""

    reference: str
    conversation_id: str | None
    channel: str
    territoire: str
    created_at: datetime
    status: str
    details: DemandeDetails
    urgency: Urgency = Urgency.NORMAL
    subject: str | None = None
    due_at: datetime | None = None
    late_told_at: datetime | None = None
    account_id: int | None = None
    taken_at: datetime | None = None
    person_at: datetime | None = None
    replied_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class Ticket:
    """What the person leaves with: the reference to say, and the code that opens the answer."""

    reference: str
    code: str


async def create_demande(
    connection: AsyncConnection,
    cipher: Cipher,
    details: DemandeDetails,
    *,
    conversation_id: str | None,
    channel: str,
    territoire: str,
    urgency: Urgency = Urgency.NORMAL,
    subject: str | None = None,
    commune: str | None = None,
    due_at: datetime | None = None,
) -> Ticket:
    """Store a request and return its reference and code; the code is looked up by its keyed hash.

    `subject` is the fiche it is about, `commune` a name of the list of France (what the person wrote of it is in
    `details`), `due_at` when somebody must have taken it.
    """
    code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    reference = await _free_reference(connection)
    await connection.execute(
        demandes.insert().values(
            reference=reference,
            code_hash=cipher.digest(code),
            conversation_id=conversation_id,
            channel=channel,
            territoire=territoire,
            created_at=now(),
            status=WAITING,
            details_enc=cipher.seal(asdict(details)),
            urgency=urgency,
            subject=subject,
            moyen=details.moyen,
            commune=commune,
            due_at=due_at,
        )
    )
    return Ticket(reference, code)


async def _free_reference(connection: AsyncConnection) -> str:
    while True:
        reference = (
            "".join(secrets.choice(_LETTERS) for _ in range(2))
            + "-"
            + "".join(secrets.choice(_DIGITS) for _ in range(4))
        )
        query = sa.select(demandes.c.reference).where(demandes.c.reference == reference)
        if (await connection.execute(query)).first() is None:
            return reference


async def find_demande(
    connection: AsyncConnection, cipher: Cipher, reference: str, code: str
) -> Demande | None:
    """Return the request when the code is its own, else None."""
    tidy = "".join(char for char in code.upper() if char.isalnum())
    query = sa.select(demandes).where(
        demandes.c.reference == reference.strip().upper(), demandes.c.code_hash == cipher.digest(tidy)
    )
    row = (await connection.execute(query)).first()
    return read_demande(cipher, row) if row else None


async def list_demandes(
    connection: AsyncConnection, cipher: Cipher, *, all_states: bool = False
) -> list[Demande]:
    """Return the requests that wait, oldest first, or every one."""
    query = sa.select(demandes).order_by(demandes.c.created_at)
    if not all_states:
        query = query.where(demandes.c.status == WAITING)
    return [read_demande(cipher, row) for row in (await connection.execute(query)).all()]


async def list_of_conversation(
    connection: AsyncConnection, cipher: Cipher, conversation_id: str
) -> list[Demande]:
    """Return the requests of a conversation in any state, oldest first."""
    query = (
        sa.select(demandes)
        .where(demandes.c.conversation_id == conversation_id)
        .order_by(demandes.c.created_at, sa.literal_column("rowid"))
    )
    return [read_demande(cipher, row) for row in (await connection.execute(query)).all()]


async def conversation_state(connection: AsyncConnection, conversation_id: str) -> str:
    """Return `bot`, `waiting` or `operator` (the `state` of the public API)."""
    query = sa.select(demandes.c.status).where(demandes.c.conversation_id == conversation_id)
    states = {row.status for row in (await connection.execute(query)).all()}
    if TAKEN in states:
        return "operator"
    return WAITING if WAITING in states else "bot"


async def erase_demande(connection: AsyncConnection, reference: str) -> None:
    """Delete one request, whatever its state."""
    await connection.execute(demande_events.delete().where(demande_events.c.reference == reference))
    await connection.execute(demandes.delete().where(demandes.c.reference == reference))


async def delete_before(connection: AsyncConnection, moment: datetime) -> int:
    """Delete the requests older than `moment`, with what was done of them; return how many."""
    old = sa.select(demandes.c.reference).where(demandes.c.created_at < moment)
    await connection.execute(demande_events.delete().where(demande_events.c.reference.in_(old)))
    result = await connection.execute(demandes.delete().where(demandes.c.created_at < moment))
    return int(result.rowcount)


def read_demande(cipher: Cipher, row: Any) -> Demande:
    """Return a request from its row."""
    return Demande(
        reference=row.reference,
        conversation_id=row.conversation_id,
        channel=row.channel,
        territoire=row.territoire,
        created_at=row.created_at,
        status=row.status,
        details=DemandeDetails(**cipher.open(row.details_enc)),
        urgency=Urgency(row.urgency),
        subject=row.subject,
        due_at=row.due_at,
        late_told_at=row.late_told_at,
        account_id=row.account_id,
        taken_at=row.taken_at,
        person_at=row.person_at,
        replied_at=row.replied_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
    )
