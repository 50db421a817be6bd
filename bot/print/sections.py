"""A fiche as parts to print: the texts of the knowledge with their amounts, boxes where something is ticked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.answers.compose import Composer
from bot.answers.fiche_answer import fiche_answer, source_ref
from bot.answers.labels import RUBRIQUE_LABELS
from bot.answers.places import own_places
from bot.knowledge.fiche import RUBRIQUES, Fiche, Source
from bot.knowledge.loader import Knowledge
from bot.model.answer import AnswerType, Block, BlockKind, Place, SourceRef, paragraph
from bot.model.french import format_date
from bot.print.ticks import PREFIXES, TICKED_KINDS
from bot.render.text import place_lines


@dataclass(frozen=True)
class Line:
    """One sentence or item; `box` is None where nothing is ticked, else whether the box is."""

    text: str
    box: bool | None = None


@dataclass(frozen=True)
class Part:
    """A paragraph or a list, with its heading."""

    kind: BlockKind
    lines: tuple[Line, ...]
    title: str | None = None


@dataclass(frozen=True)
class Section:
    """A rubrique: its parts, then the date and the legal reference of its amounts."""

    id: str
    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


def sections_of(
    knowledge: Knowledge,
    fiche: Fiche,
    today: date,
    rubriques: Iterable[str] = RUBRIQUES,
    ticks: Collection[str] | None = frozenset(),
) -> tuple[Section, ...]:
    """Return rubriques of a fiche in the order given, those without object with their reason; no boxes for None."""
    return tuple(_section(knowledge, fiche, name, today, ticks) for name in rubriques)


def _section(
    knowledge: Knowledge, fiche: Fiche, name: str, today: date, ticks: Collection[str] | None
) -> Section:
    reason = fiche.rubriques[name].sans_objet
    if reason:
        return Section(name, RUBRIQUE_LABELS[name], parts_of((paragraph(reason),)))
    answer = fiche_answer(knowledge, fiche, name, today)
    prefix = None if ticks is None else PREFIXES.get(name)
    parts = parts_of(answer.blocks, prefix, ticks or frozenset())
    return Section(name, RUBRIQUE_LABELS[name], parts, answer.notes)


def parts_of(
    blocks: Iterable[Block], prefix: str | None = None, ticks: Collection[str] = frozenset()
) -> tuple[Part, ...]:
    """Return blocks as parts; with a prefix, the lines of their lists have boxes, counted from 0."""
    parts = []
    rank = 0
    for block in blocks:
        if prefix is None or block.kind not in TICKED_KINDS:
            lines = [Line(item) for item in block.items]
        else:
            lines = [Line(item, f"{prefix}{rank + n}" in ticks) for n, item in enumerate(block.items)]
            rank += len(lines)
        parts.append(Part(block.kind, tuple(lines), block.title))
    return tuple(parts)


def simple_part(knowledge: Knowledge, fiche: Fiche, today: date) -> Section:
    """Return the fiche in its fewest words, its overview where it has no simple version."""
    if fiche.simple is None:
        return _section(knowledge, fiche, "apercu", today, frozenset())
    lines = (paragraph(phrase) for phrase in fiche.simple.phrases)
    return Section("apercu", RUBRIQUE_LABELS["apercu"], parts_of(lines))


def review_warning(composer: Composer, fiche: Fiche, today: date) -> tuple[Part, ...]:
    """Return what is said of a fiche whose day of review has passed, nothing before."""
    if today < fiche.a_revoir_le:
        return ()
    said = composer.say(AnswerType.FICHE, "fiche.perimee", date=format_date(fiche.a_revoir_le))
    return parts_of(said.blocks)


def sources_of(fiche: Fiche, rubriques: Iterable[str] | None = None) -> tuple[SourceRef, ...]:
    """Return the sources of some rubriques and of the contacts, in the order of the fiche; all when None."""
    if rubriques is None:
        return tuple(source_ref(source) for source in fiche.sources)
    cited = {key for name in rubriques for key in fiche.rubriques[name].sources}
    cited.update(key for contact in fiche.contacts for key in contact.sources)
    cited.update(fiche.apres_envoi.sources)
    return tuple(source_ref(source) for source in _among(fiche.sources, cited))


def _among(sources: Iterable[Source], cited: Collection[str]) -> list[Source]:
    return [source for source in sources if source.id in cited]


def first_place(knowledge: Knowledge, now: datetime) -> tuple[str, ...]:
    """Return the lines of the territory's first place, its date with it; paper never says "open now"."""
    places = own_places(knowledge, now)[:1]
    return tuple(line for place in places for line in place_lines(_on_paper(place)))


def _on_paper(place: Place) -> Place:
    return replace(place, open_now=None, next_opening=None)
