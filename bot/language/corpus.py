"""The sentences of data/: what people write, as the models learn from it.

data/nlu holds questions, situations and acts by label, in Rasa's YAML; data/danger holds tables `danger, kind, texte`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path

import yaml

from bot.language.cores import CORES, cut, share_out
from bot.language.spelling import Speller, load_abbreviations


def question_files(data: Path) -> list[Path]:
    """Return the files of data/nlu, in a fixed order."""
    return sorted((data / "nlu").rglob("*.yml"))


def read_questions(path: Path) -> Iterator[str]:
    """Yield the sentences of one file of data/nlu."""
    for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
        for line in block["examples"].splitlines():
            if text := line.strip().removeprefix("- "):
                yield text


def read_dangers(data: Path) -> Iterator[tuple[str, str | None]]:
    """Yield (sentence, kind of danger) of data/danger; the kind is None where there is no danger."""
    for path in sorted((data / "danger").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["texte"], row["kind"] if row["danger"] == "oui" else None


def learn_speller(data: Path) -> Speller:
    """Return a speller learnt from every sentence: the same for all models, so that a sentence has one reading."""
    speller = Speller(load_abbreviations(data))
    questions = (text for path in question_files(data) for text in read_questions(path))
    speller.learn([*(text for text, _ in read_dangers(data)), *questions])
    return speller


def read_all(speller: Speller, texts: list[str]) -> list[str]:
    """Return the reading of each sentence, read on every core when they are many."""
    parts = cut(texts, math.ceil(len(texts) / CORES) or 1)
    return list(chain.from_iterable(share_out(partial(_read_part, speller), parts)))


def _read_part(speller: Speller, texts: list[str]) -> list[str]:
    return [speller.read(text) for text in texts]
