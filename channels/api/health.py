"""`GET /health`: can a question be answered, end to end, now?"""

from __future__ import annotations

from aiohttp import web

from channels.api.conversations import json_response
from channels.api.problems import problem_response
from channels.keys import ASSISTANT


async def show_health(request: web.Request) -> web.Response:
    """Return 200, or 503 with the part that is down, in words that name no person and no path."""
    health = await request.app[ASSISTANT].health()
    if health.ok:
        return json_response({"status": "ok", "parts": health.parts})
    return problem_response(503, parts=health.parts)
