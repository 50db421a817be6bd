"""Seal again, under the first key, whatever older keys sealed: every `_enc` column of every table, in small writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cipher import Cipher
from bot.store.database import Database
from bot.store.desk_schema import journal

BATCH = 200
"""Rows read at once. Only those to change are written, in one short transaction: messages do not wait."""
SUFFIX = "_enc"


@dataclass
class Sealed:
    """Values by the place of the key that opens them (0 encrypts now), and those that none opens, by table."""

    by_key: Counter[int] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)

    @property
    def old(self) -> int:
        """Return how many values still need an older key."""
        return sum(count for place, count in self.by_key.items() if place)


def sealed_tables() -> list[tuple[sa.Table, sa.Column[Any], list[str]]]:
    """Return each table that holds sealed values, with the column that identifies a row and the names of those columns."""
    found = []
    for table in journal.metadata.sorted_tables:  # those of bot/store/schema.py and of desk_schema.py
        names = [column.name for column in table.columns if column.name.endswith(SUFFIX)]
        if names:
            (key,) = table.primary_key.columns
            found.append((table, key, names))
    return found


async def count_by_key(connection: AsyncConnection, cipher: Cipher) -> Sealed:
    """Return which keys the stored values need."""
    sealed = Sealed()
    for table, key, names in sealed_tables():
        async for row in _rows(connection, table, key, names):
            for value in _values(row, names).values():
                place = cipher.key_of(value)
                if place is None:
                    sealed.unreadable[table.name] += 1
                else:
                    sealed.by_key[place] += 1
    return sealed


async def seal_everything_again(database: Database, cipher: Cipher) -> int:
    """Seal under the first key what older keys sealed; return how many values. What no key opens is left as it is.

    Stopped at any moment, it is simply started again: what was sealed again stays, and is passed over.
    """
    count = 0
    for table, key, names in sealed_tables():
        last: Any = None
        while True:
            async with database.read() as connection:
                rows = await _batch(connection, table, key, names, last)
            if not rows:
                break
            last = rows[-1][key.name]
            if old := [(row, changed) for row in rows if (changed := _old_values(cipher, row, names))]:
                async with database.write() as connection:
                    for row, changed in old:
                        count += await _replace(connection, cipher, table, key, row[key.name], changed)
    await database.empty_log()  # else what the old key opens still stands there
    return count


async def _replace(
    connection: AsyncConnection,
    cipher: Cipher,
    table: sa.Table,
    key: sa.Column[Any],
    row_key: Any,
    old: Mapping[str, bytes],
) -> int:
    """Replace values that are still what was read: what somebody wrote meanwhile is under the first key already."""
    count = 0
    for name, value in old.items():
        result = await connection.execute(
            table.update()
            .where(key == row_key, table.c[name] == value)
            .values({name: cipher.seal_again(value)})
        )
        count += int(result.rowcount)
    return count


def _old_values(cipher: Cipher, row: Mapping[str, Any], names: list[str]) -> dict[str, bytes]:
    """Return the values of a row that need an older key, by column."""
    return {name: value for name, value in _values(row, names).items() if cipher.key_of(value)}


def _values(row: Mapping[str, Any], names: list[str]) -> dict[str, bytes]:
    return {name: bytes(row[name]) for name in names if row[name] is not None}


async def _rows(
    connection: AsyncConnection, table: sa.Table, key: sa.Column[Any], names: list[str]
) -> AsyncIterator[Mapping[str, Any]]:
    last: Any = None
    while rows := await _batch(connection, table, key, names, last):
        for row in rows:
            yield row
        last = rows[-1][key.name]


async def _batch(
    connection: AsyncConnection, table: sa.Table, key: sa.Column[Any], names: list[str], last: Any
) -> list[Mapping[str, Any]]:
    query = sa.select(key, *(table.c[name] for name in names)).order_by(key).limit(BATCH)
    if last is not None:
        query = query.where(key > last)
    return list((await connection.execute(query)).mappings())
