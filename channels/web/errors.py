"""Errors as pages: what happened, in plain words, and always a way on."""

from __future__ import annotations

from aiohttp import web

from channels.api_paths import is_api_path
from channels.talk.errors import Handler, Words, answer_errors
from channels.web.page import page


@web.middleware
async def answer_with_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong under the pages' addresses into a page."""
    if is_api_path(request.path):
        return await handler(request)
    return await answer_errors(request, handler, _error_page)


def _error_page(request: web.Request, status: int, words: Words) -> web.Response:
    return page(
        request,
        "erreur.html",
        status=status,
        title=f"Erreur : {words.title}",
        heading=words.title,
        advice=words.advice,
    )
