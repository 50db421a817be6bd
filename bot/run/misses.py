"""Print what operators kept of the assistant's misses, for whoever writes training sentences."""

from __future__ import annotations

import asyncio
from itertools import groupby

from bot.settings import Settings
from bot.store import journal
from bot.store.cipher import load_cipher
from bot.store.closures import Miss, list_misses
from bot.store.database import Database, migrate

_NOTHING = "Aucun sujet indiqué"


async def print_misses(settings: Settings) -> None:
    """Print every miss under the fiche that should have been understood, one line each: what was answered, the words."""
    found = sorted(await _read(settings), key=lambda miss: (miss.expected or "~", miss.id))
    for expected, misses in groupby(found, lambda miss: miss.expected):
        print(expected or _NOTHING)
        for miss in misses:
            print(_text(miss))
    plural = "s" if len(found) > 1 else ""
    print(f"{len(found)} réponse{plural} à revoir.")


async def _read(settings: Settings) -> list[Miss]:
    settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    await asyncio.to_thread(migrate, settings.database)
    database = Database(settings.database)
    try:
        async with database.write("journal") as connection:
            await journal.note(connection, journal.COMMAND_LINE, None)
            return await list_misses(connection, load_cipher(settings.keys_folder))
    finally:
        await database.close()


def _text(miss: Miss) -> str:
    """Return one miss; each line of its words is set in, so that no words of a stranger pass for a heading."""
    words = "\n".join(f"    {line}" for line in miss.words.splitlines())
    return f"  {miss.at:%d/%m/%Y} · répondu : {miss.answered or 'rien'}\n{words}"
