"""Print the values of openfisca-france parameters at a date, read from its YAML files.

    echo '{"date": "2026-11-23", "paths": ["marche_travail/salaire_minimum/smic/smic_b_mensuel"]}' \
        | var/openfisca/bin/python outils/openfisca/lire_parametres.py

Run by the python of var/openfisca, where openfisca-france is installed without its dependencies: it is
located, never imported. Prints a JSON object, path -> {value, since, reference, link, checked_on}, or
path -> {error} with a French sentence. Exits with status 2 when the request cannot be understood.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

_PATH = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*")


def parameters_folder() -> Path:
    """Return the folder of the parameter files. Raises SystemExit when the package is not installed."""
    spec = importlib.util.find_spec("openfisca_france")
    if spec is None or spec.origin is None:
        raise SystemExit("openfisca-france n'est pas installé dans cet environnement")
    return Path(spec.origin).parent / "parameters"


def read_parameter(folder: Path, path: str, day: str) -> dict[str, Any]:
    """Return the value of one parameter in force on that day (`2026-11-23`)."""
    file = folder / f"{path}.yaml"
    if not _PATH.fullmatch(path) or not file.is_file():
        return {"error": "paramètre absent d'openfisca-france"}
    content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    values = {str(since): value for since, value in (content.get("values") or {}).items()}
    started = [since for since in values if since <= day]
    if not started:
        return {"error": "aucune valeur à cette date"}
    since = max(started)
    value = values[since].get("value") if isinstance(values[since], dict) else values[since]
    if not isinstance(value, int | float):
        return {"error": f"supprimé depuis le {since}"}
    metadata = content.get("metadata") or {}
    title, link = reference_at(metadata.get("reference"), since)
    checked_on = metadata.get("last_value_still_valid_on")
    return {
        "value": value,
        "since": since,
        "reference": title,
        "link": link,
        "checked_on": str(checked_on) if checked_on else None,
    }


def reference_at(references: Any, since: str) -> tuple[str | None, str | None]:
    """Return (title, link) of the reference of that date: the last one that has a link, if any."""
    if isinstance(references, dict) and not references.keys() & {"title", "href"}:
        references = {str(key): value for key, value in references.items()}.get(since)
    candidates = references if isinstance(references, list) else [references]
    known = [item for item in candidates if isinstance(item, dict)]
    if not known:
        return None, None
    best = [item for item in known if item.get("href")] or known
    return best[-1].get("title"), best[-1].get("href")


def main() -> None:
    """Answer the request of standard input on standard output."""
    try:
        request = json.load(sys.stdin)
        day, paths = str(request["date"]), [str(path) for path in request["paths"]]
    except (ValueError, KeyError, TypeError) as error:
        print(f'il faut {{"date": "…", "paths": […]}} sur l\'entrée standard ({error})', file=sys.stderr)
        raise SystemExit(2) from error
    folder = parameters_folder()
    json.dump({path: read_parameter(folder, path, day) for path in paths}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
