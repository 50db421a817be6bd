"""« Qu'est-ce qui bloque ? »: one question about the step, never about the person; the answer is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bot.answers.fiche_answer import source_ref
from bot.answers.orientation import short_name
from bot.knowledge.accueil import Accueil, Aide, Blocage, Role
from bot.knowledge.fiche import Source
from bot.knowledge.loader import Knowledge
from bot.model.answer import Answer, AnswerType
from bot.model.french import format_date
from bot.render.html import render_html

_WAYS = (("faire", "Faire à sa place"), ("avec", "Faire avec la personne"), ("apprendre", "Lui apprendre"))


@dataclass(frozen=True)
class Way:
    """A way to help: what to do, and the names of who does it."""

    title: str
    text: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Help:
    """What is offered for one obstacle; hidden until it is the one picked."""

    id: str
    name: str
    ways: tuple[Way, ...]
    roles: tuple[Role, ...]
    fiches: tuple[tuple[str, str], ...]
    sources: Markup
    is_picked: bool


@dataclass(frozen=True)
class Blocking:
    """The question and its answers, and what may be done in someone's place."""

    helps: tuple[Help, ...]
    may: tuple[str, ...]
    never: tuple[str, ...]
    sources: Markup
    is_stale: bool
    review_on: str


def view_blocking(knowledge: Knowledge, picked: str, today: date) -> Blocking | None:
    """Return the question with the obstacle picked ("" for none), or None when its file cannot be read."""
    accueil = knowledge.accueil
    if accueil is None:
        return None
    place = accueil.a_la_place
    return Blocking(
        helps=tuple(_help(knowledge, accueil, blocage, picked) for blocage in accueil.blocages),
        may=tuple(place.peut),
        never=tuple(place.jamais),
        sources=_sources(accueil.cited(place.sources)),
        is_stale=today >= accueil.a_revoir_le,
        review_on=format_date(accueil.a_revoir_le),
    )


def _help(knowledge: Knowledge, accueil: Accueil, blocage: Blocage, picked: str) -> Help:
    roles = tuple(accueil.role(role) for role in blocage.roles())
    cited = [*blocage.sources, *(key for role in roles for key in role.sources)]
    return Help(
        id=blocage.id.value,
        name=blocage.nom,
        ways=tuple(_way(accueil, title, getattr(blocage, name)) for name, title in _WAYS),
        roles=roles,
        fiches=tuple(
            (fiche, short_name(knowledge, fiche)) for fiche in blocage.fiches if fiche in knowledge.fiches
        ),
        sources=_sources(accueil.cited(cited)),
        is_picked=blocage.id.value == picked,
    )


def _way(accueil: Accueil, title: str, aide: Aide) -> Way:
    return Way(title, aide.texte, tuple(accueil.role(role).nom for role in aide.a_qui))


def _sources(sources: list[Source]) -> Markup:
    refs = tuple(source_ref(source) for source in sources)
    html = render_html(Answer(AnswerType.FICHE, (), "", sources=refs))
    return Markup(html)  # noqa: S704 - escaped by render_html
