"""Who may open a conversation: its token, or the page's own cookie."""

from __future__ import annotations

import re

from aiohttp import web

from bot.store.conversations import Conversation
from channels.api.problems import NOT_FOUND_CONVERSATION, Problem
from channels.cookie import CONVERSATION_ID, TOKEN, read_cookie
from channels.keys import ASSISTANT, SETTINGS
from channels.origin import comes_from_elsewhere

_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)


async def open_conversation(request: web.Request) -> Conversation:
    """Return the conversation of the address. Raises Problem 401, 403, or 404 for another's token.

    404 and not 403: whoever tries tokens does not learn which conversations exist.
    """
    found = await find_open_conversation(request)
    if found is None:
        raise Problem(404, NOT_FOUND_CONVERSATION)
    return found


async def find_open_conversation(request: web.Request) -> Conversation | None:
    """Return the conversation of the address, or None when there is none that the token opens."""
    conversation_id, token = request.match_info["id"], _token(request)
    if not CONVERSATION_ID.fullmatch(conversation_id) or not TOKEN.fullmatch(token):
        return None
    return await request.app[ASSISTANT].find_conversation(conversation_id, token)


def uses_cookie(request: web.Request) -> bool:
    """Tell whether the request relies on the page's cookie."""
    return "Authorization" not in request.headers and read_cookie(request) is not None


def _token(request: web.Request) -> str:
    header = request.headers.get("Authorization")
    if header is None:
        return _cookie_token(request)
    match = _BEARER.fullmatch(header)
    if match is None:
        raise _unauthorised()
    return match.group(1)


def _cookie_token(request: web.Request) -> str:
    credentials = read_cookie(request)
    if credentials is None:
        raise _unauthorised()
    if comes_from_elsewhere(request, request.app[SETTINGS].public_url):
        raise Problem(403, "Cette demande vient d'un autre site. Revenez sur la page de l'assistant.")
    return credentials.token


def _unauthorised() -> Problem:
    title = "Il manque le jeton de la conversation : envoyez l'en-tête Authorization: Bearer <token>."
    return Problem(401, title, {"WWW-Authenticate": "Bearer"})
