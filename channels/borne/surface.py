"""The conversation on a shared screen."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from markupsafe import Markup

from bot.store.conversations import KIOSK as CHANNEL
from channels.borne.page import AT, BASE, kiosk_page
from channels.cookie import Cookie, Credentials
from channels.keys import ASSISTANT
from channels.talk.html import UNDER_TITLE, answer_html
from channels.talk.links import as_words
from channels.talk.question import Question
from channels.talk.surface import At, Surface

SITUATIONS = (
    "perte-emploi",
    "loyers-en-retard",
    "factures-energie",
    "dettes",
    "naissance-enfant",
    "separation-couple",
    "maladie-longue",
    "handicap-adulte",
    "retraite-salarie",
    "deces-conjoint",
    "papiers-voles",
    "sans-logement",
)
"""What people come to a desk for; the rest is written."""
DONE = "fini"
GONE = "finie"


class KioskSurface(Surface):
    """The shared screen."""

    channel = CHANNEL
    base = BASE
    cookie = Cookie("borne", BASE)
    gone = f"{BASE}?{GONE}"
    erased = f"{BASE}?{DONE}"

    def page(
        self, request: web.Request, template: str, *, status: int = 200, title: str, **context: Any
    ) -> web.Response:
        """Return a page of the kiosk."""
        return kiosk_page(request, template, status=status, title=title, **context)

    async def home(self, request: web.Request, question: Question, status: int = 200) -> web.Response:
        """Return the first page: common situations, the field, and nothing of who came before."""
        assistant = request.app[ASSISTANT]
        known = assistant.knowledge.situations
        return kiosk_page(
            request,
            "accueil.html",
            status=status,
            title=question.title if question.error else "Poser une question",
            is_used=question.error is not None,
            welcome=as_words(answer_html(assistant.composer.welcome(CHANNEL), UNDER_TITLE)),
            situations=[known[name].nom_court for name in SITUATIONS if name in known],
            question=question,
            notice=next((word for word in (DONE, GONE) if word in request.query), ""),
        )

    def at(self, credentials: Credentials | None) -> At:
        """Return the addresses of the kiosk."""
        del credentials
        return AT

    def shape(self, html: Markup) -> Markup:
        """Return an answer without links: none leads out, and a shared screen does not call."""
        return as_words(html)
