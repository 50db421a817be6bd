"""Let a browser keep its conversation until tonight, or only until it closes."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from channels.cookie import UNTIL_TONIGHT, read_cookie, set_cookie
from channels.form import read_form
from channels.keys import SETTINGS
from channels.web.visitor import find_conversation

STATE = "/conversation#garder"


async def keep_until_tonight(request: web.Request) -> web.Response:
    """`POST /garder`: give the cookie again, until tonight when `garder=jour`, else for the session."""
    fields = await read_form(request)
    response = web.Response(status=303, headers={"Location": STATE})
    credentials = read_cookie(request)
    if credentials is not None and await find_conversation(request) is not None:
        kept = replace(credentials, until_tonight=fields.get("garder") == UNTIL_TONIGHT)
        set_cookie(response, kept, request.app[SETTINGS])
    return response


def is_kept_until_tonight(request: web.Request) -> bool:
    """Tell whether this browser was asked to keep the conversation until tonight."""
    credentials = read_cookie(request)
    return credentials is not None and credentials.until_tonight
