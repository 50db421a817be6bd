"""Keep data/baremes.yml equal to openfisca-france, which is read in an environment of its own.

openfisca-france wants a newer NumPy than Rasa, so it never enters .venv: a small environment in
var/openfisca holds its parameter files, and outils/openfisca/lire_parametres.py prints them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.knowledge.baremes import Bareme
from bot.model.french import format_date, format_number

CENT = Decimal("0.01")
READ_SECONDS = 120
INSTALL_SECONDS = 900
NEVER_WIDER = 4096
"""Width given to ruamel so that it never folds a line that a person wrote."""


class OpenfiscaError(Exception):
    """The parameters cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Reading:
    """What openfisca-france says of one parameter, or the `error` that explains why nothing."""

    value: float = 0.0
    since: date = date.min
    reference: str | None = None
    link: str | None = None
    checked_on: date | None = None
    error: str | None = None


class Etat(StrEnum):
    """How an amount stands against openfisca-france."""

    EGAL = "égal"
    VERIFIE = "vérifié plus récemment"
    CHANGE = "changé"
    PERIME = "openfisca en retard"
    ABSENT = "illisible dans openfisca"


@dataclass(frozen=True)
class Difference:
    """One amount against openfisca: its state, a French note, and the fields to write."""

    key: str
    etat: Etat
    note: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


def compare_with_openfisca(
    baremes: Mapping[str, Bareme], readings: Mapping[str, Reading], today: date
) -> list[Difference]:
    """Return the state of each amount that has an openfisca path."""
    return [
        _compare_one(key, bareme, readings.get(bareme.openfisca, Reading(error="non lu")), today)
        for key, bareme in baremes.items()
        if bareme.openfisca
    ]


def _compare_one(key: str, bareme: Bareme, reading: Reading, today: date) -> Difference:
    if reading.error:
        return Difference(key, Etat.ABSENT, reading.error)
    if reading.since < bareme.depuis:
        note = (
            f"openfisca s'arrête au {format_date(reading.since)}, ici depuis le {format_date(bareme.depuis)}"
        )
        return Difference(key, Etat.PERIME, note)
    if not _is_current_there(bareme, reading, today):
        note = f"rien depuis le {format_date(reading.since)}, à revoir depuis le {format_date(bareme.a_revoir_le)}"
        return Difference(key, Etat.PERIME, note)
    changes = _fields_to_write(bareme, reading)
    if not changes:
        return Difference(key, Etat.EGAL)
    if set(changes) <= {"verifie_le", "a_revoir_le"}:
        return Difference(
            key, Etat.VERIFIE, f"le {format_date(reading.checked_on or reading.since)}", changes
        )
    return Difference(key, Etat.CHANGE, _describe_change(bareme, changes), changes)


def _is_current_there(bareme: Bareme, reading: Reading, today: date) -> bool:
    """Tell whether openfisca knows the amount of today: newer than ours, or checked since our review date."""
    newer = reading.since > bareme.depuis
    checked = reading.checked_on is not None and reading.checked_on >= bareme.a_revoir_le
    return newer or checked or today < bareme.a_revoir_le


def _fields_to_write(bareme: Bareme, reading: Reading) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    value = scale_value(reading.value, bareme.facteur)
    # A computed amount may be published one cent away (each step of the law is rounded): ours stays
    # until the base moves.
    tolerance = CENT if bareme.calcul and reading.since == bareme.depuis else Decimal(0)
    if abs(value - Decimal(str(bareme.valeur))) > tolerance:
        changes["valeur"] = int(value) if value == int(value) else float(value)
    if reading.since > bareme.depuis:
        changes["depuis"] = reading.since
        changes |= {"reference": reading.reference} if reading.reference else {}
        changes |= {"lien": reading.link} if reading.link else {}
    # A text that openfisca does not date as checked was right at least on the day it took effect.
    checked_on = reading.checked_on or (reading.since if reading.since > bareme.depuis else None)
    if checked_on and checked_on > bareme.verifie_le:
        changes["verifie_le"] = checked_on
    review = next_review(bareme.a_revoir_le, max(reading.since, checked_on or reading.since))
    if review != bareme.a_revoir_le:
        changes["a_revoir_le"] = review
    return changes


def scale_value(value: float, factor: float) -> Decimal:
    """Return value × factor rounded to the cent, half up as the law rounds."""
    return (Decimal(str(value)) * Decimal(str(factor))).quantize(CENT, ROUND_HALF_UP)


def next_review(review: date, known_on: date) -> date:
    """Return the first anniversary of the review date after the day the amount was known right."""
    year = max(review.year, known_on.year)
    moved = (
        review.replace(year=year, day=28)
        if (review.month, review.day) == (2, 29)
        else review.replace(year=year)
    )
    return moved if moved > known_on else moved.replace(year=year + 1)


def _describe_change(bareme: Bareme, changes: Mapping[str, Any]) -> str:
    value = changes.get("valeur", bareme.valeur)
    note = f"{format_number(bareme.valeur)} -> {format_number(value)} {bareme.unite}"
    if "depuis" in changes:
        note += f" depuis le {format_date(changes['depuis'])}"
    if bareme.calcul and "valeur" in changes:
        note += " (montant calculé : vérifiez le centime sur une table publiée)"
    return note


