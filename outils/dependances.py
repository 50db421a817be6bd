"""List every locked package with its version, its licence and the findings known of it: `make dependances`.

Findings are those of outils/avis.yml, read by somebody on the day it says: nothing is asked of the network, and the list
is not complete (docs/securite.md). Returns 1 when a finding stands that nobody answered, or that is mended already.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.lock": "sert", "requirements-dev.lock": "vérifie"}
NOTICES = ROOT / "outils" / "avis.yml"
ANSWERS = {"non", "ouvert"}
_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_LICENCE = "License :: OSI Approved :: "
UNKNOWN = "non dite"


@dataclass(frozen=True)
class Package:
    """A locked package."""

    name: str
    version: str
    role: str
    licence: str


@dataclass(frozen=True)
class Notice:
    """A finding published about the versions before `avant`, and what we say of it."""

    paquet: str
    avant: str
    id: str
    quoi: str
    atteint: str
    pourquoi: str

    def touches(self, version: str) -> bool:
        """Tell whether a version has it."""
        return Version(version) < Version(self.avant)


def read_packages(root: Path = ROOT) -> list[Package]:
    """Return the packages of the locks, by name; what runs and what checks alike is said to run."""
    found: dict[str, Package] = {}
    for lock, role in LOCKS.items():
        for name, version in _PINNED.findall((root / lock).read_text(encoding="utf-8")):
            found.setdefault(name.lower(), Package(name.lower(), version, role, licence_of(name)))
    return sorted(found.values(), key=lambda package: package.name)


def licence_of(name: str) -> str:
    """Return the licence that an installed package declares, in one line."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "non installé"
    classified = [
        line.removeprefix(_LICENCE)
        for line in told.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    declared = (told.get_all("License-Expression") or []) + (told.get_all("License") or [])
    written = str(declared[0]).strip() if declared else ""
    short = written if written and len(written) <= 60 and "\n" not in written else ""
    return short or ", ".join(classified) or (written.splitlines()[0][:60] if written else UNKNOWN)


def read_notices(path: Path = NOTICES) -> tuple[str, list[Notice]]:
    """Return the day the notices were read, and the notices."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    notices = [Notice(**{name: str(value) for name, value in item.items()}) for item in content["avis"]]
    return str(content["lu_le"]), notices


def problems_of(packages: list[Package], notices: list[Notice]) -> list[str]:
    """Return what somebody must look at."""
    versions = {package.name: package.version for package in packages}
    problems = []
    for notice in notices:
        version = versions.get(notice.paquet)
        if version is None or not notice.touches(version):
            problems.append(f"{notice.paquet} : {notice.id} est corrigé ou parti, ôtez la ligne")
        elif notice.atteint not in ANSWERS or not notice.pourquoi.strip():
            problems.append(f"{notice.paquet} : dites si {notice.id} nous atteint, et pourquoi")
    return problems


def main() -> int:
    """Print the report."""
    packages, (read_on, notices) = read_packages(), read_notices()
    for package in packages:
        print(f"{package.name}\t{package.version}\t{package.role}\t{package.licence}")
    print(f"\n{len(packages)} paquets. Failles connues, lues le {read_on} (liste non complète) :")
    for notice in notices:
        print(f"- {notice.paquet} (avant {notice.avant}), {notice.id} : {notice.quoi}.")
        print(f"  {'Ouvert' if notice.atteint == 'ouvert' else 'Ne nous atteint pas'} : {notice.pourquoi}.")
    problems = problems_of(packages, notices)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
