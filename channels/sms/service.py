"""Open and close SMS with the application: nothing at all when no gateway is set."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web

from channels.keys import ASSISTANT, SETTINGS
from channels.sms.gateways import GATEWAYS
from channels.sms.keys import GATEWAY
from channels.sms.sender import SmsSender


async def open_sms(app: web.Application) -> AsyncIterator[None]:
    """Open the gateway of the settings and send what waits, until the application stops."""
    settings = app[SETTINGS]
    if not settings.sms_gateway:
        yield
        return
    gateway = GATEWAYS[settings.sms_gateway](settings)
    app[GATEWAY] = gateway
    async with (
        aiohttp.ClientSession() as session,
        SmsSender(app[ASSISTANT], gateway, session, settings).running(),
    ):
        yield
