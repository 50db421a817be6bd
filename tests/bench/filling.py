"""Fill a store as months of use would: conversations with their messages, requests, deliveries and what is noted of them.

Straight through the tables and the cipher of the store, the same for the same seed: 10,000 conversations in a minute.
Times stay within the retention, so that a purge finds nothing.
"""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.compose import Composer
from bot.model.directive import Directive
from bot.store import desk, journal
from bot.store.addresses import hash_address
from bot.store.cipher import Cipher
from bot.store.conversations import ASSISTANT, USER
from bot.store.database import Database, now
from bot.store.deliveries import DELIVERED
from bot.store.demandes import CALL, CLOSED
from bot.store.desk_schema import closure_marks, closures, demande_events, misses
from bot.store.desk_schema import journal as journal_table
from bot.store.queues import DONE, SERVED
from bot.store.schema import (
    address_days,
    addresses,
    audit,
    conversations,
    deliveries,
    demandes,
    inbox,
    messages,
    outbox,
    received,
    signalements,
)
from tests.bench.questions import conversations as talks

CHANNELS = ("web",) * 11 + ("sms",) * 5 + ("telegram",) * 2 + ("api",) * 2
"""Of twenty conversations."""
TURNS = 5
"""Messages of the person on average; as many answers, and the welcome."""
DEMANDES = 0.05
"""Share of conversations that end with a request to a person."""
READINGS = 6
"""Lines of the journal for each request: read, taken, answered, closed."""
OLDEST_DAYS = 28
_BATCH = 250
_ORDER = (
    conversations, addresses, messages, inbox, outbox, deliveries, received, address_days, demandes,
    demande_events, closures, closure_marks, journal_table, audit, signalements, misses,
)  # fmt: skip
_SEQUENCES = ((messages, "seq"), (closures, "id"))
"""Where ids are given here and not by the database: PostgreSQL's own count must then go on after them."""
Rows = dict[sa.Table, list[dict[str, Any]]]


