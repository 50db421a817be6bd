"""The pages about the service itself."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from markupsafe import Markup

from bot.model.french import format_date, today_in_france
from bot.render.phones import phone_href
from channels.keys import ASSISTANT, SETTINGS
from channels.talk.html import UNDER_TITLE, answer_html
from channels.web.page import page, territory_name

PAGES = {
    "/vie-privee": ("vie_privee.html", "Votre vie privée"),
    "/a-propos": ("a_propos.html", "À propos"),
    "/accessibilite": ("accessibilite.html", "Déclaration d'accessibilité"),
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
        hebergeur=request.app[SETTINGS].hebergeur or "non renseigné",
        dpd=request.app[SETTINGS].dpd or "non renseigné",
        base_legale=request.app[SETTINGS].base_legale,
        count=len(assistant.knowledge.fiches),
        **_declaration(request),
    )


def _declaration(request: web.Request) -> dict[str, Any]:
    """Return what the accessibility statement is made of."""
    settings = request.app[SETTINGS]
    declaration = request.app[ASSISTANT].knowledge.declaration
    address = (declaration.contact.adresse or "").splitlines()
    return {
        "declaration": declaration,
        "audit": declaration.audit,
        "taux": None if declaration.audit.taux is None else f"{declaration.audit.taux:g}".replace(".", ","),
        "audit_counts": declaration.audit_counts(today_in_france()),
        "contact": declaration.contact,
        "address": Markup("<br>").join(address),
        "public_url": settings.public_url,
        "has_editor": bool(settings.editeur),
        "format_date": format_date,
        "phone_href": phone_href,
    }
