"""Danger told in words no rule foresaw: a small classifier beside the rules, of words, then of meaning.

They learn from data/danger/*.tsv (dangers of each kind, and alarming words without danger) and from a part
of data/nlu as ordinary questions. They need no Rasa: they run in the process that receives the message.
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import joblib

from bot.intake.danger_rules import without_likenesses
from bot.language.corpus import learn_speller, question_files, read_all, read_dangers, read_questions
from bot.language.embeddings import embed, embed_all
from bot.language.label_model import LabelModel, Sample
from bot.language.normalise import fold
from bot.language.spelling import Speller

NO_DANGER = "aucun"
THRESHOLD = 0.35
"""From this probability of a danger the answer is the numbers."""
SUSPICION = 0.18
"""From here the numbers are given at once, and the message is answered too: few dangers are missed, and who is in
none gets the answer asked for. Both bounds come from the development half of tests/evaluation
(docs/adr/0008-danger.md)."""
WORTH_A_LOOK = 0.01
"""Below, words alone settle that nothing is told (half of ordinary questions)."""
_SURELY = 1 - 1e-6
REMEMBERED = 32
"""Messages whose weight is kept: each is looked at two or three times on its way."""
_SOME_DANGER = {
    "violences-conjugales", "hebergement-urgence", "violences-famille", "sans-logement", "depart-foyer-18-ans",
}  # fmt: skip
"""Subjects whose utterances may tell a danger: they teach nothing of what is none."""
MODEL_FILE = "danger.joblib"


class DangerModel:
    """Tell the kind of danger a message speaks of, when there is one.

    The classifier has two heads. The first reads words only, in a millisecond, and settles what is plainly
    ordinary; the second also knows what sentences mean, in 10 to 25 ms, and both together weigh the rest.
    """

    def __init__(self, model: LabelModel, speller: Speller) -> None:
        self._model = model
        self._speller = speller
        self._seen: OrderedDict[bytes, tuple[float, str]] = OrderedDict()

    def __reduce__(self) -> tuple[type[DangerModel], tuple[LabelModel, Speller]]:
        return DangerModel, (self._model, self._speller)

    def read(self, text: str) -> str:
        """Return the likeliest reading of a message, for the rules to look at too."""
        return self._speller.read(text)

    def kind(self, text: str) -> str | None:
        """Return the kind of danger told (a key of data/urgences.yml), or None."""
        probability, kind = self._look(text)
        return kind if probability >= THRESHOLD else None

    def weigh(self, text: str) -> float:
        """Return the probability that a message tells of a danger."""
        return self._look(text)[0]

    def suspected(self, text: str) -> str | None:
        """Return the kind of danger that may be told, more often than `kind` does."""
        probability, kind = self._look(text)
        return kind if probability >= SUSPICION else None

    def _look(self, text: str) -> tuple[float, str]:
        """Weigh a message once: what is kept of it is a hash, so that no word of anyone stays in memory."""
        key = hashlib.blake2b(text.encode()).digest()
        if key not in self._seen:
            self._seen[key] = self._weigh(text)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return self._seen[key]

    def _weigh(self, text: str) -> tuple[float, str]:
        sample = _sample(text, self._speller.read(text))
        probability, kind = _danger(self._model, sample)
        if probability < WORTH_A_LOOK:
            return probability, kind
        meant, kind = _danger(self._model, replace(sample, embedding=embed(sample.reading)))
        return _between(probability, meant), kind


def _sample(text: str, reading: str) -> Sample:
    """Return a message as the model sees it: without what only looks like a danger."""
    return Sample(without_likenesses(fold(text)), without_likenesses(reading))


def _danger(model: LabelModel, sample: Sample) -> tuple[float, str]:
    """Return the probability of any danger, and the likeliest kind."""
    ranked = [item for item in model.rank(sample, limit=len(model.labels)) if item.label != NO_DANGER]
    return sum(item.probability for item in ranked), ranked[0].label


def _between(one: float, other: float) -> float:
    """Return the probability half-way between two, in log-odds: the two heads err on different messages."""
    odds = math.sqrt(math.prod(p / (1 - p) for p in (min(p, _SURELY) for p in (one, other))))
    return odds / (1 + odds)


def train_danger_model(data: Path, cache: Path) -> DangerModel:
    """Learn from the sentences of data/danger and of data/nlu; `cache` keeps their embeddings."""
    texts, labels = zip(*_sentences(data), strict=True)
    speller = learn_speller(data)
    readings = read_all(speller, list(texts))
    samples = [_sample(text, reading) for text, reading in zip(texts, readings, strict=True)]
    embeddings = embed_all([sample.reading for sample in samples], cache)
    model = LabelModel()
    model.fit(
        [replace(sample, embedding=vector) for sample, vector in zip(samples, embeddings, strict=True)],
        list(labels),
    )
    return DangerModel(model, speller)


def save_danger_model(model: DangerModel, models: Path) -> None:
    """Keep the model beside Rasa's, whole or not at all: an assistant that starts meanwhile reads the one before."""
    unfinished = models / f"{MODEL_FILE}.tmp"
    joblib.dump(model, unfinished)
    unfinished.replace(models / MODEL_FILE)


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
    """Yield (sentence, label): every question, situation and act is an example of no danger."""
    for text, kind in read_dangers(data):
        yield text, kind or NO_DANGER
    for path in question_files(data):
        if path.stem not in _SOME_DANGER:
            yield from ((text, NO_DANGER) for text in read_questions(path))
