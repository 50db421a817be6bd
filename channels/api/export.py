"""A copy of everything held about the person of a conversation."""

from __future__ import annotations

from aiohttp import web

from bot.service.own_data import as_text
from channels.address import address_word
from channels.api.access import open_conversation
from channels.api.problems import NOT_FOUND_CONVERSATION, Problem
from channels.export import export_response
from channels.keys import ASSISTANT, LIMITS, SETTINGS

FORMATS = ("json", "text")


async def export_conversation(request: web.Request) -> web.Response:
    """`GET /api/v1/conversations/{id}/export?format=json|text`."""
    conversation = await open_conversation(request)
    wanted = request.query.get("format", "json")
    if wanted not in FORMATS:
        raise Problem(422, f"Le paramètre « format » vaut : {' ou '.join(FORMATS)}.")
    address = address_word(request, request.app[SETTINGS].trusted_proxies)
    await request.app[LIMITS].count_message(address, conversation.id, None)
    found = await request.app[ASSISTANT].own_data.export(conversation.id)
    if found is None:
        raise Problem(404, NOT_FOUND_CONVERSATION)  # erased meanwhile
    return export_response(as_text(found), "txt") if wanted == "text" else export_response(found, "json")
