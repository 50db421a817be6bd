"""The file of a person's own data, the same for the pages and the API."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import hdrs, web

NAME = "mes-donnees"
_TYPES = {"json": "application/json", "txt": "text/plain"}


def export_response(content: dict[str, Any] | str, extension: str) -> web.Response:
    """Return a file to save, never to keep in a cache (`channels/security.py` says so too)."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=2)
    return web.Response(
        body=text.encode("utf-8", "replace"),
        content_type=_TYPES[extension],
        charset="utf-8" if extension == "txt" else None,
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{NAME}.{extension}"',
            hdrs.CACHE_CONTROL: "no-store",
        },
    )
