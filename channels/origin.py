"""Refuse what another site sends in the name of a visitor (CSRF)."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

_OURS = ("same-origin", "none")
"""`none` is the person's own act (a reload, an address typed): no page can cause it."""


def comes_from_elsewhere(request: web.Request, public_url: str) -> bool:
    """Tell whether the browser says that another site started this request.

    `Sec-Fetch-Site` is set by the browser alone, so it decides. Older browsers send `Origin`, still older
    ones `Referer`. A request without any of the three is no page's doing: programs send none, and the
    SameSite=Strict cookie is the guard that remains.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site not in _OURS
    source = request.headers.get("Origin") or request.headers.get("Referer")
    return source is not None and _site(source) not in _own_names(request, public_url)


def _site(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _own_names(request: web.Request, public_url: str) -> set[str]:
    return {name for name in (request.host, urlsplit(public_url).netloc) if name}
