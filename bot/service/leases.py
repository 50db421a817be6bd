"""What one process alone does among several on one database: hand over messages, watch the clocks, purge.

With SQLite there is one process, which does all. With PostgreSQL each process tells that it lives, takes what nobody
holds, and does it until it stops or loses its lease. A process that is stopped and wakes finds its leases gone: who
hands a message over asks for its lease in the transaction that takes the message.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.service.repeating import repeating
from bot.store import leases
from bot.store.database import Database

RENEW_SECONDS = 3.0
"""Three tries before a lease ends (bot/store/leases.py)."""
KEY = "leases"
log = structlog.get_logger()
Work = Callable[[], AbstractAsyncContextManager[None]]


class Leases:
    """The leases of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.holder = uuid.uuid4().hex

    @asynccontextmanager
    async def living(self) -> AsyncIterator[None]:
        """Tell the other processes that this one lives, until the end; then give back all it holds."""
        if not self._database.is_shared:
            yield
            return
        await self._renew_life()
        async with repeating(self._renew_life, RENEW_SECONDS, "life_not_told", at_once=False):
            try:
                yield
            finally:
                await self._give_back(None)

    async def _renew_life(self) -> None:
        async with self._database.write(KEY) as connection:
            await leases.take(connection, leases.process_lease(self.holder), self.holder)
            await leases.delete_ended(connection)

    @asynccontextmanager
    async def alone(self, name: str, work: Work) -> AsyncIterator[None]:
        """Do some work while this process holds the lease of that name, and take it whenever nobody holds it."""
        if not self._database.is_shared:
            async with work():
                yield
            return
        task = asyncio.create_task(self._work_whenever_held(name, work))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def is_held(self, connection: AsyncConnection, name: str) -> bool:
        """Tell, in the transaction of what is to be done, whether this process still may do it."""
        return not self._database.is_shared or await leases.is_held(connection, name, self.holder)

    async def _work_whenever_held(self, name: str, work: Work) -> None:
        while True:
            try:
                if await self._take(name):
                    log.info("lease_taken", lease=name)
                    async with work():
                        await self._keep(name)
                    await self._give_back(name)
            except Exception:
                log.exception("lease_lost", lease=name)
            await asyncio.sleep(RENEW_SECONDS)

    async def _keep(self, name: str) -> None:
        """Renew a lease until it is lost. A store that is away does not end the work: it cannot go on without it."""
        try:
            while True:
                await asyncio.sleep(RENEW_SECONDS)
                try:
                    if not await self._take(name):
                        log.warning("lease_lost", lease=name)
                        return
                except Exception:
                    log.exception("lease_not_renewed", lease=name)
        except asyncio.CancelledError:
            await self._give_back(name)
            raise

    async def _take(self, name: str) -> bool:
        async with self._database.write(KEY) as connection:
            return await leases.take(connection, name, self.holder)

    async def _give_back(self, name: str | None) -> None:
        try:
            async with self._database.write(KEY) as connection:
                await leases.give_back(connection, self.holder, name)
        except Exception:
            log.exception("lease_not_given_back")  # it ends by itself
