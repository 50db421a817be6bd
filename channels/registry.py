"""The channels that write to people: a new one is a folder and a line in this list."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.service.sending import Voice
from channels.sms.gateway import CHANNEL as SMS
from channels.sms.service import ROUTES as SMS_ROUTES
from channels.sms.service import open_sms
from channels.sms.voice import speak_by_sms
from channels.telegram.service import ROUTES as TELEGRAM_ROUTES
from channels.telegram.service import open_telegram
from channels.telegram.updates import CHANNEL as TELEGRAM
from channels.telegram.voice import speak_on_telegram


@dataclass(frozen=True)
class Channel:
    """Its name, the addresses it is called at, what opens it with the application, and how it says an answer."""

    name: str
    routes: tuple[web.RouteDef, ...]
    open: Callable[[web.Application], AsyncIterator[None]]
    voice: Voice


CHANNELS = (
    Channel(SMS, SMS_ROUTES, open_sms, speak_by_sms),
    Channel(TELEGRAM, TELEGRAM_ROUTES, open_telegram, speak_on_telegram),
)
