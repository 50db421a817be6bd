"""Print the requests made to a person, until the operators' console exists."""

from __future__ import annotations

import asyncio

from bot.settings import Settings
from bot.store import journal
from bot.store.cipher import load_cipher
from bot.store.database import Database, migrate
from bot.store.demandes import CALL, HERE, HOME, MEETING, TEXT, Demande, list_demandes

_WAYS = {
    HERE: "répondre dans la conversation",
    CALL: "rappeler",
    TEXT: "répondre par SMS",
    MEETING: "proposer un rendez-vous",
    HOME: "proposer un rendez-vous à domicile",
}
_STATES = {"waiting": "en attente", "taken": "prise", "closed": "close"}


async def print_demandes(settings: Settings, *, all_states: bool) -> None:
    """Print the requests that wait, oldest first, or every one."""
    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    await asyncio.to_thread(migrate, settings.database)
    database = Database(settings.database)
    try:
        async with database.write("journal") as connection:
            found = await list_demandes(connection, load_cipher(settings.keys_folder), all_states=all_states)
            for demande in found:  # before anything is shown
                await journal.note(connection, journal.COMMAND_LINE, None, demande.reference)
    finally:
        await database.close()
    for demande in found:
        print(_text(demande))
    print(f"{len(found)} demande{'s' if len(found) > 1 else ''}.")


def _text(demande: Demande) -> str:
    details = demande.details
    given = [f"au {details.telephone}" if details.telephone else None, details.commune, details.quand]
    how = " ".join([_WAYS[details.moyen], ", ".join(part for part in given if part)]).strip()
    lines = [
        f"{demande.reference} · {demande.created_at:%d/%m/%Y %H:%M} UTC · {_STATES[demande.status]} · {how}",
        f"  nom : {details.nom or 'non donné'}",
        f"  besoin : {details.mots or 'non donné'}",
    ]
    return "\n".join(lines)
