"""What the desk adds to every fiche (data/accueil.yml): what blocks, who helps, what is done in someone's place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field, root_validator, validator

from bot.knowledge.checks import check_sentences
from bot.knowledge.fiche import Source, Strict
from bot.knowledge.language import typed_amounts
from bot.knowledge.yaml_files import KnowledgeError, Problem, read_model


class Obstacle(StrEnum):
    """What may block; in the order of the question."""

    EQUIPEMENT = "equipement"
    RESEAU = "reseau"
    COMPTE = "compte"
    LECTURE = "lecture"
    FRANCAIS = "francais"
    PEUR = "peur"
    TEMPS = "temps"


class Role(Strict):
    """Somebody whose work it is to help: what they do, where it ends, where they are."""

    id: str = Field(..., regex="^[a-z-]+$")
    nom: str
    fait: str
    limite: str
    ou: str
    sources: list[str] = Field(..., min_items=1)


class Aide(Strict):
    """One way to help, and the roles that do it."""

    texte: str
    a_qui: list[str] = Field(..., min_items=1)


class Blocage(Strict):
    """What blocks, and the three ways out: do for the person, do with them, let them learn."""

    id: Obstacle
    nom: str
    faire: Aide
    avec: Aide
    apprendre: Aide
    fiches: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def roles(self) -> tuple[str, ...]:
        """Return the ids of the roles it names, each once, in order."""
        ways = (self.faire, self.avec, self.apprendre)
        return tuple(dict.fromkeys(role for way in ways for role in way.a_qui))


class ALaPlace(Strict):
    """What a helper may do in someone's place, and what never."""

    peut: list[str] = Field(..., min_items=1)
    jamais: list[str] = Field(..., min_items=1)
    sources: list[str] = Field(..., min_items=1)


class Accueil(Strict):
    """The whole file. Raises a French error when it names a role or a source that it does not have."""

    responsable: str
    a_revoir_le: date
    roles: list[Role] = Field(..., min_items=1)
    blocages: list[Blocage]
    a_la_place: ALaPlace
    sources: list[Source] = Field(..., min_items=1)

    @validator("blocages")
    def _every_obstacle_once(cls, blocages: list[Blocage]) -> list[Blocage]:
        found = [blocage.id for blocage in blocages]
        if found != list(Obstacle):
            raise ValueError(f"il faut, une fois chacun et dans cet ordre : {', '.join(Obstacle)}")
        return blocages

    @root_validator(skip_on_failure=True)
    def _what_is_named_exists(cls, values: dict[str, Any]) -> dict[str, Any]:
        known = {role.id for role in values["roles"]}
        if lost := sorted({role for blocage in values["blocages"] for role in blocage.roles()} - known):
            raise ValueError(f"« a_qui » nomme des rôles absents de « roles » : {', '.join(lost)}")
        citing = (*values["roles"], *values["blocages"], values["a_la_place"])
        _require_sources({source.id for source in values["sources"]}, citing)
        return values

    def role(self, role_id: str) -> Role:
        """Return the role of that id. Raises KeyError."""
        return {role.id: role for role in self.roles}[role_id]

    def cited(self, keys: Iterable[str]) -> list[Source]:
        """Return the sources of these ids, each once. Raises KeyError."""
        by_id = {source.id: source for source in self.sources}
        return [by_id[key] for key in dict.fromkeys(keys)]


def load_accueil(path: Path, problems: list[Problem]) -> Accueil | None:
    """Read the file; a broken one is told in `problems`, and the desk does without."""
    try:
        return read_model(path, Accueil)
    except KnowledgeError as error:
        problems.extend(error.problems)
        return None


def check_accueil(path: Path, accueil: Accueil | None, subjects: Collection[str]) -> Iterator[Problem]:
    """Yield what its model cannot see: a fiche nobody knows, a long sentence, an amount typed by hand."""
    if accueil is None:
        return
    for blocage in accueil.blocages:
        for fiche in blocage.fiches:
            if fiche not in subjects:
                yield Problem(
                    str(path), 0, f"{blocage.id.value} : « {fiche} » n'est pas dans data/taxonomie.yml"
                )
    for text in _texts(accueil):
        for finding in check_sentences(text):
            yield Problem(str(path), 0, finding)
        for amount in typed_amounts(text):
            yield Problem(str(path), 0, f"montant écrit à la main : « {amount} »")


def _texts(accueil: Accueil) -> Iterator[str]:
    for role in accueil.roles:
        yield from (role.fait, role.limite, role.ou)
    for blocage in accueil.blocages:
        yield from (blocage.faire.texte, blocage.avec.texte, blocage.apprendre.texte)
    yield from (*accueil.a_la_place.peut, *accueil.a_la_place.jamais)


def _require_sources(known: set[str], citing: Iterable[Role | Blocage | ALaPlace]) -> None:
    lost = {key for item in citing for key in item.sources} - known
    if lost:
        raise ValueError(f"sources citées mais absentes de « sources » : {', '.join(sorted(lost))}")
