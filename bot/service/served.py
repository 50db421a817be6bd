"""Note which answers a page or the API fetched, many at a time: a disk write for each would cost more than reading them."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from bot.service.repeating import repeating
from bot.store import queues
from bot.store.database import Database

INTERVAL_SECONDS = 0.5
MOST_AT_ONCE = 500


class Served:
    """What was fetched and is not noted yet. Lost in a crash, an answer only counts as still to be fetched."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seqs: dict[int, None] = {}

    def note(self, seqs: list[int]) -> None:
        """Note answers as fetched, soon."""
        self._seqs.update(dict.fromkeys(seqs))

    def running(self) -> AbstractAsyncContextManager[None]:
        """Write what was noted until the end; what the store does not take is tried again."""
        return repeating(self.flush, INTERVAL_SECONDS, "served_not_noted", at_once=False)

    async def flush(self) -> None:
        """Write what was noted."""
        while self._seqs:
            part = list(self._seqs)[:MOST_AT_ONCE]
            async with self._database.write("served") as connection:
                await queues.mark_served(connection, part)
            for seq in part:
                self._seqs.pop(seq, None)
