"""Rasa tracker store that keeps what the dialogue needs and no word a person wrote, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from bot.nlu import quicker_rasa

SCHEMA = "rasa"
"""Where Rasa's table stands on PostgreSQL: beside our own in one database, so one backup is of one moment."""
INSIST_SECONDS = 10.0
"""Longer than anyone waits for Rasa (at most 9 s). Giving up earlier, Rasa would answer as if the person had just come."""
RETRY_SECONDS = 0.2
_CREATION_LOCK = 7_270_301
_Result = TypeVar("_Result")


class PrivateTrackerStore(SQLTrackerStore):  # type: ignore[misc]
    """SQL tracker store without the texts of users: intents, slots and actions only."""

    def __init__(self, *args: Any, host: str | None = None, **kwargs: Any) -> None:
        is_postgres = host is not None and host.startswith("postgresql")
        if is_postgres:
            _create_tables(str(host), self.Base.metadata)
        super().__init__(*args, host=host, **kwargs)
        quicker_rasa.apply()
        self.engine.dispose()
        self.engine: sa.engine.Engine = _open_engine(
            host if is_postgres and host else self.engine.url, is_postgres=is_postgres
        )
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker; while the database is away, wait for it rather than start afresh."""
        return await _insist(lambda: super(PrivateTrackerStore, self).retrieve(sender_id))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save what is new in the tracker. What a lost commit may have saved already is not saved again."""
        await _insist(lambda: super(PrivateTrackerStore, self).save(tracker))

    def _additional_events(self, session: sa.orm.Session, tracker: DialogueStateTracker) -> Iterator[Any]:
        for item in super()._additional_events(session, tracker):
            yield _without_text(item) if isinstance(item, UserUttered) else item


def _open_engine(url: sa.engine.URL | str, *, is_postgres: bool) -> sa.engine.Engine:
    """Open the database with connections that are kept: Rasa opens SQLite's file twice a message, and closing it empties
    the log on the disk each time. One that PostgreSQL closed at its restart must not cost a message its context.
    """
    if is_postgres:
        return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.QueuePool,
        pool_size=1,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


async def _insist(act: Callable[[], Awaitable[_Result]]) -> _Result:
    deadline = time.monotonic() + INSIST_SECONDS
    while True:
        try:
            return await act()
        except DBAPIError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(RETRY_SECONDS)


def _create_tables(url: str, metadata: sa.MetaData) -> None:
    """Create the schema and its table, one Rasa at a time: two at once would fail each other."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_CREATION_LOCK})"))
            connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            metadata.create_all(connection)
    finally:
        engine.dispose()


def _without_text(uttered: UserUttered) -> UserUttered:
    """Return a copy of the event whose text, and the copy of it Rasa keeps in parse_data, are gone."""
    bare = deepcopy(uttered)
    bare.text = None
    bare.parse_data = {**bare.parse_data, "text": ""}
    bare.parse_data.pop("text_tokens", None)
    return bare


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Let readers and the writer work together, and overwrite what is deleted."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
