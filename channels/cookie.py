"""The page's cookie: `<conversation id>.<token>` for the session, `<id>.<token>.jour` until tonight.

No script reads it. A browser does not tell how long it keeps a cookie, so its value says which of the two it is.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from bot.model.french import PARIS
from bot.settings import Settings

COOKIE = "conversation"
UNTIL_TONIGHT = "jour"
CONVERSATION_ID = re.compile(r"[0-9a-f]{32}")
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True)
class Credentials:
    """What opens a conversation, and whether the browser was asked to keep it until tonight."""

    conversation_id: str
    token: str
    until_tonight: bool = False


def read_cookie(request: web.Request) -> Credentials | None:
    """Return the credentials of the cookie; anything that we did not write counts as no cookie."""
    conversation_id, _, rest = request.cookies.get(COOKIE, "").partition(".")
    token, mark, duration = rest.partition(".")
    if not CONVERSATION_ID.fullmatch(conversation_id) or not TOKEN.fullmatch(token):
        return None
    if mark and duration != UNTIL_TONIGHT:
        return None
    return Credentials(conversation_id, token, until_tonight=bool(mark))


def set_cookie(response: web.StreamResponse, credentials: Credentials, settings: Settings) -> None:
    """Give the conversation to the browser until it closes, or until tonight when its owner asked for it."""
    value, max_age = f"{credentials.conversation_id}.{credentials.token}", None
    if credentials.until_tonight:
        value, max_age = f"{value}.{UNTIL_TONIGHT}", seconds_until_midnight(datetime.now(PARIS))
    response.set_cookie(
        COOKIE,
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=settings.cookie_secure,
    )


def drop_cookie(response: web.StreamResponse, settings: Settings) -> None:
    """Take the conversation back from the browser."""
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict", secure=settings.cookie_secure)


def seconds_until_midnight(moment: datetime) -> int:
    """Return the seconds left of the day in France, 1 at least: 0 would take the cookie back at once."""
    tomorrow = moment.astimezone(PARIS).date() + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=PARIS)
    # Timestamps: between two times of the same zone Python counts every day as 24 hours.
    return max(1, math.floor(midnight.timestamp() - moment.timestamp()))
