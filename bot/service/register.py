"""The register of readings: who read a request, and what was done with it, without any content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import journal
from bot.store.accounts import list_accounts
from bot.store.cipher import Cipher
from bot.store.database import Database

ACTION_WORDS = {
    journal.SIGNED_IN: "Connexion",
    journal.SIGN_IN_REFUSED: "Essai de connexion refusé",
    journal.SIGNED_OUT: "Déconnexion",
    journal.PASSWORD_CHANGED: "Mot de passe changé",
    journal.PASSWORD_GIVEN: "Mot de passe temporaire donné",
    journal.TOTP_ON: "Code à usage unique activé",
    journal.TOTP_OFF: "Code à usage unique désactivé",
    journal.ACCOUNT_CREATED: "Compte créé",
    journal.ACCOUNT_DISABLED: "Compte fermé",
    journal.ACCOUNT_ENABLED: "Compte rouvert",
    journal.READ: "Demande lue",
    journal.CLAIMED: "Demande prise",
    journal.RELEASED: "Demande rendue à la file",
    journal.REPLIED: "Réponse envoyée",
    journal.NOTED: "Note ajoutée",
    journal.HANDED: "Demande confiée, ou accord demandé",
    journal.CLOSED: "Demande close",
    journal.REOPENED: "Demande rouverte",
    journal.EXPORTED: "Rapport exporté",
    journal.SEARCHED: "Recherche",
    journal.MISS_KEPT: "Erreur de l'assistant signalée",
    journal.FICHE_TEXTED: "Fiche envoyée par SMS",
    journal.FOUND: "Demande trouvée par une recherche",
    journal.COPIED: "Copie des données faite pour la personne",
    journal.COMMAND_LINE: "Lue sur la machine du service",
    journal.REGISTER_READ: "Registre des lectures consulté",
}
"""What each action of the journal is called."""
ON_THE_MACHINE = "quelqu'un, sur la machine du service"
GONE = "un compte qui n'existe plus"


@dataclass(frozen=True)
class Line:
    """A line of the register: when (UTC, without a timezone), what, and who as colleagues know them."""

    at: datetime
    words: str
    who: str


class Register:
    """Reads the register. Reading it is noted too."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    async def about(self, reference: str, account_id: int | None) -> list[Line]:
        """Return who did what with a request, oldest first, and note who asks; an erased request still has its lines."""
        async with self._database.write(f"register:{reference}") as connection:
            lines = await read_register(connection, self._cipher, reference)
            if lines:
                await journal.note(connection, journal.REGISTER_READ, account_id, reference)
        return lines


async def read_register(connection: AsyncConnection, cipher: Cipher, reference: str) -> list[Line]:
    """Return the lines about a reference."""
    names = {
        account.id: f"{account.name} ({account.login})" for account in await list_accounts(connection, cipher)
    }
    return [
        Line(
            reading.at,
            ACTION_WORDS.get(reading.action, reading.action),
            ON_THE_MACHINE if reading.account_id is None else names.get(reading.account_id, GONE),
        )
        for reading in await journal.list_about(connection, reference)
    ]
