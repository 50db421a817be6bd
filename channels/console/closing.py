"""End a request: how it ended and what blocked, asked again before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import web

from bot.knowledge.taxonomy import Taxonomy
from bot.service.accounts import Right
from bot.service.desk import Gone
from bot.store.closures import Mark
from channels.console import words
from channels.console.case import Typed, case_page, gone_page, read_case, reference_of
from channels.console.case_acts import Fields, act, first, not_yours, see_case
from channels.console.organismes import organismes_of
from channels.console.page import console_page
from channels.console.session import read_console_form, requires, signed
from channels.keys import ASSISTANT

NON_RECOURS, STEP, DEMAND, ORGANISME = "non_recours", "etape", "exigence", "organisme"
FAMILIES = {
    NON_RECOURS: "Pourquoi le droit n'était pas là",
    STEP: "Ce qui bloquait : l'étape",
    DEMAND: "Ce qui bloquait : l'exigence numérique",
    ORGANISME: "Ce qui bloquait : l'organisme",
}
MAX_MARKS = 40


@dataclass(frozen=True)
class Chosen:
    """What was ticked, as words, and as the fields that say it again."""

    outcome: str
    marks: tuple[Mark, ...]

    @property
    def sentence(self) -> str:
        """Return the outcome in words."""
        return words.OUTCOMES[self.outcome]

    def said(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what was ticked by family."""
        found = {family: [m.value for m in self.marks if m.family == family] for family in FAMILIES}
        return tuple(
            (FAMILIES[family], tuple(mark_text(family, value) for value in values))
            for family, values in found.items()
            if values
        )


def mark_text(family: str, value: str) -> str:
    """Return something ticked in words; what is no longer offered keeps its code."""
    if family == NON_RECOURS:
        return words.NON_RECOURS.get(value, (value, ""))[0]
    return {STEP: words.STEPS, DEMAND: words.DEMANDS}.get(family, {}).get(value, value)


def read_marks(fields: Fields, taxonomy: Taxonomy) -> tuple[Mark, ...]:
    """Return what was ticked, of what the form offers: nothing typed by hand is counted."""
    return tuple(dict.fromkeys(_marks(fields, taxonomy)))[:MAX_MARKS]


def _marks(fields: Fields, taxonomy: Taxonomy) -> Iterator[Mark]:
    offered = {
        NON_RECOURS: frozenset(words.NON_RECOURS),
        STEP: frozenset(words.STEPS),
        DEMAND: frozenset(words.DEMANDS),
        ORGANISME: frozenset(organismes_of(taxonomy)),
    }
    for family, values in offered.items():
        yield from (Mark(family, value) for value in fields.get(family, []) if value in values)


@requires(Right.ANSWER)
async def close(request: web.Request) -> web.StreamResponse:
    """`POST …/clore`: show what was ticked, and end the request once it is confirmed."""
    fields = await read_console_form(request)
    outcome = first(fields, "issue")
    if outcome not in words.OUTCOMES:
        typed = Typed("issue", error="Dites comment la demande se termine.")
        return await case_page(request, status=422, typed=typed)
    chosen = Chosen(outcome, read_marks(fields, request.app[ASSISTANT].knowledge.taxonomy))
    if not first(fields, "confirmer"):
        return await _confirm(request, chosen)
    reference, account = reference_of(request), signed(request).account
    casework = request.app[ASSISTANT].casework
    refused = await act(
        request, fields, Typed("clore"), lambda: casework.close(reference, account.id, outcome, chosen.marks)
    )
    return refused or see_case(reference, "close")


async def _confirm(request: web.Request, chosen: Chosen) -> web.StreamResponse:
    try:
        view, _ = await read_case(request)
    except Gone:
        return gone_page(request)
    if not view.acts.own:
        return await case_page(request, status=409, alert=not_yours(view.owner, Typed()))
    return console_page(
        request, "close.html", title=f"Clore la demande {view.reference}", case=view, chosen=chosen
    )
