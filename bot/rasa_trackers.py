"""Rasa's own notes of conversations, from outside of Rasa: take something back, forget a conversation.

The tables are Rasa's (3.6.21): `events`, in a file on SQLite, in the schema `rasa` on PostgreSQL.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bot.settings import Settings

POSTGRES_SCHEMA = "rasa"
CONNECT_SECONDS = 3


class Trackers(Protocol):
    """What can be done. Both block: call them in a thread."""

    def forget(self, conversation_id: str) -> None:
        """Erase a conversation; nothing happens when Rasa never knew it."""

    def rewind(self, conversation_id: str, message_id: str) -> None:
        """Erase a message, by its id, and what followed it in the conversation."""

    def close(self) -> None:
        """Close the connections."""


def open_trackers(settings: Settings) -> Trackers:
    """Return Rasa's notes where these settings put them; nothing is opened before it is needed."""
    if settings.is_shared:
        return PostgresTrackers(tracker_url(settings))
    return SqliteTrackers(settings.rasa_tracker_db)


def tracker_url(settings: Settings) -> str:
    """Return the address of Rasa's tracker store: a file beside our SQLite, a schema of our PostgreSQL database."""
    if not settings.is_shared:
        return f"sqlite:///{settings.rasa_tracker_db}"
    url = make_url(settings.database)
    query = {
        "options": f"-csearch_path={POSTGRES_SCHEMA}",
        "connect_timeout": str(CONNECT_SECONDS),
        # The same word in two drivers: asyncpg says ssl, libpq says sslmode.
        **{"sslmode" if name == "ssl" else name: value for name, value in url.query.items()},
    }
    rasas = url.set(drivername="postgresql+psycopg2", query=query)
    return str(rasas.render_as_string(hide_password=False))


class SqliteTrackers:
    """The notes in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def forget(self, conversation_id: str) -> None:
        """Erase a conversation, and what the file and its log hold of it."""
        self._delete("sender_id = ?", (conversation_id,))

    def rewind(self, conversation_id: str, message_id: str) -> None:
        """Erase a message and what followed it."""
        self._delete(
            "sender_id = ?1 AND id >= (SELECT MIN(id) FROM events WHERE sender_id = ?1 "
            "AND type_name = 'user' AND json_extract(data, '$.metadata.message') = ?2)",
            (conversation_id, message_id),
        )

    def close(self) -> None:
        """Nothing stays open."""

    def _delete(self, where: str, values: tuple[str, ...]) -> None:
        if not self._path.exists():
            return
        with closing(sqlite3.connect(self._path, timeout=5)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            with connection:
                if _has_events(connection):
                    connection.execute(f"DELETE FROM events WHERE {where}", values)  # noqa: S608 - constants
            # The log beside the file still holds the old pages until it is emptied.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _has_events(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'events'"
    return connection.execute(query).fetchone() is not None


class PostgresTrackers:
    """The notes in PostgreSQL. What is deleted leaves the disk at the next VACUUM FULL (docs/deploiement.md)."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(
            url, pool_size=1, max_overflow=4, pool_pre_ping=True, hide_parameters=True
        )

    def forget(self, conversation_id: str) -> None:
        """Erase a conversation."""
        self._delete("sender_id = :conversation", conversation=conversation_id)

    def rewind(self, conversation_id: str, message_id: str) -> None:
        """Erase a message and what followed it."""
        self._delete(
            "sender_id = :conversation AND id >= (SELECT MIN(id) FROM events WHERE sender_id = :conversation "
            "AND type_name = 'user' AND CAST(data AS json) #>> '{metadata,message}' = :message)",
            conversation=conversation_id,
            message=message_id,
        )

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _delete(self, where: str, **values: str) -> None:
        with self._engine.begin() as connection:
            made = connection.execute(sa.text("SELECT to_regclass('events') IS NOT NULL"))
            if made.scalar_one():
                connection.execute(sa.text(f"DELETE FROM events WHERE {where}"), values)  # noqa: S608 - constants
