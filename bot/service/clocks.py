"""Nothing waits in silence: announce requests, tell a person whom nobody took, put back what an operator left.

Each step is one transaction that marks what it did: killed in between, it does the rest the next time.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.compose import Composer
from bot.service.bus import ANY, Bus
from bot.service.casework import Casework
from bot.service.desk import conversation_of
from bot.service.intake import Intake
from bot.service.mail import Mailer
from bot.service.promises import Promises
from bot.service.repeating import repeating
from bot.settings import Settings
from bot.store import conversations as store
from bot.store import desk, followups
from bot.store.accounts import Account, Role, list_accounts
from bot.store.cipher import Cipher
from bot.store.database import Database, now
from bot.store.demandes import TAKEN, WAITING, Demande, Urgency

INTERVAL_SECONDS = 20.0
_HANDS = (Role.OPERATEUR, Role.RESPONSABLE)
_OWN_ACTS = (desk.CLAIMED, desk.REPLIED, desk.NOTED, desk.HANDED, desk.ASKED, desk.REOPENED)
log = structlog.get_logger()


class Clocks:
    """Looks at every open request now and then."""

    def __init__(
        self,
        database: Database,
        cipher: Cipher,
        intake: Intake,
        casework: Casework,
        mailer: Mailer,
        bus: Bus,
        promises: Promises,
        settings: Settings,
    ) -> None:
        self._database = database
        self._cipher = cipher
        self._intake = intake
        self._composer: Composer = intake.composer
        self._casework = casework
        self._mailer = mailer
        self._bus = bus
        self._promises = promises
        self._settings = settings

    def running(self) -> AbstractAsyncContextManager[None]:
        """Look every 20 seconds until the end."""
        return repeating(self.look, INTERVAL_SECONDS, "clocks_failed")

    async def look(self) -> None:
        """Do what is due at this moment. Only what is due takes the write lock: people are answered meanwhile."""
        moment = now()
        async with self._database.read() as connection:
            found = await desk.list_open(connection, self._cipher)
            announced = await desk.references_with(connection, desk.ANNOUNCED)
            staff = await self._staff(connection)
            left = [
                demande
                for demande in found
                if demande.status == TAKEN and await self._is_left(connection, demande, staff, moment)
            ]
            due = await followups.list_due(connection, moment)
        waiting = [demande for demande in found if demande.status == WAITING]
        anyone = any(self._is_on(account, moment) for account in staff)
        acts = [
            *(
                partial(self._announce, each, moment)
                for each in waiting
                if anyone and each.reference not in announced
            ),
            *(partial(self._tell_late, each) for each in waiting if _is_late(each, moment)),
            *(partial(self._put_back, each, moment) for each in left),
            *(partial(self._ask, each) for each in due),
        ]
        for act in acts:
            try:
                await act()
            except Exception:
                log.exception("clock_failed")  # it must not hold back the others; tried again in a moment

    # -- a new request --------------------------------------------------------------------------

    async def _announce(self, demande: Demande, moment: datetime) -> None:
        """Write to who is on duty, once a request, as soon as anybody is."""
        async with self._database.write() as connection:
            if await desk.has_event(connection, demande.reference, desk.ANNOUNCED):
                return
            on_duty = [account for account in await self._staff(connection) if self._is_on(account, moment)]
            if not on_duty:
                return
            await desk.add_event(connection, demande.reference, desk.ANNOUNCED)
            subject = "Danger : une demande attend" if _is_danger(demande) else "Une demande attend"
            for account in on_duty:
                await self._mail(connection, account, f"{subject} ({demande.reference})", _NEW)
        log.info("demande_announced", on_duty=len(on_duty))

    # -- nobody took it -------------------------------------------------------------------------

    async def _tell_late(self, demande: Demande) -> None:
        async with self._database.write() as connection:
            if not await desk.mark_late(connection, demande.reference):
                return
            await desk.add_event(connection, demande.reference, desk.LATE)
            conversation = await conversation_of(connection, self._cipher, demande)
            if conversation:
                answer = self._composer.nobody_took_it(demande.reference)
                await self._intake.tell(connection, conversation, answer, is_push=True, offers=True)
            for account in await self._staff(connection):
                if account.role is Role.RESPONSABLE:
                    await self._mail(connection, account, f"Demande dépassée ({demande.reference})", _LATE)
        log.warning("demande_late", conversation=demande.conversation_id)
        self._bus.signal(demande.conversation_id or ANY)

    # -- an operator gone silent ----------------------------------------------------------------

    async def _is_left(
        self, connection: AsyncConnection, demande: Demande, staff: list[Account], moment: datetime
    ) -> bool:
        """Tell whether its operator left it unanswered for too long, or closed their account."""
        if demande.account_id not in {account.id for account in staff}:
            return True
        since = await self._waited_since(connection, demande)
        limit = self._promises.silent_at(since) if since else None
        return limit is not None and limit <= moment

    async def _put_back(self, demande: Demande, moment: datetime) -> None:
        async with self._database.write() as connection:
            # Read again in this transaction: they may have answered a moment ago.
            fresh = await desk.find(connection, self._cipher, demande.reference)
            if fresh is None or fresh.status != TAKEN:
                return
            staff = await self._staff(connection)
            if not await self._is_left(connection, fresh, staff, moment):
                return
            await self._casework.put_back(connection, fresh, desk.SILENT, None)
            for account in staff:
                if account.role is Role.RESPONSABLE:
                    await self._mail(
                        connection, account, f"Demande sans réponse ({demande.reference})", _SILENT
                    )
        log.warning("demande_silent", conversation=demande.conversation_id)
        self._bus.signal(demande.conversation_id or ANY)

    async def _waited_since(self, connection: AsyncConnection, demande: Demande) -> datetime | None:
        """Return since when the operator's hand is waited for, None when it is the person's turn."""
        events = await desk.list_events(connection, self._cipher, demande.reference)
        acts = [
            event.at for event in events if event.account_id == demande.account_id and event.kind in _OWN_ACTS
        ]
        last_act = max([*acts, demande.taken_at or demande.created_at])
        if demande.person_at and demande.person_at > last_act:
            return demande.person_at
        has_answered = any(
            event.kind in (desk.REPLIED, desk.NOTED, desk.ASKED) and event.account_id == demande.account_id
            for event in events
        )
        return None if has_answered else last_act

    # -- later ----------------------------------------------------------------------------------

    async def _ask(self, followup: followups.Followup) -> None:
        async with self._database.write() as connection:
            fresh = await followups.find(connection, followup.conversation_id, followup.kind)
            if fresh is None or fresh.asked_at is not None:
                return
            await followups.mark_asked(connection, followup.conversation_id, followup.kind)
            conversation = await store.find_conversation(connection, self._cipher, followup.conversation_id)
            if conversation:
                answer = self._composer.ask_received(followup.subject)
                await self._intake.tell(connection, conversation, answer, is_push=True, offers=True)
        self._bus.signal(followup.conversation_id)

    # -- who works ------------------------------------------------------------------------------

    async def _staff(self, connection: AsyncConnection) -> list[Account]:
        every = await list_accounts(connection, self._cipher)
        return [account for account in every if account.role in _HANDS and not account.disabled]

    def _is_on(self, account: Account, moment: datetime) -> bool:
        return self._promises.office.operator_is_on(account.hours, moment)

    async def _mail(self, connection: AsyncConnection, to: Account, subject: str, words: str) -> None:
        if to.email:
            address = self._settings.public_url or self._settings.local_url
            await self._mailer.queue(connection, to.email, subject, f"{words}\n\n{address}/console\n")


def _is_late(demande: Demande, moment: datetime) -> bool:
    return demande.due_at is not None and demande.due_at <= moment and demande.late_told_at is None


def _is_danger(demande: Demande) -> bool:
    return demande.urgency is Urgency.DANGER


_NEW = (
    "Bonjour,\n\nUne personne demande une réponse. Sa demande attend dans la console.\n"
    "Ce message ne dit rien d'elle : tout se lit dans la console."
)
_LATE = (
    "Bonjour,\n\nPersonne n'a pris cette demande dans le temps promis. La personne est prévenue.\n"
    "Ouvrez la console pour la prendre ou la confier."
)
_SILENT = (
    "Bonjour,\n\nCette demande était prise, et la personne n'a pas eu de réponse. Elle est revenue dans la file.\n"
    "La personne est prévenue."
)
