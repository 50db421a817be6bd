"""`bot migrer`: bring the schema of the store up to date, or back to an earlier revision."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from bot.settings import Settings
from bot.store.database import MIGRATIONS, sync_url

NOTHING = "aucune"
"""How the revision before the first one is called."""


class UnknownRevision(Exception):
    """No such revision; the message lists those there are, in French."""


def move_to(settings: Settings, wanted: str | None) -> Iterator[str]:
    """Go to a revision, the newest unless one is named, and yield what to tell. Raises UnknownRevision."""
    config = _config(settings)
    script = ScriptDirectory.from_config(config)
    known = [NOTHING, *(each.revision for each in reversed(list(script.walk_revisions())))]
    target = wanted or known[-1]
    before = current(settings)
    if target not in known:
        raise UnknownRevision(f"Révision inconnue : {target}. Il y a : {', '.join(known)}.")
    if before not in known:
        raise UnknownRevision(
            f"La base est à la révision {before}, que cette version ne connaît pas : prenez une version plus récente."
        )
    if target == before:
        yield f"La base est à la révision {before} : rien à faire."
        return
    try:
        if known.index(target) > known.index(before):
            command.upgrade(config, target)
        else:
            command.downgrade(config, "base" if target == NOTHING else target)
    except CommandError as error:
        raise UnknownRevision(str(error)) from error
    yield f"La base est passée de la révision {before} à la révision {target}."


def current(settings: Settings) -> str:
    """Return the revision the database is at."""
    engine = sa.create_engine(sync_url(settings.database), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return str(found or NOTHING)


def _config(settings: Settings) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", sync_url(settings.database).replace("%", "%%"))
    return config
