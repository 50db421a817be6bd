"""Bring places of another source into data/lieux: check each, find those already there, write the files whole.

A record that is wrong is left out and told, with its line and field: the others are taken. A place that data/lieux
already has under another id keeps that id, which territories name, and takes the newer facts.
"""

from __future__ import annotations

import csv
import difflib
import io
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import phonenumbers
from pydantic import ValidationError

from bot.knowledge.communes import Communes, normalize_place
from bot.knowledge.lieu import Lieu, record_of, record_problems
from bot.knowledge.lieux_reading import Record
from bot.knowledge.voisinage import distance_km

COLUMNS = (
    "id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "complement_adresse",
    "latitude", "longitude", "typologie", "telephone", "courriels", "site_web", "horaires",
    "presentation_resume", "presentation_detail", "source", "itinerance", "structure_parente",
    "date_maj", "services", "publics_specifiquement_adresses", "prise_en_charge_specifique",
    "frais_a_charge", "dispositif_programmes_nationaux", "formations_labels",
    "autres_formations_labels", "modalites_acces", "modalites_accompagnement", "fiche_acces_libre",
    "prise_rdv",
)  # fmt: skip
"""Those of LaMedNum 1.0.2, in its order."""
UNKNOWN_PIVOT = "0" * 14
SAME_PLACE_KM = 0.05
SAME_NAME = 0.8
"""Of difflib's ratio: "France services Mauron" and "Espace France Services de Mauron" are one name."""
FARTHEST_KM = 50
"""From the centre of its commune: farther, latitude and longitude were exchanged, or the commune is wrong."""
OLDEST = date(2000, 1, 1)
_BOXES = (
    (41.2, 51.3, -5.3, 9.7),  # mainland and Corsica
    (15.7, 18.2, -63.2, -60.9),  # Guadeloupe, Saint-Martin, Saint-Barthélemy
    (14.3, 15.0, -61.3, -60.7),  # Martinique
    (2.0, 5.9, -54.7, -51.5),  # Guyane
    (-21.5, -20.8, 55.1, 55.9),  # La Réunion
    (-13.1, -12.6, 44.9, 45.4),  # Mayotte
    (46.7, 47.2, -56.5, -56.1),  # Saint-Pierre-et-Miquelon
    (-28.0, -7.8, -155.0, -134.0),  # Polynésie
    (-23.0, -19.0, 158.0, 172.5),  # Nouvelle-Calédonie
    (-14.5, -13.1, -178.3, -176.0),  # Wallis-et-Futuna
)
_NO_PUBLIC = "n'accueille pas de public"
_DISTRICT = re.compile(r"(751|132|6938)\d+")
_CITY_OF_DISTRICT = {"751": "75056", "132": "13055", "6938": "69123"}


@dataclass(frozen=True)
class Refusal:
    """Why a record is left out."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"ligne {self.line}, {self.field} : {self.reason}"


@dataclass
class Import:
    """What an import does: files to write whole, records refused, places already there."""

    files: dict[Path, list[dict[str, str]]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    added: int = 0
    updated: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)


def prepare_import(
    records: Iterable[Record], folder: Path, source: str, communes: Communes, today: date
) -> Import:
    """Return what importing the records of a source into data/lieux changes; nothing is written."""
    outcome = Import()
    target = folder / f"{source}.csv"
    others = {path: read_rows(path) for path in sorted(folder.glob("*.csv")) if path != target}
    rows: list[dict[str, str]] = []
    known = _Known((path, row) for path, its_rows in others.items() for row in its_rows)
    for record in records:
        row, refusals = check_record(record, source, communes, today)
        outcome.refused += refusals
        if refusals:
            continue
        same = known.find(row)
        if same is None:
            rows.append(row)
            known.add(target, row)
        elif same[0] == target:
            outcome.known.append(f"{row['id']} : deux fois dans ce fichier ({same[1]['id']})")
        elif row["date_maj"] <= same[1]["date_maj"]:
            outcome.known.append(f"{row['id']} : déjà dans {same[0].name} ({same[1]['id']})")
        else:
            outcome.updated.append(f"{same[1]['id']} : mis à jour dans {same[0].name}")
            same[1].update(row | {"id": same[1]["id"]})
            outcome.files[same[0]] = others[same[0]]
    outcome.added = len(rows)
    if rows:
        outcome.files[target] = rows
    return outcome


def write_import(outcome: Import) -> None:
    """Write each file beside its place, then put it there: a reader sees the old one or the new one."""
    for path, rows in outcome.files.items():
        stream = io.StringIO()
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: row.get(name, "") for name in COLUMNS} for row in rows)
        beside = path.with_suffix(".csv.nouveau")
        with beside.open("w", encoding="utf-8") as file:
            file.write(stream.getvalue())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the lines of a file of data/lieux as they are written."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [dict(row) for row in csv.DictReader(stream, strict=True)]


def check_record(
    record: Record, source: str, communes: Communes, today: date
) -> tuple[dict[str, str], list[Refusal]]:
    """Return the line that data/lieux would have, and why it may not."""
    row = {name: record.values.get(name, "") for name in COLUMNS}
    row["pivot"] = row["pivot"] or UNKNOWN_PIVOT
    row["source"] = row["source"] or source
    found = [*_phone(row), *_commune(row, communes), *_date(row, today)]
    if _NO_PUBLIC in row["modalites_acces"]:
        found.append(("modalites_acces", "ce lieu n'accueille pas de public"))
    try:
        lieu = Lieu.parse_obj(record_of(row))
    except ValidationError as error:
        told = {name for name, _reason in found}
        found += [(name, reason) for name, reason in record_problems(error) if name not in told]
    else:
        found += _position(lieu, communes)
    return row, [Refusal(record.line, name, reason) for name, reason in found]


def _phone(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Write the phone as data/lieux has it; a number that cannot be called is refused."""
    if not row["telephone"]:
        return
    try:
        number = phonenumbers.parse(row["telephone"], "FR")
    except phonenumbers.NumberParseException:
        number = None
    national = str(number.national_number) if number else ""
    if number is None or not phonenumbers.is_valid_number(number) or len(national) != len("612345678"):
        yield "telephone", f"« {row['telephone']} » n'est pas un numéro de téléphone de France"
        return
    row["telephone"] = f"+33{national}"


