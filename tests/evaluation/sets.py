"""The evaluation sets: what people would write, and what a good answer is about. Written by authors who saw no training data.

`developpement` is looked at while working; `reserve` is opened only to report (docs/evaluation.md); `lus` holds
older, smaller sets, read since.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
DEVELOPMENT, RESERVE, READ = "developpement", "reserve", "lus"

Row = dict[str, str]


@dataclass(frozen=True)
class Dialogue:
    """One dialogue: `turns` are (what the person writes, what is expected)."""

    name: str
    style: str
    turns: tuple[tuple[str, dict[str, Any]], ...]


def read_rows(half: str, name: str) -> list[Row]:
    """Return the rows of one file of a half, as its author wrote them."""
    with (FOLDER / half / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_dialogues(half: str) -> list[Dialogue]:
    """Return the dialogues of a half."""
    items = yaml.safe_load((FOLDER / half / "dialogues.yml").read_text(encoding="utf-8"))
    return [
        Dialogue(
            item["id"], item["style"], tuple((str(turn["dit"]), turn["attendu"]) for turn in item["tours"])
        )
        for item in items
    ]


def one_of(row: Row, *columns: str) -> set[str]:
    """Return the labels of these columns; several stand in one, separated by commas."""
    return {label for column in columns for label in (row.get(column) or "").split(",") if label}


def all_texts() -> set[str]:
    """Return every sentence of every set."""
    found = {
        row["texte"] for path in FOLDER.glob("*/*.tsv") for row in read_rows(path.parent.name, path.stem)
    }
    for half in (DEVELOPMENT, RESERVE):
        found |= {text for dialogue in read_dialogues(half) for text, _ in dialogue.turns}
    return found
