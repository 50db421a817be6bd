"""Places where somebody helps: read from data/lieux/*.csv.

The files follow LaMedNum's standard-mediation-num 1.0.2 (one CSV line a place, `|` between the
values of a list). Field names are those of the schema.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from opening_hours import validate
from pydantic import Field, ValidationError, validator

from bot.knowledge.fiche import Strict
from bot.knowledge.horaires import DAYS, horaires_en_francais
from bot.knowledge.yaml_files import KnowledgeError, Problem

__all__ = [
    "DAYS",
    "LIST_FIELDS",
    "Lieu",
    "horaires_en_francais",
    "load_lieux",
    "record_of",
    "record_problems",
]

LIST_FIELDS = (
    "typologie",
    "courriels",
    "site_web",
    "services",
    "dispositif_programmes_nationaux",
    "modalites_accompagnement",
    "prise_en_charge_specifique",
)
UNUSED_FIELDS = frozenset(
    {
        "pivot",  # fourteen zeros when unknown, which is always so far
        "structure_parente",
        "publics_specifiquement_adresses",
        "frais_a_charge",
        "formations_labels",
        "autres_formations_labels",
        "modalites_acces",
        "prise_rdv",
    }
)


class Lieu(Strict):
    """One place that receives people, as published on `date_maj`."""

    id: str = Field(..., regex=r"^[a-z0-9-]+$")
    nom: str
    commune: str
    code_postal: str = Field(..., regex=r"^\d{5}$")
    code_insee: str | None = Field(None, regex=r"^([013-9]\d|2[AB1-9])\d{3}$")
    adresse: str
    complement_adresse: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    typologie: tuple[str, ...] = ()
    telephone: str | None = Field(None, description="`+33296604787` in the file, `02 96 60 47 87` here")
    courriels: tuple[str, ...] = ()
    site_web: tuple[str, ...] = ()
    horaires: str | None = Field(None, description="OpenStreetMap opening_hours")
    presentation_resume: str | None = None
    presentation_detail: str | None = None
    source: str | None = None
    itinerance: str | None = Field(None, regex=r"^(Itinérant|Fixe)(\|(Itinérant|Fixe))?$")
    date_maj: date
    services: tuple[str, ...] = ()
    dispositif_programmes_nationaux: tuple[str, ...] = ()
    modalites_accompagnement: tuple[str, ...] = ()
    prise_en_charge_specifique: tuple[str, ...] = ()
    fiche_acces_libre: str | None = None

    @validator("telephone")
    def _write_phone_the_french_way(cls, telephone: str | None) -> str | None:
        if telephone is None:
            return None
        digits = re.sub(r"\D", "", telephone.replace("+33", "0", 1))
        if not re.fullmatch(r"0[1-9]\d{8}", digits):
            raise ValueError("un numéro français s'écrit +33 suivi de neuf chiffres")
        return " ".join(digits[index : index + 2] for index in range(0, 10, 2))

    @validator("horaires")
    def _readable_hours(cls, horaires: str | None) -> str | None:
        if horaires is not None and not validate(horaires):
            raise ValueError("ce ne sont pas des horaires OpenStreetMap (opening_hours)")
        return horaires

    def full_address(self) -> str:
        """Return `22 Rue de Gaël, 35290 Saint-Méen-le-Grand`."""
        street = ", ".join(part for part in (self.adresse, self.complement_adresse) if part)
        return f"{street}, {self.code_postal} {self.commune}"

    def is_itinerant(self) -> bool:
        """Tell whether the place moves: its address is then only its base."""
        return "Itinérant" in (self.itinerance or "")


def load_lieux(folder: Path) -> tuple[Lieu, ...]:
    """Return the places of every CSV file of the folder. Raises KnowledgeError with all that is wrong."""
    lieux: list[Lieu] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.csv")):
        for line, record in _read_records(path, problems):
            try:
                lieu = Lieu.parse_obj(record)
            except ValidationError as error:
                problems.extend(
                    Problem(str(path), line, f"{field} : {message}")
                    for field, message in record_problems(error)
                )
                continue
            if lieu.id in seen:
                problems.append(Problem(str(path), line, f"l'id « {lieu.id} » est déjà dans {seen[lieu.id]}"))
                continue
            seen[lieu.id] = f"{path.name}, ligne {line}"
            lieux.append(lieu)
    if problems:
        raise KnowledgeError(problems)
    return tuple(lieux)


def _read_records(path: Path, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each record with the line it ends on, without its empty values."""
    known = set(Lieu.__fields__) | UNUSED_FIELDS
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            unknown = [name for name in reader.fieldnames or () if name not in known]
            if unknown:
                problems.append(Problem(str(path), 1, f"colonnes inconnues : {', '.join(unknown)}"))
                return
            for row in reader:
                if None in row or None in row.values():
                    problems.append(
                        Problem(str(path), reader.line_num, "la ligne n'a pas le bon nombre de colonnes")
                    )
                    continue
                yield reader.line_num, record_of(row)
    except UnicodeDecodeError:
        problems.append(Problem(str(path), 0, "enregistrez le fichier en UTF-8"))
    except csv.Error as error:
        problems.append(Problem(str(path), 0, f"ce n'est pas du CSV : {error}"))
    except OSError as error:
        problems.append(Problem(str(path), 0, f"fichier illisible ({error.strerror})"))


def record_of(row: dict[str, str]) -> dict[str, Any]:
    """Return a line of the file as the model takes it: lists apart, without its empty values."""
    record: dict[str, Any] = {}
    for name, value in row.items():
        if name in UNUSED_FIELDS or not value.strip():
            continue
        record[name] = tuple(value.split("|")) if name in LIST_FIELDS else value
    return record


def record_problems(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield (field, what to write) of a record that the model refuses."""
    for item in error.errors():
        message = "ce champ est obligatoire" if item["type"] == "value_error.missing" else item["msg"]
        if item["type"] == "value_error.str.regex":
            message = "la valeur n'a pas la forme que demande le schéma LaMedNum"
        elif item["type"] == "value_error.date":
            message = "écrivez la date ainsi : 2022-12-01"
        elif item["type"] == "type_error.float":
            message = "écrivez un nombre : 48.19"
        yield str(item["loc"][0]), message
