"""Make the pages of the desk: the style and the macros of the console, a frame of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.model.french import today_in_france
from bot.render.html import french_spaces
from bot.service.accounts import Right, may
from channels.agent.keys import DESK, HOME, Desk
from channels.agent.press import PRESS, Press
from channels.console import page as console
from channels.console.form_token import FIELD, issue_token
from channels.console.keys import HOME as CONSOLE_HOME
from channels.console.keys import SIGNED
from channels.keys import ASSISTANT
from channels.security import content_policy
from channels.static_files import file_version, read_files

HERE = Path(__file__).parent
_HOUR = re.compile(r"(?<=\d) h (?=\d\d)")
_POLICY = content_policy("'self'")


def prepare_desk(app: web.Application) -> None:
    """Load templates and static files once, before anything is served."""
    templates = Environment(
        # `macros.html` is the console's: forms look and fail alike.
        loader=FileSystemLoader([HERE / "templates", console.HERE / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    static = read_files(HERE / "static")
    shared = read_files(console.HERE / "static")

    def static_url(name: str) -> str:
        return f"{HOME}/static/{name}?v={file_version(static[name])}"

    def console_url(name: str) -> str:
        return f"{CONSOLE_HOME}/static/{name}?v={file_version(shared[name])}"

    templates.filters["francais"] = lambda text: _HOUR.sub("\u00a0h\u00a0", french_spaces(text))
    templates.globals.update(
        static_url=static_url, console_url=console_url, token_field=FIELD, roles=console.ROLES
    )
    app[DESK] = Desk(templates, static)
    app[PRESS] = Press()


def agent_page(
    request: web.Request, template: str, *, status: int = 200, title: str, **context: Any
) -> web.Response:
    """Return a page of the desk.

    Templates also get `account` (None when nobody signed in), `rights` (values of Right), `jeton` (for each form)
    and `path`. A handler may give `done` (what was just done, said at the top), `here` (the address that the menu
    marks, when it is not `path`) and `query` (what the search box holds).
    """
    signed = request.get(SIGNED)
    account = signed.account if signed else None
    given = {
        "done": None,
        "here": request.path,
        "jeton": issue_token(signed) if signed else "",
        "query": "",
    } | context
    html = render(
        request,
        template,
        title=title,
        account=account,
        rights=frozenset(right.value for right in Right if account and may(account, right)),
        path=request.path,
        accessibilite=request.app[ASSISTANT].knowledge.declaration.state_on(today_in_france()),
        **given,
    )
    return html_response(html, status=status)


def render(request: web.Request, template: str, **context: Any) -> str:
    """Return a template of the desk as text: a whole page, or a part of one."""
    return request.app[DESK].templates.get_template(template).render(**context)


def html_response(html: str, *, status: int = 200) -> web.Response:
    """Return HTML under the policy of the desk."""
    return web.Response(
        status=status,
        body=html.encode("utf-8", "replace"),
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": _POLICY},
    )
