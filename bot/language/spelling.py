"""Read what was written by ear or in a hurry: "jé pu droi o rsa koman fer" is "j ai plus droit au rsa comment faire".

Each word may stand for itself, for what an abbreviation means, for the words that sound like it, or for two
words run together; two words may be one cut in the middle. The readings are weighed together, by how far each
is from what was written and by how often its words follow each other in the training sentences: context
decides whether "fer" is a metal (Viterbi search over a bigram model; Kernighan, Church and Gale 1990 for
the noisy channel). The result is folded text (no accents, no punctuation); figures are left as they are.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.normalise import fold
from bot.language.phonemes import WORD, Phonemes, load_phonemes

Words = tuple[str, ...]
START, END = "<s>", "</s>"
ABBREVIATIONS_FILE = "orthographe.yml"

# Costs of leaving what was written, in natural logarithm of probability as the bigrams are. Set by reading what
# came out of the phonetic and SMS sentences of data/nlu; understanding changed little around them.
AS_WRITTEN_RARE = 6.0
AS_WRITTEN_UNKNOWN = 14.0
ABBREVIATION = 0.6
SOUND_OF_UNKNOWN = 1.4
SOUND_OF_KNOWN = 5.0
UNSURE_SOUND = 1.4
RUN_TOGETHER = 2.0
CUT = 4.0

SEEN_ENOUGH = 2
"""Times a word of the lexicon must stand in the sentences to be proposed for another."""
SEEN_OFTEN = 5
"""The same for a word that no lexicon holds: a name, an acronym, else a spelling mistake."""
LINK_SEEN = 40
"""Times a word must have been seen to be one that others are run together with ("la", "pour")."""
BACK_OFF = 8.0
BEAM = 8
MAX_READINGS = 40
MAX_WORD = 25
"""Letters of a word that is still looked at: a longer one is noise or an address."""
CACHED_WORDS = 20_000
_ELIDED = {"j": "Z", "l": "l", "d": "d", "qu": "k", "n": "n", "s": "s", "c": "s", "m": "m", "t": "t"}
_VOICED = {"z": "s", "s": "z"}


class Speller:
    """Learnt from sentences, by counting; picklable. `read` gives the likeliest reading of a message."""

    def __init__(self, abbreviations: dict[str, list[str]] | None = None) -> None:
        self._abbreviations = abbreviations or {}
        self._counts: Counter[str] = Counter()
        self._pairs: Counter[Words] = Counter()
        self._firsts: Counter[str] = Counter()
        self._prepare()

    def learn(self, texts: Iterable[str]) -> None:
        """Count the words of sentences. Only those written with known words teach which words follow which."""
        sentences = [fold(text).split() for text in texts]
        self._counts = Counter(word for words in sentences for word in words)
        knows = self._phonemes.knows
        vocabulary = self._find_vocabulary()
        for words in sentences:
            if all(knows(word) or word in vocabulary or _has_figure(word) for word in words):
                line = [START, *words, END]
                self._pairs.update(itertools.pairwise(line))
                self._firsts.update(line[:-1])
        self._prepare()

    def __getstate__(self) -> dict[str, object]:
        return {
            "abbreviations": self._abbreviations,
            "counts": self._counts,
            "pairs": self._pairs,
            "firsts": self._firsts,
        }

    def __setstate__(self, state: dict[str, object]) -> None:
        for name, value in state.items():
            setattr(self, f"_{name}", value)
        self._prepare()

    def read(self, text: str) -> str:
        """Return the likeliest reading of a message, folded."""
        words = WORD.findall(text.lower())
        # columns[i]: for each last word of a reading of the first i words, its cost and its words.
        columns: list[dict[str, tuple[float, Words]]] = [{} for _ in range(len(words) + 2)]
        columns[0] = {START: (0.0, ())}
        for place, word in enumerate(words):
            steps = [(1, reading, cost) for reading, cost in self._readings(word)]
            if place + 1 < len(words):
                steps += [(2, reading, CUT) for reading in self._joined(word, words[place + 1])]
            best = sorted(columns[place].items(), key=lambda item: item[1][0])[:BEAM]
            for last, (before, read) in best:
                for length, reading, cost in steps:
                    total = before + cost + self._cost_of(last, reading)
                    column = columns[place + length]
                    if reading[-1] not in column or total < column[reading[-1]][0]:
                        column[reading[-1]] = (total, read + reading)
        return " ".join(min(columns[len(words)].values())[1])

    def _prepare(self) -> None:
        """Index what may be proposed by its sound; called whenever the counts change."""
        self._phonemes: Phonemes = load_phonemes()
        self._total = sum(self._counts.values()) or 1
        self._vocabulary = self._find_vocabulary() | set(_ELIDED)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._vocabulary):
            if len(word) > 1 or word in "ay":
                for key in self._phonemes.keys(word):
                    self._by_sound[key].append(word)
        self._readings = lru_cache(CACHED_WORDS)(self._find_readings)

    def _find_vocabulary(self) -> set[str]:
        """Return the words that may be proposed: of the lexicon, or names and acronyms that sound like none of these."""
        known = {
            word
            for word, count in self._counts.items()
            if count >= SEEN_ENOUGH and word.isalpha() and self._phonemes.knows(word)
        }
        sounds = {key for word in known for key in self._phonemes.keys(word)}
        names = {
            word
            for word, count in self._counts.items()
            if count >= SEEN_OFTEN
            and word.isalpha()
            and word not in self._abbreviations
            and not self._phonemes.knows(word)
            and sounds.isdisjoint(self._phonemes.keys(word))
        }
        return known | names

    def _cost_of(self, last: str, words: Words) -> float:
        """Return minus the log-probability of words after the last one (bigrams, backing off to the word alone)."""
        cost = 0.0
        for word in words:
            alone = (self._counts.get(word, 0) + 0.2) / self._total
            seen = self._pairs.get((last, word), 0) + BACK_OFF * alone
            cost -= math.log(seen / (self._firsts.get(last, 0) + BACK_OFF))
            last = word
        return cost

    def _find_readings(self, word: str) -> list[tuple[Words, float]]:
        """Return what one written word may stand for, cheapest first."""
        folded = fold(word) or word
        found: dict[Words, float] = {(folded,): self._as_written(folded)}

        def add(words: Words, cost: float) -> None:
            found[words] = min(cost, found.get(words, cost))

        for meaning in self._abbreviations.get(word, self._abbreviations.get(folded, [])):
            add(tuple(meaning.split()), ABBREVIATION)
        if not _has_figure(folded) and len(word) <= MAX_WORD:
            is_known = folded in self._vocabulary
            for key, doubt in self._sounds(word, folded):
                cost = doubt + (SOUND_OF_KNOWN if is_known else SOUND_OF_UNKNOWN)
                for other in self._by_sound.get(key, ()):
                    add((other,), cost)
                if not is_known:
                    for pair in self._run_together(key):
                        add(pair, cost + RUN_TOGETHER)
        return sorted(found.items(), key=lambda item: item[1])[:MAX_READINGS]

    def _as_written(self, folded: str) -> float:
        if folded in self._vocabulary or _has_figure(folded):
            return 0.0
        return AS_WRITTEN_RARE if self._phonemes.knows(folded) else AS_WRITTEN_UNKNOWN

    def _sounds(self, word: str, folded: str) -> list[tuple[str, float]]:
        """Return the keys of a word; for one no lexicon holds, also with an s for a z and a sounded final e."""
        keys = self._phonemes.keys(word)
        sounds = {key: 0.0 if rank == 0 else UNSURE_SOUND for rank, key in enumerate(keys)}
        if not self._phonemes.knows(folded):
            for key in keys:
                for place in range(1, len(key) - 1):
                    if key[place] in _VOICED:
                        other = key[:place] + _VOICED[key[place]] + key[place + 1 :]
                        sounds.setdefault(other, UNSURE_SOUND)
                if folded.endswith("e"):
                    sounds.setdefault(key + "e", UNSURE_SOUND)
        return list(sounds.items())

    def _run_together(self, key: str) -> list[Words]:
        """Return the pairs of words that sound like one: an elided or a very common word, then any."""
        pairs: list[Words] = []
        for place in range(1, len(key)):
            seconds = self._by_sound.get(key[place:], ())
            if not seconds:
                continue
            firsts = [letter for letter, sound in _ELIDED.items() if sound == key[:place]]
            firsts += [
                word for word in self._by_sound.get(key[:place], ()) if self._counts[word] >= LINK_SEEN
            ]
            pairs += [(first, second) for first in firsts for second in seconds]
        return pairs

    def _joined(self, first: str, second: str) -> list[Words]:
        """Return the long words that two written words make together, when one of them means nothing alone."""
        if _has_figure(first + second) or len(first + second) > MAX_WORD:
            return []
        if fold(first) in self._vocabulary and fold(second) in self._vocabulary:
            return []
        key = self._phonemes.keys(first + second)[0]
        return [(word,) for word in self._by_sound.get(key, ()) if len(word) > 3]


def load_abbreviations(data: Path) -> dict[str, list[str]]:
    """Return what abbreviations mean, from data/orthographe.yml."""
    content = yaml.load((data / ABBREVIATIONS_FILE).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {str(word): list(meanings) for word, meanings in content["abreviations"].items()}


def _has_figure(word: str) -> bool:
    return any(char.isdigit() for char in word)
