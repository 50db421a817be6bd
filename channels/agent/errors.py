"""Errors in the frame of the desk: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from channels.agent.keys import is_agent_path
from channels.agent.page import agent_page
from channels.console.errors import Words, answer_errors


@web.middleware
async def answer_with_agent_pages(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn whatever goes wrong under the addresses of the desk into a page of it."""
    if not is_agent_path(request.path):
        return await handler(request)
    return await answer_errors(request, handler, _error_page)


def _error_page(request: web.Request, status: int, words: Words) -> web.Response:
    return agent_page(
        request,
        "erreur.html",
        status=status,
        title=f"Erreur : {words.title}",
        heading=words.title,
        advice=words.advice,
    )
