"""What each word tells of each fiche and of each rubrique, learnt from names, texts and the sentences of data/nlu.

Two dense tables of float32, a row a word in alphabetical order, so that the words that begin alike are rows that
follow each other: a half-typed word is the greatest of a slice. With 91 fiches they take about 3 MB.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from bot.knowledge.desk_words import EMPTY_WORDS, split_words
from bot.knowledge.fiche import RUBRIQUES, Fiche
from bot.knowledge.lexicon import Lexicon
from bot.language.corpus import question_files

Row = npt.NDArray[np.float32]
Words = tuple[str, ...]
SEEN_ENOUGH = 2
"""Times a word must stand in the sentences to count, unless a name holds it."""
PAIR_SEEN_ENOUGH = 5
SMOOTHING, RUBRIQUE_SMOOTHING = 0.15, 0.4
"""Sentences added to each fiche for each word: a word seen twice tells less than one seen fifty times."""
SENTENCES, NAMES, BODY = 1.0, 0.8, 0.4
SHORT_NAME, TITLE, LEXICON, ORGANISME, BENEFIT = 2.4, 2.0, 1.2, 0.5, 0.5


@dataclass(frozen=True)
class Sentences:
    """Words of the sentences of data/nlu: how many sentences of a fiche, and of a rubrique, hold each."""

    by_fiche: dict[str, Counter[str]]
    by_rubrique: dict[str, Counter[str]]
    fiche_sizes: Counter[str]
    rubrique_sizes: Counter[str]
    pairs: dict[str, Counter[str]]
    """By rubrique, words that follow each other, empty ones too: "combien de", "pas reçu", "a droit"."""


@dataclass(frozen=True)
class Tables:
    """The words in order, what each tells of the fiches (one column a fiche) and of the rubriques."""

    words: list[str]
    rank: dict[str, int]
    fiches: tuple[str, ...]
    of_fiche: Row
    of_rubrique: Row
    names: frozenset[str]
    seen: Counter[str]
    pairs: dict[str, Row]

    def row(self, word: str) -> Row | None:
        """Return what a whole word tells of each fiche."""
        rank = self.rank.get(word)
        return None if rank is None else self.of_fiche[rank]

    def starting(self, prefix: str) -> slice:
        """Return the rows of the words that start so."""
        return slice(bisect_left(self.words, prefix), bisect_left(self.words, prefix + "\x7f"))


@lru_cache(maxsize=2)
def read_sentences(data: Path) -> Sentences:
    """Return the words of data/nlu; read once, for they change with a training only."""
    found = Sentences(defaultdict(Counter), defaultdict(Counter), Counter(), Counter(), defaultdict(Counter))
    for fiche, rubrique, text in _labelled(data):
        line = split_words(text)
        words = set(line)
        found.pairs[rubrique].update({f"{one} {other}" for one, other in pairwise(line)})
        found.by_fiche[fiche].update(words)
        found.by_rubrique[rubrique].update(words)
        found.fiche_sizes[fiche] += 1
        found.rubrique_sizes[rubrique] += 1
    seen: Counter[str] = Counter()
    for counts in found.pairs.values():
        seen.update(counts)
    for rubrique, counts in found.pairs.items():  # most pairs are seen once: they would take 8 MB
        found.pairs[rubrique] = Counter({p: n for p, n in counts.items() if seen[p] >= PAIR_SEEN_ENOUGH})
    return found


def _labelled(data: Path) -> Iterator[tuple[str, str, str]]:
    for path in question_files(data):
        if path.parent.name != "fiches":
            continue
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            about = block["metadata"]
            for line in block["examples"].splitlines():
                yield about["fiche"], about["rubrique"], line.strip().removeprefix("- ")


def build_tables(fiches: dict[str, Fiche], lexicon: Lexicon, sentences: Sentences) -> Tables:
    """Return the tables of these fiches."""
    ids = tuple(fiches)
    named = {key: _name_weights(fiche) for key, fiche in fiches.items()}
    for name in lexicon.names:
        for place, key in enumerate(name.fiches):
            if key in named:
                for word in {w for form in (name.nom, *name.autres) for w in split_words(form)}:
                    weight = LEXICON / (1 + place)
                    named[key][word] = max(named[key].get(word, 0.0), weight)
    bodies = {key: Counter(_body_words(fiche)) for key, fiche in fiches.items()}
    seen: Counter[str] = Counter()
    for counts in sentences.by_fiche.values():
        seen.update(counts)
    names = frozenset(word for words in named.values() for word in words) - EMPTY_WORDS
    in_bodies = Counter(word for counts in bodies.values() for word in counts)
    words = sorted(
        ({w for w, n in seen.items() if n >= SEEN_ENOUGH} | names | {w for w in in_bodies if len(w) > 2})
        - EMPTY_WORDS
    )
    of_fiche = (
        SENTENCES * _lifts(words, ids, sentences.by_fiche, sentences.fiche_sizes)
        + NAMES * _spread(words, ids, named)
        + BODY * _spread(words, ids, {key: _dampened(c) for key, c in bodies.items()})
    )
    of_rubrique = _lifts(
        words, RUBRIQUES, sentences.by_rubrique, sentences.rubrique_sizes, RUBRIQUE_SMOOTHING
    )
    return Tables(
        words,
        {w: i for i, w in enumerate(words)},
        ids,
        of_fiche.astype(np.float32),
        of_rubrique.astype(np.float32),
        names,
        seen,
        _pairs(sentences),
    )


def _pairs(sentences: Sentences) -> dict[str, Row]:
    """Return what each pair of words seen often enough tells of the rubriques."""
    pairs = sorted({pair for counts in sentences.pairs.values() for pair in counts})
    table = _lifts(pairs, RUBRIQUES, sentences.pairs, sentences.rubrique_sizes, RUBRIQUE_SMOOTHING)
    return dict(zip(pairs, table, strict=True))


def _lifts(
    words: list[str],
    labels: Iterable[str],
    counts: dict[str, Counter[str]],
    sizes: Counter[str],
    smoothing: float = SMOOTHING,
) -> Row:
    """Return how much likelier a word is in the sentences of a label than in those of all (natural logarithm)."""
    ids = tuple(labels)
    table = np.zeros((len(words), len(ids)), dtype=np.float32)
    rank = {word: place for place, word in enumerate(words)}
    for column, label in enumerate(ids):
        size = max(sizes.get(label, 0), 1)
        for word, count in counts.get(label, {}).items():
            if word in rank:
                table[rank[word], column] = count / size
    mean = table.mean(axis=1, keepdims=True)
    floor = smoothing * len(ids) / max(sum(max(sizes.get(label, 0), 1) for label in ids), 1)
    lifts: Row = np.log((table + floor) / (mean + floor))
    return lifts


def _spread(words: list[str], ids: Words, weights: dict[str, dict[str, float]]) -> Row:
    """Return the weights of words, less where many fiches share them."""
    table = np.zeros((len(words), len(ids)), dtype=np.float32)
    rank = {word: place for place, word in enumerate(words)}
    shared = Counter(word for held in weights.values() for word in held)
    for column, key in enumerate(ids):
        for word, weight in weights[key].items():
            if word in rank:
                table[rank[word], column] = (
                    weight * math.log(len(ids) / shared[word] + 1) / math.log(len(ids) + 1)
                )
    return table


def _dampened(counts: Counter[str]) -> dict[str, float]:
    return {word: 1 + math.log(count) for word, count in counts.items()}


def _name_weights(fiche: Fiche) -> dict[str, float]:
    found: dict[str, float] = {}
    parts = (
        (SHORT_NAME, fiche.nom_court),
        (TITLE, fiche.titre),
        (TITLE, fiche.id.replace("-", " ")),
        (ORGANISME, fiche.organisme),
        (BENEFIT, fiche.apporte),
    )
    for weight, text in parts:
        for word in split_words(text):
            found[word] = max(found.get(word, 0.0), weight)
    return found


def _body_words(fiche: Fiche) -> Iterator[str]:
    for rubrique in fiche.rubriques.values():
        for bloc in rubrique.web:
            for text in (
                bloc.titre,
                bloc.texte,
                bloc.attention,
                *(bloc.liste or ()),
                *(bloc.etapes or ()),
                *(bloc.documents or ()),
            ):
                yield from split_words(text or "")
