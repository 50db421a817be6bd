"""Make the pages of the kiosk: large, with no way out to the web, and wiped when nobody touches the screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment

from channels.form_id import FORM_IDS
from channels.keys import SETTINGS
from channels.security import content_policy
from channels.static_files import file_version, read_files
from channels.talk.surface import At
from channels.talk.templates import open_templates

HERE = Path(__file__).parent
BASE = "/borne"
WARNING_SECONDS = 30
"""To say that one is still there: WCAG 2.2.1 asks for 20 at least."""
AT = At(f"{BASE}/message", f"{BASE}/conversation", report="")
_POLICY = content_policy("'self'")


@dataclass(frozen=True)
class Kiosk:
    """What its pages share."""

    templates: Environment
    static: dict[str, bytes]


KIOSK = web.AppKey("kiosk", Kiosk)


def prepare_kiosk(app: web.Application) -> None:
    """Load templates and static files once, before anything is served."""
    templates = open_templates(HERE / "templates")
    static = read_files(HERE / "static")

    def static_url(name: str) -> str:
        return f"{BASE}/static/{name}?v={file_version(static[name])}"

    templates.globals.update(static_url=static_url, warning_seconds=WARNING_SECONDS, at=AT)
    app[KIOSK] = Kiosk(templates, static)


def idle_seconds(request: web.Request) -> int:
    """Return how long the screen may stay untouched before the warning."""
    return request.app[SETTINGS].kiosk_seconds


def kiosk_page(
    request: web.Request,
    template: str,
    *,
    status: int = 200,
    title: str,
    is_used: bool = True,
    **context: Any,
) -> web.Response:
    """Return a page of the kiosk. `is_used`: somebody's words are on it, to be wiped when they leave."""
    html = (
        request.app[KIOSK]
        .templates.get_template(template)
        .render(
            title=title,
            form_id=request.app[FORM_IDS].issue(),
            seconds=idle_seconds(request),
            is_used=is_used,
            **context,
        )
    )
    return web.Response(
        status=status,
        body=html.encode("utf-8", "replace"),
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": _POLICY},
    )
