"""The fiches as pages, for whoever prefers to read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiohttp import web
from markupsafe import Markup

from bot.answers.compose import Composer
from bot.answers.fiche_answer import source_ref
from bot.answers.labels import RUBRIQUE_LABELS
from bot.knowledge.fiche import Fiche
from bot.model.answer import Answer, AnswerType, paragraph
from bot.model.french import format_date
from channels.keys import ASSISTANT
from channels.web.page import answer_html, page


@dataclass(frozen=True)
class Section:
    """One rubrique of a fiche."""

    id: str
    title: str
    html: Markup


async def list_fiches(request: web.Request) -> web.Response:
    """`GET /fiches`."""
    fiches = sorted(request.app[ASSISTANT].knowledge.fiches.values(), key=lambda fiche: fiche.titre)
    return page(request, "fiches.html", title="Toutes les fiches", fiches=fiches)


async def show_fiche(request: web.Request) -> web.Response:
    """`GET /fiches/{id}`."""
    assistant = request.app[ASSISTANT]
    fiche = assistant.knowledge.fiches.get(request.match_info["id"])
    if fiche is None:
        raise web.HTTPNotFound
    sources = Answer(AnswerType.FICHE, (), "", sources=tuple(source_ref(source) for source in fiche.sources))
    return page(
        request,
        "fiche.html",
        title="Une fiche",
        fiche=fiche,
        sections=[_section(assistant.composer, fiche, name) for name in fiche.rubriques],
        sources=answer_html(sources),
        review_on=format_date(fiche.a_revoir_le),
    )


def _section(composer: Composer, fiche: Fiche, name: str) -> Section:
    """Return a rubrique; the sources of all of them stand once, at the end of the page."""
    without_object = fiche.rubriques[name].sans_objet
    if without_object:
        answer = Answer(AnswerType.FICHE, (paragraph(without_object),), "")
    else:
        answer = replace(composer.fiche(fiche.id, name), sources=())
    return Section(name, RUBRIQUE_LABELS[name], answer_html(answer))
