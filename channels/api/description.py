"""`GET /api/v1/openapi.json`: what the API is, in OpenAPI 3.1, written by hand in openapi.yml."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import yaml
from aiohttp import web

DESCRIPTION = Path(__file__).parent / "openapi.yml"


async def show_description(_request: web.Request) -> web.Response:
    """Return the description."""
    return web.Response(
        body=_description(), content_type="application/json", headers={"Cache-Control": "public, max-age=300"}
    )


@lru_cache(maxsize=1)
def _description() -> bytes:
    return json.dumps(yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8")), ensure_ascii=False).encode()
