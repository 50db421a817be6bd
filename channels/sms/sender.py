"""Hand what waits to the gateway, one message at a time.

One at a time, because no gateway takes a key that would make a second call harmless: a process killed at this instant
repeats at most the message it was handing over.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress

import aiohttp
import structlog

from bot.render.gsm import count_segments, foreign_characters
from bot.service.assistant import Assistant
from bot.settings import Settings
from bot.store.deliveries import Delivery
from channels.sms.gateway import CHANNEL, CannotSend, Mt, SmsGateway

RETRY_SECONDS = (2.0, 5.0, 15.0, 60.0, 300.0)
"""Waits before another try of a message; the last one again until the message is past its use."""
PAUSE_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Waits of the whole queue while the gateway is away."""
REPORT_SECONDS = 5.0
"""After a crash, time for a report to tell that the message being handed over had gone."""
IDLE_SECONDS = 30.0
log = structlog.get_logger()


class SmsSender:
    """The one who hands over. Runs in the process of the channels."""

    def __init__(
        self, assistant: Assistant, gateway: SmsGateway, session: aiohttp.ClientSession, settings: Settings
    ) -> None:
        self._assistant = assistant
        self._queue = assistant.deliveries
        self._gateway = gateway
        self._session = session
        self._settings = settings
        self._refusals = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send until the end; the message being handed over at that moment is finished first."""
        await self._queue.recover(CHANNEL, REPORT_SECONDS)
        stopping = asyncio.Event()
        tasks = [
            asyncio.create_task(self._send_until(stopping)),
            asyncio.create_task(self._join_until(stopping)),
        ]
        try:
            yield
        finally:
            stopping.set()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _send_until(self, stopping: asyncio.Event) -> None:
        with self._assistant.listen_to_all() as news:
            while not stopping.is_set():
                news.clear()
                try:
                    pause = await self._send_one()
                except Exception:
                    log.exception("sms_sending_failed")  # the store is away: nothing is lost by waiting
                    pause = PAUSE_SECONDS[-1]
                if pause is None:
                    await _first_of(stopping.wait(), news.wait(), seconds=await self._rest())
                elif pause:
                    await _first_of(stopping.wait(), seconds=pause)

    async def _join_until(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                await self._assistant.join_stale_parts()
            except Exception:
                log.exception("sms_parts_not_joined")
            await _first_of(stopping.wait(), seconds=IDLE_SECONDS)

    async def _rest(self) -> float:
        try:
            seconds = await self._queue.seconds_to_next(CHANNEL)
        except Exception:
            log.exception("sms_queue_not_read")
            return IDLE_SECONDS
        # At least a moment: a message that is due may be held back by an earlier one of the same person.
        return IDLE_SECONDS if seconds is None else min(max(seconds, 0.05), IDLE_SECONDS)

    async def _send_one(self) -> float | None:
        """Hand over the next message. Returns the seconds to pause, None when nothing is due."""
        delivery = await self._queue.take_next(CHANNEL)
        if delivery is None:
            return None
        try:
            gateway_id = await self._gateway.send(self._session, self._message(delivery))
        except CannotSend as refusal:
            return await self._not_sent(delivery, refusal)
        except Exception:
            log.exception("sms_gateway_failed")
            return await self._not_sent(delivery, CannotSend("unexpected", retry=True, away=True))
        self._refusals = 0
        await self._queue.accepted(delivery, CHANNEL, gateway_id, count_segments(delivery.text))
        await self._watch_budget()
        return 0.0

    def _message(self, delivery: Delivery) -> Mt:
        return Mt(
            id=delivery.public_id,
            number=delivery.address,
            text=delivery.text,
            is_gsm=not foreign_characters(delivery.text),
            report_url=f"{self._settings.gateway_calls}/sms/{self._settings.sms_secret}/accuse",
        )

    async def _not_sent(self, delivery: Delivery, refusal: CannotSend) -> float:
        """Try again later what can be, end what cannot; pause everything while the gateway is away."""
        log.warning(
            "sms_not_sent",
            reason=refusal.reason,
            retry=refusal.retry,
            attempt=delivery.attempts,
            conversation=delivery.conversation_id,
        )
        if not refusal.retry:
            await self._queue.failed(delivery, CHANNEL)
            return 0.0
        if not refusal.away:
            await self._queue.postpone(delivery, refusal.after or _step(RETRY_SECONDS, delivery.attempts - 1))
            return 0.0
        pause = refusal.after or _step(PAUSE_SECONDS, self._refusals)
        self._refusals += 1
        await self._queue.postpone(delivery, pause)
        return pause

    async def _watch_budget(self) -> None:
        budget = self._settings.sms_budget_segments
        if budget and (percent := await self._queue.budget_alert(budget)):
            log.error("sms_budget", percent_used=percent, segments_a_month=budget)


def _step(seconds: tuple[float, ...], number: int) -> float:
    return seconds[min(max(number, 0), len(seconds) - 1)]


async def _first_of(*waits: Awaitable[object], seconds: float) -> None:
    """Return when one of these happens, or when the time is over."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    with suppress(TimeoutError):
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
