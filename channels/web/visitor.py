"""The conversation of whoever visits, from the cookie."""

from __future__ import annotations

from aiohttp import web

from bot.store.conversations import Conversation
from channels.cookie import read_cookie
from channels.keys import ASSISTANT


async def find_conversation(request: web.Request) -> Conversation | None:
    """Return the conversation that the cookie opens, if it still exists."""
    credentials = read_cookie(request)
    if credentials is None:
        return None
    return await request.app[ASSISTANT].find_conversation(credentials.conversation_id, credentials.token)
