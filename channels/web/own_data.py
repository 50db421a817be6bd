"""What is held about the visitor: a page that says it, and the whole of it as files. The cookie alone opens them."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.service.own_data import as_text
from channels.export import export_response
from channels.keys import ASSISTANT, LIMITS
from channels.talk.html import UNDER_TITLE, answer_html
from channels.talk.surface import visitor_address
from channels.web.page import page
from channels.web.visitor import find_conversation

TITLE = "Mes données"


async def show_own_data(request: web.Request) -> web.Response:
    """`GET /mes-donnees`."""
    conversation = await find_conversation(request)
    summary = await request.app[ASSISTANT].own_data.summary(conversation.id) if conversation else None
    words = answer_html(summary, UNDER_TITLE) if summary else None
    return page(request, "mes_donnees.html", title=TITLE, words=words)


async def give_text(request: web.Request) -> web.Response:
    """`GET /mes-donnees/copie.txt`."""
    found = await _export(request)
    return _nothing(request) if found is None else export_response(as_text(found), "txt")


async def give_json(request: web.Request) -> web.Response:
    """`GET /mes-donnees/copie.json`."""
    found = await _export(request)
    return _nothing(request) if found is None else export_response(found, "json")


async def _export(request: web.Request) -> dict[str, Any] | None:
    conversation = await find_conversation(request)
    if conversation is None:
        return None
    await request.app[LIMITS].count_message(visitor_address(request), conversation.id, None)
    found: dict[str, Any] | None = await request.app[ASSISTANT].own_data.export(conversation.id)
    return found


def _nothing(request: web.Request) -> web.Response:
    return page(request, "mes_donnees.html", status=404, title=TITLE, words=None)
