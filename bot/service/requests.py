"""Keep a request to a person: how urgent it is, what it is about, and by when somebody must have taken it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.compose import Composer
from bot.intake.danger import DangerDetector
from bot.model.answer import AnswerType
from bot.service.promises import Promises
from bot.store import conversations as store
from bot.store import desk
from bot.store.cipher import Cipher
from bot.store.database import now
from bot.store.demandes import DemandeDetails, Ticket, Urgency, create_demande

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
        subject, told_danger = await self._told(connection, conversation_id)
        urgency = self._urgency(subject, details, told_danger=told_danger)
        details = replace(details, mots=(details.mots or "").strip() or None)
        ticket = await create_demande(
            connection,
            self._cipher,
            details,
            conversation_id=conversation_id,
            channel=channel,
            territoire=self._composer.knowledge.territoire.id,
            urgency=urgency,
            subject=subject,
            due_at=self.promises.deadline(now(), urgency),
        )
        await desk.add_event(connection, ticket.reference, desk.CREATED)
        return ticket

    async def _told(
        self, connection: AsyncConnection, conversation_id: str | None
    ) -> tuple[str | None, bool]:
        """Return the fiche answered last, and whether a danger was told."""
        if conversation_id is None:
            return None, False
        said = await store.list_messages(connection, self._cipher, conversation_id)
        answers = [message.answer for message in said if message.answer]
        subject = next((answer.fiche for answer in reversed(answers) if answer.fiche), None)
        return subject, any(answer.type is AnswerType.URGENCE for answer in answers)

    def _urgency(self, subject: str | None, details: DemandeDetails, *, told_danger: bool) -> Urgency:
        words = details.mots or ""
        if told_danger or self._danger.find(words):
            return Urgency.DANGER
        return Urgency.SOON if subject in SOON else Urgency.NORMAL
