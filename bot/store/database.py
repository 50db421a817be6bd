"""Open the database: migrations first, then an async engine with one way to read and one to write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

POOL_SIZE = 8
MIGRATIONS = Path(__file__).parent / "migrations"
_WRITE = "write_transaction"


def now() -> datetime:
    """Return the present, UTC, without a timezone: how every date is stored."""
    return datetime.now(UTC).replace(tzinfo=None)


def migrate(url: str) -> None:
    """Bring the database to the newest schema. Runs in its own thread or process, never in a loop."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", _sync_url(url).replace("%", "%%"))
    command.upgrade(config, "head")


def _sync_url(url: str) -> str:
    return url.replace("+aiosqlite", "").replace("+asyncpg", "")


class Database:
    """The engine, and the two ways to use it."""

    def __init__(self, url: str) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url,
            poolclass=AsyncAdaptedQueuePool,  # SQLite's default opens the file again for each transaction
            pool_size=POOL_SIZE,
            pool_pre_ping=not url.startswith("sqlite"),
            hide_parameters=True,  # an error must not quote what people wrote
        )
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection in a transaction that takes the write lock at once, committed at the end."""
        async with self._engine.connect() as connection:
            await connection.execution_options(**{_WRITE: True})
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection in a transaction that only reads."""
        async with self._engine.connect() as connection:
            yield connection

    async def empty_log(self) -> None:
        """Empty SQLite's write-ahead log: pages erased since still stand there."""
        if self._engine.dialect.name != "sqlite":
            return
        async with self._engine.connect() as connection:
            await connection.exec_driver_sql("ROLLBACK")
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            await connection.exec_driver_sql("BEGIN")

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set each connection: WAL, every commit on disk before it is acknowledged, deleted data overwritten."""
    connection.isolation_level = None  # the begin below is ours, not the driver's
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: sa.engine.Connection) -> None:
    """Take the write lock at the start of a write: upgrading a read later can fail as busy at once."""
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
