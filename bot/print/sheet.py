"""The sheet of a fiche: what somebody takes home from a desk, with what was ticked with them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.answers.compose import Composer
from bot.knowledge.fiche import Fiche
from bot.model.french import format_date
from bot.print.paper import Paper, make_pdf, page_html
from bot.print.qr import qr_image
from bot.print.sections import first_place, review_warning, sections_of, sources_of
from bot.render.text import source_text
from bot.settings import Settings

RUBRIQUES = ("apercu", "conditions", "pieces", "demarche", "sans_internet", "montant", "delai", "contact")
"""What helps somebody do it, in the order of doing it; the page has the rest."""


def sheet_pdf(
    composer: Composer,
    fiche: Fiche,
    settings: Settings,
    paper: Paper,
    now: datetime,
    ticks: Collection[str] = frozenset(),
) -> bytes:
    """Return the sheet of a fiche as a PDF; `ticks` as in bot/print/ticks.py, `now` in France. Raises NoPrinting."""
    return make_pdf(sheet_html(composer, fiche, settings, paper, now, ticks))


def sheet_html(
    composer: Composer,
    fiche: Fiche,
    settings: Settings,
    paper: Paper,
    now: datetime,
    ticks: Collection[str] = frozenset(),
) -> str:
    """Return the sheet before it is laid out."""
    today = now.date()
    address = fiche_address(settings, fiche)
    return page_html(
        "sheet.html",
        paper,
        fiche=fiche,
        editeur=settings.editeur,
        territoire=composer.knowledge.territoire.nom,
        warning=review_warning(composer, fiche, today),
        sections=sections_of(composer.knowledge, fiche, today, RUBRIQUES, ticks),
        place=first_place(composer.knowledge, now),
        address=address,
        qr=qr_image(address) if address else "",
        sources=[source_text(source) for source in sources_of(fiche, RUBRIQUES)],
        printed=printed_line(settings, fiche, now),
    )


def fiche_address(settings: Settings, fiche: Fiche) -> str:
    """Return the public address of a fiche, "" when the service has none."""
    return f"{settings.public_url.rstrip('/')}/fiches/{fiche.id}" if settings.public_url else ""


def printed_line(settings: Settings, fiche: Fiche, now: datetime) -> str:
    """Return when it was printed, until when it holds, and who publishes it."""
    by = f" Édité par {settings.editeur}." if settings.editeur else ""
    until = format_date(fiche.a_revoir_le)
    return f"Imprimé le {format_date(now.date())}. Fiche à revoir avant le {until}.{by}"
