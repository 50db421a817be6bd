"""What the store of a running assistant says of each message: when it was stored, when its answer was."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from bot.store.conversations import USER
from bot.store.queues import PENDING
from bot.store.schema import inbox, messages

DRAIN_SECONDS = 180.0


@dataclass(frozen=True)
class Stored:
    """One message; times are seconds since 1970. `is_understood`: Rasa was asked, it was not answered at once."""

    at: float
    answered_at: float | None
    is_understood: bool

    @property
    def seconds(self) -> float | None:
        """Return the time from stored to answered."""
        return None if self.answered_at is None else self.answered_at - self.at


class StoreReader:
    """Reads beside the assistant, and never writes."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url)

    @classmethod
    def of_file(cls, path: Path) -> StoreReader:
        """Read a SQLite file, opened so that it cannot be written."""
        return cls(f"sqlite:///file:{path}?mode=ro&uri=true")

    def messages_since(self, moment: float) -> list[Stored]:
        """Return what people wrote since a moment (seconds since 1970), in the order of storage."""
        since = datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)
        query = (
            sa.select(messages.c.at, inbox.c.done_at, inbox.c.attempts)
            .join(inbox, inbox.c.message_seq == messages.c.seq)
            .where(messages.c.sender == USER, messages.c.at >= since)
            .order_by(messages.c.seq)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            Stored(_seconds(row.at), row.done_at and _seconds(row.done_at), row.attempts > 0) for row in rows
        ]

    def waiting(self) -> int:
        """Return how many messages wait for their answer."""
        query = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.status == PENDING)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    async def settle(self) -> int:
        """Wait until everything is answered, and return what still waits after three minutes."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while (left := await asyncio.to_thread(self.waiting)) and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
        return left

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def durations(stored: Sequence[Stored], *, only_understood: bool = False) -> list[float]:
    """Return the seconds from stored to answered of what was answered."""
    return [
        one.seconds
        for one in stored
        if one.seconds is not None and (one.is_understood or not only_understood)
    ]


def _seconds(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp()
