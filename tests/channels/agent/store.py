"""What the database holds, read beside the application."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from bot.store.schema import metadata
from channels.keys import SETTINGS
from tests.channels.console.visiting import Visitor
from tests.channels.talking import app_of

_MOVING = ("sessions",)
"""Tables that every request touches: when somebody was last seen."""


def rows_of(visitor: Visitor) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but those that each request touches."""
    path = app_of(visitor.client)[SETTINGS].var / "assistant.db"
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"select * from {name}").fetchall()
            for name in metadata.tables
            if name not in _MOVING
        }
