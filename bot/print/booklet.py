"""The booklet: chosen fiches in their short version, with a table of contents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.answers.compose import Composer
from bot.knowledge.fiche import Fiche
from bot.model.french import format_date
from bot.print.emergencies import emergency_lines
from bot.print.paper import Paper, make_pdf, page_html
from bot.print.qr import qr_image
from bot.print.sections import Part, Section, first_place, review_warning, sections_of, simple_part
from bot.settings import Settings

RUBRIQUES = ("pieces", "demarche", "sans_internet", "contact")
"""After the simple version; the page of the fiche has the rest."""
TITLE = "Vos droits et vos démarches"


class UnknownFiches(Exception):
    """Ids that are of no fiche, or none at all; the message names them, in French."""


@dataclass(frozen=True)
class Chapter:
    """One fiche of the booklet; `origin` says how many texts it comes from, and their dates."""

    fiche: Fiche
    warning: tuple[Part, ...]
    sections: tuple[Section, ...]
    origin: str


def booklet_pdf(
    composer: Composer, ids: Iterable[str], settings: Settings, paper: Paper, now: datetime
) -> bytes:
    """Return a booklet of fiches, in the order given, each once. Raises UnknownFiches and NoPrinting."""
    return make_pdf(booklet_html(composer, ids, settings, paper, now))


def booklet_html(
    composer: Composer, ids: Iterable[str], settings: Settings, paper: Paper, now: datetime
) -> str:
    """Return a booklet before it is laid out. Raises UnknownFiches."""
    fiches = chosen_fiches(composer, ids)
    by = f" Édité par {settings.editeur}." if settings.editeur else ""
    address = f"{settings.public_url.rstrip('/')}/fiches" if settings.public_url else ""
    return page_html(
        "booklet.html",
        paper,
        title=TITLE,
        editeur=settings.editeur,
        territoire=composer.knowledge.territoire.nom,
        danger=emergency_lines(composer.knowledge.emergencies),
        chapters=[_chapter(composer, fiche, now.date()) for fiche in fiches],
        place=first_place(composer.knowledge, now),
        address=address,
        qr=qr_image(address) if address else "",
        printed=f"Imprimé le {format_date(now.date())}.{by}",
    )


def chosen_fiches(composer: Composer, ids: Iterable[str]) -> list[Fiche]:
    """Return the fiches of these ids, each once. Raises UnknownFiches."""
    wanted = list(dict.fromkeys(ids))
    fiches = composer.knowledge.fiches
    unknown = [name for name in wanted if name not in fiches]
    if unknown:
        raise UnknownFiches(f"Aucune fiche ne s'appelle : {', '.join(unknown)}.")
    if not wanted:
        raise UnknownFiches("Choisissez au moins une fiche.")
    return [fiches[name] for name in wanted]


def _chapter(composer: Composer, fiche: Fiche, today: date) -> Chapter:
    knowledge = composer.knowledge
    *told, contact = sections_of(knowledge, fiche, today, RUBRIQUES)
    sections = (simple_part(knowledge, fiche, today), *told, _contact(contact, fiche))
    return Chapter(fiche, review_warning(composer, fiche, today), sections, _origin(fiche))


def _contact(section: Section, fiche: Fiche) -> Section:
    """Return whom to contact without the contacts said twice, nor those of the territory: no phone of the fiche is lost."""
    if fiche.rubriques["contact"].sans_objet:
        return section
    *told, contacts = section.parts
    said = " ".join(line.text for part in told for line in part.lines)
    missing = [c for c in fiche.contacts if c.telephone and c.telephone not in said]
    lines = tuple(line for line in contacts.lines if any(line.text.startswith(f"{c.nom} :") for c in missing))
    return replace(section, parts=(*told, replace(contacts, lines=lines)) if lines else tuple(told))


def _origin(fiche: Fiche) -> str:
    """Return where a chapter comes from in two sentences: the whole list would be longer than it."""
    days = sorted(source.lu_le for source in fiche.sources)
    count = len(days)
    first, last = format_date(days[0]), format_date(days[-1])
    when = f"le {first}" if first == last else f"entre le {first} et le {last}"
    texts = f"{count} textes lus" if count > 1 else "un texte lu"
    return (
        f"Cette fiche vient de {texts} {when}. La fiche entière en donne la liste. "
        f"À revoir avant le {format_date(fiche.a_revoir_le)}."
    )
