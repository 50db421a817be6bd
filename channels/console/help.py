"""How the console works, and its shortcuts."""

from __future__ import annotations

from aiohttp import web

from channels.console.page import console_page
from channels.console.session import requires
from channels.console.shortcuts import SHORTCUTS
from channels.keys import SETTINGS


@requires()
async def show_help(request: web.Request) -> web.Response:
    """`GET /console/aide`."""
    days = request.app[SETTINGS].retention_days
    return console_page(request, "aide.html", title="Aide", shortcuts=SHORTCUTS, days=days)
