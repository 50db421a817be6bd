"""A person's own requests, as pages show them: what may be joined, what was promised, what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers.compose import Composer
from bot.model.answer import Answer
from bot.service.after_request import AfterRequest, OperatorReply
from bot.store.cipher import Cipher
from bot.store.database import Database
from bot.store.demandes import Demande, DemandeDetails, Ticket, find_demande
from bot.store.told import Told, read_told


@dataclass(frozen=True)
class Followed:
    """A request that its reference and code opened: where it is, and what operators answered."""

    demande: Demande
    state: Answer
    replies: tuple[OperatorReply, ...]


class OwnRequests:
    """Reads for pages, each in a transaction of its own."""

    def __init__(self, database: Database, cipher: Cipher, composer: Composer, after: AfterRequest) -> None:
        self._database = database
        self._cipher = cipher
        self._composer = composer
        self._after = after

    async def told(self, conversation_id: str | None) -> Told:
        """Return what the conversation holds that the form of a request needs."""
        async with self._database.read() as connection:
            return await read_told(connection, self._cipher, conversation_id)

    async def recorded(self, ticket: Ticket, details: DemandeDetails) -> Answer:
        """Return the reference, the code, and when the request is read."""
        async with self._database.read() as connection:
            reading = await self._after.promised(connection, ticket.reference)
        return self._composer.demande_recorded(ticket, details, reading)

    async def follow(self, reference: str, code: str) -> Followed | None:
        """Return what became of the request that this reference and code open together, else None."""
        async with self._database.read() as connection:
            found = await find_demande(connection, self._cipher, reference, code)
            if found is None:
                return None
            state = await self._after.state(connection, found)
            replies = await self._after.replies(connection, found.reference)
        return Followed(found, state, tuple(replies))
