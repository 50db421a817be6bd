"""`bot journal` and `bot copie`: who read a request, and a copy of somebody's data for them. Both are noted."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC
from pathlib import Path

from bot.answers.compose import Composer
from bot.knowledge.loader import load_knowledge
from bot.model.french import PARIS
from bot.run.opening import open_current_store
from bot.service.own_data import OwnData, as_text
from bot.service.register import Register
from bot.settings import Settings
from bot.store import desk, journal


class NothingToCopy(Exception):
    """There is no such request, or no conversation with it; the message says what to do."""


async def print_register(settings: Settings, reference: str) -> None:
    """Print who read a request and what was done with it, oldest first, in Paris time."""
    async with open_current_store(settings) as (database, cipher):
        lines = await Register(database, cipher).about(tidy_reference(reference), None)
    for line in lines:
        local = line.at.replace(tzinfo=UTC).astimezone(PARIS)
        print(f"{local:%d/%m/%Y %H:%M} · {line.words} · {line.who}")
    plural = "s" if len(lines) > 1 else ""
    print(f"{len(lines)} ligne{plural}. Le journal remonte à un an.")


async def write_copy(settings: Settings, reference: str, path: Path) -> None:
    """Write what is held about who made a request to a new file that its owner alone reads. Raises NothingToCopy, OSError."""
    reference = tidy_reference(reference)
    knowledge = await asyncio.to_thread(load_knowledge, settings.data, settings.territoire)
    async with open_current_store(settings) as (database, cipher):
        async with database.write("journal") as connection:
            demande = await desk.find(connection, cipher, reference)
            if demande is None:
                raise NothingToCopy(f"Aucune demande {reference} n'est gardée : vérifiez la référence.")
            if demande.conversation_id is None:
                raise NothingToCopy(
                    "Cette demande n'est liée à aucune conversation : la personne la voit en entier sur « Suivre ma demande »."
                )
            await journal.note(connection, journal.COPIED, None, reference)
        own_data = OwnData(database, cipher, Composer(knowledge, settings), settings)
        export = await own_data.export(demande.conversation_id)
    if export is None:
        raise NothingToCopy("La conversation vient d'être effacée : il n'y a plus rien à copier.")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(as_text(export))
    print(f"La copie est dans {path}. Remettez-la à la personne, puis supprimez ce fichier.")


def tidy_reference(reference: str) -> str:
    """Return a reference as it is kept: `bc 2345` is `BC-2345`."""
    signs = "".join(sign for sign in reference.upper() if sign.isalnum())
    return f"{signs[:2]}-{signs[2:]}"
