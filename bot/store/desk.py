"""What operators do with requests: take them, answer, note, hand on, close; each change is one UPDATE that checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.database import now
from bot.store.demandes import CLOSED, TAKEN, WAITING, Demande, Urgency, read_demande
from bot.store.desk_schema import accounts, demande_events
from bot.store.schema import deliveries, demandes, messages

CREATED = "created"
ANNOUNCED = "announced"
CLAIMED = "claimed"
RELEASED = "released"
REPLIED = "replied"
NOTED = "noted"
HANDED = "handed"
ASKED = "asked"
AGREED = "agreed"
REFUSED = "refused"
LATE = "late"
WAITS = "waits"
SILENT = "silent"
CLOSED_EVENT = "closed"
REOPENED = "reopened"


@dataclass(frozen=True)
class Event:
    """One thing done with a request. `account_id` is None for the person and for the assistant."""

    id: int
    at: datetime
    kind: str
    account_id: int | None
    body: dict[str, Any]


async def find(connection: AsyncConnection, cipher: Cipher, reference: str) -> Demande | None:
    """Return a request by its reference alone: for operators, who need no code."""
    query = sa.select(demandes).where(demandes.c.reference == reference)
    row = (await connection.execute(query)).first()
    return read_demande(cipher, row) if row else None


async def list_open(connection: AsyncConnection, cipher: Cipher) -> list[Demande]:
    """Return the requests that wait or are taken: most urgent first, then oldest."""
    query = (
        sa.select(demandes)
        .where(demandes.c.status.in_((WAITING, TAKEN)))
        .order_by(demandes.c.urgency, demandes.c.created_at, demandes.c.reference)
    )
    return [read_demande(cipher, row) for row in (await connection.execute(query)).all()]


async def list_waiting(connection: AsyncConnection) -> list[tuple[str, Urgency]]:
    """Return the references that wait and their urgency, in the order of the queue; nothing is decrypted."""
    query = (
        sa.select(demandes.c.reference, demandes.c.urgency)
        .where(demandes.c.status == WAITING)
        .order_by(demandes.c.urgency, demandes.c.created_at, demandes.c.reference)
    )
    return [(row.reference, Urgency(row.urgency)) for row in (await connection.execute(query)).all()]


async def list_all(connection: AsyncConnection, cipher: Cipher) -> list[Demande]:
    """Return every request still kept, newest first."""
    query = sa.select(demandes).order_by(demandes.c.created_at.desc(), demandes.c.reference)
    return [read_demande(cipher, row) for row in (await connection.execute(query)).all()]


async def open_of(connection: AsyncConnection, cipher: Cipher, conversation_id: str) -> list[Demande]:
    """Return the requests of a conversation that are not closed, oldest first."""
    query = (
        sa.select(demandes)
        .where(demandes.c.conversation_id == conversation_id, demandes.c.status.in_((WAITING, TAKEN)))
        .order_by(demandes.c.created_at)
    )
    return [read_demande(cipher, row) for row in (await connection.execute(query)).all()]


async def claim(connection: AsyncConnection, reference: str, account_id: int) -> bool:
    """Take a waiting request. Returns False when it no longer waits: of two who click, one has it."""
    result = await connection.execute(
        demandes.update()
        .where(demandes.c.reference == reference, demandes.c.status == WAITING)
        .values(status=TAKEN, account_id=account_id, taken_at=now(), replied_at=None)
    )
    if result.rowcount:
        await add_event(connection, reference, CLAIMED, account_id)
    return bool(result.rowcount)


async def release(connection: AsyncConnection, reference: str, due_at: datetime | None) -> bool:
    """Put a taken request back in the queue, with a new time by which somebody must have taken it."""
    result = await connection.execute(
        demandes.update()
        .where(demandes.c.reference == reference, demandes.c.status == TAKEN)
        .values(status=WAITING, account_id=None, taken_at=None, due_at=due_at, late_told_at=None)
    )
    return bool(result.rowcount)


async def hand(connection: AsyncConnection, reference: str, giver: int, taker: int) -> bool:
    """Give one's request to a colleague. Returns False when it is no longer one's own."""
    result = await connection.execute(
        demandes.update()
        .where(
            demandes.c.reference == reference,
            demandes.c.status == TAKEN,
            demandes.c.account_id == giver,
        )
        .values(account_id=taker, taken_at=now(), replied_at=None)
    )
    return bool(result.rowcount)


async def close(connection: AsyncConnection, reference: str, account_id: int, outcome: str) -> bool:
    """End one's request. Returns False when it is no longer one's own."""
    result = await connection.execute(
        demandes.update()
        .where(
            demandes.c.reference == reference,
            demandes.c.status == TAKEN,
            demandes.c.account_id == account_id,
        )
        .values(status=CLOSED, closed_at=now(), outcome=outcome)
    )
    return bool(result.rowcount)


async def reopen(connection: AsyncConnection, reference: str, account_id: int) -> bool:
    """Take up a closed request again. Returns False when it is not closed."""
    result = await connection.execute(
        demandes.update()
        .where(demandes.c.reference == reference, demandes.c.status == CLOSED)
        .values(status=TAKEN, account_id=account_id, taken_at=now(), closed_at=None, outcome=None)
    )
    return bool(result.rowcount)


async def mark_replied(connection: AsyncConnection, reference: str) -> None:
    """Note that the operator wrote last."""
    await connection.execute(
        demandes.update().where(demandes.c.reference == reference).values(replied_at=now())
    )


async def mark_heard(connection: AsyncConnection, conversation_id: str) -> None:
    """Note that the person wrote last, on the requests of theirs that are taken."""
    await connection.execute(
        demandes.update()
        .where(demandes.c.conversation_id == conversation_id, demandes.c.status == TAKEN)
        .values(person_at=now())
    )


async def mark_late(connection: AsyncConnection, reference: str) -> bool:
    """Return True for the one caller who may tell the person that nobody took their request in time."""
    result = await connection.execute(
        demandes.update()
        .where(
            demandes.c.reference == reference,
            demandes.c.status == WAITING,
            demandes.c.late_told_at.is_(None),
        )
        .values(late_told_at=now())
    )
    return bool(result.rowcount)


async def wait_until(connection: AsyncConnection, reference: str, due_at: datetime | None) -> None:
    """Give a waiting request a new time by which somebody must have taken it."""
    await connection.execute(
        demandes.update()
        .where(demandes.c.reference == reference, demandes.c.status == WAITING)
        .values(due_at=due_at, late_told_at=None)
    )


async def raise_urgency(connection: AsyncConnection, conversation_id: str, due_at: datetime | None) -> None:
    """Put the open requests of a conversation in which a danger was told above all others, to be taken by `due_at`."""
    risen = (
        demandes.c.conversation_id == conversation_id,
        demandes.c.status.in_((WAITING, TAKEN)),
        demandes.c.urgency > int(Urgency.DANGER),
    )
    if due_at is not None:
        sooner = sa.or_(demandes.c.due_at.is_(None), demandes.c.due_at > due_at)
        await connection.execute(demandes.update().where(*risen, sooner).values(due_at=due_at))
    await connection.execute(demandes.update().where(*risen).values(urgency=int(Urgency.DANGER)))


# -- what was done -----------------------------------------------------------------------------------


async def add_event(
    connection: AsyncConnection,
    reference: str,
    kind: str,
    account_id: int | None = None,
    body: bytes | None = None,
) -> None:
    """Keep one thing done with a request; `body` is sealed by the caller."""
    await connection.execute(
        demande_events.insert().values(
            reference=reference, at=now(), kind=kind, account_id=account_id, body_enc=body
        )
    )


async def list_events(connection: AsyncConnection, cipher: Cipher, reference: str) -> list[Event]:
    """Return what was done with a request, in order."""
    query = (
        sa.select(demande_events).where(demande_events.c.reference == reference).order_by(demande_events.c.id)
    )
    rows = (await connection.execute(query)).all()
    return [
        Event(row.id, row.at, row.kind, row.account_id, cipher.open(row.body_enc) if row.body_enc else {})
        for row in rows
    ]


async def has_event(connection: AsyncConnection, reference: str, kind: str) -> bool:
    """Tell whether something was already done with a request."""
    query = sa.select(demande_events.c.id).where(
        demande_events.c.reference == reference, demande_events.c.kind == kind
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def references_with(connection: AsyncConnection, kind: str) -> set[str]:
    """Return the requests with which something was already done."""
    query = sa.select(demande_events.c.reference).where(demande_events.c.kind == kind)
    return {row.reference for row in (await connection.execute(query)).all()}


async def account_names(connection: AsyncConnection, cipher: Cipher) -> dict[int, str]:
    """Return the name each operator chose to be seen by."""
    query = sa.select(accounts.c.id, accounts.c.name_enc)
    return {row.id: cipher.open(row.name_enc) for row in (await connection.execute(query)).all()}


async def delivery_states(connection: AsyncConnection, conversation_id: str) -> dict[int, str]:
    """Return the state of the last delivery of each message of a conversation, by `seq`."""
    query = (
        sa.select(deliveries.c.message_seq, deliveries.c.status)
        .where(deliveries.c.conversation_id == conversation_id, deliveries.c.message_seq.is_not(None))
        .order_by(deliveries.c.id)
    )
    return {row.message_seq: row.status for row in (await connection.execute(query)).all()}


async def mark_of(connection: AsyncConnection, reference: str) -> str:
    """Return a word that changes whenever something is said, done or delivered in a request; "" when it is gone."""
    row = (
        await connection.execute(
            sa.select(demandes.c.conversation_id, demandes.c.status).where(demandes.c.reference == reference)
        )
    ).first()
    if row is None:
        return ""
    done = sa.select(sa.func.max(demande_events.c.id)).where(demande_events.c.reference == reference)
    of_conversation = deliveries.c.conversation_id == row.conversation_id
    said = sa.select(sa.func.max(messages.c.seq)).where(messages.c.conversation_id == row.conversation_id)
    moved = sa.select(sa.func.max(deliveries.c.changed_at)).where(of_conversation)
    parts = [(await connection.execute(query)).scalar_one() for query in (said, done, moved)]
    return "-".join([row.status, *(str(part or "").replace(" ", "T") for part in parts)])
