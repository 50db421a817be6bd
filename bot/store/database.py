"""Open the database: migrations first, then an async engine with one way to read and one to write.

SQLite has one writer at a time. PostgreSQL is given the same rule, loosened where it is known to be safe: a write that
names what it changes (a conversation, an address) runs beside those that name something else, and a write that names
nothing runs alone.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

POOL_SIZE = 8
BUSY_SECONDS = 5
TURN_SECONDS = 15
"""For a write behind others: forty people may write at the same instant on a slow disk."""
CONNECT_SECONDS = 5
WAIT_FOR_LOCK = "5s"
IDLE_IN_TRANSACTION = "10s"
"""A process stopped in the middle of a write holds back the others that long, then loses its transaction."""
STATEMENT_SECONDS = 15
_EVERYTHING = 0
"""The advisory lock of PostgreSQL that a write takes alone, or shares when it names what it changes."""
MIGRATIONS = Path(__file__).parent / "migrations"
_WRITE = "write_transaction"


def now() -> datetime:
    """Return the present, UTC, without a timezone: how every date is stored."""
    return datetime.now(UTC).replace(tzinfo=None)


class StoreAway(SQLAlchemyError):  # type: ignore[misc]
    """The database server cannot be reached: nothing was read or written."""


def migrate(url: str) -> None:
    """Bring the database to the newest schema. Runs in its own thread or process, never in a loop."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", sync_url(url).replace("%", "%%"))
    command.upgrade(config, "head")


def sync_url(url: str) -> str:
    """Return the address of the same database for the driver that waits, which migrations and backups use."""
    parsed = make_url(url)
    query = {"sslmode" if name == "ssl" else name: value for name, value in parsed.query.items()}
    plain = parsed.set(drivername=parsed.get_backend_name(), query=query)
    return str(plain.render_as_string(hide_password=False))


class Database:
    """The engine, and the two ways to use it. `is_shared`: several processes may write to this database."""

    def __init__(self, url: str) -> None:
        self.is_shared = not url.startswith("sqlite")
        self._writer = asyncio.Lock()
        self._engine: AsyncEngine = create_async_engine(
            url,
            poolclass=AsyncAdaptedQueuePool,  # SQLite's default opens the file again for each transaction
            pool_size=POOL_SIZE,
            pool_pre_ping=self.is_shared,
            hide_parameters=True,  # an error must not quote what people wrote
            connect_args=_SERVER if self.is_shared else {},
        )
        if not self.is_shared:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def write(self, *keys: str) -> AsyncIterator[AsyncConnection]:
        """Yield a connection in a write transaction, committed at the end.

        Without keys, no other write runs at the same time. With keys, only those without keys and those that share a
        key wait. SQLite has one writer whatever the keys.
        """
        async with self._turn(), self._connect() as connection:
            await connection.execution_options(**{_WRITE: True})
            async with connection.begin():
                if self.is_shared:
                    await _take_turn(connection, keys)
                yield connection

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait for the writers of this process in their order: SQLite makes them ask again and again, in none.

        Raises StoreAway when they are too many, or one of them is stuck.
        """
        if self.is_shared:
            yield
            return
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._writer.acquire()
        except TimeoutError as error:
            raise StoreAway("busy") from error
        try:
            yield
        finally:
            self._writer.release()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection in a transaction that only reads."""
        async with self._connect() as connection:
            yield connection

    @asynccontextmanager
    async def _connect(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection. Raises StoreAway when the server cannot be reached."""
        connection = self._engine.connect()
        try:
            await connection.start()
        except (OSError, TimeoutError) as error:
            raise StoreAway(type(error).__name__) from error
        try:
            yield connection
        finally:
            await asyncio.shield(connection.close())

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


_SERVER = {
    "timeout": CONNECT_SECONDS,
    "command_timeout": STATEMENT_SECONDS,
    "server_settings": {
        "application_name": "assistant",
        "lock_timeout": WAIT_FOR_LOCK,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION,
        "timezone": "UTC",
    },
}


async def lock(connection: AsyncConnection, key: str) -> None:
    """Let no other write that names this key go on before this one ends. Nothing to do on SQLite: it has one writer.

    Take the lock of an address before that of its conversation, never after: two writes would wait for each other.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_number(key))))


async def _take_turn(connection: AsyncConnection, keys: tuple[str, ...]) -> None:
    """Wait for the writes that must not run beside this one, in one round trip."""
    whole = sa.func.pg_advisory_xact_lock_shared if keys else sa.func.pg_advisory_xact_lock
    own = (sa.func.pg_advisory_xact_lock(_number(key)) for key in sorted(keys))
    await connection.execute(sa.select(whole(sa.literal(_EVERYTHING, sa.BigInteger)), *own))


def _number(key: str) -> Any:
    """Return the number of a key among PostgreSQL's advisory locks (signed, 64 bits)."""
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return sa.literal(int.from_bytes(digest, "big", signed=True), sa.BigInteger)


async def insert_new(connection: AsyncConnection, table: sa.Table, **values: Any) -> bool:
    """Insert a row unless its key is there already. Returns whether it was inserted."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    result = await connection.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
    return bool(result.rowcount)


def server_now(connection: AsyncConnection) -> Any:
    """Return the expression of the present by the one clock that every process sees: the server's (UTC, naive)."""
    if connection.dialect.name == "postgresql":
        return sa.func.timezone("UTC", sa.func.clock_timestamp(), type_=sa.DateTime)
    return sa.literal(now(), sa.DateTime)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set each connection: WAL, every commit on disk before it is acknowledged, deleted data overwritten."""
    connection.isolation_level = None  # the begin below is ours, not the driver's
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS}000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: sa.engine.Connection) -> None:
    """Take the write lock at the start of a write: upgrading a read later can fail as busy at once."""
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
