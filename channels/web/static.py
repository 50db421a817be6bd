"""The files the pages use."""

from __future__ import annotations

from aiohttp import web

from channels.static_files import file_response
from channels.web.page import PAGES


async def show_static(request: web.Request) -> web.Response:
    """`GET /static/{name}`."""
    return file_response(request, request.app[PAGES].static)
