"""Everything a store holds, opened where it is encrypted: what must be nowhere is looked for here."""

from __future__ import annotations

import sqlalchemy as sa

from bot.service.assistant import Assistant
from bot.store.schema import metadata


async def everything_stored(assistant: Assistant) -> str:
    """Return every value of every table, one a line."""
    values = []
    async with assistant._database.read() as connection:
        for table in metadata.sorted_tables:
            for row in (await connection.execute(sa.select(table))).all():
                for name, value in row._mapping.items():
                    is_sealed = str(name).endswith("_enc") and value is not None
                    values.append(repr(assistant._cipher.open(value) if is_sealed else value))
    return "\n".join(values)
