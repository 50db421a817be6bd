"""Make the pages of the console: one environment of templates, and what every page shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.model.french import today_in_france
from bot.render.html import french_spaces
from bot.service.accounts import Right, may
from channels.console.form_token import FIELD, issue_token
from channels.console.keys import CONSOLE, HOME, SIGNED, Console
from channels.keys import ASSISTANT
from channels.security import content_policy
from channels.static_files import file_version, read_files

HERE = Path(__file__).parent
ROLES = {"agent": "agent", "operateur": "opérateur", "responsable": "responsable"}
_HOUR = re.compile(r"(?<=\d) h (?=\d\d)")
_POLICY = content_policy("'self'")


def prepare_console(app: web.Application) -> None:
    """Load templates and static files once, before anything is served."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    static = read_files(HERE / "static")

    def static_url(name: str) -> str:
        return f"{HOME}/static/{name}?v={file_version(static[name])}"

    templates.filters["francais"] = lambda text: _HOUR.sub("\u00a0h\u00a0", french_spaces(text))
    templates.globals.update(
        static_url=static_url, static_names=frozenset(static), token_field=FIELD, roles=ROLES
    )
    app[CONSOLE] = Console(templates, static)


def console_page(
    request: web.Request, template: str, *, status: int = 200, title: str, **context: Any
) -> web.Response:
    """Return a page of the console.

    Templates also get `account` (None when nobody signed in), `rights` (values of Right), `jeton` (for each form)
    and `path`. A handler may give `done` (what was just done, said at the top) and `here` (the address that the menu
    marks, when it is not `path`).
    """
    signed = request.get(SIGNED)
    account = signed.account if signed else None
    given = {
        "done": None,
        "here": request.path,
        "jeton": issue_token(signed) if signed else "",
    } | context
    html = (
        request.app[CONSOLE]
        .templates.get_template(template)
        .render(
            title=title,
            account=account,
            rights=frozenset(right.value for right in Right if account and may(account, right)),
            path=request.path,
            accessibilite=request.app[ASSISTANT].knowledge.declaration.state_on(today_in_france()),
            **given,
        )
    )
    return web.Response(
        status=status,
        body=html.encode("utf-8", "replace"),
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": _POLICY},
    )
