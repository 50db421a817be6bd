"""What one process alone does among several: held until a moment of the server's clock, renewed before it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import server_now
from bot.store.schema import leases

DURATION = timedelta(seconds=10)
"""How long a process that died or was stopped keeps what it held: others take over after it."""
_PROCESS = "process:"


async def take(connection: AsyncConnection, name: str, holder: str) -> bool:
    """Take or renew a lease. Returns False while another holds it."""
    moment = server_now(connection)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    until = moment + DURATION
    statement = dialect.insert(leases).values(name=name, holder=holder, until=until)
    result = await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={"holder": holder, "until": until},
            where=sa.or_(leases.c.holder == holder, leases.c.until < moment),
        )
    )
    return bool(result.rowcount)


async def is_held(connection: AsyncConnection, name: str, holder: str) -> bool:
    """Tell whether this holder still has a lease."""
    query = sa.select(leases.c.name).where(
        leases.c.name == name, leases.c.holder == holder, leases.c.until >= server_now(connection)
    )
    return (await connection.execute(query)).first() is not None


async def give_back(connection: AsyncConnection, holder: str, name: str | None = None) -> None:
    """Give back a lease, or all that a process holds."""
    query = leases.delete().where(leases.c.holder == holder)
    await connection.execute(query if name is None else query.where(leases.c.name == name))


async def delete_ended(connection: AsyncConnection) -> None:
    """Forget the leases of processes gone for long."""
    await connection.execute(leases.delete().where(leases.c.until < server_now(connection) - 60 * DURATION))


def process_lease(holder: str) -> str:
    """Return the name of the lease by which a process tells that it lives."""
    return f"{_PROCESS}{holder}"


def living(connection: AsyncConnection) -> sa.sql.Select:
    """Return the query of the holders that live."""
    return sa.select(leases.c.holder).where(
        leases.c.name.like(f"{_PROCESS}%"), leases.c.until >= server_now(connection)
    )
