"""Server-sent events of the console: what waits, a danger, something new in the request that is open.

They tell that something happened, never what was said: the page then asks for it, as who signed in.
"""

from __future__ import annotations

import asyncio
import json

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from bot.service.accounts import Right, may
from bot.service.assistant import Assistant
from channels.console.keys import CONSOLE
from channels.console.session import requires, session_token, signed
from channels.console.told import Told
from channels.failures import log_failure
from channels.keys import ASSISTANT, STREAMS

HEARTBEAT_SECONDS = 15.0
"""Below the idle time at which proxies and mobile networks cut a connection."""
LOOK_SECONDS = 20.0
"""How often the store is read without any signal: another process may have changed it, or ended the session."""

REST_SECONDS = 0.3
"""Between two looks: whatever comes in a burst is told together, or each message would wake every page."""


@requires(Right.ANSWER)
async def stream(request: web.Request) -> web.StreamResponse:
    """`GET /console/evenements`: until the page closes or the session ends."""
    owner = signed(request)
    feed = _Feed(
        request.app[ASSISTANT],
        request.app[CONSOLE].told,
        owner.form_key,
        request.query.get("demande", "").strip().upper(),
        request.query.get("marque", ""),
    )
    async with sse_response(request, ping_interval=HEARTBEAT_SECONDS) as response:
        try:
            await _send_until_closed(request, response, feed)
        except (ConnectionError, TimeoutError):
            pass  # the client left, or reads no more
        except Exception as error:  # noqa: BLE001
            # The response has begun, so no page can be sent: the browser comes back by itself.
            log_failure(request, error)
    return response


async def _send_until_closed(request: web.Request, response: EventSourceResponse, feed: _Feed) -> None:
    streams, assistant = request.app[STREAMS], request.app[ASSISTANT]
    token = session_token(request)
    with assistant.desk.listen() as event:
        while response.is_connected() and not streams.closing:
            event.clear()
            owner = await assistant.accounts.find(token)
            if owner is None or not may(owner.account, Right.ANSWER):
                await response.send("{}", event="fin")
                return
            await feed.send_news(response)
            await streams.wait(event, LOOK_SECONDS)
            await asyncio.sleep(REST_SECONDS)


class _Feed:
    """What one page has been told so far."""

    def __init__(self, assistant: Assistant, told: Told, session: str, reference: str, mark: str) -> None:
        self._assistant = assistant
        self._told = told
        self._session = session
        self._reference = reference
        self._mark = mark
        self._waiting: tuple[str, ...] | None = None

    async def send_news(self, response: EventSourceResponse) -> None:
        """Tell what changed since the last time."""
        news = await self._assistant.desk.news()
        if news.newest != self._waiting:
            self._waiting = news.newest
            data = {"waiting": news.waiting, "newest": list(news.newest)}
            await response.send(json.dumps(data), event="file")
        for reference in self._told.fresh(self._session, news.dangers):
            await response.send(json.dumps({"reference": reference}), event="danger")
            self._told.add(self._session, [reference])
        if not self._reference:
            return
        mark = await self._assistant.desk.mark(self._reference)
        if mark != self._mark:
            self._mark = mark
            await response.send(json.dumps({"reference": self._reference}), event="message")
