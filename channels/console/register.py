"""The register of readings, for the responsable: who read a request. No content, and reading it is noted."""

from __future__ import annotations

import re

from aiohttp import web

from bot.service.accounts import Right
from bot.service.register import Line
from channels.console import words
from channels.console.page import console_page
from channels.console.session import requires, signed
from channels.keys import ASSISTANT

ADDRESS = "/console/registre"
_REFERENCE = re.compile(r"([A-Z]{2})[ -]?(\d{4})")
NOT_ONE = "Une référence s'écrit comme BC-2345."


@requires(Right.ACCOUNTS)
async def show(request: web.Request) -> web.Response:
    """`GET /console/registre?reference=…`."""
    typed = words.shown(request.query.get("reference", ""))[:20].strip()
    match = _REFERENCE.fullmatch(typed.upper())
    lines: list[Line] = []
    if match:
        account_id = signed(request).account.id
        lines = await request.app[ASSISTANT].register.about(f"{match[1]}-{match[2]}", account_id)
    is_wrong = bool(typed) and match is None
    return console_page(
        request,
        "registre.html",
        status=422 if is_wrong else 200,
        title="Erreur : registre des lectures" if is_wrong else "Registre des lectures",
        here="/console/comptes",
        typed=typed,
        errors={"reference": NOT_ONE} if is_wrong else {},
        is_asked=match is not None,
        lines=[_shown(line) for line in lines],
    )


def _shown(line: Line) -> tuple[str, str, str]:
    local = words.in_paris(line.at)
    return f"{local:%d/%m/%Y}, {words.hour_text(local)}", line.words, line.who
