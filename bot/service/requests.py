"""Keep a request to a person: how urgent it is, what it is about, and by when somebody must have taken it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.compose import Composer
from bot.intake.danger import DangerDetector
from bot.service.promises import Promises
from bot.store import desk
from bot.store.cipher import Cipher
from bot.store.database import now
from bot.store.demandes import DemandeDetails, Ticket, Urgency, create_demande
from bot.store.told import read_told

SOON = frozenset(
    (
        "violences-conjugales",
        "hebergement-urgence",
        "impayes-expulsion",
        "coupure-energie",
        "aide-urgence",
        "aide-alimentaire",
        "compte-bloque",
    )
)
"""What a family cannot wait for: a roof, food, heating, safety, the account that pays."""


class Requests:
    """Records requests, whatever form they come from."""

    def __init__(
        self, cipher: Cipher, composer: Composer, danger: DangerDetector, promises: Promises
    ) -> None:
        self._cipher = cipher
        self._composer = composer
        self._danger = danger
        self.promises = promises

    async def record(
        self,
        connection: AsyncConnection,
        details: DemandeDetails,
        *,
        conversation_id: str | None,
        channel: str,
    ) -> Ticket:
        """Store a request in this transaction and return its reference and code."""
        told = await read_told(connection, self._cipher, conversation_id)
        urgency = self._urgency(told.subject, details, told_danger=told.has_danger)
        details = replace(details, mots=(details.mots or "").strip() or None)
        communes = self._composer.knowledge.communes.named(details.commune or "")
        ticket = await create_demande(
            connection,
            self._cipher,
            details,
            conversation_id=conversation_id,
            channel=channel,
            territoire=self._composer.knowledge.territoire.id,
            urgency=urgency,
            # What was said before is not passed on without a yes, its subject neither.
            subject=told.subject if details.joindre else None,
            commune=communes[0].nom if communes else None,
            due_at=self.promises.deadline(now(), urgency),
        )
        await desk.add_event(connection, ticket.reference, desk.CREATED)
        return ticket

    def _urgency(self, subject: str | None, details: DemandeDetails, *, told_danger: bool) -> Urgency:
        words = details.mots or ""
        if told_danger or self._danger.find(words):
            return Urgency.DANGER
        return Urgency.SOON if subject in SOON else Urgency.NORMAL
