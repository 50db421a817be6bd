"""What the application holds for its handlers, each under a typed key."""

from __future__ import annotations

from aiohttp import web

from bot.service.assistant import Assistant
from bot.settings import Settings
from channels.limits import Limits
from channels.streams import OpenStreams

SETTINGS = web.AppKey("settings", Settings)
ASSISTANT = web.AppKey("assistant", Assistant)
LIMITS = web.AppKey("limits", Limits)
STREAMS = web.AppKey("streams", OpenStreams)
