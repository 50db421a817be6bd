"""What a dialogue remembers between two messages, and what was understood of one message."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class DialogueState:
    """The fiche and rubrique in hand, the fiches last proposed, the misses in a row, the life situation told."""

    fiche: str | None = None
    rubrique: str | None = None
    proposed: tuple[str, ...] = ()
    misses: int = 0
    situation: str | None = None


@dataclass(frozen=True)
class Understanding:
    """Rankings of a message: (label, probability), best first. Acts carry the prefix `acte:`."""

    subjects: tuple[tuple[str, float], ...] = ()
    rubriques: tuple[tuple[str, float], ...] = field(default=())
    asked: tuple[str, ...] = ()
    """The rubriques of a message that asks several things at once, in its order."""

    @classmethod
    def from_parse(cls, parse: dict[str, Any]) -> Understanding:
        """Read the rankings that `SubjectClassifier` adds to Rasa's parse of a message."""
        return cls(
            _pairs(parse.get("sujets")), _pairs(parse.get("rubriques")), tuple(parse.get("demandes") or ())
        )


def _pairs(items: list[dict[str, Any]] | None) -> tuple[tuple[str, float], ...]:
    return tuple((str(item["label"]), float(item["probability"])) for item in items or ())
