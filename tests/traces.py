"""Look for what is left of somebody: in the rows of every table, and in the bytes of files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.store import desk_schema
from bot.store.database import Database

PIECE = 40
"""Bytes of a sealed value that are looked for at once: a file may hold a long one in several places."""
STRETCH = 1000
_HEAD = 24
"""The version and the time, with which every sealed value of the same second begins."""
METADATA = desk_schema.journal.metadata
"""Every table, those of operators too."""


async def sealed_values(database: Database, but: Collection[str] = ()) -> list[bytes]:
    """Return every encrypted value of every table but some; a table added tomorrow is read too."""
    found = []
    async with database.read() as connection:
        for table in METADATA.sorted_tables:
            if table.name not in but:
                for row in (await connection.execute(sa.select(table))).mappings():
                    found += [bytes(value) for value in row.values() if isinstance(value, bytes | memoryview)]
    return found


async def tables_with(database: Database, *words: str) -> dict[str, list[str]]:
    """Return the tables in which a value holds one of these words, with those columns."""
    found: dict[str, list[str]] = {}
    async with database.read() as connection:
        for table in METADATA.sorted_tables:
            for row in (await connection.execute(sa.select(table))).mappings():
                columns = [str(name) for name, value in row.items() if _holds(value, words)]
                if columns:
                    found.setdefault(table.name, []).extend(columns)
    return {name: sorted(set(columns)) for name, columns in found.items()}


def _holds(value: Any, words: Iterable[str]) -> bool:
    text = bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
    return any(word in text for word in words)


def pieces_of(sealed: Iterable[bytes]) -> list[bytes]:
    """Return pieces of sealed values to look for: one in each stretch that a page of a file may hold alone, and the last."""
    return [
        value[start : start + PIECE]
        for value in sealed
        for start in {*range(_HEAD, len(value) - PIECE + 1, STRETCH), len(value) - PIECE}
    ]


def encodings_of(words: Iterable[str]) -> list[bytes]:
    """Return words as a file may hold them: UTF-8, UTF-16, escaped in JSON."""
    return [
        form
        for word in words
        for form in (
            word.encode(),
            word.encode("utf-16-le"),
            word.encode("ascii", "backslashreplace"),
        )
    ]


def files_with(folder: Path, wanted: Iterable[bytes], but: Collection[str] = ("cles",)) -> dict[str, bytes]:
    """Return the files of a folder that hold one of these bytes, by their path in it, with the first that was found."""
    needles = list(dict.fromkeys(wanted))
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not set(inside.parts) & set(but):
            content = path.read_bytes()
            hit = next((needle for needle in needles if needle in content), None)
            if hit is not None:
                found[str(inside)] = hit
    return found
