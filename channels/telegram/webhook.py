"""What Telegram calls, with the secret it was given: an update, stored before it is acknowledged."""

from __future__ import annotations

import hmac
import json

import structlog
from aiohttp import web
from aiohttp.web_exceptions import HTTPException

from bot.service.logs import failure
from channels.body import read_body
from channels.failures import is_store_away
from channels.keys import ASSISTANT, SETTINGS
from channels.telegram.keys import ROBOT
from channels.telegram.settings import TelegramSettings

MAX_BODY = 256 * 1024
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
log = structlog.get_logger()


async def take_update(request: web.Request) -> web.Response:
    """`POST /telegram/maj`."""
    settings = TelegramSettings.of(request.app[SETTINGS])
    if settings.telegram_mode != "webhook":
        raise web.HTTPNotFound
    given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, settings.telegram_secret.encode()):
        log.warning("telegram_refused")
        await request.app[ASSISTANT].deliveries.count("telegram_refused")
        return web.Response(status=403)
    try:
        return web.Response(status=await _take(request))
    except HTTPException as error:
        return web.Response(status=error.status)
    except Exception as error:
        log.exception("telegram_call_failed", **failure(error))
        return web.Response(status=503 if is_store_away(error) else 500)


async def _take(request: web.Request) -> int:
    """Store the update of a call; return the status to acknowledge it with."""
    robot = request.app[ROBOT].robot
    if robot is None:
        return 503  # not open yet: Telegram calls again
    try:
        data = json.loads(await read_body(request, MAX_BODY))
    except (ValueError, RecursionError):
        return 400
    if not isinstance(data, dict):
        return 400
    await robot.take(data)
    return 200
