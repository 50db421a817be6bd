"""The ids every answer carries: fiches, rubriques and types of data/taxonomie.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.yaml_files import KnowledgeError, Problem, read_yaml


@dataclass(frozen=True)
class Subject:
    """A fiche as the taxonomy names it, written yet or not."""

    id: str
    titre: str
    organisme: str


@dataclass(frozen=True)
class Taxonomy:
    """Subjects by id, rubriques and types in their fixed order."""

    subjects: dict[str, Subject]
    rubriques: tuple[str, ...]
    types: tuple[str, ...]


def load_taxonomy(path: Path) -> Taxonomy:
    """Read the taxonomy. Raises KnowledgeError: nothing works without it."""
    data = read_yaml(path)
    try:
        subjects = {
            key: Subject(id=key, titre=entry["titre"], organisme=entry["organisme"])
            for key, entry in data["fiches"].items()
        }
        return Taxonomy(subjects, tuple(data["rubriques"]), tuple(data["types"]))
    except (AttributeError, KeyError, TypeError) as error:
        message = "il faut « fiches » (titre et organisme de chacune), « rubriques » et « types »"
        raise KnowledgeError([Problem(str(path), 0, message)]) from error
