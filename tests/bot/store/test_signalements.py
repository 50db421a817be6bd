"""Errors that people reported: the words encrypted, nothing about who wrote them, gone after their time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.store.cipher import Cipher
from bot.store.database import Database, now
from bot.store.schema import signalements
from bot.store.signalements import add_signalement, delete_before, list_signalements

WORDS = "le plafond écrit ici est trop bas"


async def report(
    database: Database, cipher: Cipher, words: str = WORDS, fiche: str | None = "rsa", part: str | None = None
) -> int:
    async with database.write() as connection:
        return await add_signalement(connection, cipher, words, fiche=fiche, rubrique=part)


async def test_a_report_is_read_again_as_it_was_written(database: Database, cipher: Cipher) -> None:
    before = now()
    report_id = await report(database, cipher, "Faux :\n« 3 mois » 😀", "apl", "montant")
    async with database.read() as connection:
        (found,) = await list_signalements(connection, cipher)
    assert (found.id, found.fiche, found.rubrique) == (report_id, "apl", "montant")
    assert found.words == "Faux :\n« 3 mois » 😀"
    assert before <= found.at <= now()


async def test_a_report_may_be_about_no_fiche_in_particular(database: Database, cipher: Cipher) -> None:
    await report(database, cipher, fiche=None)
    async with database.read() as connection:
        (found,) = await list_signalements(connection, cipher)
    assert (found.fiche, found.rubrique) == (None, None)


async def test_reports_are_listed_oldest_first(database: Database, cipher: Cipher) -> None:
    ids = [await report(database, cipher, str(rank)) for rank in range(5)]
    async with database.read() as connection:
        found = await list_signalements(connection, cipher)
    assert [item.id for item in found] == ids
    assert [item.words for item in found] == ["0", "1", "2", "3", "4"]


async def test_the_words_cannot_be_read_on_disk_and_nothing_tells_who_wrote_them(
    database: Database, cipher: Cipher, store_file: Path
) -> None:
    await report(database, cipher)
    async with database.read() as connection:
        (row,) = (await connection.execute(sa.select(signalements))).all()
    assert set(row.keys()) == {"id", "at", "fiche", "rubrique", "words_enc"}
    await database.close()
    written = b"".join(path.read_bytes() for path in store_file.parent.glob("assistant.db*"))
    assert row.words_enc in written
    assert b"plafond" not in written


async def test_old_reports_are_deleted_and_the_others_stay(database: Database, cipher: Cipher) -> None:
    old, fresh = await report(database, cipher), await report(database, cipher)
    async with database.write() as connection:
        await connection.execute(
            signalements.update().where(signalements.c.id == old).values(at=now() - timedelta(days=31))
        )
        assert await delete_before(connection, now() - timedelta(days=30)) == 1
        assert [item.id for item in await list_signalements(connection, cipher)] == [fresh]


async def test_the_id_of_a_deleted_report_is_not_given_again(database: Database, cipher: Cipher) -> None:
    first = await report(database, cipher)
    async with database.write() as connection:
        await delete_before(connection, now() + timedelta(days=1))
    assert await report(database, cipher) > first
