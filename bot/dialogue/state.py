"""What a dialogue remembers between two messages, and what was understood of one message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class DialogueState:
    """The fiche and rubrique in hand, the fiches last proposed, and the misses in a row."""

    fiche: str | None = None
    rubrique: str | None = None
    proposed: tuple[str, ...] = ()
    misses: int = 0


@dataclass(frozen=True)
class Understanding:
    """Rankings of a message: (label, probability), best first. Acts carry the prefix `acte:`."""

    subjects: tuple[tuple[str, float], ...] = ()
    rubriques: tuple[tuple[str, float], ...] = field(default=())

    @classmethod
    def from_parse(cls, parse: dict[str, Any]) -> Understanding:
        """Read the rankings that `SubjectClassifier` adds to Rasa's parse of a message."""
        return cls(_pairs(parse.get("sujets")), _pairs(parse.get("rubriques")))


def _pairs(items: list[dict[str, Any]] | None) -> tuple[tuple[str, float], ...]:
    return tuple((str(item["label"]), float(item["probability"])) for item in items or ())
