"""The channel-neutral Answer: what is said, before any channel gives it a shape."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class AnswerType(StrEnum):
    """The types of data/taxonomie.yml; every answer carries one."""

    FICHE = "fiche"
    ORIENTATION = "orientation"
    CLARIFICATION = "clarification"
    ESCALADE = "escalade"
    URGENCE = "urgence"
    ACCUEIL = "accueil"
    CONFIDENTIALITE = "confidentialite"
    HORS_SUJET = "hors_sujet"
    INCOMPRIS = "incompris"
    LIEU = "lieu"
    ESTIMATION = "estimation"


class BlockKind(StrEnum):
    """How a block of an answer reads."""

    TEXT = "texte"
    LIST = "liste"
    STEPS = "etapes"
    DOCUMENTS = "documents"
    WARNING = "attention"


@dataclass(frozen=True)
class Block:
    """One paragraph (one item) or one list (several items), with an optional heading.

    `lang` is the BCP 47 tag of a block that is not in French; words between « » in it are French.
    """

    kind: BlockKind
    items: tuple[str, ...]
    title: str | None = None
    lang: str | None = None


@dataclass(frozen=True)
class Choice:
    """A reply the person may pick; `value` is what comes back when they do."""

    label: str
    value: str


@dataclass(frozen=True)
class SourceRef:
    """A text behind an answer. Dates are ISO 8601 days; `text_of` is None when the text bears no date."""

    title: str
    url: str
    text_of: str | None
    checked_on: str


@dataclass(frozen=True)
class Place:
    """A place to go, with what is known of it. `hours_note` says how old the hours are.

    `next_opening` reads on its own: "ouvert jusqu'à 17 h", "ouvre mardi 1er décembre à 9 h". `updated_on` is an ISO
    day; `source_note` says it in French, with the source, and "à vérifier" when it is old.
    """

    name: str
    address: str
    phone: str | None = None
    opening_hours: str | None = None
    hours_note: str | None = None
    open_now: bool | None = None
    distance_km: float | None = None
    next_opening: str | None = None
    access: str | None = None
    source_note: str | None = None
    updated_on: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the assistant says in reply to one message, before rendering."""

    type: AnswerType
    blocks: tuple[Block, ...]
    sms: str
    fiche: str | None = None
    rubrique: str | None = None
    fiches: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    sources: tuple[SourceRef, ...] = ()
    places: tuple[Place, ...] = ()
    reference: str | None = None
    notes: tuple[str, ...] = field(default=(), metadata={"doc": "dates of amounts, review warnings"})
    author: str | None = None
    """The operator whose words these are, by the name they chose; None for the assistant's."""

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON-ready values, for storage."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Answer:
        """Build the answer again from `to_json`. Raises KeyError or ValueError on foreign data."""
        return cls(
            type=AnswerType(data["type"]),
            blocks=tuple(
                Block(BlockKind(b["kind"]), tuple(b["items"]), b.get("title"), b.get("lang"))
                for b in data["blocks"]
            ),
            sms=data["sms"],
            fiche=data.get("fiche"),
            rubrique=data.get("rubrique"),
            fiches=tuple(data.get("fiches", ())),
            choices=tuple(Choice(**c) for c in data.get("choices", ())),
            sources=tuple(SourceRef(**s) for s in data.get("sources", ())),
            places=tuple(Place(**p) for p in data.get("places", ())),
            reference=data.get("reference"),
            notes=tuple(data.get("notes", ())),
            author=data.get("author"),
        )


def paragraph(text: str) -> Block:
    """Return a block of one paragraph."""
    return Block(BlockKind.TEXT, (text,))
