"""Alembic's entry: run the migrations on the URL it is given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

import bot.store.desk_schema  # noqa: F401 - its tables
from bot.store.schema import metadata

_MIGRATING = 1
"""The advisory lock of PostgreSQL held while migrating."""


def run() -> None:
    """Apply the migrations in one transaction."""
    url = context.config.get_main_option("sqlalchemy.url")
    engine = sa.create_engine(url or "", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            # Several processes may start at once: one migrates, the others wait and find nothing left to do.
            connection.execute(sa.select(sa.func.pg_advisory_lock(_MIGRATING)))
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
