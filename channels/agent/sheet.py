"""The sheet of a fiche at a desk, and the report of an error in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.answers.labels import RUBRIQUE_LABELS
from bot.knowledge.fiche import RUBRIQUES, Fiche
from bot.language.normalise import clean_text
from bot.model.french import PARIS
from bot.service.accounts import Right
from channels.agent.blocking import view_blocking
from channels.agent.handing_over import Sms, view_handing_over
from channels.agent.page import agent_page
from channels.agent.sheet_view import view_sheet
from channels.console.form_token import action_key
from channels.console.keys import CONSOLE
from channels.console.session import first_of, read_console_form, requires, signed
from channels.keys import ASSISTANT

MAX_WORDS = 1000
"""Characters of a report, as on the pages of residents."""
SENSITIVE = "Une fiche"
"""The title of the tab of a sensitive fiche: a screen at a desk is seen from the other side too."""
DONE = {
    "sms": "Le SMS part. Le numéro n'est pas gardé.",
    "signale": "Votre signalement est enregistré. La personne responsable de la fiche le lira.",
}


@dataclass(frozen=True)
class Report:
    """An error being reported, as typed."""

    rubrique: str
    words: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@requires(Right.DESK)
async def show_sheet(request: web.Request) -> web.StreamResponse:
    """`GET /agent/fiches/{id}?rubrique=…&bloque=…`."""
    return sheet_page(request, fiche_of(request))


@requires(Right.DESK)
async def send_by_sms(request: web.Request) -> web.StreamResponse:
    """`POST /agent/fiches/{id}/sms`: send the short text of a rubrique to the number that the person gives."""
    fiche = fiche_of(request)
    fields = await read_console_form(request)
    sms = await Sms.read(fields, fiche).send(request, fiche, fields)
    if sms.errors:
        response = sheet_page(request, fiche, status=429 if sms.retry_after else 422, sms=sms)
        if sms.retry_after:
            response.headers["Retry-After"] = str(sms.retry_after)
        return response
    return web.Response(status=303, headers={"Location": f"/agent/fiches/{fiche.id}?fait=sms"})


@requires(Right.DESK)
async def show_report(request: web.Request) -> web.StreamResponse:
    """`GET /agent/fiches/{id}/signaler?rubrique=…`."""
    return _report_page(request, fiche_of(request), Report(request.query.get("rubrique", "")))


@requires(Right.DESK)
async def send_report(request: web.Request) -> web.StreamResponse:
    """`POST /agent/fiches/{id}/signaler`: keep the words for whoever answers for the fiche, without who wrote them."""
    fiche, fields = fiche_of(request), await read_console_form(request)
    words = clean_text(first_of(fields, "mots"))
    report = Report(first_of(fields, "rubrique"), words, _report_errors(words))
    if report.errors:
        return _report_page(request, fiche, report, status=422)
    rubrique = report.rubrique if report.rubrique in RUBRIQUES else None

    async def keep() -> object:
        return await request.app[ASSISTANT].report_error(words, fiche=fiche.id, rubrique=rubrique)

    key = action_key(signed(request), fields, request.path, rubrique or "", words)
    await request.app[CONSOLE].acts.run(key, keep)
    return web.Response(status=303, headers={"Location": f"/agent/fiches/{fiche.id}?fait=signale"})


def fiche_of(request: web.Request) -> Fiche:
    """Return the fiche of the address. Raises 404."""
    fiche = request.app[ASSISTANT].knowledge.fiches.get(request.match_info["id"])
    if fiche is None:
        raise web.HTTPNotFound
    return fiche


def sheet_page(
    request: web.Request, fiche: Fiche, *, status: int = 200, sms: Sms | None = None
) -> web.Response:
    """Return the sheet; `sms` is a sending that failed, as typed."""
    knowledge = request.app[ASSISTANT].knowledge
    now = datetime.now(PARIS).replace(tzinfo=None)
    asked = request.query.get("rubrique", "")
    asked = asked if asked in RUBRIQUES else ""
    handing = view_handing_over(request, fiche)
    title = SENSITIVE if fiche.sensible else fiche.titre
    context: dict[str, Any] = {
        "fiche": fiche,
        "sheet": view_sheet(knowledge, fiche, now, handing.address),
        "blocking": view_blocking(knowledge, request.query.get("bloque", ""), now.date()),
        "handing": handing,
        "sms": sms or Sms(rubrique=asked or handing.first),
        "asked": asked,
        "done": DONE.get(request.query.get("fait", "")),
        "here": "/agent/fiches",
    }
    return agent_page(
        request,
        "sheet.html",
        status=status,
        title=f"Erreur : {title}" if sms else title,
        **context,
    )


def _report_errors(words: str) -> dict[str, str]:
    if not any(char.isalnum() for char in words):
        return {"mots": "Écrivez en quelques mots ce qui est faux."}
    if len(words) > MAX_WORDS:
        return {"mots": f"Écrivez {MAX_WORDS} caractères au plus. Vous en avez écrit {len(words)}."}
    return {}


def _report_page(request: web.Request, fiche: Fiche, report: Report, status: int = 200) -> web.Response:
    return agent_page(
        request,
        "sheet_report.html",
        status=status,
        title="Erreur : rien n'est envoyé" if report.errors else "Signaler une erreur",
        fiche=fiche,
        report=report,
        rubriques=RUBRIQUE_LABELS,
        errors=report.errors,
        here="/agent/fiches",
    )
