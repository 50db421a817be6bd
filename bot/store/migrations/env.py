"""Alembic's entry: run the migrations on the URL it is given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

import bot.store.desk_schema  # noqa: F401 - its tables
from bot.store.schema import metadata


def run() -> None:
    """Apply the migrations in one transaction."""
    url = context.config.get_main_option("sqlalchemy.url")
    engine = sa.create_engine(url or "", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
