"""The first page: who this is, what is kept, how to ask, how to reach a person."""

from __future__ import annotations

from aiohttp import web

from channels.keys import ASSISTANT
from channels.talk.html import UNDER_TITLE, answer_html
from channels.talk.question import Question
from channels.web.page import page, territory_name
from channels.web.visitor import find_conversation

EXAMPLES = (
    "Quelle aide pour payer mon loyer ?",
    "J'ai perdu ma carte d'identité, que faire ?",
    "Je n'ai plus de revenus, à quoi ai-je droit ?",
)


async def show_home(request: web.Request) -> web.Response:
    """`GET /`. No cookie is given before a first question."""
    return await home_page(request, Question())


async def home_page(request: web.Request, question: Question, status: int = 200) -> web.Response:
    """Return the first page with the form as it stands."""
    return page(
        request,
        "accueil.html",
        status=status,
        title=question.title if question.error else "Poser une question",
        welcome=answer_html(request.app[ASSISTANT].composer.welcome(), UNDER_TITLE),
        territoire=territory_name(request),
        examples=EXAMPLES,
        question=question,
        has_conversation=await find_conversation(request) is not None,
        is_gone="finie" in request.query,
    )
