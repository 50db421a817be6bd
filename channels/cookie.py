"""The cookie of a conversation: `<conversation id>.<token>` for the session, `<id>.<token>.jour` until tonight.

No script reads it. A browser does not tell how long it keeps a cookie, so its value says which of the two it is.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import hdrs, web

from bot.model.french import PARIS
from bot.settings import Settings
from channels.keys import SETTINGS

UNTIL_TONIGHT = "jour"
CONVERSATION_ID = re.compile(r"[0-9a-f]{32}")
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True)
class Cookie:
    """Under which name and path a cookie goes.

    `in_frames`: a page shown within another site gets it. Such a cookie is SameSite=None, so it proves nothing of who
    sends a form; it is Partitioned, so another site that shows the same page gets another one (CHIPS).
    """

    name: str
    path: str = "/"
    in_frames: bool = False

    def name_for(self, settings: Settings) -> str:
        """Return the name it goes under. Behind https, browsers refuse one so named that a sister site has planted."""
        if not settings.cookie_secure:
            return self.name
        return f"__Host-{self.name}" if self.path == "/" else f"__Secure-{self.name}"


PAGE_COOKIE = Cookie("conversation")


@dataclass(frozen=True)
class Credentials:
    """What opens a conversation, and whether the browser was asked to keep it until tonight."""

    conversation_id: str
    token: str
    until_tonight: bool = False


def read_cookie(request: web.Request, cookie: Cookie = PAGE_COOKIE) -> Credentials | None:
    """Return the credentials of the cookie; anything that we did not write counts as no cookie."""
    return read_credentials(given_cookie(request, cookie))


def given_cookie(request: web.Request, cookie: Cookie) -> str:
    """Return what the browser gives under the name of a cookie, whoever wrote it; "" for nothing."""
    return request.cookies.get(cookie.name_for(request.app[SETTINGS]), "")


def write_credentials(credentials: Credentials) -> str:
    """Return the credentials as a cookie, or a form that stands for it, carries them."""
    value = f"{credentials.conversation_id}.{credentials.token}"
    return f"{value}.{UNTIL_TONIGHT}" if credentials.until_tonight else value


def read_credentials(value: str) -> Credentials | None:
    """Return what `write_credentials` wrote, or None for anything else."""
    conversation_id, _, rest = value.partition(".")
    token, mark, duration = rest.partition(".")
    if not CONVERSATION_ID.fullmatch(conversation_id) or not TOKEN.fullmatch(token):
        return None
    if mark and duration != UNTIL_TONIGHT:
        return None
    return Credentials(conversation_id, token, until_tonight=bool(mark))


def set_cookie(
    response: web.StreamResponse, credentials: Credentials, settings: Settings, cookie: Cookie = PAGE_COOKIE
) -> None:
    """Give the conversation to the browser until it closes, or until tonight when its owner asked for it."""
    max_age = seconds_until_midnight(datetime.now(PARIS)) if credentials.until_tonight else None
    send_cookie(response, cookie, write_credentials(credentials), max_age, settings)


def drop_cookie(response: web.StreamResponse, settings: Settings, cookie: Cookie = PAGE_COOKIE) -> None:
    """Take the conversation back from the browser."""
    send_cookie(response, cookie, "", 0, settings)


def send_cookie(
    response: web.StreamResponse, cookie: Cookie, value: str, max_age: int | None, settings: Settings
) -> None:
    """Write a cookie that no script reads: for `max_age` seconds, None for as long as the browser is open."""
    if cookie.in_frames:
        # By hand: the cookies of Python 3.11 do not know Partitioned. Browsers refuse SameSite=None without Secure.
        age = "" if max_age is None else f"; Max-Age={max_age}"
        response.headers.add(
            hdrs.SET_COOKIE,
            f"{cookie.name_for(settings)}={value}{age}; Path={cookie.path}; HttpOnly; SameSite=None; Secure; Partitioned",
        )
        return
    response.set_cookie(
        cookie.name_for(settings),
        value,
        max_age=max_age,
        path=cookie.path,
        httponly=True,
        samesite="Strict",
        secure=settings.cookie_secure,
    )


def seconds_until_midnight(moment: datetime) -> int:
    """Return the seconds left of the day in France, 1 at least: 0 would take the cookie back at once."""
    tomorrow = moment.astimezone(PARIS).date() + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=PARIS)
    # Timestamps: between two times of the same zone Python counts every day as 24 hours.
    return max(1, math.floor(midnight.timestamp() - moment.timestamp()))
