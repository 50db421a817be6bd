"""The Directive: what the dialogue decided to answer, without a word of text.

Actions send it through Rasa, so no text a person reads stays in a tracker; `bot.answers` turns it
into an Answer from the knowledge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Directive:
    """Which response to give: a key of `bot.answers.compose.COMPOSERS`, and its parameters."""

    kind: str
    fiche: str | None = None
    rubrique: str | None = None
    fiches: tuple[str, ...] = ()
    misses: int = 0
    situation: str | None = None
    also: str | None = None
    """A second rubrique asked for in the same message."""

    def to_json(self) -> dict[str, Any]:
        """Return what an action sends, with values that do not apply left out."""
        data: dict[str, Any] = {"kind": self.kind}
        if self.fiche:
            data["fiche"] = self.fiche
        if self.rubrique:
            data["rubrique"] = self.rubrique
        if self.fiches:
            data["fiches"] = list(self.fiches)
        if self.situation:
            data["situation"] = self.situation
        if self.also:
            data["also"] = self.also
        if self.misses:
            data["misses"] = self.misses
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Directive:
        """Build the directive again. Raises KeyError without a kind."""
        return cls(
            kind=str(data["kind"]),
            fiche=data.get("fiche"),
            rubrique=data.get("rubrique"),
            fiches=tuple(data.get("fiches", ())),
            misses=int(data.get("misses", 0)),
            situation=data.get("situation"),
            also=data.get("also"),
        )
