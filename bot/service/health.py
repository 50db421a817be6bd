"""Health: can a question be answered, end to end, now?"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.knowledge.loader import Knowledge
from bot.rasa_client import RasaClient, RasaUnavailable
from bot.store.database import Database

OK = "ok"


@dataclass(frozen=True)
class Health:
    """Each part with `ok` or, in French, what is wrong with it."""

    parts: dict[str, str]

    @property
    def ok(self) -> bool:
        """Tell whether every part works."""
        return all(state == OK for state in self.parts.values())


async def check_health(database: Database, rasa: RasaClient, knowledge: Knowledge) -> Health:
    """Return the state of the store, of understanding and of the knowledge."""
    return Health(
        {
            "base": await check_database(database),
            "comprehension": await _check_rasa(rasa),
            "connaissances": OK if knowledge.fiches else "aucune fiche lisible",
        }
    )


async def check_database(database: Database) -> str:
    """Take the write lock and give it back: a full disk or a locked file shows here."""
    try:
        async with database.write("health") as connection:
            await connection.execute(sa.text("SELECT COUNT(*) FROM conversations"))
    except (SQLAlchemyError, OSError) as error:
        return f"base de données inaccessible ({type(error).__name__})"
    return OK


async def _check_rasa(rasa: RasaClient) -> str:
    try:
        await rasa.probe()
    except RasaUnavailable as error:
        return f"Rasa ne répond pas ({error})"
    return OK
