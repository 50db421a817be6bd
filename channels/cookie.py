"""The page's cookie: `<conversation id>.<token>`, for the session only and never read by a script."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiohttp import web

from bot.settings import Settings

COOKIE = "conversation"
CONVERSATION_ID = re.compile(r"[0-9a-f]{32}")
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True)
class Credentials:
    """What opens a conversation."""

    conversation_id: str
    token: str


def read_cookie(request: web.Request) -> Credentials | None:
    """Return the credentials of the cookie; anything that we did not write counts as no cookie."""
    conversation_id, _, token = request.cookies.get(COOKIE, "").partition(".")
    if not CONVERSATION_ID.fullmatch(conversation_id) or not TOKEN.fullmatch(token):
        return None
    return Credentials(conversation_id, token)


def set_cookie(response: web.StreamResponse, credentials: Credentials, settings: Settings) -> None:
    """Give the conversation to the browser until it closes: on a shared computer nothing stays."""
    response.set_cookie(
        COOKIE,
        f"{credentials.conversation_id}.{credentials.token}",
        path="/",
        httponly=True,
        samesite="Strict",
        secure=settings.cookie_secure,
    )


def drop_cookie(response: web.StreamResponse, settings: Settings) -> None:
    """Take the conversation back from the browser."""
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict", secure=settings.cookie_secure)
