"""Read the forms of the pages."""

from __future__ import annotations

from urllib.parse import parse_qsl

from aiohttp import web

from channels.body import read_body
from channels.keys import SETTINGS
from channels.origin import comes_from_elsewhere

MAX_FORM = 64 * 1024
"""More than the 16 KiB of the API: a text too long by half must come back in its field, not be lost, and
2,000 characters of Arabic take 12 KB once a form has encoded them."""
MAX_FIELDS = 20
FORM_ID = "form_id"


async def read_form(request: web.Request) -> dict[str, str]:
    """Return the fields of the form, the first value of each. Raises 400, 403, 408, 413 or 415."""
    return {name: values[0] for name, values in (await read_fields(request)).items()}


async def read_fields(request: web.Request, max_fields: int = MAX_FIELDS) -> dict[str, list[str]]:
    """Return the fields of the form, every value of each. Raises 400, 403, 408, 413 or 415."""
    if comes_from_elsewhere(request, request.app[SETTINGS].public_url):
        raise web.HTTPForbidden
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    body = await read_body(request, MAX_FORM)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=max_fields)
    except ValueError:
        raise web.HTTPBadRequest from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields
