"""The store: migrations up and down, readers beside a writer, and everything or nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from bot.store import audit
from bot.store.database import MIGRATIONS, Database, migrate, now, sync_url
from bot.store.schema import audit as audit_table
from bot.store.schema import inbox, metadata


def config_of(path: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{path}")
    return config


def tables_of(path: Path) -> set[str]:
    engine = sa.create_engine(f"sqlite:///{path}")
    found = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return found - {"sqlite_sequence"}  # SQLite's own, for autoincrement


def test_migrations_go_up_to_the_newest_schema_and_down_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    assert tables_of(path) == {*metadata.tables, "alembic_version"}
    command.downgrade(config_of(path), "base")
    assert tables_of(path) == {"alembic_version"}
    migrate(f"sqlite+aiosqlite:///{path}")
    assert tables_of(path) == {*metadata.tables, "alembic_version"}


def test_migrations_make_exactly_the_tables_of_the_code(store_file: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{store_file}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _parents: name != "sqlite_sequence"}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_migrating_twice_changes_nothing(store_file: Path) -> None:
    before = store_file.read_bytes()
    migrate(f"sqlite+aiosqlite:///{store_file}")
    assert store_file.read_bytes() == before


def test_a_password_with_a_percent_sign_reaches_the_database(tmp_path: Path) -> None:
    folder = tmp_path / "50%25"
    folder.mkdir()
    migrate(f"sqlite+aiosqlite:///{folder}/a.db")
    assert (folder / "a.db").exists()


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("sqlite+aiosqlite:///a.db", "sqlite:///a.db"),
        ("postgresql+asyncpg://u@h/b", "postgresql://u@h/b"),
        ("postgresql+asyncpg://u:p%40@h/b?ssl=require", "postgresql://u:p%40@h/b?sslmode=require"),
    ],
)
def test_migrations_use_the_plain_driver(url: str, plain: str) -> None:
    assert sync_url(url) == plain


def test_dates_are_stored_in_utc_without_a_zone() -> None:
    assert now().tzinfo is None


async def test_what_fails_in_the_middle_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.write() as connection:
            await audit.note(connection, "essai")
            raise RuntimeError("in the middle")
    async with database.read() as connection:
        assert (await connection.execute(sa.select(audit_table))).all() == []


async def test_a_reader_sees_the_state_before_a_write_that_is_not_over(database: Database) -> None:
    async with database.write() as connection:
        await audit.note(connection, "essai")
        async with database.read() as reader:
            assert (await reader.execute(sa.select(audit_table))).all() == []
    async with database.read() as reader:
        assert len((await reader.execute(sa.select(audit_table))).all()) == 1


async def test_writers_wait_for_each_other(database: Database) -> None:
    async def write() -> None:
        async with database.write() as connection:
            seen = (
                await connection.execute(sa.select(sa.func.count()).select_from(audit_table))
            ).scalar_one()
            await asyncio.sleep(0)
            await audit.note(connection, f"essai {seen}")

    await asyncio.gather(*(write() for _ in range(20)))
    async with database.read() as connection:
        events = [row.event for row in (await connection.execute(sa.select(audit_table))).all()]
    assert events == [f"essai {rank}" for rank in range(20)]


async def test_every_connection_overwrites_what_is_deleted_and_waits_for_the_disk(
    database: Database, store_file: Path
) -> None:
    async with database.read() as connection:
        found = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "busy_timeout": 5000,
    }  # fmt: skip


async def test_a_row_without_its_message_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await connection.execute(
                inbox.insert().values(
                    message_seq=9, conversation_id="c", dedupe_key="k", status="pending", attempts=0,
                    next_attempt_at=now(), delay_told=False,
                )
            )  # fmt: skip
