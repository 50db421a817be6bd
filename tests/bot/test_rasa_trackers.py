"""Rasa's notes on PostgreSQL: taken back and forgotten as on SQLite (tests/bot/test_rasa_client.py)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

import pytest
import sqlalchemy as sa

from bot.rasa_client import RasaClient
from bot.rasa_trackers import tracker_url
from bot.settings import Settings, load_settings
from tests.engines import Postgres

EVENTS = [
    ("c1", "action", None), ("c1", "user", "m1"), ("c1", "slot", None), ("c1", "bot", None),
    ("c2", "user", "m9"), ("c2", "bot", None),
    ("c1", "user", "m2"), ("c1", "slot", None), ("c2", "user", "m1"), ("c1", "user", "m3"),
]  # fmt: skip


@pytest.fixture
def database(postgres: Postgres) -> str:
    return postgres.new_database()


@pytest.fixture
def shared(postgres: Postgres, database: str) -> Settings:
    return load_settings({"BOT_DATABASE_URL": postgres.url(database)})


@pytest.fixture
async def client(shared: Settings) -> AsyncIterator[RasaClient]:
    async with RasaClient.open(shared) as client:
        yield client


@pytest.fixture
def engine(shared: Settings) -> Iterator[sa.engine.Engine]:
    """The notes as Rasa makes them, with three messages of two conversations."""
    from bot.nlu.tracker_store import PrivateTrackerStore

    store = PrivateTrackerStore(host=tracker_url(shared))
    with store.engine.begin() as connection:
        for sender, kind, message in EVENTS:
            data = {"event": kind, "metadata": {"message": message}, "intent": f"motsecret{sender}"}
            connection.execute(
                sa.text("INSERT INTO events (sender_id, type_name, data) VALUES (:s, :k, :d)"),
                {"s": sender, "k": kind, "d": json.dumps(data)},
            )
    yield store.engine
    store.engine.dispose()


def kinds_left(engine: sa.engine.Engine, sender: str) -> list[str]:
    with engine.connect() as connection:
        query = sa.text("SELECT type_name FROM rasa.events WHERE sender_id = :s ORDER BY id")
        return [row.type_name for row in connection.execute(query, {"s": sender})]


async def test_a_conversation_is_forgotten_and_the_others_are_not(
    client: RasaClient, engine: sa.engine.Engine
) -> None:
    await client.forget("c1")
    assert kinds_left(engine, "c1") == []
    assert kinds_left(engine, "c2") == ["user", "bot", "user"]


async def test_no_byte_of_a_forgotten_conversation_is_left_in_the_tables_after_a_vacuum(
    client: RasaClient, engine: sa.engine.Engine, postgres: Postgres, database: str
) -> None:
    await client.forget("c1")
    postgres.execute("VACUUM FULL rasa.events", database=database)
    postgres.execute("CHECKPOINT", database=database)
    with engine.connect() as connection:
        number = connection.execute(sa.text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        tables = postgres.folder / "data" / "base" / str(number.scalar_one())
    left = b"".join(path.read_bytes() for path in tables.iterdir() if path.is_file())
    assert b"motsecretc1" not in left
    assert b"motsecretc2" in left


async def test_a_message_is_taken_back_with_all_that_followed_it(
    client: RasaClient, engine: sa.engine.Engine
) -> None:
    await client.rewind("c1", "m2")
    assert kinds_left(engine, "c1") == ["action", "user", "slot", "bot"]
    assert kinds_left(engine, "c2") == ["user", "bot", "user"]


async def test_a_message_rasa_never_saw_takes_nothing_back(
    client: RasaClient, engine: sa.engine.Engine
) -> None:
    await client.rewind("c1", "m9")
    assert len(kinds_left(engine, "c1")) == 7


async def test_an_id_is_never_read_as_sql(client: RasaClient, engine: sa.engine.Engine) -> None:
    await client.forget("c1' OR '1'='1")
    await client.rewind("c1", "m1' OR '1'='1")
    assert len(kinds_left(engine, "c1")) == 7


async def test_before_rasa_made_its_table_there_is_nothing_to_forget(client: RasaClient) -> None:
    await client.forget("c1")
    await client.rewind("c1", "m1")


async def test_a_restart_of_postgresql_is_not_felt(
    client: RasaClient, engine: sa.engine.Engine, postgres: Postgres
) -> None:
    await client.rewind("c1", "m3")
    postgres.stop()
    postgres.start()
    await client.forget("c1")
    assert kinds_left(engine, "c1") == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgresql+asyncpg://bot:p%40sse-au-hasard@base:5433/droits", "postgresql+psycopg2://bot:p%40sse-au-hasard@base:5433/droits?"),
        ("postgresql+asyncpg://bot@base/droits?ssl=require", "sslmode=require"),
        ("postgresql+asyncpg://bot@base/droits", "options=-csearch_path%3Drasa"),
    ],
)  # fmt: skip
def test_rasa_is_given_the_address_of_our_database_in_its_own_words(given: str, wanted: str) -> None:
    assert wanted in tracker_url(load_settings({"BOT_DATABASE_URL": given}))
    assert "asyncpg" not in tracker_url(load_settings({"BOT_DATABASE_URL": given}))
