"""Open a conversation, send messages, read them, erase everything."""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import web

from channels.address import address_word
from channels.api.access import open_conversation, uses_cookie
from channels.api.body import read_channel, read_message
from channels.api.message_json import last_words_json, message_json
from channels.api.problems import Problem
from channels.cookie import drop_cookie
from channels.exchange import exchange
from channels.keys import ASSISTANT, LIMITS, SETTINGS

_MESSAGE_ID = re.compile(r"[0-9a-f]{32}")


async def create_conversation(request: web.Request) -> web.Response:
    """`POST /api/v1/conversations`."""
    channel = await read_channel(request)
    settings = request.app[SETTINGS]
    await request.app[LIMITS].count_conversation(address_word(request, settings.trusted_proxies))
    conversation, token, welcome = await request.app[ASSISTANT].start_conversation(channel)
    body = {"id": conversation.id, "token": token, "messages": [message_json(message) for message in welcome]}
    return json_response(body, status=201)


async def send_message(request: web.Request) -> web.Response:
    """`POST /api/v1/conversations/{id}/messages`."""
    conversation = await open_conversation(request)
    incoming = await read_message(request)
    settings, assistant = request.app[SETTINGS], request.app[ASSISTANT]
    address = address_word(request, settings.trusted_proxies)
    await request.app[LIMITS].count_message(address, conversation.id, incoming.text)
    result = await exchange(assistant, conversation.id, incoming)
    if result.erased:
        response = json_response({"messages": [last_words_json(result.erased)], "state": "bot"})
        if uses_cookie(request):
            drop_cookie(response, settings)
        return response
    messages = [message_json(message) for message in result.replies]
    return json_response({"messages": messages, "state": await assistant.state(conversation.id)})


async def list_messages(request: web.Request) -> web.Response:
    """`GET /api/v1/conversations/{id}/messages`."""
    conversation = await open_conversation(request)
    after = read_message_id(request.query.get("after"))
    assistant = request.app[ASSISTANT]
    messages = [message_json(message) for message in await assistant.transcript(conversation.id, after)]
    return json_response({"messages": messages, "state": await assistant.state(conversation.id)})


async def delete_conversation(request: web.Request) -> web.Response:
    """`DELETE /api/v1/conversations/{id}`."""
    conversation = await open_conversation(request)
    await request.app[ASSISTANT].erase(conversation.id)
    response = web.Response(status=204)
    if uses_cookie(request):
        drop_cookie(response, request.app[SETTINGS])
    return response


def read_message_id(value: str | None) -> str | None:
    """Return the id of a message. Raises Problem 422 for what cannot be one."""
    if value is not None and not is_message_id(value):
        raise Problem(422, "« after » est l'identifiant d'un message de la conversation.")
    return value


def is_message_id(value: str) -> bool:
    """Tell whether a value has the form of our ids."""
    return _MESSAGE_ID.fullmatch(value) is not None


def json_response(data: dict[str, Any], status: int = 200) -> web.Response:
    """Return JSON in UTF-8, readable as it is."""
    return web.Response(
        status=status, body=json.dumps(data, ensure_ascii=False).encode(), content_type="application/json"
    )
