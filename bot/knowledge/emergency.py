"""Emergency numbers and which to give for each danger (data/urgences.yml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, root_validator

from bot.knowledge.fiche import Source, Strict
from bot.knowledge.yaml_files import read_model


class EmergencyNumber(Strict):
    """One number: what answers, its price and hours, and the source read. `sms`: to write to, not to call."""

    nom: str
    precision: str
    source: str
    sms: bool = False


class Emergencies(Strict):
    """All the numbers, and for each danger those to give, the most useful first."""

    sources: list[Source]
    numeros: dict[str, EmergencyNumber]
    dangers: dict[str, list[str]] = Field(..., min_items=1)

    @root_validator(skip_on_failure=True)
    def _references_exist(cls, values: dict[str, Any]) -> dict[str, Any]:
        sources = {source.id for source in values["sources"]}
        for number, entry in values["numeros"].items():
            if entry.source not in sources:
                raise ValueError(f"numéro {number} : la source « {entry.source} » manque")
        for danger, numbers in values["dangers"].items():
            lost = [number for number in numbers if number not in values["numeros"]]
            if lost or not numbers:
                raise ValueError(f"danger {danger} : numéros absents de « numeros » : {', '.join(lost)}")
        return values

    def lines(self, danger: str) -> list[str]:
        """Return one line a number for a danger: `17 : Police ou gendarmerie (gratuit, jour et nuit)`."""
        lines = []
        for number in self.dangers[danger]:
            entry = self.numeros[number]
            verb = "SMS au " if entry.sms else ""
            lines.append(f"{verb}{number} : {entry.nom} ({entry.precision})")
        return lines


def load_emergencies(path: Path) -> Emergencies:
    """Read the numbers. Raises KnowledgeError with the line: nothing is served without them."""
    return read_model(path, Emergencies)
