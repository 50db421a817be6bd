"""Erase a conversation: say what disappears, ask once, do it, say it is done."""

from __future__ import annotations

from aiohttp import web

from channels.cookie import drop_cookie
from channels.keys import ASSISTANT, SETTINGS
from channels.web.form import read_form
from channels.web.page import answer_html, page
from channels.web.visitor import find_conversation


async def ask_erasure(request: web.Request) -> web.Response:
    """`GET /effacer`."""
    return page(
        request,
        "effacer.html",
        title="Effacer ma conversation",
        question=answer_html(request.app[ASSISTANT].composer.erase_question()),
        has_conversation=await find_conversation(request) is not None,
    )


async def erase(request: web.Request) -> web.Response:
    """`POST /effacer`. Sent twice, it erases once and says the same."""
    await read_form(request)
    conversation = await find_conversation(request)
    if conversation is not None:
        await request.app[ASSISTANT].erase(conversation.id)
    response = web.Response(status=303, headers={"Location": "/efface"})
    drop_cookie(response, request.app[SETTINGS])
    return response


async def show_erased(request: web.Request) -> web.Response:
    """`GET /efface`."""
    words = answer_html(request.app[ASSISTANT].composer.erased())
    return page(request, "efface.html", title="Conversation effacée", words=words)
