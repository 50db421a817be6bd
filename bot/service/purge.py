"""Keep little, for a short time: purge what is past its retention, and make Rasa forget what we erased."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import structlog

from bot.model.french import today_in_france
from bot.rasa_client import PROBE_CONVERSATION, RasaClient
from bot.service.repeating import repeating
from bot.settings import Settings
from bot.store import addresses, audit, closures, deliveries, journal, mails, received, sessions
from bot.store import conversations as store
from bot.store import demandes as demandes_store
from bot.store import signalements as signalements_store
from bot.store.database import Database, now

INTERVAL_SECONDS = 3600.0
RECEIVED_KEPT = timedelta(days=2)
"""As long as a gateway may give the same message again (courier remembers 24 to 48 hours)."""
MISSES_KEPT = timedelta(days=365)
"""What operators kept of the assistant's misses is read when training sentences are written, once or twice a year."""
log = structlog.get_logger()


class Purge:
    """Runs at start and every hour."""

    def __init__(self, database: Database, rasa: RasaClient, settings: Settings) -> None:
        self._database = database
        self._rasa = rasa
        self._retention = timedelta(days=settings.retention_days)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Purge now and then until the end; what fails is tried again in an hour, and nothing is lost by waiting."""
        return repeating(self._purge, INTERVAL_SECONDS, "purge_failed")

    async def _purge(self) -> None:
        await self.purge_expired()
        await self.forget_in_rasa()
        await self._rasa.forget(PROBE_CONVERSATION)
        # A request taken back, a number handed over: gone from the file, not from its log.
        await self._database.empty_log()

    async def purge_expired(self) -> int:
        """Erase conversations, requests and reports past the retention; return how many conversations."""
        before = now() - self._retention
        async with self._database.write() as connection:
            idle = await store.list_idle(connection, before)
            for conversation_id in idle:
                await store.erase_conversation(connection, conversation_id)
            await store.erase_old_messages(connection, before)
            await demandes_store.delete_before(connection, before)
            await signalements_store.delete_before(connection, before)
            await closures.delete_misses_before(connection, now() - MISSES_KEPT)
            await journal.delete_before(connection, now() - journal.KEPT)
            await mails.delete_before(connection, before)
            await sessions.delete_ended(connection, now())
            await deliveries.delete_before(connection, before)
            await received.delete_before(connection, now() - RECEIVED_KEPT)
            await addresses.delete_parts_before(connection, now() - RECEIVED_KEPT)
            await addresses.delete_days_before(connection, today_in_france() - timedelta(days=1))
            if idle:
                await audit.note(connection, audit.CONVERSATIONS_PURGED)
        return len(idle)

    async def purge_left(self, channel: str, idle: timedelta) -> int:
        """Erase the conversations of a channel where nothing was said for that long; return how many.

        The requests made in them stay, for those who answer them.
        """
        async with self._database.write() as connection:
            left = await store.list_idle(connection, now() - idle, channel)
            for conversation_id in left:
                await store.release_requests(connection, conversation_id)
                await store.erase_conversation(connection, conversation_id)
            if left:
                await audit.note(connection, audit.CONVERSATIONS_PURGED)
        if left:
            await self.forget_in_rasa()
        return len(left)

    async def forget_in_rasa(self) -> None:
        """Make Rasa, and the logs of both databases, forget what was erased; a failure is tried again later."""
        async with self._database.read() as connection:
            erased = await store.list_rasa_erasures(connection)
        for conversation_id in erased:
            try:
                await self._rasa.forget(conversation_id)
            except Exception:
                log.exception("rasa_forget_failed", conversation=conversation_id)
                continue
            async with self._database.write() as connection:
                await store.forget_rasa_erasure(connection, conversation_id)
        if erased:
            await self._database.empty_log()
