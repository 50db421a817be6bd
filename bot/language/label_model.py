"""A text classifier over n-grams and sentence embeddings, with calibrated probabilities.

Character n-grams of what was written catch names and half-written words; word n-grams of its reading
(bot/language/spelling.py) catch what was meant; the embeddings (multilingual-e5-small, 384 numbers) catch
meaning. A linear SVM separates the labels; a temperature fitted on sentences held out turns its margins into
probabilities (Platt 1999; Guo et al. 2017).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.language.asking import asking_part
from bot.language.normalise import fold

EMBEDDING_WEIGHT = 2.0
"""Weight of the embeddings beside unit-length n-grams; 1, 2, 3 and 4 measured within noise of each other."""
HELD_OUT = 3
"""One sentence in so many is held out of a second model, trained beside the first, to fit the temperature."""
MIN_EXAMPLES = 3
_WORD = r"\S+"


@dataclass(frozen=True)
class Ranked:
    """One label and its probability, between 0 and 1."""

    label: str
    probability: float


@dataclass(frozen=True)
class Sample:
    """A message as the model sees it.

    `reading` is its likeliest reading, folded (the text itself when none is given); `embedding` that reading's,
    of shape (384,) and float32; `context` one more word: the rubrique of "j'ai perdu ma carte" hangs on whether
    losing it is the subject or a trouble with the card.
    """

    text: str
    reading: str = ""
    embedding: Any = None
    context: str = ""

    @property
    def words(self) -> str:
        """Return the reading and the context as words."""
        reading = self.reading or fold(self.text)
        return f"{reading} sujet:{self.context}" if self.context else reading


class LabelModel:
    """Rank labels for a message. `fit` once, then `rank`; picklable.

    `asks` sets the part that asks apart (bot/language/asking.py); `strength` is the SVM's C, smaller where labels
    are told apart by few words; `meaning` weighs the embeddings beside unit-length n-grams.
    """

    def __init__(
        self, *, asks: bool = False, strength: float = 0.5, meaning: float = EMBEDDING_WEIGHT
    ) -> None:
        self._chars = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, dtype=np.float32
        )
        self._words = _word_features(2)
        self._asked = _word_features(4) if asks else None
        self._svm = LinearSVC(C=strength, random_state=0)
        self._meaning = meaning
        self._temperature = 1.0
        self.labels: tuple[str, ...] = ()

    def fit(self, samples: list[Sample], labels: list[str]) -> None:
        """Learn from messages and their labels. Raises ValueError when a label has fewer than MIN_EXAMPLES."""
        rare = sorted(label for label, count in Counter(labels).items() if count < MIN_EXAMPLES)
        if rare:
            raise ValueError(f"moins de {MIN_EXAMPLES} exemples pour : {', '.join(rare)}")
        self._chars.fit([fold(sample.text) for sample in samples])
        self._words.fit([sample.words for sample in samples])
        if self._asked:
            self._asked.fit([asking_part(sample.reading or fold(sample.text)) for sample in samples])
        features = self._features(samples)
        targets = np.asarray(labels)
        seen, held_out = next(
            StratifiedKFold(HELD_OUT, shuffle=True, random_state=0).split(features, targets)
        )
        # In two processes, not threads: liblinear's random numbers are the process's own, and it writes where it reads.
        self._svm, partly = Parallel(n_jobs=2, max_nbytes=None)(
            delayed(clone(self._svm).fit)(features[rows], targets[rows])
            for rows in (np.arange(len(targets)), seen)
        )
        self.labels = tuple(str(label) for label in self._svm.classes_)
        margins = _by_label(partly.decision_function(features[held_out]))
        self._temperature = _fit_temperature(margins, [self.labels.index(labels[i]) for i in held_out])
        self._svm.coef_ = self._svm.coef_.astype(np.float32)

    def rank(self, sample: Sample, limit: int = 5) -> list[Ranked]:
        """Return the most probable labels, best first."""
        margins = _by_label(self._svm.decision_function(self._features([sample])))[0]
        probabilities = _softmax(margins * self._temperature)
        best = np.argsort(-probabilities)[:limit]
        return [Ranked(self.labels[i], float(probabilities[i])) for i in best]

    def _features(self, samples: list[Sample]) -> Any:
        parts = [
            self._chars.transform([fold(sample.text) for sample in samples]),
            self._words.transform([sample.words for sample in samples]),
        ]
        if self._asked:
            asked = [asking_part(sample.reading or fold(sample.text)) for sample in samples]
            parts.append(self._asked.transform(asked))
        if samples[0].embedding is not None:
            embeddings = np.stack([sample.embedding for sample in samples]).astype(np.float32)
            parts.append(sparse.csr_matrix(embeddings * self._meaning))
        return sparse.hstack(parts).tocsr()


def _word_features(longest: int) -> TfidfVectorizer:
    return TfidfVectorizer(
        ngram_range=(1, longest), min_df=2 if longest > 2 else 1,
        sublinear_tf=True, dtype=np.float32, token_pattern=_WORD,
    )  # fmt: skip


def _by_label(margins: Any) -> Any:
    """Return one margin a label: for two labels scikit-learn gives one number a text."""
    return np.column_stack([-margins, margins]) if margins.ndim == 1 else margins


def _softmax(values: Any) -> Any:
    shifted = np.exp(values - values.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def _fit_temperature(margins: Any, targets: list[int]) -> float:
    """Return the factor on the margins that makes the likelihood of what was held out greatest."""
    rows = np.arange(len(targets))

    def loss(log_factor: float) -> float:
        probabilities = _softmax(margins * np.exp(log_factor))
        return float(-np.log(probabilities[rows, targets] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x))
