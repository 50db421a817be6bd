"""The conversation of whoever visits, from the cookie."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.store.conversations import Conversation
from channels.address import address_word
from channels.cookie import Credentials, read_cookie
from channels.keys import ASSISTANT, LIMITS, SETTINGS
from channels.web.page import PAGES


@dataclass(frozen=True)
class Visitor:
    """A conversation, and what opens it. `is_new` when the cookie is still to be given."""

    conversation_id: str
    credentials: Credentials
    is_new: bool = False


async def find_conversation(request: web.Request) -> Conversation | None:
    """Return the conversation that the cookie opens, if it still exists."""
    credentials = read_cookie(request)
    if credentials is None:
        return None
    return await request.app[ASSISTANT].find_conversation(credentials.conversation_id, credentials.token)


async def find_or_start(request: web.Request, action_key: str | None, text: str | None) -> Visitor:
    """Return the visitor's conversation, or a new one. Raises TooMany, but never for a danger."""
    credentials = read_cookie(request)
    found = await find_conversation(request)
    if found is not None and credentials is not None:
        return Visitor(found.id, credentials)
    fresh = await request.app[PAGES].new_conversations.run(action_key, lambda: _start(request, text))
    return Visitor(fresh.conversation_id, fresh, is_new=True)


async def _start(request: web.Request, text: str | None) -> Credentials:
    await request.app[LIMITS].count_conversation(visitor_address(request), text)
    conversation, token, _ = await request.app[ASSISTANT].start_conversation("web")
    return Credentials(conversation.id, token)


def visitor_address(request: web.Request) -> str:
    """Return the opaque word for where the visitor comes from."""
    return address_word(request, request.app[SETTINGS].trusted_proxies)
