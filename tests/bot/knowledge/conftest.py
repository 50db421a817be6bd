"""A fiche and a small data/ folder to break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Change = Callable[[dict[str, Any]], Any]
BreakFiche = Callable[[Change], Path]


@pytest.fixture
def break_fiche(tmp_path: Path, data: Path) -> BreakFiche:
    """Return what writes the fiche rsa with one change, and gives its file."""

    def write(change: Change) -> Path:
        fiche = yaml.load((data / "fiches" / "rsa.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        change(fiche)
        path = tmp_path / "rsa.yml"
        path.write_text(yaml.safe_dump(fiche, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
        return path

    return write


@pytest.fixture
def small_data(tmp_path: Path, data: Path) -> Path:
    """A copy of data/ with two fiches and no places, quick to read and free to break."""
    copy = tmp_path / "data"
    for folder in ("responses", "territoires"):
        shutil.copytree(data / folder, copy / folder)
    for name in ("taxonomie.yml", "urgences.yml", "baremes.yml", "fiches/rsa.yml", "fiches/apl.yml"):
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copy(data / name, copy / name)
    (copy / "lieux").mkdir()
    return copy
