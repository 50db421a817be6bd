"""A fiche as an agent reads it with somebody: every rubrique in order, lists to tick, amounts with their law."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from markupsafe import Markup

from bot.answers.fiche_answer import fiche_answer, source_ref
from bot.answers.labels import RUBRIQUE_LABELS
from bot.answers.places import own_places
from bot.knowledge.fiche import RUBRIQUES, Fiche
from bot.knowledge.language import placeholders
from bot.knowledge.loader import Knowledge
from bot.knowledge.territoire import ContactLocal
from bot.model.answer import Answer, AnswerType, Block, SourceRef, paragraph
from bot.model.french import format_date
from bot.print.ticks import PREFIXES, TICKED_KINDS
from bot.render.html import render_html
from bot.render.text import place_lines, render_text

NOTHING = Markup()
SECTION_LEVEL = 3
"""Of the headings inside a rubrique, whose own is an h2."""


@dataclass(frozen=True)
class Tick:
    """A line to tick; its id is that of bot/print/ticks.py, so that paper shows the same."""

    id: str
    text: str


@dataclass(frozen=True)
class Part:
    """A piece of a rubrique: HTML, or lines to tick under a heading."""

    html: Markup = NOTHING
    title: str | None = None
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True)
class Section:
    """One rubrique. `text` is the same in plain words."""

    id: str
    title: str
    parts: tuple[Part, ...]
    sources: Markup
    text: str


@dataclass(frozen=True)
class Amount:
    """An amount of the fiche; `value` is None once its date of review is past."""

    name: str
    value: str | None
    since: str
    reference: str
    url: str
    where: str


@dataclass(frozen=True)
class Form:
    """A paper form and what it is for."""

    cerfa: str
    name: str


@dataclass(frozen=True)
class Sheet:
    """The whole page of a fiche."""

    sections: tuple[Section, ...]
    amounts: tuple[Amount, ...]
    forms: tuple[Form, ...]
    is_stale: bool
    review_on: str
    professionals: tuple[ContactLocal, ...]
    place: tuple[str, ...]
    sources: Markup
    text: str


def view_sheet(knowledge: Knowledge, fiche: Fiche, now: datetime, address: str = "") -> Sheet:
    """Return the sheet at a time in France; `address` is that of the public page, "" when there is none."""
    today = now.date()
    sections = tuple(_section(knowledge, fiche, name, today) for name in RUBRIQUES)
    places = own_places(knowledge, now)[:1]
    # What is handed over says when a place opens, never that it is open now.
    place = tuple(line for p in places for line in place_lines(replace(p, open_now=None, next_opening=None)))
    return Sheet(
        sections=sections,
        amounts=_amounts(knowledge, fiche, today),
        forms=_forms(fiche),
        is_stale=today >= fiche.a_revoir_le,
        review_on=format_date(fiche.a_revoir_le),
        professionals=tuple(knowledge.territoire.professional_contacts(fiche.id)),
        place=place,
        sources=_html(sources=tuple(source_ref(source) for source in fiche.sources)),
        text=_plain(fiche, sections, place, address, today),
    )


def tick_parts(blocks: Iterable[Block], prefix: str | None, level: int = SECTION_LEVEL) -> tuple[Part, ...]:
    """Return blocks as parts; with a prefix, the lines of their lists are to tick, counted from 0."""
    parts, rank = [], 0
    for block in blocks:
        if prefix is None or block.kind not in TICKED_KINDS:
            parts.append(Part(_html(block, level=level)))
            continue
        ticks = tuple(Tick(f"{prefix}{rank + n}", item) for n, item in enumerate(block.items))
        rank += len(ticks)
        parts.append(Part(title=block.title, ticks=ticks))
    return tuple(parts)


def condition_blocks(knowledge: Knowledge, fiche: Fiche, today: date) -> tuple[Block, ...]:
    """Return the conditions of a fiche, its amounts in place; why there are none when it has none."""
    return _answer(knowledge, fiche, "conditions", today).blocks


def _section(knowledge: Knowledge, fiche: Fiche, name: str, today: date) -> Section:
    answer = _answer(knowledge, fiche, name, today)
    notes = _html(notes=answer.notes)
    parts = tick_parts(answer.blocks, PREFIXES.get(name))
    return Section(
        id=name,
        title=RUBRIQUE_LABELS[name],
        parts=(*parts, Part(notes)) if answer.notes else parts,
        sources=_html(sources=answer.sources),
        text=render_text(replace(answer, sources=(), choices=())),
    )


def _answer(knowledge: Knowledge, fiche: Fiche, name: str, today: date) -> Answer:
    """Return a rubrique; one without object only says why, since the page holds all the others."""
    reason = fiche.rubriques[name].sans_objet
    if reason:
        return Answer(AnswerType.FICHE, (paragraph(reason),), "")
    return fiche_answer(knowledge, fiche, name, today)


def _html(
    *blocks: Block,
    notes: tuple[str, ...] = (),
    sources: tuple[SourceRef, ...] = (),
    level: int = SECTION_LEVEL,
) -> Markup:
    answer = Answer(AnswerType.FICHE, blocks, "", notes=notes, sources=sources)
    return Markup(render_html(answer, level))  # noqa: S704 - escaped by render_html


def _amounts(knowledge: Knowledge, fiche: Fiche, today: date) -> tuple[Amount, ...]:
    texts = (
        text for name in RUBRIQUES for bloc in fiche.rubriques[name].web for text in _texts_of(bloc.dict())
    )
    keys = dict.fromkeys(key for text in texts for key in placeholders(text))
    used = [knowledge.baremes[key] for key in keys if key in knowledge.baremes]
    return tuple(
        Amount(
            bareme.nom,
            bareme.text() if bareme.is_current(today) else None,
            format_date(bareme.depuis),
            bareme.reference,
            str(bareme.lien),
            bareme.ou_verifier,
        )
        for bareme in used
    )


def _texts_of(values: dict[str, object]) -> Iterable[str]:
    for value in values.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from value


def _forms(fiche: Fiche) -> tuple[Form, ...]:
    ways = [Form(way.cerfa, way.texte) for way in fiche.sans_internet.voies if way.cerfa]
    others = [Form(form.cerfa, form.nom) for form in fiche.formulaires]
    return tuple({form.cerfa: form for form in reversed((*ways, *others))}.values())[::-1]


def _plain(
    fiche: Fiche, sections: Iterable[Section], place: tuple[str, ...], address: str, today: date
) -> str:
    parts = [fiche.titre, fiche.apporte]
    if today >= fiche.a_revoir_le:
        parts.append(f"À vérifier : cette fiche devait être revue avant le {format_date(fiche.a_revoir_le)}.")
    parts += [f"{section.title.upper()}\n{section.text}" for section in sections]
    parts += ["\n".join(("PRÈS DE CHEZ VOUS", *place))] if place else []
    parts += [address] if address else []
    return "\n\n".join(parts)
