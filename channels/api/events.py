"""Server-sent events of a conversation: its messages as they are stored, and its state."""

from __future__ import annotations

import json

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from bot.service.assistant import Assistant
from channels.api.access import find_open_conversation, open_conversation
from channels.api.conversations import is_message_id, read_message_id
from channels.api.message_json import message_json
from channels.failures import log_failure
from channels.keys import ASSISTANT, STREAMS

HEARTBEAT_SECONDS = 15.0
"""Below the idle time at which proxies and mobile networks cut a connection."""
_LOOK_SECONDS = 30.0
"""How often the store is read without any signal: another process may have erased the conversation."""


async def stream_events(request: web.Request) -> web.StreamResponse:
    """`GET /api/v1/conversations/{id}/events`: every message after the last one the client has."""
    conversation = await open_conversation(request)
    feed = _Feed(request.app[ASSISTANT], conversation.id, _last_seen(request))
    async with sse_response(request, ping_interval=HEARTBEAT_SECONDS) as response:
        try:
            await _send_until_closed(request, response, feed)
        except (ConnectionError, TimeoutError):
            pass  # the client left, or reads no more
        except Exception as error:  # noqa: BLE001
            # The response has begun, so no problem can be sent: the client comes back with Last-Event-ID.
            log_failure(request, error)
    return response


async def _send_until_closed(request: web.Request, response: EventSourceResponse, feed: _Feed) -> None:
    streams = request.app[STREAMS]
    with request.app[ASSISTANT].listen(feed.conversation_id) as event:
        while response.is_connected() and not streams.closing:
            event.clear()
            await feed.send_news(response)
            if await find_open_conversation(request) is None:
                return
            await streams.wait(event, _LOOK_SECONDS)


def _last_seen(request: web.Request) -> str | None:
    """Return the id to go on from. A browser that comes back sends Last-Event-ID, newer than `after`."""
    header = request.headers.get("Last-Event-ID", "")
    return header if is_message_id(header) else read_message_id(request.query.get("after"))


class _Feed:
    """What one client has been sent so far."""

    def __init__(self, assistant: Assistant, conversation_id: str, last_id: str | None) -> None:
        self.conversation_id = conversation_id
        self._assistant = assistant
        self._last_id = last_id
        self._state: str | None = None

    async def send_news(self, response: EventSourceResponse) -> None:
        """Send the messages and the state that the client does not have."""
        for message in await self._assistant.transcript(self.conversation_id, self._last_id):
            data = json.dumps(message_json(message), ensure_ascii=False)
            await response.send(data, event="message", id=message.id)
            self._last_id = message.id
        state = await self._assistant.state(self.conversation_id)
        if state != self._state:
            self._state = state
            await response.send(json.dumps({"state": state}), event="state")