class Filler:
    """Makes rows; `fill` writes them."""

    def __init__(self, cipher: Cipher, composer: Composer, seed: int = 10) -> None:
        self._cipher = cipher
        self._draw = random.Random(seed)
        self._talks = talks(seed)
        self._subjects = sorted(composer.knowledge.fiches)
        self._answers = [
            {"answer": answer.to_json()}
            for fiche in self._subjects[:40]
            for answer in composer.answers(Directive("fiche", fiche, "montant"), "")
        ]
        self._now = now()
        self._seq = self._closure = self._phone = 0

    async def fill(self, database: Database, count: int) -> None:
        """Write so many conversations, and what goes with them."""
        async with database.write() as connection:
            last = sa.select(sa.func.coalesce(sa.func.max(messages.c.seq), 0))
            self._seq = int((await connection.execute(last)).scalar_one())
        for start in range(0, count, _BATCH):
            rows: Rows = defaultdict(list)
            for _ in range(min(_BATCH, count - start)):
                self._conversation(rows)
            async with database.write() as connection:
                await _insert(connection, rows)
        async with database.write() as connection:
            await _move_sequences(connection)

    def _conversation(self, rows: Rows) -> None:
        channel = self._draw.choice(CHANNELS)
        begun = self._now - timedelta(minutes=self._draw.randrange(60, OLDEST_DAYS * 24 * 60))
        conversation_id = self._id()
        address = self._address(rows, channel, conversation_id, begun)
        moment = self._answer(rows, conversation_id, channel, begun, None, address)
        for text in self._texts():
            moment += timedelta(seconds=self._draw.randrange(20, 90))
            seq = self._message(rows, conversation_id, USER, moment, {"text": text})
            rows[inbox].append({
                "message_seq": seq, "conversation_id": conversation_id, "dedupe_key": f"{conversation_id}:{self._id()}",
                "status": DONE, "attempts": 1, "next_attempt_at": moment, "delay_told": False, "done_at": moment,
            })  # fmt: skip
            moment = self._answer(rows, conversation_id, channel, moment, seq, address)
        rows[conversations].append({
            "id": conversation_id, "channel": channel, "token_hash": self._cipher.digest(conversation_id),
            "created_at": begun, "last_at": moment, "talk": "bot",
            "choices_enc": self._cipher.seal([{"label": "Parler à une personne", "value": "personne"}]),
        })  # fmt: skip
        if self._draw.random() < DEMANDES:
            self._demande(rows, conversation_id, channel, moment)
        self._beside(rows, moment)

    def _texts(self) -> list[str]:
        texts: list[str] = []
        wanted = self._draw.randint(TURNS - 2, TURNS + 2)
        while len(texts) < wanted:
            texts += next(self._talks)
        return texts[:wanted]

    def _message(
        self, rows: Rows, conversation_id: str, sender: str, at: datetime, body: dict[str, Any]
    ) -> int:
        self._seq += 1
        rows[messages].append({
            "seq": self._seq, "id": self._id(), "conversation_id": conversation_id, "sender": sender, "at": at,
            "body_enc": self._cipher.seal(body),
        })  # fmt: skip
        return self._seq

    def _answer(
        self,
        rows: Rows,
        conversation_id: str,
        channel: str,
        after: datetime,
        to: int | None,
        address: str | None,
    ) -> datetime:
        at = after + timedelta(milliseconds=80)
        seq = self._message(rows, conversation_id, ASSISTANT, at, self._draw.choice(self._answers))
        rows[outbox].append({
            "message_seq": seq, "conversation_id": conversation_id, "in_reply_to": to, "channel": channel,
            "status": SERVED, "attempts": 0, "next_attempt_at": at, "delivered_at": at,
        })  # fmt: skip
        if address:
            rows[deliveries].append({
                "public_id": self._id(), "channel": channel, "conversation_id": conversation_id, "message_seq": seq,
                "address_hash": address, "lane": 1, "status": DELIVERED, "attempts": 1, "created_at": at,
                "next_attempt_at": at, "expires_at": at + timedelta(days=1), "changed_at": at,
                "gateway_hash": self._cipher.digest(self._id()),
            })  # fmt: skip
        return at

    def _address(self, rows: Rows, channel: str, conversation_id: str, at: datetime) -> str | None:
        if channel not in {"sms", "telegram"}:
            return None
        self._phone += 1
        address = f"+3363998{self._phone % 10_000:04}" if channel == "sms" else str(10_000 + self._phone)
        found = hash_address(self._cipher, channel, address)
        rows[addresses].append({
            "conversation_id": conversation_id, "address_hash": found, "address_enc": self._cipher.seal(address),
            "presented": True, "created_at": at,
        })  # fmt: skip
        if at > self._now - timedelta(days=1):
            rows[received] += [{"key": self._cipher.digest(self._id()), "at": at} for _ in range(TURNS)]
            rows[address_days].append({
                "address_hash": self._cipher.digest(self._id()), "day": self._now.date(), "received": TURNS,
                "sent": TURNS, "limit_told": False, "repeats": 0,
            })  # fmt: skip
        return found

    def _demande(self, rows: Rows, conversation_id: str, channel: str, at: datetime) -> None:
        reference = f"ZZ{self._closure:06}"
        subject = self._draw.choice(self._subjects)
        self._closure += 1
        details = {"moyen": CALL, "telephone": "06 39 98 00 00", "mots": self._draw.choice(self._texts())}
        rows[demandes].append({
            "reference": reference, "code_hash": self._cipher.digest(reference), "conversation_id": conversation_id,
            "channel": channel, "territoire": "saint-meen-montauban", "created_at": at, "status": CLOSED,
            "details_enc": self._cipher.seal(details), "urgency": 2, "subject": subject, "moyen": CALL,
            "account_id": 1, "taken_at": at, "replied_at": at, "closed_at": at, "outcome": "orientation",
        })  # fmt: skip
        for kind in (desk.CREATED, desk.ANNOUNCED, desk.CLAIMED, desk.REPLIED, desk.CLOSED_EVENT):
            rows[demande_events].append({"reference": reference, "at": at, "kind": kind, "account_id": 1})
        rows[closures].append({
            "id": self._closure, "day": at.date(), "territoire": "saint-meen-montauban", "channel": channel,
            "subject": subject, "outcome": "orientation",
        })  # fmt: skip
        rows[closure_marks] += [
            {"closure_id": self._closure, "family": "blocage", "value": value}
            for value in self._draw.sample(("numerique", "papiers", "delai", "peur", "langue"), 2)
        ]
        for action in self._draw.choices(
            (journal.READ, journal.CLAIMED, journal.REPLIED, journal.CLOSED), k=READINGS
        ):
            rows[journal_table].append({"at": at, "account_id": 1, "action": action, "reference": reference})

    def _beside(self, rows: Rows, at: datetime) -> None:
        """Add what comes of few conversations: an erasure, an error reported, a miss kept."""
        if self._draw.random() < 0.02:
            rows[audit].append({"at": at, "event": "conversation_effacee"})
        if self._draw.random() < 0.005:
            words = self._cipher.seal(self._texts()[0])
            rows[signalements].append({"at": at, "fiche": "apl", "rubrique": "montant", "words_enc": words})
            rows[misses].append(
                {"at": at, "kind": "fiche", "answered": "apl", "expected": "rsa", "words_enc": words}
            )

    def _id(self) -> str:
        return uuid.UUID(int=self._draw.getrandbits(128), version=4).hex


async def _insert(connection: AsyncConnection, rows: Rows) -> None:
    for table in _ORDER:
        if rows[table]:
            await connection.execute(table.insert(), _alike(rows[table]))


def _alike(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows that all name the same columns, as one statement for many needs."""
    rows = list(rows)
    columns = dict.fromkeys(column for row in rows for column in row)
    return [{column: row.get(column) for column in columns} for row in rows]


async def _move_sequences(connection: AsyncConnection) -> None:
    if connection.dialect.name != "postgresql":
        return
    for table, column in _SEQUENCES:
        sequence = sa.func.pg_get_serial_sequence(table.name, column)
        await connection.execute(
            sa.select(sa.func.setval(sequence, sa.select(sa.func.max(table.c[column])).scalar_subquery()))
        )
