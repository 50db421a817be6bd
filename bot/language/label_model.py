"""A text classifier over n-grams and sentence embeddings, with calibrated probabilities.

Character and word n-grams of folded text catch names and phonetic spelling; the embeddings
(multilingual-e5-small, 384 numbers) catch meaning. A linear SVM separates the labels; a temperature
fitted on out-of-fold scores turns its margins into probabilities (Platt 1999; Guo et al. 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from bot.language.normalise import fold

EMBEDDING_WEIGHT = 2.0
"""Weight of the embeddings beside unit-length n-grams; 1, 2 and 4 measured within noise of each other."""
FOLDS = 3
MIN_EXAMPLES = FOLDS
_WORD = r"\S+"


@dataclass(frozen=True)
class Ranked:
    """One label and its probability, between 0 and 1."""

    label: str
    probability: float


class LabelModel:
    """Rank labels for a text. `fit` once, then `rank`; picklable."""

    def __init__(self) -> None:
        self._chars = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, dtype=np.float32
        )
        self._words = TfidfVectorizer(
            ngram_range=(1, 2), min_df=1, sublinear_tf=True, dtype=np.float32, token_pattern=_WORD
        )
        self._svm = LinearSVC(C=0.5, random_state=0)
        self._temperature = 1.0
        self.labels: tuple[str, ...] = ()

    def fit(
        self, texts: list[str], labels: list[str], embeddings: Any = None, contexts: list[str] | None = None
    ) -> None:
        """Learn from texts, their labels and their embeddings (shape: texts × 384, float32), if any.

        `contexts` gives each text one more word: the rubrique of "j'ai perdu ma carte" hangs on whether
        losing it is the subject or a trouble with the card. Raises ValueError when a label has fewer than MIN_EXAMPLES texts.
        """
        rare = sorted({label for label in labels if labels.count(label) < MIN_EXAMPLES})
        if rare:
            raise ValueError(f"moins de {MIN_EXAMPLES} exemples pour : {', '.join(rare)}")
        folded = [fold(text) for text in texts]
        words = [
            _with_context(text, context)
            for text, context in zip(folded, contexts or [""] * len(texts), strict=True)
        ]
        self._chars.fit(folded)
        self._words.fit(words)
        features = self._features(folded, words, embeddings)
        splits = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        margins = _by_label(
            cross_val_predict(
                LinearSVC(C=0.5, random_state=0), features, labels, cv=splits, method="decision_function"
            )
        )
        self._svm.fit(features, labels)
        self._svm.coef_ = self._svm.coef_.astype(np.float32)
        self.labels = tuple(str(label) for label in self._svm.classes_)
        self._temperature = _fit_temperature(margins, [self.labels.index(label) for label in labels])

    def rank(self, text: str, embedding: Any = None, limit: int = 5, context: str = "") -> list[Ranked]:
        """Return the most probable labels, best first. `embedding` has shape (384,)."""
        folded = fold(text)
        words = _with_context(folded, context)
        embeddings = None if embedding is None else np.asarray(embedding)[None, :]
        features = self._features([folded], [words], embeddings)
        margins = _by_label(self._svm.decision_function(features))[0]
        probabilities = _softmax(margins * self._temperature)
        best = np.argsort(-probabilities)[:limit]
        return [Ranked(self.labels[i], float(probabilities[i])) for i in best]

    def _features(self, folded: list[str], words: list[str], embeddings: Any) -> Any:
        parts = [self._chars.transform(folded), self._words.transform(words)]
        if embeddings is not None:
            parts.append(sparse.csr_matrix(np.asarray(embeddings, dtype=np.float32) * EMBEDDING_WEIGHT))
        return sparse.hstack(parts).tocsr()


def _by_label(margins: Any) -> Any:
    """Return one margin a label: for two labels scikit-learn gives one number a text."""
    return np.column_stack([-margins, margins]) if margins.ndim == 1 else margins


def _with_context(folded: str, context: str) -> str:
    return f"{folded} sujet:{context}" if context else folded


def _softmax(values: Any) -> Any:
    shifted = np.exp(values - values.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def _fit_temperature(margins: Any, targets: list[int]) -> float:
    """Return the factor on the margins that makes the out-of-fold log-likelihood greatest."""
    rows = np.arange(len(targets))

    def loss(log_factor: float) -> float:
        probabilities = _softmax(margins * np.exp(log_factor))
        return float(-np.log(probabilities[rows, targets] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x))
