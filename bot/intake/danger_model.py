"""Danger told in words no rule foresaw: two small classifiers beside the rules, one of words, one of meaning.

They learn from data/danger/*.tsv (dangers of each kind, and alarming words without danger) and from a part
of data/nlu as ordinary questions. They need no Rasa: they run in the process that receives the message.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import joblib
import yaml

from bot.language.embeddings import embed, embed_all
from bot.language.label_model import LabelModel, Sample
from bot.language.spelling import Speller, load_abbreviations

NO_DANGER = "aucun"
THRESHOLD = 0.35
"""From this probability of a danger the answer is the numbers."""
SUSPICION = 0.08
"""From here the person's question is answered, and the numbers stand above the answer: few dangers are missed,
and who is in none gets the answer asked for. Both bounds come from the development half of tests/evaluation
(docs/adr/0008-danger.md)."""
WORTH_A_LOOK = 0.01
"""Below, words alone settle that nothing is told (half of ordinary questions)."""
ORDINARY_EVERY = 3
"""One question about a fiche in three is enough to know what is not a danger, and trains in half the time."""
_FICHES = "fiches"
REMEMBERED = 32
"""Messages whose reading is kept in memory: each is looked at two or three times on its way."""
_SOME_DANGER = {
    "violences-conjugales", "hebergement-urgence", "violences-famille", "sans-logement", "depart-foyer-18-ans",
}  # fmt: skip
"""Subjects whose utterances may tell a danger: they teach nothing of what is none."""
MODEL_FILE = "danger.joblib"


class DangerModel:
    """Tell the kind of danger a message speaks of, when there is one.

    Two classifiers over the same sentences. The first reads words only, in a millisecond, and settles what is plainly
    ordinary; the second also knows what sentences mean, in 10 to 25 ms, and is asked about the rest.
    """

    def __init__(self, words: LabelModel, meaning: LabelModel, speller: Speller) -> None:
        self._words = words
        self._meaning = meaning
        self._speller = speller
        self._look = lru_cache(REMEMBERED)(self._weigh)

    def __reduce__(self) -> tuple[type[DangerModel], tuple[LabelModel, LabelModel, Speller]]:
        return DangerModel, (self._words, self._meaning, self._speller)

    def read(self, text: str) -> str:
        """Return the likeliest reading of a message, for the rules to look at too."""
        return self._speller.read(text)

    def kind(self, text: str) -> str | None:
        """Return the kind of danger told (a key of data/urgences.yml), or None."""
        probability, kind = self._look(text)
        return kind if probability >= THRESHOLD else None

    def suspected(self, text: str) -> str | None:
        """Return the kind of danger that may be told, more often than `kind` does."""
        probability, kind = self._look(text)
        return kind if probability >= SUSPICION else None

    def _weigh(self, text: str) -> tuple[float, str]:
        sample = Sample(text, self.read(text))
        probability, kind = _danger(self._words, sample)
        if probability < WORTH_A_LOOK:
            return probability, kind
        return _danger(self._meaning, replace(sample, embedding=embed(sample.reading)))


def _danger(model: LabelModel, sample: Sample) -> tuple[float, str]:
    """Return the probability of any danger, and the likeliest kind."""
    ranked = [item for item in model.rank(sample, limit=len(model.labels)) if item.label != NO_DANGER]
    return sum(item.probability for item in ranked), ranked[0].label


def train_danger_model(data: Path, cache: Path) -> DangerModel:
    """Learn from the sentences of data/danger and a part of data/nlu; `cache` keeps their embeddings."""
    texts, labels = [], []
    for text, label in _sentences(data):
        texts.append(text)
        labels.append(label)
    speller = Speller(load_abbreviations(data))
    speller.learn([*texts, *(text for path in _nlu_files(data) for text in _utterances(path))])
    samples = [Sample(text, speller.read(text)) for text in texts]
    words, meaning = LabelModel(), LabelModel()
    words.fit(samples, labels)
    embeddings = embed_all([sample.reading for sample in samples], cache)
    meaning.fit(
        [replace(sample, embedding=vector) for sample, vector in zip(samples, embeddings, strict=True)],
        labels,
    )
    return DangerModel(words, meaning, speller)


def save_danger_model(model: DangerModel, models: Path) -> None:
    """Keep the model beside Rasa's."""
    joblib.dump(model, models / MODEL_FILE)


def load_danger_model(models: Path) -> DangerModel | None:
    """Return the trained model, or None when it was never trained: the rules then stand alone."""
    path = models / MODEL_FILE
    return _load(path, path.stat().st_mtime_ns) if path.exists() else None


@lru_cache(1)
def _load(path: Path, _written_ns: int) -> DangerModel:
    """Read the model once a process, and again when it was trained since: it takes tens of megabytes."""
    model: DangerModel = joblib.load(path)
    embed("")  # opens the embeddings now, so that the first person does not wait
    return model


def _sentences(data: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((data / "danger").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["texte"], row["kind"] if row["danger"] == "oui" else NO_DANGER
    files = [path for path in _nlu_files(data) if path.stem not in _SOME_DANGER]
    questions = [text for path in files if path.parent.name == _FICHES for text in _utterances(path)]
    # A hard moment told or an act is nearest to a danger: all of these, a mourning must not be taken for one.
    others = [text for path in files if path.parent.name != _FICHES for text in _utterances(path)]
    for text in (*questions[::ORDINARY_EVERY], *others):
        yield text, NO_DANGER


def _nlu_files(data: Path) -> list[Path]:
    return sorted((data / "nlu").rglob("*.yml"))


def _utterances(path: Path) -> Iterator[str]:
    """Yield the utterances of a training file."""
    for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
        for line in block["examples"].splitlines():
            if text := line.strip().removeprefix("- "):
                yield text
