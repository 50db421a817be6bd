"""What the application holds for SMS."""

from __future__ import annotations

from aiohttp import web

from channels.sms.gateway import SmsGateway

GATEWAY = web.AppKey("sms_gateway", SmsGateway)
