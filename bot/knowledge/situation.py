"""Model of a life situation, as written in data/situations/<id>.yml: for people who know the name of no right.

A situation states nothing that its fiches do not state with their sources. Field names are French because
the people who write them read them (docs/guide-redaction.md).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from bot.knowledge.fiche import Strict
from bot.knowledge.yaml_files import KnowledgeError, Problem, read_model


class DroitAVoir(Strict):
    """A fiche to look at, and in which case."""

    fiche: str
    cas: str = Field(..., description="who it is for or what it brings, one sentence")


class Question(Strict):
    """A question that decides between fiches."""

    question: str
    oui: list[str] = Field(..., min_items=1)
    non: list[str] = Field([])


class Situation(Strict):
    """What happens to a person, what to do this week, and which rights to look at, in order."""

    id: str = Field(..., regex="^[a-z0-9-]+$")
    titre: str
    nom_court: str = Field(..., max_length=40, description="as a button or an SMS would call it")
    responsable: str = Field(..., description="who answers for the text")
    a_revoir_le: date
    accueil: str = Field(
        ..., description="one or two sentences that recognise the situation and reassure truly"
    )
    cette_semaine: list[str] = Field(..., min_items=1, max_items=5)
    droits: list[DroitAVoir] = Field(..., min_items=2, max_items=8)
    questions: list[Question] = Field(..., min_items=1, max_items=4)
    personne: str = Field(..., description="who helps, face to face")
    sms: str

    def fiches(self) -> tuple[str, ...]:
        """Return the ids of its fiches, in order."""
        return tuple(dict.fromkeys(droit.fiche for droit in self.droits))


def load_situations(folder: Path, problems: list[Problem]) -> dict[str, Situation]:
    """Return the situations by id; a file that cannot be used is left out and told in `problems`."""
    situations = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            situation = read_model(path, Situation)
        except KnowledgeError as error:
            problems.extend(error.problems)
            continue
        if situation.id != path.stem:
            message = f"l'id « {situation.id} » doit être le nom du fichier, « {path.stem} »"
            problems.append(Problem(str(path), 1, message))
            continue
        situations[situation.id] = situation
    return situations
