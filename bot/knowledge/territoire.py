"""A territory: its communes, places and local contacts, and what it adds to each fiche.

A territory is one folder: `territoire.yml`, and `fiches/<fiche>.yml` for local help. Whoever is known
by their role but by no source read is listed with `a_completer`, and never shown to residents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import Field, HttpUrl, root_validator

from bot.knowledge.communes import match_commune
from bot.knowledge.fiche import Source, Strict
from bot.knowledge.lieu import Lieu
from bot.knowledge.yaml_files import KnowledgeError, Problem, read_model


class Commune(Strict):
    """One commune, with its codes and the names that its villages had before a merger."""

    nom: str
    code_insee: str = Field(..., regex=r"^([013-9]\d|2[AB1-9])\d{3}$")
    codes_postaux: list[str] = Field(..., min_items=1)
    anciens_noms: tuple[str, ...] = ()

    @root_validator(skip_on_failure=True)
    def _codes_of_five_digits(cls, values: dict[str, Any]) -> dict[str, Any]:
        wrong = [code for code in values["codes_postaux"] if not re.fullmatch(r"\d{5}", code)]
        if wrong:
            raise ValueError(f"un code postal a cinq chiffres (ici : {', '.join(wrong)})")
        return values


class ContactLocal(Strict):
    """Whom to call or visit here: reachable and sourced, or `a_completer` and kept from residents."""

    nom: str
    telephone: str | None = None
    adresse: str | None = None
    url: HttpUrl | None = None
    horaires: str | None = None
    note: str | None = None
    sources: tuple[str, ...] = ()
    a_completer: str | None = Field(None, description="what is missing before it can be shown")
    professionnel: bool = Field(
        False, description="for professionals at a desk only, never shown to residents"
    )

    @root_validator(skip_on_failure=True)
    def _shown_only_when_sourced(cls, values: dict[str, Any]) -> dict[str, Any]:
        facts = [key for key in ("telephone", "adresse", "url", "horaires") if values.get(key)]
        if values.get("a_completer"):
            if facts:
                raise ValueError(
                    "un contact « a_completer » n'a encore ni téléphone, ni adresse, ni page web, ni horaires"
                )
            return values
        if not any(values.get(key) for key in ("telephone", "adresse", "url")):
            raise ValueError(
                "il faut un téléphone, une adresse ou une page web (ou « a_completer » avec ce qui manque)"
            )
        if not values.get("sources"):
            raise ValueError("il manque « sources » : un contact sans source lue se note « a_completer »")
        return values


class AideLocale(Strict):
    """Help that exists only here, with where it was read."""

    nom: str
    texte: str
    url: HttpUrl | None = None
    sources: list[str] = Field(..., min_items=1)


class Complement(Strict):
    """What the territory adds to one fiche."""

    fiche: str = Field(..., regex="^[a-z-]+$")
    aides_locales: tuple[AideLocale, ...] = ()
    contacts: tuple[ContactLocal, ...] = ()
    sources: tuple[Source, ...] = ()

    @root_validator(skip_on_failure=True)
    def _sources_exist(cls, values: dict[str, Any]) -> dict[str, Any]:
        _require_sources(values["sources"], [*values["aides_locales"], *values["contacts"]])
        return values

    def shown_contacts(self) -> list[ContactLocal]:
        """Return the contacts that residents may see."""
        return [contact for contact in self.contacts if _is_public(contact)]

    def professional_contacts(self) -> list[ContactLocal]:
        """Return the contacts that only professionals may see."""
        return [contact for contact in self.contacts if _is_professional(contact)]


class DescriptionTerritoire(Strict):
    """The file territoire.yml as it is written."""

    id: str = Field(..., regex="^[a-z0-9-]+$")
    nom: str
    departement: str = Field(..., regex=r"^(\d{2}|2[AB]|97\d)$")
    communes: list[Commune] = Field(..., min_items=1)
    lieux: list[str] = Field([], description="ids of data/lieux, the first one is named first")
    contacts: tuple[ContactLocal, ...] = ()
    sources: list[Source] = Field(..., min_items=1)

    @root_validator(skip_on_failure=True)
    def _sources_exist(cls, values: dict[str, Any]) -> dict[str, Any]:
        _require_sources(values["sources"], values["contacts"])
        return values


class Territoire(DescriptionTerritoire):
    """A territory whole: the description, and `fiches`, what it adds to each of them."""

    fiches: dict[str, Complement] = Field(default_factory=dict)

    def communes_named(self, query: str) -> list[Commune]:
        """Return the communes that a name (old or new) or a postal code in the query stands for."""
        for code in re.findall(r"(?<!\d)\d{5}(?!\d)", query):
            coded = [commune for commune in self.communes if code in commune.codes_postaux]
            if coded:
                return coded
        owners = {name: commune for commune in self.communes for name in (commune.nom, *commune.anciens_noms)}
        name = match_commune(owners, query)
        return [owners[name]] if name else []

    def shown_contacts(self, fiche: str | None = None) -> list[ContactLocal]:
        """Return the contacts that residents may see, those of the fiche first."""
        of_fiche = self.fiches[fiche].shown_contacts() if fiche in self.fiches else []
        return of_fiche + [contact for contact in self.contacts if _is_public(contact)]

    def professional_contacts(self, fiche: str) -> list[ContactLocal]:
        """Return the contacts that only professionals may see, those of the fiche first."""
        of_fiche = self.fiches[fiche].professional_contacts() if fiche in self.fiches else []
        return of_fiche + [contact for contact in self.contacts if _is_professional(contact)]

    def local_help(self, fiche: str) -> list[AideLocale]:
        """Return the help that exists only here for that fiche."""
        return list(self.fiches[fiche].aides_locales) if fiche in self.fiches else []

    def own_lieux(self, lieux: Iterable[Lieu]) -> list[Lieu]:
        """Return the territory's places, in its own order; `bot check` tells of an id that is not there."""
        by_id = {lieu.id: lieu for lieu in lieux}
        return [by_id[lieu_id] for lieu_id in self.lieux if lieu_id in by_id]

    def to_complete(self) -> list[tuple[str, str]]:
        """Return (name, what is missing) of each contact that waits for a source."""
        of_fiches = [contact for complement in self.fiches.values() for contact in complement.contacts]
        return [
            (contact.nom, contact.a_completer)
            for contact in (*self.contacts, *of_fiches)
            if contact.a_completer
        ]


