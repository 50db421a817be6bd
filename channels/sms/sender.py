"""The carrier of SMS: a gateway, its reports, and the budget of the month."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import structlog

from bot.render.gsm import count_segments, foreign_characters
from bot.service.assistant import Assistant
from bot.store.deliveries import Delivery
from channels.handing import first_of
from channels.sms.gateway import CHANNEL, Mt, SmsGateway
from channels.sms.settings import SmsSettings

JOIN_SECONDS = 30.0
log = structlog.get_logger()


class SmsCarrier:
    """Hands messages to a gateway."""

    channel = CHANNEL

    def __init__(
        self, assistant: Assistant, gateway: SmsGateway, session: aiohttp.ClientSession, settings: SmsSettings
    ) -> None:
        self._queue = assistant.deliveries
        self._gateway = gateway
        self._session = session
        self._settings = settings

    async def hand_over(self, delivery: Delivery) -> str | None:
        """Hand over a message and return the gateway's id of it, if it gives one. Raises CannotSend."""
        message = Mt(
            id=delivery.public_id,
            number=delivery.address,
            text=delivery.text,
            is_gsm=not foreign_characters(delivery.text),
            report_url=f"{self._settings.gateway_calls}/sms/{self._settings.sms_secret}/accuse",
        )
        return await self._gateway.send(self._session, message)

    def segments(self, delivery: Delivery) -> int:
        """Return in how many SMS a message is sent."""
        return count_segments(delivery.text)

    async def sent(self) -> None:
        """Say in the log, once a month each, that most or all of the budget is used."""
        budget = self._settings.sms_budget_segments
        if budget and (percent := await self._queue.budget_alert(budget)):
            log.error("sms_budget", percent_used=percent, segments_a_month=budget)


@asynccontextmanager
async def joining_parts(assistant: Assistant) -> AsyncIterator[None]:
    """Read, now and then until the end, the long messages whose last part never came."""
    stopping = asyncio.Event()
    task = asyncio.create_task(_join_until(assistant, stopping))
    try:
        yield
    finally:
        stopping.set()
        await asyncio.gather(task, return_exceptions=True)


async def _join_until(assistant: Assistant, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            await assistant.join_stale_parts()
        except Exception:
            log.exception("sms_parts_not_joined")
        await first_of(stopping.wait(), seconds=JOIN_SECONDS)
