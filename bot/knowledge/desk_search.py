"""Find a fiche and the rubrique to open from what an agent types: names, shorthand, everyday words, typos, half words.

No Rasa and no model: tables of words (desk_index.py), rules for rubriques (desk_words.py), typos (desk_typos.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np

from bot.knowledge.desk_index import Row, Tables, build_tables, read_sentences
from bot.knowledge.desk_names import cerfas_of, name_words, organismes_of, phrases_of
from bot.knowledge.desk_typos import Typos
from bot.knowledge.desk_words import EMPTY_WORDS, RULES, SHORTHAND, split_words, stem
from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.loader import Knowledge
from bot.language.normalise import fold
from bot.language.spelling import ABBREVIATIONS_FILE, load_abbreviations

MAX_QUERY = 200
MAX_FOUND = 8
APERCU = "apercu"
APERCU_BIAS = 1.6
"""What the words of a search must tell of another rubrique before it opens, where no rule does."""
RULE, PAIR, CLIP = 0.5, 0.5, 1.6
"""How much rules, pairs of words and each word tell of a rubrique. Set on the development half of tests/evaluation and
on tests/bot/knowledge/desk_queries.py; around these values, totals move by one or two in a hundred."""
_HALF_TYPED, _MENDED, _SHORT = 0.85, 0.8, 0.9
_HALF_FROM = 2
"""Letters from which a word may be half typed."""
_SEEN_ENOUGH, _SEEN_OFTEN = 5, 8
"""Sentences below which a known word may be a mistake, and from which it may be what was meant."""
_FORM = 30.0
"""More than words ever tell: the number of a form is a name without doubt."""
_LONGEST_PHRASE = 7
_WEAKEST, _FAR_BEHIND = 0.8, 0.3
_NUMBER = re.compile(r"(?<!\d)\d{3,5}(?=(?:[*\- ]\d{1,2})?(?!\d))")


@dataclass(frozen=True)
class DeskFound:
    """A fiche found, the rubrique to open, and the words or the name that told it."""

    fiche: str
    rubrique: str
    why: str
    score: float


@dataclass(frozen=True)
class _Word:
    """A word of the search as it was read, with what it tells of each fiche and rubrique."""

    read: str
    of_fiche: Row
    of_rubrique: Row


@dataclass(frozen=True)
class _Name:
    """A name found whole in a search: what it adds to its fiche, how it is shown, and the words that are it."""

    weight: float
    shown: str
    phrase: str


class DeskSearch:
    """Searches the fiches of one version of the knowledge; a few hundred milliseconds to build."""

    def __init__(self, knowledge: Knowledge, data: Path) -> None:
        self._fiches = knowledge.fiches
        self._tables = build_tables(knowledge.fiches, knowledge.lexicon, read_sentences(data))
        self._column = {key: place for place, key in enumerate(self._tables.fiches)}
        self._phrases = phrases_of(knowledge)
        self._organismes = organismes_of(knowledge.fiches)
        self._cerfas = cerfas_of(knowledge.fiches)
        self._names = {key: frozenset(name_words(fiche)) for key, fiche in knowledge.fiches.items()}
        self._rules = [(RUBRIQUES.index(name), weight, pattern) for name, weight, pattern in RULES]
        self._official = frozenset(word for words in self._names.values() for word in words)
        self._abbreviations = _abbreviations(data) | SHORTHAND
        known = [word for word in self._tables.words if _may_be_meant(word, self._tables)]
        self._typos = Typos(known, [self._tables.seen[word] for word in known])
        self._read_word = lru_cache(4096)(self._read)

    def find(self, query: str) -> tuple[DeskFound, ...]:
        """Return the fiches, best first; nothing when no word is known."""
        text = fold(query[:MAX_QUERY])
        words = self._words(text)
        reading = self._reading(text)
        scores = np.zeros(len(self._tables.fiches), dtype=np.float32)
        for word in words:
            scores += word.of_fiche
        named = self._named_in(text, " ".join(reading))
        for key, name in named.items():
            scores[self._column[key]] += name.weight
        told = {key: name.shown for key, name in named.items()}
        for place, (key, number) in enumerate(self._with_cerfa(query[:MAX_QUERY])):
            scores[self._column[key]] += _FORM - place
            told[key] = f"Cerfa {number}"
        found: list[DeskFound] = []
        for column in np.argsort(-scores, kind="stable")[:MAX_FOUND]:
            score = float(scores[column])
            if score < _WEAKEST or (found and score < _FAR_BEHIND * found[0].score):
                break
            key = self._tables.fiches[column]
            why = told.get(key) or ", ".join(dict.fromkeys(w.read for w in words if w.of_fiche[column] > 1))
            found.append(DeskFound(key, self._rubrique(reading, words, key, named.get(key)), why, score))
        return tuple(found)

    def _words(self, text: str) -> list[_Word]:
        """Return the words that tell something, the last one perhaps half typed."""
        written = text.split()
        found: list[_Word] = []
        for place, word in enumerate(written):
            if word not in EMPTY_WORDS or len(written) == 1:
                found.extend(self._read_word(word, place == len(written) - 1))
        return found

    def _reading(self, text: str) -> list[str]:
        """Return the search as it was read, empty words too: "sans internet", "a droit", "pas reçu"."""
        written = text.split()
        found: list[str] = []
        for place, word in enumerate(written):
            if word in EMPTY_WORDS:
                found.append(word)
            elif word in self._abbreviations:
                found.extend(self._abbreviations[word].split())
            else:
                read = self._read_word(word, place == len(written) - 1)
                is_known = word in self._tables.rank or stem(word) in self._tables.rank or not read
                found.append(word if is_known else read[0].read)
        return found

    def _read(self, word: str, is_last: bool) -> tuple[_Word, ...]:  # noqa: FBT001 - a key of the cache
        tables, bare = self._tables, stem(word)
        long_form = self._abbreviations.get(word)
        if long_form and not (is_last and len(word) < _HALF_FROM):
            parts = [w for w in (stem(p) for p in long_form.split()) if w in tables.rank]
            own = [self._word(bare, word, 0.6)] if bare in tables.names else []
            return (*own, *(self._word(part, part, _SHORT) for part in parts))
        found = [self._word(bare, word, 1.0)] if bare in tables.rank else []
        if len(bare) >= _HALF_FROM and (is_last or not found) and (half := self._half_typed(bare)):
            found = [_greatest([*found, half])]
        if not found or (tables.seen[bare] < _SEEN_ENOUGH and bare not in self._official):
            mended = [
                self._word(known, known, _MENDED / mistakes**0.5)
                for known, mistakes in self._typos.near(bare)
            ]
            found = [_greatest([*found, *mended])] if mended or found else []
        return tuple(found)

    def _word(self, known: str, read: str, weight: float) -> _Word:
        rank = self._tables.rank[known]
        return _Word(read, weight * self._tables.of_fiche[rank], weight * self._tables.of_rubrique[rank])

    def _half_typed(self, start: str) -> _Word | None:
        """Return what the names that start so tell, together; else what other words do."""
        tables = self._tables
        rows = range(*tables.starting(start).indices(len(tables.words)))
        chosen = [rank for rank in rows if tables.words[rank] in tables.names] or list(rows)
        if not chosen:
            return None
        words = tables.words
        read = max((words[rank] for rank in chosen), key=lambda word: tables.seen[word])
        return _Word(
            read,
            _HALF_TYPED * tables.of_fiche[chosen].max(axis=0),
            _HALF_TYPED * tables.of_rubrique[tables.rank[read]],
        )

    def _named_in(self, *texts: str) -> dict[str, _Name]:
        """Return the name of each fiche that the search holds whole, as typed or as read; the heaviest of each."""
        found: dict[str, _Name] = {}
        for words in (text.split() for text in dict.fromkeys(texts)):
            for start, end in combinations(range(len(words) + 1), 2):
                if end - start > _LONGEST_PHRASE:
                    continue
                phrase = " ".join(words[start:end])
                weight = (1.6 + 0.8 * (end - start)) * (1.5 if end - start == len(words) else 1.0)
                if phrase in self._organismes and end - start < len(words):
                    weight *= 0.2  # "réversion carsat" asks about no Carsat
                for key, told, shown in self._phrases.get(phrase, ()):
                    if key not in found or weight * told > found[key].weight:
                        found[key] = _Name(weight * told, shown, phrase)
        return found

    def _with_cerfa(self, query: str) -> list[tuple[str, str]]:
        """Return the fiches that name the form whose number is typed, whole or nearly."""
        found: list[tuple[str, str]] = []
        for number in _NUMBER.findall(query):
            if len(number) == 5:
                found += [(key, number) for key in self._cerfas.get(number, ())]
            elif len(number) > 3 or "cerfa" in fold(query):
                full = [known for known in self._cerfas if known.startswith(number)]
                found += [(key, known) for known in full for key in self._cerfas[known][:1]]
        return found[:MAX_FOUND]

    def _rubrique(self, reading: list[str], words: list[_Word], key: str, name: _Name | None) -> str:
        """Return the rubrique that the words tell, those of the fiche's own name left out."""
        names = self._names[key].union(split_words(name.phrase) if name else ()) - EMPTY_WORDS
        line = [word if stem(word) not in names else "|" for word in reading]
        scores = np.zeros(len(RUBRIQUES), dtype=np.float32)
        scores[0] = APERCU_BIAS
        for word in words:
            if stem(word.read) not in names:
                scores += np.clip(word.of_rubrique, -CLIP, CLIP)
        for one, other in pairwise(line):
            if (row := self._tables.pairs.get(f"{stem(one)} {stem(other)}")) is not None:
                scores += PAIR * np.clip(row, -CLIP, CLIP)
        left = " ".join(line)
        for place, weight, pattern in self._rules:
            if pattern.search(left):
                scores[place] += RULE * weight
        return RUBRIQUES[int(scores.argmax())]


def _abbreviations(data: Path) -> dict[str, str]:
    """Return the likeliest meaning of what residents abbreviate; none where data/ holds no such file."""
    if not (data / ABBREVIATIONS_FILE).exists():
        return {}
    return {word: meanings[0] for word, meanings in load_abbreviations(data).items()}


def _greatest(words: list[_Word]) -> _Word:
    if len(words) == 1:
        return words[0]
    return _Word(
        words[0].read,
        np.maximum.reduce([word.of_fiche for word in words]),
        words[0].of_rubrique,
    )


def _may_be_meant(word: str, tables: Tables) -> bool:
    """Tell whether a mistyped word may stand for this one: a name, or a word that many sentences hold."""
    return word.isalpha() and len(word) > 3 and (word in tables.names or tables.seen[word] >= _SEEN_OFTEN)
