"""`bot journal` and `bot copie`, and what the other commands leave in the journal when they show something of people."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from bot.cli import main
from bot.exit_codes import OK, PROBLEMS
from bot.settings import Settings
from bot.store.cipher import load_cipher
from bot.store.conversations import add_message, create_conversation
from bot.store.database import Database, migrate
from bot.store.demandes import DemandeDetails, Ticket, create_demande
from bot.store.desk_schema import journal

WORDS = "zibeline"


@pytest.fixture
def tickets(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[Ticket]:
    """A request made in a conversation, and one made without."""
    settings.var.mkdir()
    monkeypatch.setenv("BOT_VAR", str(settings.var))
    migrate(settings.database)
    return asyncio.run(_fill(settings))


async def _fill(settings: Settings) -> list[Ticket]:
    database, cipher = Database(settings.database), load_cipher(settings.keys_folder)
    async with database.write() as connection:
        conversation = await create_conversation(connection, cipher, "sms", "jeton")
        await add_message(connection, cipher, conversation.id, "user", {"text": WORDS})
        made = [
            await create_demande(
                connection,
                cipher,
                DemandeDetails("rappel", "06 39 98 00 01"),
                conversation_id=conversation_id,
                channel="web",
                territoire="essai",
            )
            for conversation_id in (conversation.id, None)
        ]
    await database.close()
    return made


def noted(settings: Settings) -> list[tuple[str, str | None, int | None]]:
    async def read() -> list[tuple[str, str | None, int | None]]:
        database = Database(settings.database)
        async with database.read() as connection:
            rows = (await connection.execute(journal.select().order_by(journal.c.id))).all()
        await database.close()
        return [(row.action, row.reference, row.account_id) for row in rows]

    return asyncio.run(read())


def test_listing_requests_leaves_a_line_for_each_under_no_account(
    settings: Settings, tickets: list[Ticket]
) -> None:
    assert main(["demandes"]) == OK
    assert noted(settings) == [("ligne_de_commande", ticket.reference, None) for ticket in tickets]


@pytest.mark.parametrize("command", ["signalements", "a-revoir"])
def test_words_of_people_tied_to_no_request_leave_a_line_too(
    settings: Settings, tickets: list[Ticket], command: str
) -> None:
    assert main([command]) == OK
    assert noted(settings) == [("ligne_de_commande", None, None)]


def test_the_register_is_printed_without_content(
    settings: Settings, tickets: list[Ticket], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["demandes"])
    capsys.readouterr()
    assert main(["journal", tickets[0].reference.lower().replace("-", " ")]) == OK
    said = capsys.readouterr().out
    assert "Lue sur la machine du service · quelqu'un, sur la machine du service" in said
    assert "1 ligne." in said
    assert "06 39" not in said
    assert noted(settings)[-1] == ("register_read", tickets[0].reference, None)


def test_a_copy_is_written_for_its_owner_alone_and_noted(
    settings: Settings, tickets: list[Ticket], tmp_path: Path
) -> None:
    path = tmp_path / "copie.txt"
    assert main(["copie", tickets[0].reference, "--fichier", str(path)]) == OK
    text = path.read_text(encoding="utf-8")
    assert WORDS in text
    assert tickets[0].code not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert noted(settings) == [("copied", tickets[0].reference, None)]


def test_a_copy_never_takes_the_place_of_a_file(
    tickets: list[Ticket], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "copie.txt"
    path.write_text("à garder", encoding="utf-8")
    assert main(["copie", tickets[0].reference, "--fichier", str(path)]) == PROBLEMS
    assert path.read_text(encoding="utf-8") == "à garder"
    assert "Impossible d'écrire" in capsys.readouterr().err


def test_without_a_conversation_or_a_request_it_says_what_to_do(
    tickets: list[Ticket], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["copie", tickets[1].reference, "--fichier", str(tmp_path / "a")]) == PROBLEMS
    assert "Suivre ma demande" in capsys.readouterr().err
    assert main(["copie", "BB-9999", "--fichier", str(tmp_path / "b")]) == PROBLEMS
    assert "vérifiez la référence" in capsys.readouterr().err
    assert list(tmp_path.glob("[ab]")) == []
