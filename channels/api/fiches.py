"""The knowledge itself, with its sources and dates."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import web

from bot.answers.compose import Composer
from bot.answers.fiche_answer import source_ref
from bot.answers.labels import RUBRIQUE_LABELS
from bot.knowledge.amounts import fill_web
from bot.knowledge.fiche import Constat, Fiche, Strict
from bot.knowledge.loader import Knowledge
from bot.model.answer import Answer
from bot.model.french import today_in_france
from bot.render.html import render_html
from bot.render.text import render_text
from channels.api.conversations import json_response
from channels.api.message_json import source_json
from channels.api.problems import Problem
from channels.keys import ASSISTANT

_KEPT = {"Cache-Control": "public, max-age=300"}
"""Nothing personal here; five minutes, so that a mended fiche is soon seen."""


async def list_fiches(request: web.Request) -> web.Response:
    """`GET /api/v1/fiches`: the fiches that are written."""
    fiches = request.app[ASSISTANT].knowledge.fiches.values()
    response = json_response({"fiches": [_summary(fiche) for fiche in fiches]})
    response.headers.update(_KEPT)
    return response


async def show_fiche(request: web.Request) -> web.Response:
    """`GET /api/v1/fiches/{id}`: a whole fiche."""
    assistant = request.app[ASSISTANT]
    fiche = assistant.knowledge.fiches.get(request.match_info["id"])
    if fiche is None:
        raise Problem(404, "Cette fiche n'existe pas, ou n'est pas encore écrite. Voyez /api/v1/fiches.")
    response = json_response(_whole(assistant.composer, fiche))
    response.headers.update(_KEPT)
    return response


def _summary(fiche: Fiche) -> dict[str, Any]:
    return {
        "id": fiche.id,
        "title": fiche.titre,
        "short_title": fiche.nom_court,
        "organisation": fiche.organisme,
        "benefit": fiche.apporte,
        "review_on": fiche.a_revoir_le.isoformat(),
    }


def _whole(composer: Composer, fiche: Fiche) -> dict[str, Any]:
    written = partial(_as_written, knowledge=composer.knowledge)
    return _summary(fiche) | {
        "responsible": fiche.responsable,
        "review_overdue": fiche.a_revoir_le <= today_in_france(),
        "rubriques": {name: _rubrique(composer, fiche, name) for name in fiche.rubriques},
        "etapes_numeriques": {name: written(step) for name, step in fiche.etapes_numeriques},
        "sans_internet": written(fiche.sans_internet)
        | {"voies": [written(v) for v in fiche.sans_internet.voies]},
        "apres_envoi": written(fiche.apres_envoi),
        "contacts": [written(contact) for contact in fiche.contacts],
        "related": list(fiche.droits_lies),
        "sources": [{"id": source.id, **source_json(source_ref(source))} for source in fiche.sources],
    }


def _rubrique(composer: Composer, fiche: Fiche, name: str) -> dict[str, Any]:
    """Return one rubrique as it is answered, or why the fiche has none."""
    label = RUBRIQUE_LABELS[name]
    rubrique = fiche.rubriques[name]
    if rubrique.sans_objet:
        return {"label": label, "not_applicable": rubrique.sans_objet}
    answer = composer.fiche(fiche.id, name)
    words = replace(answer, sources=())
    return {
        "label": label,
        "text": render_text(words),
        "html": render_html(words),
        "sms": answer.sms,
        "blocks": _blocks(answer),
        "notes": list(answer.notes),
        "sources": list(rubrique.sources),
    }


def _blocks(answer: Answer) -> list[dict[str, Any]]:
    return [
        {"kind": block.kind.value, "items": list(block.items)}
        | ({"title": block.title} if block.title else {})
        for block in answer.blocks
    ]


def _as_written(model: Strict, knowledge: Knowledge) -> dict[str, Any]:
    """Return the filled fields of a part of the fiche, under the names its authors use, amounts filled in."""
    fields: dict[str, Any] = {}
    for name, value in model.dict().items():
        if isinstance(value, Constat):
            fields[name] = value.value
        elif isinstance(value, str):
            fields[name] = fill_web(str(value), knowledge.baremes, today_in_france())
        elif value:
            fields[name] = value
    return fields
