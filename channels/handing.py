"""Hand what waits on a channel to whoever carries it, one message at a time.

One at a time, because no carrier takes a key that would make a second call harmless: a process killed at this instant
repeats at most the message it was handing over.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Protocol

import structlog

from bot.service.assistant import Assistant
from bot.service.delivery_queue import sender_lease
from bot.store.deliveries import Delivery

RETRY_SECONDS = (2.0, 5.0, 15.0, 60.0, 300.0)
"""Waits before another try of a message; the last one again until the message is past its use."""
PAUSE_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Waits of the whole queue while the carrier is away."""
REPORT_SECONDS = 5.0
"""After a crash, time for a report to tell that the message being handed over had gone."""
IDLE_SECONDS = 30.0
log = structlog.get_logger()


class CannotSend(Exception):
    """A message was not taken. `retry` tells whether a later try can help, `away` that nothing else goes either.

    `after` are the seconds the carrier asks to wait; `gone` that this person wants nothing more from us; `is_fault`
    that something is wrong, which the log then says.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry: bool,
        away: bool = False,
        after: float | None = None,
        gone: bool = False,
        is_fault: bool = True,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
        self.away = away
        self.after = after
        self.gone = gone
        self.is_fault = is_fault


class Carrier(Protocol):
    """Who carries the messages of a channel."""

    channel: str

    async def hand_over(self, delivery: Delivery) -> str | None:
        """Hand over a message and return the carrier's id of it, if it gives one. Raises CannotSend."""

    def segments(self, delivery: Delivery) -> int:
        """Return what a message costs, in segments; 0 where nothing is paid."""

    async def sent(self) -> None:
        """Do what follows a message taken."""


class Sender:
    """The one who hands over. Runs in the process of the channels."""

    def __init__(self, assistant: Assistant, carrier: Carrier) -> None:
        self._assistant = assistant
        self._queue = assistant.deliveries
        self._carrier = carrier
        self._refusals = 0
        self._stopping = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send until the end; the message being handed over at that moment is finished first."""
        task = asyncio.create_task(self._send_until(self._stopping))
        try:
            yield
        finally:
            self._stopping.set()
            await asyncio.gather(task, return_exceptions=True)

    async def _recover(self) -> None:
        await self._queue.recover(self._carrier.channel, REPORT_SECONDS)

    async def _send_until(self, stopping: asyncio.Event) -> None:
        await self._noted(self._recover)  # before anything else: it tells apart what an earlier process left
        with self._assistant.listen_to_all() as news:
            while not stopping.is_set():
                news.clear()
                try:
                    pause = await self._send_one()
                except Exception:
                    log.exception("sending_failed", channel=self._carrier.channel)
                    pause = PAUSE_SECONDS[-1]  # the store is away: nothing is lost by waiting
                if pause is None:
                    await first_of(stopping.wait(), news.wait(), seconds=await self._rest())
                elif pause:
                    await first_of(stopping.wait(), seconds=pause)

    async def _rest(self) -> float:
        try:
            seconds = await self._queue.seconds_to_next(self._carrier.channel)
        except Exception:
            log.exception("queue_not_read", channel=self._carrier.channel)
            return IDLE_SECONDS
        # At least a moment: a message that is due may be held back by an earlier one of the same person.
        return IDLE_SECONDS if seconds is None else min(max(seconds, 0.05), IDLE_SECONDS)

    async def _send_one(self) -> float | None:
        """Hand over the next message. Returns the seconds to pause, None when nothing is due."""
        delivery = await self._queue.take_next(self._carrier.channel)
        if delivery is None:
            return None
        try:
            carrier_id = await self._carrier.hand_over(delivery)
        except CannotSend as refusal:
            return await self._not_sent(delivery, refusal)
        except Exception:
            log.exception("carrier_failed", channel=self._carrier.channel)
            return await self._not_sent(delivery, CannotSend("unexpected", retry=True, away=True))
        self._refusals = 0
        segments = self._carrier.segments(delivery)
        await self._noted(lambda: self._queue.accepted(delivery, self._carrier.channel, carrier_id, segments))
        await self._carrier.sent()
        return 0.0

    async def _not_sent(self, delivery: Delivery, refusal: CannotSend) -> float:
        """Try again later what can be, end what cannot; pause everything while the carrier is away."""
        if refusal.is_fault:
            log.warning(
                "not_sent",
                channel=self._carrier.channel,
                reason=refusal.reason,
                retry=refusal.retry,
                attempt=delivery.attempts,
                conversation=delivery.conversation_id,
            )
        if refusal.gone:
            await self._noted(lambda: self._queue.leave_alone(delivery, self._carrier.channel))
            return 0.0
        if not refusal.retry:
            await self._noted(lambda: self._queue.failed(delivery, self._carrier.channel))
            return 0.0
        if not refusal.away:
            wait = refusal.after or _step(RETRY_SECONDS, delivery.attempts - 1)
            await self._noted(lambda: self._queue.postpone(delivery, wait, counts=refusal.is_fault))
            return 0.0
        pause = refusal.after or _step(PAUSE_SECONDS, self._refusals)
        self._refusals += 1
        await self._noted(lambda: self._queue.postpone(delivery, pause))
        return pause

    async def _noted(self, note: Callable[[], Awaitable[None]]) -> None:
        """Write what became of a message, until the store takes it: unwritten, it would hold back its person's next."""
        failures = 0
        while True:
            try:
                return await note()
            except Exception:
                log.exception("fate_not_noted", channel=self._carrier.channel)
                if self._stopping.is_set():
                    return None  # it stays "being handed over": the next process tries it again
                await first_of(self._stopping.wait(), seconds=_step(PAUSE_SECONDS, failures))
                failures += 1


def send_alone(assistant: Assistant, carrier: Carrier) -> AbstractAsyncContextManager[None]:
    """Hand over the messages of a channel while no other process does."""
    return assistant.leases.alone(sender_lease(carrier.channel), lambda: Sender(assistant, carrier).running())


def _step(seconds: tuple[float, ...], number: int) -> float:
    return seconds[min(max(number, 0), len(seconds) - 1)]


async def first_of(*waits: Awaitable[object], seconds: float) -> None:
    """Return when one of these happens, or when the time is over."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    with suppress(TimeoutError):
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
