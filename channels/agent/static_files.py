"""The files that pages of the desk use."""

from __future__ import annotations

from aiohttp import web

from channels.agent.keys import DESK
from channels.static_files import file_response


async def show_static(request: web.Request) -> web.Response:
    """`GET /agent/static/{name}`."""
    return file_response(request, request.app[DESK].static)
