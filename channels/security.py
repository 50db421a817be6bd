"""Headers of every response, whatever made it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import hdrs, web

from bot.settings import Settings

STATIC_PREFIX = "/static/"
STYLE = (Path(__file__).parent / "web" / "static" / "style.css").read_text(encoding="utf-8")
"""The style of every page, as it stands in them: allowed by its hash, and nothing else of the kind."""


def _hash_source(text: str) -> str:
    """Return the source expression of an inline text (Content Security Policy Level 3, 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def content_policy(style_source: str, *, ancestors: str = "'none'", form_targets: str = "'self'") -> str:
    """Return the Content-Security-Policy of pages whose style comes from there, and nothing else from elsewhere.

    `ancestors` may show the page in a frame; `form_targets` is where a form may lead, its redirections too.
    """
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; "
        f"style-src {style_source}; img-src 'self' data:; form-action {form_targets}; "
        f"base-uri 'none'; frame-ancestors {ancestors}"
    )


HEADERS = {
    "Content-Security-Policy": content_policy(f"'{_hash_source(STYLE)}'"),
    "X-Content-Type-Options": "nosniff",
    # Other sites learn nothing, as with no-referrer; but no-referrer makes browsers send `Origin: null`
    # with our own forms, and the oldest ones could then not be told from a forgery.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
_HSTS = "max-age=31536000"
_STREAM = "text/event-stream"
_COMPRESSED = ("text/html", "text/css", "text/javascript", "application/json", "application/problem+json")
_WORTH_COMPRESSING = 600
"""Bytes below which gzip saves less than a packet."""


def add_security_headers(settings: Settings) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return the signal handler that finishes the headers just before they leave."""

    async def finish_headers(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers.pop(hdrs.SERVER, None)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.cookie_secure:
            response.headers.setdefault("Strict-Transport-Security", _HSTS)
        # Whatever shows a conversation must not stay on a shared computer: the rest asks to be kept.
        response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
        if response.content_type == _STREAM:  # aiohttp-sse says no-cache, which may be kept
            response.headers[hdrs.CACHE_CONTROL] = "no-store"

    return finish_headers


@web.middleware
async def compress(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Compress pages, style and JSON. No page holds a secret beside what a visitor wrote (BREACH).

    Pages of the console do, but no other site can make a browser ask for them: their cookie is SameSite=Strict,
    and the word in their forms is another on each page.
    """
    response = await handler(request)
    if isinstance(response, web.Response) and response.content_type in _COMPRESSED:
        response.headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
        accepted = request.headers.get(hdrs.ACCEPT_ENCODING, "").lower()
        if "gzip" in accepted and (response.content_length or 0) > _WORTH_COMPRESSING:
            response.enable_compression(web.ContentCoding.gzip)
    return response