def _commune(row: dict[str, str], communes: Communes) -> Iterator[tuple[str, str]]:
    code = row["code_insee"]
    if not code:
        return
    district = _DISTRICT.fullmatch(code)
    if communes.with_code(_CITY_OF_DISTRICT[district[1]] if district else code) is None:
        yield "code_insee", f"aucune commune de France n'a le code {code} aujourd'hui"


def _date(row: dict[str, str], today: date) -> Iterator[tuple[str, str]]:
    row["date_maj"] = row["date_maj"][:10]  # some sources write the hour too
    try:
        day = date.fromisoformat(row["date_maj"])
    except ValueError:
        return  # the model says it
    if not OLDEST <= day <= today:
        yield "date_maj", f"{day.isoformat()} est avant 2000 ou après aujourd'hui"


def _position(lieu: Lieu, communes: Communes) -> Iterator[tuple[str, str]]:
    if lieu.latitude is None or lieu.longitude is None:
        if lieu.latitude is not lieu.longitude:
            yield "latitude", "il manque la latitude ou la longitude"
        return
    if not any(s <= lieu.latitude <= n and w <= lieu.longitude <= e for s, n, w, e in _BOXES):
        yield "latitude", f"{lieu.latitude}, {lieu.longitude} n'est pas en France"
        return
    commune = communes.with_code(lieu.code_insee or "")
    far = distance_km(commune.centre, (lieu.latitude, lieu.longitude)) if commune and commune.centre else None
    if commune and far is not None and far > FARTHEST_KM:
        yield "latitude", f"le point est à {far:.0f} km de {commune.nom}"


class _Known:
    """The places already there, found by id, or by where they stand and their name."""

    def __init__(self, rows: Iterable[tuple[Path, dict[str, str]]]) -> None:
        self._by_id: dict[str, tuple[Path, dict[str, str]]] = {}
        self._by_square: dict[tuple[int, int], list[tuple[Path, dict[str, str]]]] = defaultdict(list)
        for path, row in rows:
            self.add(path, row)

    def add(self, path: Path, row: dict[str, str]) -> None:
        self._by_id[row["id"]] = (path, row)
        if square := _square(row):
            self._by_square[square].append((path, row))

    def find(self, row: dict[str, str]) -> tuple[Path, dict[str, str]] | None:
        if row["id"] in self._by_id:
            return self._by_id[row["id"]]
        square = _square(row)
        if square is None:
            return None
        around = [(square[0] + up, square[1] + right) for up in (-1, 0, 1) for right in (-1, 0, 1)]
        near = [item for key in around for item in self._by_square.get(key, ())]
        return next((item for item in near if is_same_place(item[1], row)), None)


def is_same_place(one: dict[str, str], other: dict[str, str]) -> bool:
    """Tell whether two lines are one place: within 50 m, under nearly the same name."""
    points = [(float(row["latitude"]), float(row["longitude"])) for row in (one, other)]
    apart = distance_km(points[0], points[1])
    return apart is not None and apart <= SAME_PLACE_KM and _is_same_name(one["nom"], other["nom"])


def _is_same_name(one: str, other: str) -> bool:
    first, second = sorted((normalize_place(one), normalize_place(other)), key=len)
    if set(first.split()) <= set(second.split()):
        return True
    return difflib.SequenceMatcher(None, first, second).ratio() >= SAME_NAME


def _square(row: dict[str, str]) -> tuple[int, int] | None:
    """Return the square of a thousandth of a degree (70 to 111 m in France) a place stands in."""
    if not row.get("latitude") or not row.get("longitude"):
        return None
    return int(float(row["latitude"]) * 1000), int(float(row["longitude"]) * 1000)
