"""The pages about the service itself."""

from __future__ import annotations

from aiohttp import web

from channels.keys import ASSISTANT, SETTINGS
from channels.web.page import UNDER_TITLE, answer_html, page, territory_name

PAGES = {
    "/vie-privee": ("vie_privee.html", "Votre vie privée"),
    "/a-propos": ("a_propos.html", "À propos"),
    "/accessibilite": ("accessibilite.html", "Accessibilité : non conforme"),
    "/mentions-legales": ("mentions_legales.html", "Mentions légales"),
}


async def show_page(request: web.Request) -> web.Response:
    """Show the page of that address."""
    template, title = PAGES[request.path]
    assistant = request.app[ASSISTANT]
    return page(
        request,
        template,
        title=title,
        privacy=answer_html(assistant.composer.privacy(), UNDER_TITLE),
        territoire=territory_name(request),
        days=request.app[SETTINGS].retention_days,
        count=len(assistant.knowledge.fiches),
    )
