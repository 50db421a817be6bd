"""The first page of the desk: one box, and what it finds."""

from __future__ import annotations

from aiohttp import web

from bot.knowledge.desk_search import MAX_QUERY
from bot.language.normalise import clean_text
from bot.service.accounts import Right
from channels.agent.keys import DESK
from channels.agent.page import agent_page, html_response, render
from channels.agent.results import Line, line_of, lines_of
from channels.console.session import requires
from channels.keys import ASSISTANT, SETTINGS


@requires(Right.DESK)
async def show_home(request: web.Request) -> web.StreamResponse:
    """`GET /agent`, or `GET /agent?q=…` where no script runs. The words sought are neither stored nor logged."""
    assistant, query = request.app[ASSISTANT], _query(request)
    request.app[DESK].searching.prepare(assistant.knowledge, request.app[SETTINGS].data)
    lines = await _search(request, query) if query else []
    fiches = sorted(assistant.knowledge.fiches.values(), key=lambda fiche: fiche.titre)
    return agent_page(
        request,
        "home.html",
        title=_title(len(lines)) if query else "Recherche",  # a title stays in the history: it tells no words
        query=query,
        lines=lines,
        count=_title(len(lines)),
        sensitive={fiche.id for fiche in fiches if fiche.sensible},  # never among what a browser keeps
        everything=[(fiche.id, line_of(fiche)) for fiche in fiches],
    )


@requires(Right.DESK)
async def show_found(request: web.Request) -> web.StreamResponse:
    """`GET /agent/chercher?q=…`: the options under the box, as it is typed in."""
    query = _query(request)
    lines = await _search(request, query) if query else []
    return html_response(render(request, "options.html", lines=lines, query=query, count=_title(len(lines))))


async def _search(request: web.Request, query: str) -> list[Line]:
    searching = request.app[DESK].searching
    ready = await searching.ready(request.app[ASSISTANT].knowledge, request.app[SETTINGS].data)
    return lines_of(ready, query)


def _query(request: web.Request) -> str:
    return clean_text(request.query.get("q", ""))[:MAX_QUERY]


def _title(count: int) -> str:
    if not count:
        return "Aucun résultat"
    return f"{count} résultat{'s' if count > 1 else ''}"
