"""A text classifier over n-grams and sentence embeddings, with calibrated probabilities.

Character n-grams of what was written catch names and half-written words; word n-grams of its reading
(bot/language/spelling.py) catch what was meant; the embeddings (multilingual-e5-small, 384 numbers) catch
meaning. A linear SVM separates the labels; a temperature fitted on sentences held out turns its margins into
probabilities (Platt 1999; Guo et al. 2017). Two heads stand over the same n-grams, one with the embeddings and one without:
an embedding takes ten times as long as all the rest, so whoever asks may first see whether words alone are sure.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse
from scipy.optimize import minimize_scalar
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
    of shape (384,) and float32, or None to be judged on words alone; `context` one more word: the rubrique of "j'ai perdu ma carte" hangs on whether
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


@dataclass(frozen=True)
class _Head:
    """One separator of all labels, and the factor on its margins that makes probabilities of them."""

    svm: LinearSVC
    temperature: float

    def probabilities(self, features: Any) -> Any:
        """Return one probability a label for a single message."""
        return _softmax(_by_label(self.svm.decision_function(features))[0] * self.temperature)


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
        self._strength = strength
        self._meaning = meaning
        self._of_words: _Head | None = None
        self._of_meaning: _Head | None = None
        self.labels: tuple[str, ...] = ()

    def fit(self, samples: list[Sample], labels: list[str]) -> None:
        """Learn from messages, all embedded or none, and their labels.

        Raises ValueError when a label has fewer than MIN_EXAMPLES.
        """
        rare = sorted(label for label, count in Counter(labels).items() if count < MIN_EXAMPLES)
        if rare:
            raise ValueError(f"moins de {MIN_EXAMPLES} exemples pour : {', '.join(rare)}")
        parts = [
            self._chars.fit_transform([fold(sample.text) for sample in samples]),
            self._words.fit_transform([sample.words for sample in samples]),
        ]
        if self._asked:
            parts.append(self._asked.fit_transform([_asking(sample) for sample in samples]))
        words = sparse.hstack(parts).tocsr()
        if samples[0].embedding is None:
            (self._of_words,) = self._fit_heads([words], labels)
        else:
            whole = sparse.hstack([words, self._embeddings(samples)]).tocsr()
            self._of_meaning, self._of_words = self._fit_heads([whole, words], labels)
        self.labels = tuple(str(label) for label in self._of_words.svm.classes_)

    def rank(self, sample: Sample, limit: int = 5) -> list[Ranked]:
        """Return the most probable labels, best first: of words alone when the sample is not embedded.

        Raises ValueError when the model was not fit, or is given an embedding and was fit without.
        """
        head = self._of_words if sample.embedding is None else self._of_meaning
        if head is None:
            raise ValueError("modèle sans apprentissage, ou appris sans le sens des phrases")
        probabilities = head.probabilities(self._features(sample))
        best = np.argsort(-probabilities)[:limit]
        return [Ranked(self.labels[i], float(probabilities[i])) for i in best]

    def _fit_heads(self, features: list[Any], labels: list[str]) -> list[_Head]:
        """Return one head over each table of features: what takes longest comes first."""
        targets = np.asarray(labels)
        seen, held_out = next(StratifiedKFold(HELD_OUT, shuffle=True, random_state=0).split(targets, targets))
        # In processes, not threads: liblinear's random numbers are the process's own, and it writes where it reads.
        fitted = Parallel(n_jobs=2, max_nbytes=None)(
            delayed(LinearSVC(C=self._strength, random_state=0).fit)(table[rows], targets[rows])
            for table in features
            for rows in (np.arange(len(targets)), seen)
        )
        return [
            _calibrated(svm, partly, table[held_out], targets[held_out])
            for svm, partly, table in zip(fitted[::2], fitted[1::2], features, strict=True)
        ]

    def _features(self, sample: Sample) -> Any:
        parts = [self._chars.transform([fold(sample.text)]), self._words.transform([sample.words])]
        if self._asked:
            parts.append(self._asked.transform([_asking(sample)]))
        if sample.embedding is not None:
            parts.append(self._embeddings([sample]))
        return sparse.hstack(parts).tocsr()

    def _embeddings(self, samples: list[Sample]) -> Any:
        embeddings = np.stack([sample.embedding for sample in samples]).astype(np.float32)
        return sparse.csr_matrix(embeddings * self._meaning)


def _asking(sample: Sample) -> str:
    return asking_part(sample.reading or fold(sample.text))


def _calibrated(svm: LinearSVC, partly: LinearSVC, held_out: Any, targets: Any) -> _Head:
    """Return the head of `svm`, its temperature that of a second one which never saw the sentences held out."""
    margins = _by_label(partly.decision_function(held_out))
    places = {label: place for place, label in enumerate(partly.classes_)}
    svm.coef_ = svm.coef_.astype(np.float32)
    return _Head(svm, _fit_temperature(margins, [places[label] for label in targets]))


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
