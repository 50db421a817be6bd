"""Mails to those who answer: a request waits, a clock ran out. Queued with what they tell of, then sent.

By design a mail holds nothing of a resident: no name, no number, no word of theirs, only what opens the console.
Callers see to it. Mailboxes are kept long, and read elsewhere than here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.mail import is_mail_address, read_mail_server, read_sender
from bot.service.smtp import NEEDS_SOMEBODY, MailRoute, NotTaken, Trouble, one_line
from bot.settings import Settings
from bot.store import mails
from bot.store.cipher import Cipher
from bot.store.database import Database, now
from bot.store.mails import Mail

TRIED_FOR = timedelta(hours=24)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=3)
"""A mail refused for now waits as long again as it already has, between these."""
PAUSE_SECONDS = (5.0, 15.0, 60.0, 300.0)
"""Waits of the whole queue while the server is away."""
IDLE_SECONDS = 5.0
STOP_SECONDS = 10.0
"""What a mail being handed over is given to end when the process stops; cut, it is sent again."""
log = structlog.get_logger()


def open_route(settings: Settings) -> MailRoute | None:
    """Return the way to the mail server of the settings, None when there is none."""
    if not settings.smtp_url:
        return None
    server, sender = read_mail_server(settings.smtp_url), read_sender(settings.mail_from)
    return MailRoute(server, sender, ca_file=settings.smtp_ca_file)


class Mailer:
    """Queues mails and sends them, one at a time: a process killed at this instant repeats at most that one."""

    def __init__(self, database: Database, cipher: Cipher, route: MailRoute | None) -> None:
        self._database = database
        self._cipher = cipher
        self._route = route
        self._refusals = 0
        self._is_told = False
        self._stopping = asyncio.Event()

    async def queue(self, connection: AsyncConnection, to: str, subject: str, text: str) -> int | None:
        """Queue a mail in the caller's transaction; return its id, None when it is not queued.

        It is not when no server is set, nor when `to` is no address: what the transaction is for must not fail on
        either, and the log says so.
        """
        if self._route is None:
            if not self._is_told:
                log.warning("mail_not_set")  # once: nobody who set no server wants a line a request
                self._is_told = True
            return None
        if not is_mail_address(to):
            log.error("mail_address_refused")
            return None
        text = text.encode("utf-8", "replace").decode()
        return await mails.add_mail(
            connection, self._cipher, to=to, subject=one_line(subject), text=text.replace("\r\n", "\n")
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send what is due until the end."""
        self._stopping.clear()
        task = asyncio.create_task(self._send_until_stopped())
        try:
            yield
        finally:
            self._stopping.set()
            await asyncio.wait([task], timeout=STOP_SECONDS)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _send_until_stopped(self) -> None:
        while self._route is not None and not self._stopping.is_set():
            try:
                pause = await self.send_next()
            except Exception:
                log.exception("mailing_failed")
                pause = PAUSE_SECONDS[-1]  # the store is away: nothing is lost by waiting
            await self._wait(IDLE_SECONDS if pause is None else pause)

    async def send_next(self) -> float | None:
        """Hand over the mail due first. Returns the seconds to pause, None when nothing is due."""
        if self._route is None:
            return None
        async with self._database.read() as connection:
            if not await mails.is_any_due(connection):
                return None
        async with self._database.write() as connection:
            mail = await mails.take_next(connection, self._cipher)
        if mail is None:
            return None
        try:
            await self._route.hand_over(mail)
        except NotTaken as refusal:
            return await self._not_taken(mail, refusal)
        self._refusals = 0
        await self._noted(lambda connection: mails.mark_sent(connection, mail))
        return 0.0

    async def _not_taken(self, mail: Mail, refusal: NotTaken) -> float:
        """Try again later what can be, for a day; pause everything while the server is away."""
        trouble, age = refusal.trouble, now() - mail.created_at
        tell = log.error if trouble in NEEDS_SOMEBODY or trouble is Trouble.UNFORESEEN else log.warning
        tell("mail_not_taken", mail=mail.id, reason=trouble.value, code=refusal.code, attempt=mail.attempts)
        pause = 0.0
        if refusal.away:
            pause = PAUSE_SECONDS[min(self._refusals, len(PAUSE_SECONDS) - 1)]
            self._refusals += 1
        if not refusal.retry or age >= TRIED_FOR:
            log.error("mail_given_up", mail=mail.id, reason=trouble.value, code=refusal.code)
            await self._noted(lambda connection: mails.give_up(connection, mail))
            return pause
        wait = timedelta(seconds=pause) if refusal.away else min(max(age, FIRST_WAIT), LONGEST_WAIT)
        not_before: datetime = now() + wait
        await self._noted(lambda connection: mails.postpone(connection, mail, not_before))
        return pause

    async def _noted(self, note: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        """Write what became of a mail, until the store takes it: unwritten, a mail sent would be sent again."""
        failures = 0
        while True:
            try:
                async with self._database.write() as connection:
                    return await note(connection)
            except Exception:
                log.exception("mail_fate_not_noted")
                if self._stopping.is_set():
                    return None
                await self._wait(PAUSE_SECONDS[min(failures, len(PAUSE_SECONDS) - 1)])
                failures += 1

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
