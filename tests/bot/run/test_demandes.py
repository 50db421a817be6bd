"""The list of requests, for whoever answers them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.run.demandes import print_demandes
from bot.settings import Settings
from bot.store.cipher import load_cipher
from bot.store.database import Database, migrate
from bot.store.demandes import DemandeDetails, create_demande
from bot.store.schema import demandes


@pytest.fixture
async def references(settings: Settings) -> list[str]:
    """Two requests: one that waits, one that was taken."""
    settings.var.mkdir()
    migrate(settings.database)
    database = Database(settings.database)
    cipher = load_cipher(settings.var / "cles")
    async with database.write() as connection:
        tickets = [
            await create_demande(
                connection, cipher, details, conversation_id=None, channel="web", territoire="essai"
            )
            for details in (
                DemandeDetails("rappel", "06 12 34 56 78", "Mme Essai", "un papier"),
                DemandeDetails("retour"),
            )
        ]
        taken = sa.update(demandes).where(demandes.c.reference == tickets[1].reference).values(status="taken")
        await connection.execute(taken)
    await database.close()
    return [ticket.reference for ticket in tickets]


@pytest.mark.filterwarnings("ignore")
async def test_the_requests_that_wait_are_printed(
    settings: Settings, references: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    await print_demandes(settings, all_states=False)
    text = capsys.readouterr().out
    assert references[0] in text
    assert references[1] not in text
    for part in ("en attente", "rappeler au 06 12 34 56 78", "nom : Mme Essai", "besoin : un papier"):
        assert part in text
    assert text.endswith("1 demande.\n")


@pytest.mark.filterwarnings("ignore")
async def test_all_of_them_are_printed_when_asked(
    settings: Settings, references: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    await print_demandes(settings, all_states=True)
    text = capsys.readouterr().out
    for part in (*references, "prise", "répondre dans la conversation", "nom : non donné"):
        assert part in text
    assert text.endswith("2 demandes.\n")
