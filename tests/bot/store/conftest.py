"""A real store in a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.cipher import Cipher, load_cipher
from bot.store.database import Database


@pytest.fixture
async def database(store_url: str) -> AsyncIterator[Database]:
    """The store, open."""
    database = Database(store_url)
    yield database
    await database.close()


@pytest.fixture
def cipher(tmp_path: Path) -> Cipher:
    """Keys of one test."""
    return load_cipher(tmp_path / "cles")
