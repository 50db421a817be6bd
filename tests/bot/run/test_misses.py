"""The assistant's misses, for whoever writes training sentences."""

from __future__ import annotations

import pytest

from bot.run.misses import print_misses
from bot.settings import Settings
from bot.store.cipher import load_cipher
from bot.store.closures import add_miss
from bot.store.database import Database, migrate


async def test_misses_stand_under_the_fiche_that_should_have_been_understood(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.var.mkdir()
    migrate(settings.database)
    database, cipher = Database(settings.database), load_cipher(settings.var / "cles")
    async with database.write() as connection:
        for answered, expected, words in (
            ("apl", None, "le proprio veut plus\nrépondre"),
            ("rsa", "fsl", "j'arrive plus à payer l'edf"),
            (None, "fsl", "aide pour le loyer en retard"),
        ):
            kind = "a_comprendre" if expected else "mauvaise_reponse"
            await add_miss(connection, cipher, kind=kind, answered=answered, expected=expected, words=words)
    await database.close()
    await print_misses(settings)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "fsl",
        "Aucun sujet indiqué",
        "3 réponses à revoir.",
    ]
    assert "    répondre" in lines
    assert any("répondu : rsa" in line for line in lines)


async def test_without_a_miss_it_says_so(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    await print_misses(settings)
    assert capsys.readouterr().out == "0 réponse à revoir.\n"
