"""The files the pages use, read once and kept by browsers for a year under the name of their version."""

from __future__ import annotations

import mimetypes

from aiohttp import web

from channels.web.page import PAGES, file_version

mimetypes.add_type("font/woff2", ".woff2")  # not known everywhere
_A_YEAR = "public, max-age=31536000, immutable"
_A_MINUTE = "public, max-age=60"


async def show_static(request: web.Request) -> web.Response:
    """`GET /static/{name}`."""
    name = request.match_info["name"]
    content = request.app[PAGES].static.get(name)
    if content is None:
        raise web.HTTPNotFound
    # A font never changes under its name; the rest is asked for under its version.
    is_versioned = name.endswith(".woff2") or request.query.get("v") == file_version(content)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return web.Response(
        body=content,
        content_type=kind,
        charset="utf-8" if kind.startswith("text/") else None,
        headers={"Cache-Control": _A_YEAR if is_versioned else _A_MINUTE},
    )
