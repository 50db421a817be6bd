"""Convert the published list of France services places (CSV) to LaMedNum standard-mediation-num 1.0.2.

    python outils/lieux/convertir_france_services.py LISTE.csv DATE data/lieux/france-services-bretagne.csv

DATE (2022-12-01) is the date of the list and becomes `date_maj`. Same input, same output: places keep
the order of the list. Only facts of the list are written; what it does not say stays empty:

- `pivot`: the list has no SIRET. The schema requires one, so fourteen zeros stand for "unknown".
- `services`: the list does not say them, and the schema does not require them.
- `typologie` RFS and `dispositif_programmes_nationaux`: the list is that of the France services network.

Schema: https://github.com/LaMednum/standard-mediation-num (v1.0.2). Only the standard library is needed.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

COLUMNS = (
    "id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "complement_adresse",
    "latitude", "longitude", "typologie", "telephone", "courriels", "site_web", "horaires",
    "presentation_resume", "presentation_detail", "source", "itinerance", "structure_parente",
    "date_maj", "services", "publics_specifiquement_adresses", "prise_en_charge_specifique",
    "frais_a_charge", "dispositif_programmes_nationaux", "formations_labels",
    "autres_formations_labels", "modalites_acces", "modalites_accompagnement", "fiche_acces_libre",
    "prise_rdv",
)  # fmt: skip
UNKNOWN_PIVOT = "0" * 14
MAX_SUMMARY = 280
ITINERANCE = {"Oui": "Itinérant", "Non": "Fixe"}
_ESCAPE = re.compile(r"\\x([0-9A-Fa-f]{2})")


def repair_text(text: str) -> str:
    r"""Return the text with the list's two accidents undone and its spaces made single.

    One comment is escaped (`La\x20France`), and somebody once replaced `rv` by `rendez-vous`
    everywhere, so that `services` became `serendez-vousices`.
    """
    text = _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text)
    return " ".join(text.replace("serendez-vousices", "services").split())


def international_phone(phone: str) -> str:
    """Return `02 96 60 47 87` as `+33296604787`. Raises ValueError when it is not a French number."""
    digits = re.sub(r"\D", "", phone)
    if not re.fullmatch(r"0[1-9]\d{8}", digits):
        raise ValueError(f"numéro de téléphone inattendu : {phone!r}")
    return f"+33{digits[1:]}"


def convert_place(row: dict[str, str], listed_on: date) -> dict[str, str]:
    """Return one place of the list as a record of the schema."""
    comment = repair_text(row["commentaire"])
    record = dict.fromkeys(COLUMNS, "")
    record |= {
        "id": f"france-services-{row['id_fs'].replace('_', '-')}",
        "pivot": UNKNOWN_PIVOT,
        "nom": repair_text(row["lib_fs"]),
        "commune": repair_text(row["lib_com"]),
        "code_postal": row["code_postal"],
        "code_insee": row["insee_com"],
        "adresse": repair_text(row["adresse"]),
        "complement_adresse": repair_text(row["complement_adresse"]),
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "typologie": "RFS",
        "telephone": international_phone(row["telephone"]) if row["telephone"] else "",
        "courriels": row["mail"].strip(),
        "horaires": row["horaires"].strip(),
        "presentation_resume": comment if len(comment) <= MAX_SUMMARY else "",
        "presentation_detail": comment if len(comment) > MAX_SUMMARY else "",
        "source": f"Liste des France services du {listed_on.isoformat()}",
        "itinerance": ITINERANCE[row["itinerance"]],
        "date_maj": listed_on.isoformat(),
        "dispositif_programmes_nationaux": "France Services",
    }
    return record


def convert_list(rows: Iterable[dict[str, str]], listed_on: date) -> Iterator[dict[str, str]]:
    """Yield a record for each place. Raises SystemExit naming the line that cannot be converted."""
    for line, row in enumerate(rows, start=2):
        try:
            yield convert_place(row, listed_on)
        except (KeyError, ValueError) as error:
            raise SystemExit(f"ligne {line} : {error}") from error


def main(arguments: list[str]) -> None:
    """Read the list, write the records."""
    if len(arguments) != 3:
        raise SystemExit(__doc__)
    source, listed_on, target = Path(arguments[0]), date.fromisoformat(arguments[1]), Path(arguments[2])
    with source.open(encoding="utf-8", newline="") as stream:
        records = list(convert_list(csv.DictReader(stream), listed_on))
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    print(f"{len(records)} lieux écrits dans {target}")


if __name__ == "__main__":
    main(sys.argv[1:])
