"""Danger told in words no rule foresaw: a small classifier over n-grams, beside the rules.

It learns from data/danger/*.tsv (dangers of each kind, and alarming words without danger) and from a part
of data/nlu as ordinary questions. It needs neither Rasa nor embeddings: a message takes under a millisecond.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import joblib
import yaml

from bot.language.label_model import LabelModel

NO_DANGER = "aucun"
THRESHOLD = 0.45
"""From this probability of a danger the numbers are given. On the five folds of its own data it is where
ordinary questions start to raise alarms; a false alarm costs one message (docs/adr/0008-danger.md)."""
ORDINARY_EVERY = 4
"""One ordinary utterance in four is enough for the model to know what is not a danger."""
_SOME_DANGER = {
    "violences-conjugales", "hebergement-urgence", "violences-famille", "sans-logement", "depart-foyer-18-ans",
}  # fmt: skip
"""Subjects whose utterances may tell a danger: they teach nothing of what is none."""
_SITUATIONS = "situations"
MODEL_FILE = "danger.joblib"


class DangerModel:
    """Tell the kind of danger a message speaks of, when there is one."""

    def __init__(self, labels: LabelModel) -> None:
        self._labels = labels

    def kind(self, text: str) -> str | None:
        """Return the kind of danger told (a key of data/urgences.yml), or None."""
        ranked = self._labels.rank(text, limit=len(self._labels.labels))
        danger = sum(item.probability for item in ranked if item.label != NO_DANGER)
        if danger < THRESHOLD:
            return None
        return next(item.label for item in ranked if item.label != NO_DANGER)


def train_danger_model(data: Path) -> LabelModel:
    """Learn from the sentences of data/danger and a part of data/nlu."""
    texts, labels = [], []
    for text, label in _sentences(data):
        texts.append(text)
        labels.append(label)
    model = LabelModel()
    model.fit(texts, labels)
    return model


def save_danger_model(model: LabelModel, models: Path) -> None:
    """Keep the model beside Rasa's."""
    joblib.dump(model, models / MODEL_FILE)


def load_danger_model(models: Path) -> DangerModel | None:
    """Return the trained model, or None when it was never trained: the rules then stand alone."""
    path = models / MODEL_FILE
    return DangerModel(joblib.load(path)) if path.exists() else None


def _sentences(data: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((data / "danger").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["texte"], row["kind"] if row["danger"] == "oui" else NO_DANGER
    files = sorted((data / "nlu").rglob("*.yml"))
    questions = [text for path in files if path.parent.name != _SITUATIONS for text in _ordinary(path)]
    # A hard moment told is nearest to a danger: all of these, a mourning must not be taken for one.
    stories = [text for path in files if path.parent.name == _SITUATIONS for text in _ordinary(path)]
    for text in (*questions[::ORDINARY_EVERY], *stories):
        yield text, NO_DANGER


def _ordinary(path: Path) -> Iterator[str]:
    """Yield the utterances of a training file that no danger stands in."""
    if path.stem in _SOME_DANGER:
        return
    for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
        for line in block["examples"].splitlines():
            if text := line.strip().removeprefix("- "):
                yield text
