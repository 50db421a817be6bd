"""Who is signed in at the console: the cookie, the guard of every page, and the forms."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import quote, urlsplit

import structlog
from aiohttp import hdrs, web

from bot.service.accounts import Right, may
from bot.service.sign_in import Signed
from channels.console.form_token import FIELD, action_key
from channels.console.keys import ACCOUNT, CHANGE_PASSWORD, DESK, FORM, HOME, SIGN_IN, SIGNED
from channels.console.page import console_page
from channels.cookie import Cookie, given_cookie, send_cookie
from channels.form import read_fields
from channels.keys import ASSISTANT, SETTINGS

COOKIE = Cookie("console")
"""Of every path: one session opens /console and /agent."""
MAX_FIELDS = 120
"""A closing form ticks what blocked among some dozens."""
SECRET_FIELDS = frozenset({"mot_de_passe", "ancien", "nouveau", "code"})
"""Never given back in a page."""
GUARDED: dict[Callable[..., Awaitable[web.StreamResponse]], Right | None] = {}
"""The handlers that somebody must sign in for, and the right each asks; tests hold the routes against it."""
_NEXT = re.compile(r"/(?:console|agent)(?:[/?][\x21-\x7e]*)?")
_LONGEST_NEXT = 500
log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class NotAllowed(web.HTTPForbidden):
    """Somebody signed in whose role does not open this page."""


def requires(right: Right | None = None, *, even_must_change: bool = False) -> Callable[[Handler], Handler]:
    """Guard a handler: signed in, with this right, and for a POST with a form of a page of this session.

    Who must change their password first is sent there, unless `even_must_change`.
    """

    def guard(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            found = await find_signed(request)
            if found is None:
                return await _ask_to_sign_in(request)
            if found.account.must_change and not even_must_change:
                raise web.HTTPSeeOther(CHANGE_PASSWORD)
            if right is not None and not may(found.account, right):
                log.warning("not_allowed", account=found.account.id, right=right.value)
                raise NotAllowed
            if request.method == hdrs.METH_POST and not await take_form(request, found):
                return keep_page(request)
            return await handler(request)

        GUARDED[guarded] = right
        return guarded

    return guard


def signed(request: web.Request) -> Signed:
    """Return who is signed in, in a handler that `requires` guards."""
    return request[SIGNED]


async def read_console_form(request: web.Request) -> dict[str, list[str]]:
    """Return the fields of the form, which `requires` has read and found to be of this session."""
    return request[FORM]


def first_of(fields: dict[str, list[str]], name: str) -> str:
    """Return the first value of a field, without spaces around; "" when it is not there."""
    return fields.get(name, [""])[0].strip()


async def find_signed(request: web.Request) -> Signed | None:
    """Return who the cookie is of, and keep it for the page."""
    token = session_token(request)
    found = await request.app[ASSISTANT].accounts.find(token) if token else None
    if found is not None:
        request[SIGNED] = found
    return found


async def take_form(request: web.Request, owner: Signed) -> bool:
    """Read the form; False when no page of this session showed it. Raises 400, 403 (another site), 408, 413, 415."""
    request[FORM] = await read_fields(request, MAX_FIELDS)
    return action_key(owner, request[FORM]) is not None


def session_token(request: web.Request) -> str:
    """Return the token of the cookie, as the browser gives it."""
    return given_cookie(request, COOKIE)


def set_session(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give a session to the browser until it closes; the service ends it before, see bot/store/sessions.py."""
    send_cookie(response, COOKIE, token, None, request.app[SETTINGS])


def drop_session(request: web.Request, response: web.StreamResponse) -> None:
    """Take the session back from the browser."""
    send_cookie(response, COOKIE, "", 0, request.app[SETTINGS])


def safe_next(path: str) -> str:
    """Return a page of the console or the desk to go on to, "" for the rest: no address leads to another site."""
    if len(path) > _LONGEST_NEXT or not _NEXT.fullmatch(path) or ".." in path:
        return ""
    return "" if urlsplit(path).path.rstrip("/") in (SIGN_IN, f"{HOME}/code") else path


def home_of(owner: Signed) -> str:
    """Return the first page of somebody: the queue for who answers, the search for who receives people."""
    if may(owner.account, Right.ANSWER):
        return HOME
    return DESK if may(owner.account, Right.DESK) else ACCOUNT


def sign_in_address(following: str) -> str:
    """Return the address to sign in at, and go on from."""
    return f"{SIGN_IN}?suite={quote(following, safe='/')}" if following else SIGN_IN


async def _ask_to_sign_in(request: web.Request) -> web.StreamResponse:
    if request.method != hdrs.METH_POST:
        raise web.HTTPSeeOther(sign_in_address(safe_next(request.path_qs)))
    request[FORM] = await read_fields(request, MAX_FIELDS)
    return keep_page(request)


def keep_page(request: web.Request) -> web.Response:
    """Return a page that gives back what was typed, when its session ended or was replaced: nothing was done."""
    fields = request[FORM]
    is_secret = not SECRET_FIELDS.isdisjoint(fields)
    pairs = [] if is_secret else [(n, v) for n, values in fields.items() if n != FIELD for v in values]
    return console_page(
        request,
        "garde.html",
        status=403,
        title="Erreur : votre envoi n'est pas pris",
        action=request.path_qs,
        pairs=pairs,
        texts=[value for _, value in pairs if " " in value.strip() or "\n" in value.strip()],
        sign_in=SIGN_IN,
    )
