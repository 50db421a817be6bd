"""A fiche and a small data/ folder to break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

Change = Callable[[dict[str, Any]], Any]
BreakFiche = Callable[[Change], Path]
SOURCE: dict[str, str] = {
    "id": "essai",
    "titre": "Une source",
    "url": "https://example.org/",
    "texte_du": "2026-01-02",
    "lu_le": "2026-01-02",
}


@pytest.fixture(scope="session")
def short_fiche(data: Path) -> dict[str, Any]:
    """The fiche rsa with few words in each rubrique: finding the line of an error takes long in a long file."""
    fiche = yaml.load((data / "fiches" / "rsa.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    fiche["rubriques"] = {
        name: {"web": [{"texte": "Un."}, {"texte": "Deux."}], "sms": "Court.", "sources": [SOURCE["id"]]}
        for name in fiche["rubriques"]
    }
    explained = "CAF (caisse), MSA (caisse), CCAS (centre), CDAS (centre), RSA (revenu)."
    fiche["rubriques"]["apercu"]["web"][0] = {"texte": explained}
    for step in fiche["etapes_numeriques"].values():
        step["sources"] = [SOURCE["id"]]
    ways = (*fiche["sans_internet"]["voies"], *fiche["formulaires"])
    for item in (*ways, *fiche["contacts"], fiche["apres_envoi"]):
        item["sources"] = [SOURCE["id"]]
    fiche.pop("simple", None)
    fiche["sources"] = [SOURCE]
    return dict(fiche)


@pytest.fixture
def break_fiche(tmp_path: Path, short_fiche: dict[str, Any]) -> BreakFiche:
    """Return what writes a fiche with one change, and gives its file."""

    def write(change: Change) -> Path:
        fiche = deepcopy(short_fiche)
        change(fiche)
        path = tmp_path / "rsa.yml"
        path.write_text(
            yaml.safe_dump(fiche, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8"
        )
        return path

    return write


@pytest.fixture
def small_data(tmp_path: Path, data: Path) -> Path:
    """A copy of data/ with two fiches, quick to read and free to break."""
    copy = tmp_path / "data"
    for folder in ("responses", "territoires", "lieux"):
        shutil.copytree(data / folder, copy / folder)
    files = (
        "taxonomie.yml",
        "urgences.yml",
        "baremes.yml",
        "accessibilite.yml",
        "lexique.yml",
        "communes.csv.gz",
        "reponses_types.yml",
        "accueil.yml",
    )
    for name in (*files, "fiches/rsa.yml", "fiches/apl.yml"):
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copy(data / name, copy / name)
    return copy