def load_territoire(folder: Path) -> Territoire:
    """Return the territory of that folder. Raises KnowledgeError with all that is wrong in its files."""
    path = folder / "territoire.yml"
    description = read_model(path, DescriptionTerritoire)
    problems = []
    if description.id != folder.name:
        problems.append(Problem(str(path), 1, f"l'id « {description.id} » doit être le nom du dossier"))
    complements: dict[str, Complement] = {}
    for file in sorted((folder / "fiches").glob("*.yml")):
        try:
            complement = read_model(file, Complement)
        except KnowledgeError as error:
            problems.extend(error.problems)
            continue
        if complement.fiche != file.stem:
            message = f"la fiche « {complement.fiche} » doit être le nom du fichier, « {file.stem} »"
            problems.append(Problem(str(file), 1, message))
        complements[file.stem] = complement
    if problems:
        raise KnowledgeError(problems)
    return Territoire(**dict(description), fiches=complements)


def _is_public(contact: ContactLocal) -> bool:
    return not contact.a_completer and not contact.professionnel


def _is_professional(contact: ContactLocal) -> bool:
    return not contact.a_completer and contact.professionnel


def _require_sources(sources: Iterable[Source], citing: Iterable[AideLocale | ContactLocal]) -> None:
    known = [source.id for source in sources]
    doubles = {key for key in known if known.count(key) > 1}
    if doubles:
        raise ValueError(f"sources en double : {', '.join(sorted(doubles))}")
    lost = {key for item in citing for key in item.sources} - set(known)
    if lost:
        raise ValueError(f"sources citées mais absentes de « sources » : {', '.join(sorted(lost))}")
