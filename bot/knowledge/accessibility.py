"""The accessibility statement of the service (data/accessibilite.yml), filled by whoever runs it.

Empty facts stay empty: the page says « à compléter par l'éditeur ». The states and what they demand come from
the obligations that go with the RGAA (article 47 of the law no 2005-102; accessibilite.numerique.gouv.fr).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import Field, HttpUrl, root_validator, validator
from pydantic.fields import ModelField

from bot.knowledge.fiche import Strict
from bot.knowledge.yaml_files import Problem, read_model

YEARS_OF_AUDIT = 3
"""A statement is written again after three years at most: an older audit proves nothing any more."""

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"0[1-9](?:[ .]?\d{2}){4}|3\d{3}|3\d \d{2}")


class Etat(StrEnum):
    """The three states the law knows; a statement without a valid audit has the first."""

    NON = "non conforme"
    PARTIEL = "partiellement conforme"
    TOTAL = "totalement conforme"


_LEAST_RATE = {Etat.NON: 0.0, Etat.PARTIEL: 50.0, Etat.TOTAL: 100.0}


class Filled(Strict):
    """A part of the statement: a key left blank is a fact not known yet."""

    @validator("*", pre=True)
    def _blank_is_unknown(cls, value: object, field: ModelField) -> object:
        if field.type_ is date and isinstance(value, int | float):  # pydantic would count seconds from 1970
            raise ValueError("écrivez la date ainsi : 2026-04-01")
        return None if isinstance(value, str) and not value.strip() else value


class Audit(Filled):
    """What an audit found. `taux`: percentage of the criteria that are met."""

    date: date | None = None
    taux: float | None = Field(default=None, ge=0, le=100)
    auditeur: str | None = None
    rapport: HttpUrl | None = None

    def missing(self) -> list[str]:
        """Return the facts without which an audit proves nothing."""
        return [name for name in ("date", "taux", "auditeur") if getattr(self, name) is None]


class Contact(Filled):
    """Where a difficulty is told."""

    courriel: str | None = None
    telephone: str | None = None
    adresse: str | None = None

    @validator("courriel")
    def _is_mail(cls, value: str | None) -> str | None:
        if value is not None and not _MAIL.fullmatch(value):
            raise ValueError("ce n'est pas une adresse de courriel")
        return value

    @validator("telephone")
    def _is_phone(cls, value: str | None) -> str | None:
        if value is not None and not _PHONE.fullmatch(value):
            raise ValueError("écrivez le numéro ainsi : 02 99 00 00 00 (entre guillemets)")
        return value


class Declaration(Filled):
    """The whole statement. Raises a French error when it claims more than its audit shows."""

    etat: Etat = Etat.NON
    audit: Audit = Audit()
    etablie_le: date | None = None
    mise_a_jour_le: date | None = None
    schema_pluriannuel: HttpUrl | None = None
    plan_d_actions: HttpUrl | None = None
    non_conformites: tuple[str, ...] | None = None
    derogations: tuple[str, ...] | None = None
    contenus_exclus: tuple[str, ...] | None = None
    technologies: tuple[str, ...] | None = None
    environnement_de_test: tuple[str, ...] | None = None
    outils: tuple[str, ...] | None = None
    pages_controlees: tuple[str, ...] | None = None
    contact: Contact = Contact()

    @validator("etat", pre=True)
    def _is_a_known_state(cls, value: object) -> object:
        if value not in set(Etat):
            raise ValueError(f"écrivez {', '.join(f'« {etat} »' for etat in Etat)}")
        return value

    @validator("audit", "contact", pre=True)
    def _empty_part(cls, value: object) -> object:
        return {} if value is None else value

    @root_validator(skip_on_failure=True)
    def _claims_no_more_than_the_audit(cls, values: dict[str, Any]) -> dict[str, Any]:
        etat, audit = values["etat"], values["audit"]
        if etat is not Etat.NON and (missing := audit.missing()):
            raise ValueError(
                f"« {etat} » demande un audit : il manque {', '.join(f'audit > {name}' for name in missing)}"
            )
        if audit.taux is not None and audit.taux < _LEAST_RATE[etat]:
            raise ValueError(f"« {etat} » demande un taux de {_LEAST_RATE[etat]:.0f} % au moins")
        return values

    @root_validator(skip_on_failure=True)
    def _dates_follow(cls, values: dict[str, Any]) -> dict[str, Any]:
        written, updated = values["etablie_le"], values["mise_a_jour_le"]
        if written and updated and updated < written:
            raise ValueError("« mise_a_jour_le » vient après « etablie_le »")
        return values

    def state_on(self, day: date) -> Etat:
        """Return the state to show that day: « non conforme » once the audit is past, or not made yet."""
        return self.etat if self.audit_counts(day) else Etat.NON

    def audit_counts(self, day: date) -> bool:
        """Tell whether an audit was made, and is recent enough to prove something that day."""
        made = self.audit.date
        return made is not None and made <= day < _years_later(made, YEARS_OF_AUDIT)


def load_declaration(path: Path) -> Declaration:
    """Read the statement. Raises KnowledgeError with the line."""
    return read_model(path, Declaration)


def check_declaration(path: Path, declaration: Declaration, today: date) -> Iterator[Problem]:
    """Yield what time has made wrong: a claim whose audit is too old, a day that has not come."""
    if declaration.state_on(today) is not declaration.etat:
        yield Problem(
            str(path),
            0,
            f"l'audit doit dater de moins de {YEARS_OF_AUDIT} ans : la page dit « {Etat.NON} »",
        )
    for name in ("etablie_le", "mise_a_jour_le"):
        written = getattr(declaration, name)
        if written and written > today:
            yield Problem(str(path), 0, f"{name} : ce jour n'est pas encore venu")


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
