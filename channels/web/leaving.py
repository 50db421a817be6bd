"""Leave fast: another site at once, and nothing of the conversation left in this browser."""

from __future__ import annotations

from aiohttp import web

from channels.cookie import drop_cookie
from channels.keys import SETTINGS
from channels.origin import comes_from_elsewhere


async def leave_fast(request: web.Request) -> web.Response:
    """`GET /quitter`. A link, not a form: browsers bind the redirection of a form to our own site.

    The conversation stays stored, so that a person may still answer; this browser no longer opens it.
    """
    settings = request.app[SETTINGS]
    response = web.Response(status=303, headers={"Location": str(settings.quit_url)})
    if not comes_from_elsewhere(request, settings.public_url):
        drop_cookie(response, settings)
    return response
