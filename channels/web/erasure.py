"""Erase a conversation: say what disappears, ask once, do it, say it is done."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web
from markupsafe import Markup

from bot.model.answer import Answer
from channels.cookie import drop_cookie
from channels.form import read_form
from channels.keys import ASSISTANT, SETTINGS
from channels.talk.html import UNDER_TITLE, answer_html
from channels.web.page import page
from channels.web.visitor import find_conversation


async def ask_erasure(request: web.Request) -> web.Response:
    """`GET /effacer`."""
    return page(
        request,
        "effacer.html",
        title="Effacer ma conversation",
        question=_without_titles(request.app[ASSISTANT].composer.erase_question()),
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
    words = answer_html(request.app[ASSISTANT].composer.erased(), UNDER_TITLE)
    return page(request, "efface.html", title="Conversation effacée", words=words)


def _without_titles(answer: Answer) -> Markup:
    """Return an answer without its titles: the page has the same one."""
    return answer_html(replace(answer, blocks=tuple(replace(block, title=None) for block in answer.blocks)))
