"""The report of dependencies: every locked package, its licence, and an answer to each known finding."""

from __future__ import annotations

import ast
from dataclasses import replace

from outils import dependances
from outils.dependances import Notice, problems_of, read_notices, read_packages
from tests.running import ROOT

GOOD = Notice("sanic", "22", "CVE-0", "une faille", "non", "il n'écoute que sur cette machine")


def test_every_locked_package_is_listed_with_a_version_and_a_licence() -> None:
    packages = {package.name: package for package in read_packages()}
    for lock in dependances.LOCKS:
        for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
            if "==" in line and not line.startswith((" ", "#", "\t")):
                name = line.split("==")[0].split("[")[0].lower()
                assert packages[name].version in line
    assert packages["aiohttp"].role == "sert"
    assert packages["hypothesis"].role == "vérifie"
    assert "Apache" in packages["aiohttp"].licence
    unknown = [package.name for package in packages.values() if package.licence == dependances.UNKNOWN]
    assert len(unknown) <= 3, unknown


def test_every_known_finding_has_an_answer_and_still_stands() -> None:
    read_on, notices = read_notices()
    assert read_on >= "2026-11-30"
    assert problems_of(read_packages(), notices) == []


def test_a_finding_without_an_answer_or_mended_is_told() -> None:
    packages = [package for package in read_packages() if package.name == "sanic"]
    assert problems_of(packages, [GOOD]) == []
    assert problems_of(packages, [replace(GOOD, atteint="peut-être")])
    assert problems_of(packages, [replace(GOOD, pourquoi=" ")])
    assert problems_of(packages, [replace(GOOD, avant="20")])
    assert problems_of(packages, [replace(GOOD, paquet="parti")])


def test_what_is_said_not_to_be_called_is_not_imported() -> None:
    forbidden = {
        "tensorflow",
        "keras",
        "google.protobuf",
        "pymongo",
        "dns",
        "sentry_sdk",
        "pickle",
        "marshal",
        "shelve",
    }
    seen = set()
    for package in ("bot", "channels", "actions"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
                seen |= {(name, str(path)) for name in names if name.startswith(tuple(forbidden))}
                assert not (isinstance(node, ast.Name) and node.id == "EmailStr"), path
    assert seen == set()
