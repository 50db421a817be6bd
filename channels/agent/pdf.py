"""The PDFs of the desk: the sheet of a fiche with its ticks, and a booklet of chosen fiches."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from bot.answers.compose import Composer
from bot.knowledge.fiche import Fiche
from bot.language.normalise import fold
from bot.model.french import PARIS
from bot.print.booklet import UnknownFiches, booklet_html
from bot.print.paper import A4, PAPERS, NoPrinting, Paper
from bot.print.sheet import sheet_html
from bot.print.ticks import read_ticks
from bot.service.accounts import Right
from channels.agent.page import agent_page
from channels.agent.press import PRESS
from channels.console.session import first_of, read_console_form, requires
from channels.keys import ASSISTANT, SETTINGS

MAX_CHAPTERS = 20
"""Fiches of a booklet made here, about 5 seconds of work; `bot livret` has no such limit."""
_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""What the reader of a browser needs to show a PDF in its own page."""


@requires(Right.DESK)
async def show_sheet_pdf(request: web.Request) -> web.StreamResponse:
    """`GET /agent/fiches/{id}/pdf?format=a4|a5&coche=p0,p2,c1`: ticks are drawn and kept nowhere."""
    fiche = _composer(request).knowledge.fiches.get(request.match_info["id"])
    if fiche is None:
        raise web.HTTPNotFound
    size = request.query.get("format", "")
    ticks = read_ticks(",".join(request.query.getall("coche", [])))
    html = sheet_html(_composer(request), fiche, request.app[SETTINGS], _paper(size), _now(), ticks)
    # The name of a file stays in the list of downloads: that of a sensitive fiche tells nothing.
    return await _answer(request, html, "fiche" if fiche.sensible else f"fiche-{fiche.id}")


@requires(Right.DESK)
async def show_booklet_form(request: web.Request) -> web.StreamResponse:
    """`GET /agent/livret`."""
    return _booklet_page(request)


@requires(Right.DESK)
async def make_booklet(request: web.Request) -> web.StreamResponse:
    """`POST /agent/livret`: the booklet of the fiches ticked."""
    fields = await read_console_form(request)
    chosen, size = fields.get("fiche", []), first_of(fields, "format")
    if len(set(chosen)) > MAX_CHAPTERS:
        error = f"Choisissez {MAX_CHAPTERS} fiches au plus. Vous en avez choisi {len(set(chosen))}."
        return _booklet_page(request, chosen, size, error)
    try:
        html = booklet_html(_composer(request), chosen, request.app[SETTINGS], _paper(size), _now())
    except UnknownFiches as problem:
        return _booklet_page(request, chosen, size, str(problem))
    return await _answer(request, html, "livret")


def _booklet_page(
    request: web.Request, chosen: list[str] | None = None, size: str = "", error: str = ""
) -> web.Response:
    fiches = _composer(request).knowledge.fiches.values()
    return agent_page(
        request,
        "livret.html",
        status=422 if error else 200,
        title="Erreur : le livret n'est pas fait" if error else "Faire un livret",
        fiches=sorted(fiches, key=_alphabetical),
        chosen=frozenset(chosen or ()),
        size=size if size in PAPERS else "a4",
        errors={"fiche": error} if error else {},
        most=MAX_CHAPTERS,
    )


def _alphabetical(fiche: Fiche) -> str:
    return fold(fiche.titre)


async def _answer(request: web.Request, html: str, name: str) -> web.Response:
    try:
        made = await request.app[PRESS].print(html)
    except NoPrinting as problem:
        return agent_page(
            request, "sans_pdf.html", status=503, title="Erreur : pas de PDF", problem=str(problem)
        )
    return web.Response(
        body=made,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Content-Security-Policy": _POLICY,
        },
    )


def _composer(request: web.Request) -> Composer:
    return request.app[ASSISTANT].composer


def _paper(size: str) -> Paper:
    return PAPERS.get(size, A4)


def _now() -> datetime:
    return datetime.now(PARIS).replace(tzinfo=None)
