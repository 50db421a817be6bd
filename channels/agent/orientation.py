"""« À quels droits penser ? »: from what somebody tells to the rights to check with them, in order."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.answers.orientation import short_name
from bot.knowledge.loader import Knowledge
from bot.knowledge.situation import Question, Situation
from bot.model.french import format_date, today_in_france
from bot.service.accounts import Right
from channels.agent.page import agent_page
from channels.agent.sheet_view import Part, condition_blocks, tick_parts
from channels.console.session import requires
from channels.keys import ASSISTANT

CONDITION_LEVEL = 5
"""Of the headings inside a right, whose own is an h4."""


@dataclass(frozen=True)
class RightToCheck:
    """A right to check, in which case, and its conditions; no link while its fiche is not written."""

    fiche: str
    name: str
    case: str
    is_written: bool
    conditions: tuple[Part, ...]


@dataclass(frozen=True)
class Deciding:
    """A question to ask, and the rights that each answer leads to, as (fiche, name)."""

    question: str
    yes: tuple[tuple[str, str], ...]
    no: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Orientation:
    """The list for one situation."""

    title: str
    week: tuple[str, ...]
    rights: tuple[RightToCheck, ...]
    questions: tuple[Deciding, ...]
    person: str
    is_stale: bool
    review_on: str


@requires(Right.DESK)
async def show_orientation(request: web.Request) -> web.StreamResponse:
    """`GET /agent/orientation?situation=…`."""
    knowledge = request.app[ASSISTANT].knowledge
    picked = knowledge.situations.get(request.query.get("situation", ""))
    situations = sorted(knowledge.situations.values(), key=lambda situation: situation.nom_court.casefold())
    return agent_page(
        request,
        "orientation.html",
        title="À quels droits penser ?",
        situations=situations,
        picked=picked.id if picked else "",
        orientation=view_orientation(knowledge, picked) if picked else None,
    )


def view_orientation(knowledge: Knowledge, situation: Situation) -> Orientation:
    """Return the rights to check for a situation, and the questions that decide between them."""
    return Orientation(
        title=situation.titre,
        week=tuple(situation.cette_semaine),
        rights=tuple(
            _right(knowledge, rank, right.fiche, right.cas) for rank, right in enumerate(situation.droits)
        ),
        questions=tuple(_deciding(knowledge, question) for question in situation.questions),
        person=situation.personne,
        is_stale=today_in_france() >= situation.a_revoir_le,
        review_on=format_date(situation.a_revoir_le),
    )


def _right(knowledge: Knowledge, rank: int, fiche_id: str, case: str) -> RightToCheck:
    fiche = knowledge.fiches.get(fiche_id)
    blocks = condition_blocks(knowledge, fiche, today_in_france()) if fiche else ()
    name = fiche.titre if fiche else short_name(knowledge, fiche_id)
    return RightToCheck(
        fiche_id, name, case, fiche is not None, tick_parts(blocks, f"d{rank}-", CONDITION_LEVEL)
    )


def _deciding(knowledge: Knowledge, question: Question) -> Deciding:
    def named(fiches: list[str]) -> tuple[tuple[str, str], ...]:
        return tuple((fiche, short_name(knowledge, fiche)) for fiche in fiches)

    return Deciding(question.question, named(question.oui), named(question.non))
