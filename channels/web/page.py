"""Make pages: one environment of templates, and what every page shows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment
from markupsafe import Markup

from bot.model.french import today_in_france
from bot.store.demandes import Ticket
from channels.form_id import FORM_IDS
from channels.keys import ASSISTANT, SETTINGS
from channels.once import Once
from channels.security import STYLE
from channels.static_files import file_version, read_files
from channels.talk.surface import At
from channels.talk.templates import open_templates

HERE = Path(__file__).parent


def _read_ticket(value: dict[str, str]) -> Ticket:
    return Ticket(**value)


@dataclass(frozen=True)
class Pages:
    """What the pages share."""

    templates: Environment
    static: dict[str, bytes]
    new_demandes: Once[Ticket] = field(default_factory=lambda: Once("demande", asdict, _read_ticket))
    new_reports: Once[int] = field(default_factory=lambda: Once("signalement"))


PAGES = web.AppKey("pages", Pages)


def prepare_pages(app: web.Application) -> None:
    """Load templates and static files once, before anything is served."""
    templates = open_templates(HERE / "templates")
    static = read_files(HERE / "static")
    templates.globals.update(
        # In the page: on a slow line, one more round trip costs two seconds before anything shows.
        style=Markup(STYLE),  # noqa: S704 - a file of ours
        script=f"/static/assistant.js?v={file_version(static['assistant.js'])}",
        at=At(),
    )
    app[PAGES] = Pages(templates, static)


def page(
    request: web.Request, template: str, *, status: int = 200, title: str, **context: Any
) -> web.Response:
    """Return a page. The title never tells the subject: it stays in the history of a shared computer."""
    pages = request.app[PAGES]
    html = pages.templates.get_template(template).render(
        title=title,
        path=request.path,
        editeur=request.app[SETTINGS].editeur or "non renseigné",
        accessibilite=accessibility_state(request),
        form_id=request.app[FORM_IDS].issue(),
        **context,
    )
    return web.Response(
        status=status, body=html.encode("utf-8", "replace"), content_type="text/html", charset="utf-8"
    )


def accessibility_state(request: web.Request) -> str:
    """Return the state that the law wants said on every page: « non conforme » until an audit is entered."""
    return request.app[ASSISTANT].knowledge.declaration.state_on(today_in_france())


def territory_name(request: web.Request) -> str:
    """Return the name of the territory served."""
    return request.app[ASSISTANT].knowledge.territoire.nom
