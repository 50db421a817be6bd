"""Open and close SMS with the application: nothing at all when no gateway is set."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web

from bot.settings import Settings
from channels.channel import Channel
from channels.handing import send_alone
from channels.keys import ASSISTANT, SETTINGS
from channels.sms import webhook
from channels.sms.gateway import CHANNEL as NAME
from channels.sms.gateways import GATEWAYS
from channels.sms.keys import GATEWAY
from channels.sms.sender import SmsCarrier, joining_parts
from channels.sms.settings import SmsSettings
from channels.sms.voice import speak_by_sms

ROUTES = (
    web.get("/sms/{secret}/message", webhook.take_message, allow_head=False),
    web.post("/sms/{secret}/message", webhook.take_message),
    web.get("/sms/{secret}/accuse", webhook.take_report, allow_head=False),
    web.post("/sms/{secret}/accuse", webhook.take_report),
)


def is_set_up(settings: Settings) -> bool:
    """Tell whether a gateway is set."""
    return bool(SmsSettings.of(settings).sms_gateway)


async def open_sms(app: web.Application) -> AsyncIterator[None]:
    """Open the gateway of the settings and send what waits, until the application stops."""
    settings = SmsSettings.of(app[SETTINGS])
    if not is_set_up(settings):
        yield
        return
    gateway = GATEWAYS[settings.sms_gateway](settings)
    app[GATEWAY] = gateway
    async with (
        aiohttp.ClientSession() as session,
        send_alone(app[ASSISTANT], SmsCarrier(app[ASSISTANT], gateway, session, settings)),
        joining_parts(app[ASSISTANT]),
    ):
        yield


CHANNEL = Channel(
    name=NAME,
    label="SMS",
    network="au réseau",
    is_set_up=is_set_up,
    routes=ROUTES,
    open=open_sms,
    voice=speak_by_sms,
    counts_segments=True,
)
