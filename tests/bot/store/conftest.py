"""A real SQLite store in a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.cipher import Cipher, load_cipher
from bot.store.database import Database


@pytest.fixture
def store_file(tmp_path: Path, empty_store: Path) -> Path:
    """A store of one test."""
    return Path(shutil.copy(empty_store, tmp_path / "assistant.db"))


@pytest.fixture
async def database(store_file: Path) -> AsyncIterator[Database]:
    """The store, open."""
    database = Database(f"sqlite+aiosqlite:///{store_file}")
    yield database
    await database.close()


@pytest.fixture
def cipher(tmp_path: Path) -> Cipher:
    """Keys of one test."""
    return load_cipher(tmp_path / "cles")
