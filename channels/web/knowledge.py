"""The fiches as pages, for whoever prefers to read, and a search among the subjects."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiohttp import web
from markupsafe import Markup

from bot.answers.compose import Composer
from bot.answers.fiche_answer import source_ref
from bot.answers.labels import RUBRIQUE_LABELS
from bot.knowledge.fiche import Fiche
from bot.knowledge.search import SearchResult
from bot.language.normalise import clean_text
from bot.model.answer import Answer, AnswerType, paragraph
from bot.model.french import format_date
from channels.keys import ASSISTANT, LIMITS
from channels.talk.danger import danger_answer
from channels.talk.html import answer_html
from channels.talk.question import Question
from channels.talk.surface import visitor_address
from channels.web.page import page

_INDEXED = {"X-Robots-Tag": "all"}
"""Search engines may list the fiches: they hold nothing personal. Other pages say `noindex`."""
_NEUTRAL = "Vos droits, les démarches et qui contacter, en français simple."


@dataclass(frozen=True)
class Section:
    """One rubrique of a fiche."""

    id: str
    title: str
    html: Markup


async def list_fiches(request: web.Request) -> web.Response:
    """`GET /fiches`, or `GET /fiches?q=…` to search. The words sought are neither stored nor logged."""
    query = clean_text(request.query.get("q", ""))
    if query:
        return await _search(request, query)
    response = _list_page(request, "Toutes les fiches")
    response.headers.update(_INDEXED)
    return response


async def _search(request: web.Request, query: str) -> web.Response:
    await request.app[LIMITS].count_message(visitor_address(request), None, query)
    result = request.app[ASSISTANT].subject_search.find(query)
    danger = danger_answer(request.app[ASSISTANT], query)
    if danger and not result.has_every_word:
        result = SearchResult()  # somebody who is beaten by her "mari" is not looking for a "mariage"
    return _list_page(request, _search_title(len(result.subjects), danger), query, result, danger)


def _search_title(count: int, danger: Markup | None) -> str:
    """Return the title of a search: it tells how many were found, never what was sought."""
    if danger and not count:
        return "Recherche dans les fiches"
    if not count:
        return "Aucun sujet trouvé"
    return f"{count} sujet{'s' if count > 1 else ''} trouvé{'s' if count > 1 else ''}"


def _list_page(
    request: web.Request,
    title: str,
    query: str = "",
    result: SearchResult | None = None,
    danger: Markup | None = None,
) -> web.Response:
    knowledge = request.app[ASSISTANT].knowledge
    fiches = sorted(knowledge.fiches.values(), key=lambda fiche: fiche.titre)
    return page(
        request,
        "fiches.html",
        title=title,
        description=_NEUTRAL,
        fiches=fiches,
        unwritten=len(knowledge.taxonomy.subjects.keys() - knowledge.fiches.keys()),
        query=query,
        result=result,
        question=Question(query),
        danger=danger,
    )


async def show_fiche(request: web.Request) -> web.Response:
    """`GET /fiches/{id}`."""
    assistant = request.app[ASSISTANT]
    fiche = assistant.knowledge.fiches.get(request.match_info["id"])
    if fiche is None:
        raise web.HTTPNotFound
    sources = Answer(AnswerType.FICHE, (), "", sources=tuple(source_ref(source) for source in fiche.sources))
    response = page(
        request,
        "fiche.html",
        title=_title(fiche),
        description=_description(fiche),
        fiche=fiche,
        sections=[_section(assistant.composer, fiche, name) for name in fiche.rubriques],
        sources=answer_html(sources),
        review_on=format_date(fiche.a_revoir_le),
    )
    response.headers.update(_INDEXED)
    return response


def _title(fiche: Fiche) -> str:
    """Return the title of the tab. That of a sensitive fiche tells nothing to whoever looks over a shoulder."""
    return "Une fiche" if fiche.sensible else fiche.titre


def _description(fiche: Fiche) -> str:
    """Return what search engines show. Some browsers keep it in their history: a sensitive fiche tells nothing."""
    return _NEUTRAL if fiche.sensible else f"{fiche.titre} : {fiche.apporte}"


def _section(composer: Composer, fiche: Fiche, name: str) -> Section:
    """Return a rubrique; the sources of all of them stand once, at the end of the page."""
    without_object = fiche.rubriques[name].sans_objet
    if without_object:
        answer = Answer(AnswerType.FICHE, (paragraph(without_object),), "")
    else:
        answer = replace(composer.rubrique(fiche, name), sources=())
    return Section(name, RUBRIQUE_LABELS[name], answer_html(answer))