def fill_from_openfisca(
    document: MutableMapping[str, Any], differences: Iterable[Difference]
) -> MutableMapping[str, Any]:
    """Write the changes into a ruamel document, which keeps its comments and its order; return it."""
    for difference in differences:
        for name, value in difference.changes.items():
            document[difference.key][name] = value
    return document


def load_document(text: str) -> Any:
    """Return the YAML text as a ruamel document that can be written back as it was."""
    return _round_trip().load(text)


def dump_document(document: Any) -> str:
    """Return the text of a ruamel document."""
    stream = StringIO()
    _round_trip().dump(document, stream)
    return stream.getvalue()


def _round_trip() -> Any:
    yaml: Any = YAML(typ="rt")  # Any: ruamel types these two attributes as None
    yaml.preserve_quotes = True
    yaml.width = NEVER_WIDER
    # One date written into two amounts would become an anchor, which bot.knowledge.yaml_files refuses.
    yaml.representer.ignore_aliases = lambda _data: True
    return yaml


def update_baremes(
    project_root: Path, *, today: date, verify_only: bool, say: Callable[[str], None] = print
) -> list[Difference]:
    """Compare data/baremes.yml with openfisca, write what changed unless `verify_only`, and say it in French.

    Raises OpenfiscaError when the parameters cannot be read; the file is then untouched.
    """
    path = project_root / "data" / "baremes.yml"
    document = load_document(path.read_text(encoding="utf-8"))
    baremes = {key: Bareme.parse_obj(fields) for key, fields in document.items()}
    paths = sorted({bareme.openfisca for bareme in baremes.values() if bareme.openfisca})
    differences = compare_with_openfisca(baremes, read_parameters(project_root, paths, today), today)
    for line in report_lines(differences):
        say(line)
    if any(difference.changes for difference in differences) and not verify_only:
        fill_from_openfisca(document, differences)
        for fields in document.values():
            Bareme.parse_obj(fields)
        _write_whole(path, dump_document(document))
        say(f"{path.relative_to(project_root)} est à jour.")
    return differences


def report_lines(differences: Iterable[Difference]) -> list[str]:
    """Return the French report: what changed first, what is equal as a count only."""
    by_state = {etat: [d for d in differences if d.etat is etat] for etat in Etat}
    lines = []
    for etat in (Etat.CHANGE, Etat.VERIFIE, Etat.PERIME, Etat.ABSENT):
        lines += [f"{etat.value} : {d.key} ({d.note})" for d in by_state[etat]]
    counts = [f"{etat.value} {len(found)}" for etat, found in by_state.items() if found]
    return [
        *lines,
        "Montants comparés : " + ", ".join(counts) + "." if counts else "Aucun montant à comparer.",
    ]


def _write_whole(path: Path, text: str) -> None:
    """Replace the file at once: a crash leaves the old one or the new one, never a half."""
    draft = path.with_suffix(".tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def read_parameters(project_root: Path, paths: list[str], today: date) -> dict[str, Reading]:
    """Return what openfisca-france says of each path, installing it in var/openfisca when missing."""
    python = ensure_environment(project_root)
    script = project_root / "outils" / "openfisca" / "lire_parametres.py"
    request = json.dumps({"date": today.isoformat(), "paths": paths})
    answer = _run([str(python), "-I", str(script)], READ_SECONDS, "lire openfisca-france", request)
    return parse_readings(answer)


def parse_readings(answer: str) -> dict[str, Reading]:
    """Return the readings printed by lire_parametres.py. Raises OpenfiscaError when they are not JSON."""
    try:
        return {path: _parse_reading(item) for path, item in json.loads(answer).items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OpenfiscaError(f"réponse illisible de lire_parametres.py : {error}") from error


def _parse_reading(item: Mapping[str, Any]) -> Reading:
    if item.get("error"):
        return Reading(error=str(item["error"]))
    return Reading(
        value=float(item["value"]),
        since=date.fromisoformat(item["since"]),
        reference=item["reference"],
        link=item["link"],
        checked_on=date.fromisoformat(item["checked_on"]) if item["checked_on"] else None,
    )


def ensure_environment(project_root: Path) -> Path:
    """Return the python of var/openfisca, created from its lock when missing or when the lock changed."""
    folder = project_root / "var" / "openfisca"
    lock = project_root / "outils" / "openfisca" / "requirements.lock"
    python, stamp = folder / "bin" / "python", folder / "lock.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    for command in _install_commands(folder, python, lock):
        _run(command, INSTALL_SECONDS, "installer openfisca-france dans var/openfisca")
    stamp.write_text(wanted, encoding="utf-8")
    return python


def _install_commands(folder: Path, python: Path, lock: Path) -> list[list[str]]:
    """Return the commands that make the environment: uv when it is there, else venv and pip.

    uv reads the constraints of pyproject.toml, which have no hashes and which --require-hashes refuses;
    --verify-hashes checks every package of the lock all the same.
    """
    options = ["--no-deps", "-r", str(lock)]
    uv = shutil.which("uv")
    if uv:
        return [
            [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
            [uv, "pip", "install", "--quiet", "--python", str(python), "--verify-hashes", *options],
        ]
    return [
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", *options],
    ]


def _run(command: list[str], seconds: int, purpose: str, stdin: str = "") -> str:
    try:
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OpenfiscaError(f"impossible de {purpose} : {error}") from error
    if done.returncode:
        raise OpenfiscaError(f"impossible de {purpose} : {done.stderr.strip()[-500:] or done.returncode}")
    return done.stdout
