"""Make the pages of the frame: compact, and the only ones that another site may show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment

from channels.form_id import FORM_IDS
from channels.keys import ASSISTANT, SETTINGS
from channels.security import content_policy
from channels.static_files import file_version, read_files
from channels.talk.surface import At
from channels.talk.templates import open_templates

HERE = Path(__file__).parent
BASE = "/integrer"


@dataclass(frozen=True)
class Frame:
    """What its pages share."""

    templates: Environment
    static: dict[str, bytes]


FRAME = web.AppKey("frame", Frame)


def prepare_frame(app: web.Application) -> None:
    """Load templates and static files once, before anything is served."""
    templates = open_templates(HERE / "templates")
    static = read_files(HERE / "static")

    def static_url(name: str) -> str:
        return f"{BASE}/static/{name}?v={file_version(static[name])}"

    templates.globals["static_url"] = static_url
    app[FRAME] = Frame(templates, static)


def embedders(request: web.Request) -> tuple[str, ...]:
    """Return the origins that may show the frame."""
    return tuple(request.app[SETTINGS].embed_origins.split())


def frame_page(
    request: web.Request, template: str, *, status: int = 200, title: str, **context: Any
) -> web.Response:
    """Return a page of the frame. Templates also get `at`, without what stands for a cookie unless it is given."""
    given = {"at": At(f"{BASE}/message#derniere", f"{BASE}/conversation", report="tab")} | context
    html = (
        request.app[FRAME]
        .templates.get_template(template)
        .render(
            title=title,
            form_id=request.app[FORM_IDS].issue(),
            origins=" ".join(embedders(request)),
            quit_url=str(request.app[SETTINGS].quit_url),
            territoire=request.app[ASSISTANT].knowledge.territoire.nom,
            editeur=request.app[SETTINGS].editeur or "non renseigné",
            **given,
        )
    )
    return web.Response(
        status=status,
        body=html.encode("utf-8", "replace"),
        content_type="text/html",
        charset="utf-8",
        headers=_headers(request),
    )


def _headers(request: web.Request) -> dict[str, str]:
    quit_url = urlsplit(str(request.app[SETTINGS].quit_url))
    policy = content_policy(
        "'self'",
        ancestors=" ".join(embedders(request)) or "'none'",
        # « Quitter vite » is a form here, and browsers bind where it redirects to.
        form_targets=f"'self' {quit_url.scheme}://{quit_url.netloc}",
    )
    # Else a site that isolates itself (Cross-Origin-Embedder-Policy) could not show the frame.
    return {"Content-Security-Policy": policy, "Cross-Origin-Resource-Policy": "cross-origin"}
