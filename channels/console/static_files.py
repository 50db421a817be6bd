"""The style and scripts of the console; they hold nothing of anyone, so the sign-in page has them too."""

from __future__ import annotations

from aiohttp import web

from channels.console.keys import CONSOLE
from channels.static_files import file_response


async def show_static(request: web.Request) -> web.Response:
    """`GET /console/static/{name}`."""
    return file_response(request, request.app[CONSOLE].static)
