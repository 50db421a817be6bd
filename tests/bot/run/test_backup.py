"""A backup is made, all is lost, it is put back, and the conversations are there; what was erased since stays erased."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.rasa_trackers import tracker_url
from bot.run import backup as backups
from bot.run.backup import BackupRefused, list_backups, note_present, open_store, save, save_keys
from bot.run.restore import RestoreRefused, Wish, restore
from bot.settings import Settings
from bot.store import conversations as store
from bot.store.addresses import oppose
from bot.store.cipher import load_cipher
from bot.store.database import now
from bot.store.desk_schema import accounts, sessions
from tests.engines import Postgres

WORDS = "je cherche le rsa à Redon"


@dataclass
class Place:
    """An assistant's data, and a folder for its backups."""

    settings: Settings
    folder: Path

    def save(self, **options: Any) -> str:
        return "\n".join(save(self.settings, self.folder, options.get("keep")))

    def restore(self, **options: Any) -> str:
        return "\n".join(restore(self.settings, Wish(self.folder, **options)))

    def write(self, words: str = WORDS) -> str:
        """Store a conversation of one message and return its id."""

        async def run() -> str:
            async with open_store(self.settings) as (database, cipher), database.write() as connection:
                made = await store.create_conversation(connection, cipher, "web", "jeton")
                await store.add_message(connection, cipher, made.id, store.USER, {"text": words})
                return made.id

        made = asyncio.run(run())
        engine = sa.create_engine(tracker_url(self.settings), poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO events VALUES (:c)"), {"c": made})
        return made

    def change(self, act: Callable[[Any], Any]) -> None:
        async def run() -> None:
            async with open_store(self.settings) as (database, _), database.write() as connection:
                await act(connection)

        asyncio.run(run())

    def erase(self, conversation_id: str) -> None:
        self.change(lambda connection: store.erase_conversation(connection, conversation_id))

    def texts(self) -> list[str | None]:
        """Return every text of the store."""

        async def run() -> list[str | None]:
            async with open_store(self.settings) as (database, cipher), database.read() as connection:
                ids = (await connection.execute(sa.text("SELECT id FROM conversations"))).scalars()
                found = [await store.list_messages(connection, cipher, each) for each in ids]
                return [message.text for each in found for message in each]

        return asyncio.run(run())

    def rows(self, query: str) -> list[Any]:
        async def run() -> list[Any]:
            async with open_store(self.settings) as (database, _), database.read() as connection:
                return list((await connection.execute(sa.text(query))).scalars())

        return asyncio.run(run())

    def rasas(self) -> list[str]:
        engine = sa.create_engine(tracker_url(self.settings), poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            return list(connection.execute(sa.text("SELECT sender_id FROM events")).scalars())

    def lose(self) -> None:
        """Lose the data, and keep the keys."""
        if self.settings.is_shared:
            url = tracker_url(self.settings).replace("rasa", "public")
            engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
            with engine.connect() as connection:
                connection.execute(
                    sa.text("DROP SCHEMA public CASCADE; DROP SCHEMA rasa CASCADE; CREATE SCHEMA public")
                )
            return
        for file in self.settings.var.glob("*.db*"):
            file.unlink()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[Place]:
    """An assistant with an empty store, and Rasa's table."""
    settings = settings.copy(update={"public_port": request.getfixturevalue("free_port")})
    settings.var.mkdir()
    load_cipher(settings.keys_folder)
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        name = postgres.new_database(request.getfixturevalue("postgres_template"))
        settings = settings.copy(update={"database_url": postgres.url(name)})
    else:
        shutil.copyfile(request.getfixturevalue("empty_store"), settings.var / "assistant.db")
    engine = sa.create_engine(tracker_url(settings), poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        if settings.is_shared:
            connection.execute(sa.text("CREATE SCHEMA rasa"))
        connection.execute(sa.text("CREATE TABLE events (sender_id TEXT)"))
    return Place(settings, tmp_path / "sauvegardes")


def make_older(backup: Path, days: int) -> Path:
    """Give a backup an earlier date."""
    moment = backups.moment_of(backup) - timedelta(days=days)
    return backup.rename(backup.with_name(f"{backups.PREFIX}{moment.strftime(backups._FORMAT)}"))


def test_after_a_loss_the_conversations_are_there_again(place: Place) -> None:
    made = place.write()
    place.save()
    place.lose()
    said = place.restore()
    assert "remise en place" in said
    assert "Effacé de nouveau : 0 conversations" in said
    assert place.texts() == [WORDS]
    assert place.rasas() == [made]


def test_a_restored_store_goes_on_taking_messages(place: Place) -> None:
    place.write()
    place.save()
    place.lose()
    place.restore()
    place.write("et l'apl ?")
    assert sorted(filter(None, place.texts())) == ["et l'apl ?", WORDS]


def test_what_was_written_since_is_replaced_by_the_backup(place: Place) -> None:
    place.write()
    place.save()
    place.write("écrit après")
    place.restore()
    assert place.texts() == [WORDS]


def test_what_was_erased_since_the_backup_does_not_come_back(place: Place) -> None:
    kept, erased = place.write(), place.write("à oublier")
    place.save()
    place.erase(erased)
    said = place.restore()
    assert "Effacé de nouveau : 1 conversations" in said
    assert place.texts() == [WORDS]
    assert place.rows("SELECT id FROM conversations") == [kept]
    assert erased in place.rows(
        "SELECT conversation_id FROM rasa_erasures"
    )  # Rasa forgets it at the next start


def test_it_does_not_come_back_either_when_the_database_was_lost(place: Place) -> None:
    erased = place.write("à oublier")
    place.save()
    place.erase(erased)
    list(note_present(place.settings, place.folder))
    place.lose()
    assert "Effacé de nouveau : 1 conversations" in place.restore()
    assert place.texts() == []


def test_a_stop_since_the_backup_is_respected_and_one_taken_back_is_not(place: Place) -> None:
    place.change(lambda connection: oppose(connection, "sms", "a" * 64))
    place.save()
    place.change(lambda connection: connection.execute(sa.text("DELETE FROM oppositions")))
    place.change(lambda connection: oppose(connection, "sms", "b" * 64))
    place.restore()
    assert place.rows("SELECT address_hash FROM oppositions") == ["b" * 64]


def test_the_sessions_of_a_backup_open_nothing(place: Place) -> None:
    place.change(_sign_in)
    place.save()
    assert place.rows("SELECT count(*) FROM sessions") == [1]
    place.restore()
    assert place.rows("SELECT count(*) FROM sessions") == [0]


async def _sign_in(connection: Any) -> None:
    await connection.execute(
        accounts.insert().values(
            id=1, login="l", role="agent", name_enc=b"", password_hash="", created_at=now()
        )
    )
    await connection.execute(
        sessions.insert().values(
            token_hash="t" * 64, account_id=1, created_at=now(), last_at=now(), expires_at=now()
        )
    )


def test_without_a_list_newer_than_the_backup_it_says_that_what_was_erased_comes_back(place: Place) -> None:
    place.write()
    place.save()
    (place.folder / "presents.json").unlink()
    place.lose()
    with pytest.raises(RestoreRefused, match="effacé depuis reviendrait"):
        place.restore()
    assert "est revenu" in place.restore(accept_erased=True)
    assert place.texts() == [WORDS]


def test_a_backup_past_the_retention_is_put_back_only_by_who_knows_it(place: Place) -> None:
    place.write()
    place.save()
    old = make_older(list_backups(place.folder)[0], place.settings.retention_days + 1)
    with pytest.raises(RestoreRefused, match="plus de 30 jours"):
        place.restore()
    place.restore(accept_expired=True, name=old.name)
    assert place.texts() == [WORDS]


def test_backups_past_their_date_are_deleted_and_nothing_else(place: Place) -> None:
    place.save()
    old = make_older(list_backups(place.folder)[0], 31)
    (place.folder / "à moi").mkdir()
    said = place.save()
    assert f"supprimée : {old.name}" in said
    assert len(list_backups(place.folder)) == 1
    assert (place.folder / "à moi").is_dir()
    recent = make_older(list_backups(place.folder)[0], 3)
    assert recent.name in place.save(keep=2)


def test_no_key_and_no_word_is_in_a_backup_and_only_its_owner_reads_it(place: Place) -> None:
    place.write()
    place.save()
    keys = [file.read_bytes().strip() for file in place.settings.keys_folder.iterdir() if file.stat().st_size]
    files = [file for file in place.folder.rglob("*") if file.is_file()]
    everything = b"".join(file.read_bytes() for file in files)
    assert keys
    assert not [key for key in keys if key in everything]
    assert WORDS.encode() not in everything
    for path in (place.folder, *place.folder.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_data_and_keys_never_share_a_folder(place: Place, tmp_path: Path) -> None:
    place.save()
    with pytest.raises(BackupRefused):
        list(save_keys(place.settings, place.folder))
    apart = tmp_path / "coffre"
    assert "loin des sauvegardes" in "\n".join(save_keys(place.settings, apart))
    (copied,) = apart.iterdir()
    assert {file.name for file in copied.iterdir()} == {
        file.name for file in place.settings.keys_folder.iterdir()
    }
    with pytest.raises(BackupRefused):
        list(save(place.settings, apart, None))


def test_with_other_keys_nothing_is_put_back(place: Place) -> None:
    place.write()
    place.save()
    shutil.rmtree(place.settings.keys_folder)
    with pytest.raises(RestoreRefused, match="remettez-les"):
        place.restore()
    load_cipher(place.settings.keys_folder)
    with pytest.raises(RestoreRefused, match="ne sont pas celles"):
        place.restore()


@pytest.mark.parametrize("harm", ["a file cut short", "a file gone", "the manifest gone"])
def test_a_damaged_backup_changes_nothing(place: Place, harm: str) -> None:
    place.write()
    place.save()
    place.write("depuis")
    (backup,) = list_backups(place.folder)
    name = next(iter(json.loads((backup / backups.MANIFEST).read_text())["files"]))
    if harm == "a file cut short":
        (backup / name).write_bytes((backup / name).read_bytes()[:-100])
    else:
        (backup / (name if harm == "a file gone" else backups.MANIFEST)).unlink()
    with pytest.raises(RestoreRefused, match="abîmée"):
        place.restore()
    assert len(place.texts()) == 2


def test_nothing_is_put_back_under_an_assistant_that_runs(place: Place) -> None:
    place.write()
    place.save()
    with socket.socket() as running:
        running.bind(("127.0.0.1", place.settings.public_port))
        running.listen()
        with pytest.raises(RestoreRefused, match="en marche"):
            place.restore()


def test_on_postgresql_an_assistant_on_another_machine_is_seen(place: Place) -> None:
    place.save()
    if not place.settings.is_shared:
        return  # its one process is seen by its port

    async def run() -> None:
        async with open_store(place.settings) as (database, _), database.read():
            with pytest.raises(RestoreRefused, match="en marche"):
                await asyncio.to_thread(place.restore)

    asyncio.run(run())


def test_a_backup_of_the_other_engine_is_refused(place: Place) -> None:
    place.save()
    other = "" if place.settings.is_shared else "postgresql+asyncpg://a@127.0.0.1/b"
    elsewhere = Place(place.settings.copy(update={"database_url": other}), place.folder)
    with pytest.raises(RestoreRefused, match="BOT_DATABASE_URL"):
        elsewhere.restore()


def test_a_backup_is_of_one_moment_while_messages_are_written(place: Place) -> None:
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            place.write()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(place.rows("SELECT id FROM conversations")) < 5:
            pass
        place.save()
    finally:
        over.set()
        writer.join()
    place.restore()
    ids = place.rows("SELECT id FROM conversations")
    assert len(place.texts()) == len(ids) >= 5
    assert set(place.rasas()) <= set(ids)  # Rasa never knows more than we do


def test_nothing_to_save_is_said(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="rien à sauvegarder"):
        list(save(settings, tmp_path / "s", None))
    with pytest.raises(RestoreRefused, match="Il n'y a pas de sauvegarde"):
        list(restore(settings, Wish(tmp_path / "s")))


def test_a_backup_that_fails_leaves_nothing_behind(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_write_manifest", fail)
    with pytest.raises(OSError, match="No space"):
        place.save()
    assert list(place.folder.iterdir()) == []


def test_the_copy_of_sqlite_is_whole_in_one_file(settings: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as live:
        live.execute("PRAGMA journal_mode=WAL")
        live.execute("CREATE TABLE t (x)")
        live.execute("INSERT INTO t VALUES (1)")
        live.commit()
        backups._copy_sqlite(tmp_path / "a.db", tmp_path / "b.db")
    assert not list(tmp_path.glob("b.db-*"))
    with closing(sqlite3.connect(f"file:{tmp_path / 'b.db'}?immutable=1", uri=True)) as copy:
        assert copy.execute("SELECT x FROM t").fetchall() == [(1,)]
