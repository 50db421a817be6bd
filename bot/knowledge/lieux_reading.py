"""Read a file of places of another source: LaMedNum's schema (CSV) or data·inclusion's (CSV, JSON, NDJSON).

Both become records of LaMedNum's columns, as data/lieux has them. Nothing is added to what the file says. The schema
of data·inclusion is that of the package data-inclusion-schema 1.0 (v1; the names of v0 that differ are read too):
structures, and services that name their structure (`structure_id`), in one file or in two.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.knowledge.lieu import LIST_FIELDS

STRUCTURE = "structure_id"
"""The column by which a service is told from a structure."""
_LAMEDNUM_ONLY = ("pivot", "horaires", "courriels", "services", "modalites_acces")
_SAME_NAMES = (
    "nom", "commune", "code_postal", "code_insee", "adresse", "complement_adresse", "latitude", "longitude",
    "telephone", "site_web", "source", "date_maj",
)  # fmt: skip
_FRANCE_SERVICES = ("france-service", "france-services")
MAX_BYTES = 64 * 1024 * 1024
"""The whole of France in data·inclusion is less; a file beyond it would fill the memory."""
_SPLIT = re.compile(r"[|;]")
_IN_BRACKETS = re.compile(r"^[\[{(](.*)[\])}]$", re.DOTALL)


class UnreadableFile(Exception):
    """The file is not in one of the schemas; the message says what to do."""


@dataclass(frozen=True)
class Record:
    """One place as its source gives it, in the columns of LaMedNum, with the line it comes from."""

    line: int
    values: dict[str, str]


def read_records(paths: Iterable[Path]) -> list[Record]:
    """Return the places of the files. Raises UnreadableFile."""
    rows = [(line, row) for path in paths for line, row in _rows(path)]
    if not rows:
        raise UnreadableFile("le fichier est vide")
    services = [row for _line, row in rows if STRUCTURE in row]
    structures = [(line, row) for line, row in rows if STRUCTURE not in row]
    if not structures:
        raise UnreadableFile("ce sont des services sans structures : donnez aussi le fichier des structures")
    if any(name in structures[0][1] for name in _LAMEDNUM_ONLY):
        return [Record(line, _of_lamednum(row)) for line, row in structures]
    if not {"id", "nom"} <= structures[0][1].keys():
        raise UnreadableFile(
            "ni le schéma LaMedNum, ni celui de data·inclusion : il manque « id » ou « nom »"
        )
    by_structure: dict[str, list[dict[str, Any]]] = {}
    for service in services:
        by_structure.setdefault(str(service[STRUCTURE]), []).append(service)
    return [
        Record(line, _of_inclusion(row, by_structure.get(str(row["id"]), []))) for line, row in structures
    ]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(f"{path} : fichier trop gros ({MAX_BYTES // 1024**2} Mo au plus)")
        text = path.read_text(encoding="utf-8-sig")
        yield from _csv_rows(text) if text.lstrip()[:1] not in ("{", "[") else _json_rows(text)
    except OSError as error:
        raise UnreadableFile(f"{path} : fichier illisible ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path} : enregistrez le fichier en UTF-8") from error
    except (csv.Error, ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path} : ni CSV ni JSON ({error})") from error


def _csv_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    header = text.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for row in reader:
        yield reader.line_num, {name: value for name, value in row.items() if name is not None}


def _json_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of an array, of `{"structures": […], "services": […]}`, or one a line."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        content = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(content, dict):
        lists = [
            content[name]
            for name in ("structures", "services", "data")
            if isinstance(content.get(name), list)
        ]
        content = [item for items in lists for item in items] if lists else [content]
    for rank, item in enumerate(content, start=1):
        if not isinstance(item, dict):
            raise ValueError(f"l'élément {rank} n'est pas un objet")  # noqa: TRY004
        yield rank, item


def _of_lamednum(row: dict[str, Any]) -> dict[str, str]:
    values = {name: _text(value) for name, value in row.items()}
    for name in LIST_FIELDS:
        if values.get(name):
            values[name] = "|".join(_items(values[name]))
    values["id"] = identifier(values.get("id", ""))
    if values.get("itinerance"):
        values["itinerance"] = "|".join(_items(values["itinerance"]))
    return values


def _of_inclusion(row: dict[str, Any], services: list[dict[str, Any]]) -> dict[str, str]:
    """Return a structure with what its services say they help with, in the words of data·inclusion."""
    here = [service for service in services if _is_at(row, service)]
    values = {name: _text(row.get(name)) for name in _SAME_NAMES}
    values["id"] = identifier(_text(row["id"]))
    values["pivot"] = _text(row.get("siret"))
    values["horaires"] = _text(row.get("horaires_accueil") or row.get("horaires_ouverture"))
    values["courriels"] = _text(row.get("courriel"))
    values["fiche_acces_libre"] = _text(row.get("accessibilite_lieu") or row.get("accessibilite"))
    subjects = [
        *_values(row.get("thematiques")),
        *(s for item in here for s in _values(item.get("thematiques"))),
    ]
    values["services"] = "|".join(dict.fromkeys(subjects))
    kinds = [kind for item in here for kind in (*_values(item.get("type")), *_values(item.get("types")))]
    values["modalites_accompagnement"] = "|".join(dict.fromkeys(kinds))
    networks = (*_values(row.get("reseaux_porteurs")), *_values(row.get("labels_nationaux")))
    values["dispositif_programmes_nationaux"] = (
        "France Services" if set(networks) & set(_FRANCE_SERVICES) else ""
    )
    return values


def _is_at(structure: dict[str, Any], service: dict[str, Any]) -> bool:
    """Tell whether one is received for a service at the structure: not elsewhere, nor only from afar."""
    modes = _values(service.get("modes_accueil"))
    if modes and "en-presentiel" not in modes:
        return False
    where = _text(service.get("code_insee"))
    return not where or where == _text(structure.get("code_insee"))


def identifier(text: str) -> str:
    """Return an id in the letters that data/lieux takes: `dora--42` for `dora--42`, `a-b` for `A:b`."""
    return re.sub(r"[^a-z0-9-]+", "-", text.strip().lower()).strip("-")


def _values(value: Any) -> list[str]:
    """Return a list that JSON gives as such, and CSV as `["a", "b"]`, `{a,b}` or `a|b`."""
    if isinstance(value, list):
        return [_text(item) for item in value if _text(item)]
    text = _text(value)
    inside = _IN_BRACKETS.match(text)
    parts = inside[1].split(",") if inside else _SPLIT.split(text)
    return [part for part in (item.strip().strip("\"'") for item in parts) if part]


def _items(text: str) -> list[str]:
    return [item.strip() for item in _SPLIT.split(text) if item.strip()]


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
