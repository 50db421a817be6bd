"""`bot migrer` goes to the newest schema, or to another one and back, and says from where to where."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.run.migrations import NOTHING, UnknownRevision, current, move_to
from bot.settings import Settings
from tests.engines import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings with an empty database."""
    settings.var.mkdir()
    if request.param == "sqlite":
        return settings
    postgres: Postgres = request.getfixturevalue("postgres")
    return settings.copy(update={"database_url": postgres.url(postgres.new_database())})


def test_an_empty_database_is_brought_to_the_newest_schema_and_back(store: Settings) -> None:
    assert current(store) == NOTHING
    (said,) = move_to(store, None)
    newest = current(store)
    assert said == f"La base est passée de la révision aucune à la révision {newest}."
    assert list(move_to(store, None)) == [f"La base est à la révision {newest} : rien à faire."]
    list(move_to(store, "0001"))
    assert current(store) == "0001"
    list(move_to(store, NOTHING))
    assert current(store) == NOTHING


def test_an_unknown_revision_is_refused_with_those_there_are(settings: Settings) -> None:
    settings.var.mkdir()
    with pytest.raises(UnknownRevision, match=r"9999\. Il y a : aucune, 0001, 0002"):
        list(move_to(settings, "9999"))


def test_a_database_of_a_later_version_is_left_alone(settings: Settings, empty_store: Path) -> None:
    import sqlite3
    from contextlib import closing

    settings.var.mkdir()
    (settings.var / "assistant.db").write_bytes(empty_store.read_bytes())
    with closing(sqlite3.connect(settings.var / "assistant.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UnknownRevision, match="version plus récente"):
        list(move_to(settings, None))
