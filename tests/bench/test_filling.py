"""The store filled for a measure is one that the assistant reads, and nothing in it is past its time."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.answers.compose import Composer
from bot.settings import load_settings
from bot.store import conversations as store
from bot.store.cipher import load_cipher
from bot.store.database import Database, migrate
from bot.store.schema import conversations, inbox, messages
from tests.bench.filling import OLDEST_DAYS, Filler
from tests.bench.plans import scans_of
from tests.channels.talking import knowledge

COUNT = 40


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that was filled once."""
    folder = tmp_path_factory.mktemp("pleine")
    url = f"sqlite+aiosqlite:///{folder / 'assistant.db'}"
    migrate(url)

    async def fill() -> None:
        database = Database(url)
        composer = Composer(knowledge(), load_settings({}))
        await Filler(load_cipher(folder / "cles"), composer).fill(database, COUNT)
        await database.close()

    asyncio.run(fill())
    return folder


@pytest.fixture
async def filled(kept: Path, tmp_path: Path) -> AsyncIterator[tuple[Database, Filler]]:
    """A copy of it, and what can fill it more."""
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'assistant.db'}")
    yield database, Filler(load_cipher(tmp_path / "cles"), Composer(knowledge(), load_settings({})), seed=11)
    await database.close()


async def test_what_is_filled_reads_as_what_people_wrote(filled: tuple[Database, Filler]) -> None:
    database, filler = filled
    async with database.read() as connection:
        ids = [row.id for row in (await connection.execute(sa.select(conversations.c.id))).all()]
        said = await store.list_messages(connection, filler._cipher, ids[0])
        count = (await connection.execute(sa.select(sa.func.count()).select_from(messages))).scalar_one()
        oldest = (await connection.execute(sa.select(sa.func.min(messages.c.at)))).scalar_one()
        pending = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.status == "pending")
        waiting = (await connection.execute(pending)).scalar_one()
    assert len(ids) == COUNT
    assert 8 * COUNT < count < 13 * COUNT
    assert [bool(one.answer) for one in said][:3] == [True, False, True]
    assert waiting == 0
    assert (filler._now - oldest).days <= OLDEST_DAYS


async def test_it_can_be_written_to_after(filled: tuple[Database, Filler]) -> None:
    database, filler = filled
    await filler.fill(database, 1)
    async with database.read() as connection:
        seqs = (await connection.execute(sa.select(messages.c.seq).order_by(messages.c.seq))).scalars().all()
    assert seqs == list(range(1, len(seqs) + 1))


async def test_a_table_read_whole_is_told_and_one_read_by_its_index_is_not(
    filled: tuple[Database, Filler],
) -> None:
    database, _ = filled

    async def ask(condition: sa.sql.ColumnElement) -> None:
        async with database.read() as connection:
            await connection.execute(sa.select(messages.c.id).where(condition))

    found = await scans_of(database, lambda: ask(messages.c.sender == "user"))
    assert [step for one in found for step in one["steps"]] == ["SCAN messages"]
    assert await scans_of(database, lambda: ask(messages.c.seq == 1)) == []
