"""Read the body of a request within a size and a time: neither a big nor a slow client holds the server."""

from __future__ import annotations

import asyncio

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_exceptions import (
    HTTPBadRequest,
    HTTPRequestEntityTooLarge,
    HTTPRequestTimeout,
    HTTPUnsupportedMediaType,
)

READ_SECONDS = 20.0
"""Enough for 64 KiB at 5 KB a second, a bad rural connection."""


async def read_body(request: web.Request, limit: int) -> bytes:
    """Return the body. Raises the web exception 400, 408, 413 or 415 that fits."""
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise HTTPUnsupportedMediaType  # a compressed body could be a bomb, and nobody needs one here
    if (request.content_length or 0) > limit:
        raise HTTPRequestEntityTooLarge(limit, request.content_length or 0)
    body = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise HTTPRequestEntityTooLarge(limit, len(body))
    except TimeoutError:
        raise HTTPRequestTimeout from None
    except HttpProcessingError:
        raise HTTPBadRequest from None
    return bytes(body)
