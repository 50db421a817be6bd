"""Recognise a danger to someone without Rasa, by rules and by a small model: a miss is the worst error.

When in doubt the numbers are given: a false alarm costs one message, a miss may cost a life. The
measure on sentences of other hands is `make evaluate`.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass

from bot.intake.danger_concepts import CONCEPTS, PAIRS
from bot.intake.danger_foreign import find_foreign_dangers
from bot.intake.danger_model import DangerModel
from bot.intake.danger_rules import PATTERNS, SPELLINGS, is_long_ago, without_likenesses
from bot.language.foreign import find_language
from bot.language.normalise import fold

MAX_READ = 4000
"""Characters of a message that are read: twice what a message may hold."""

AGREED = 0.15
"""Below, the model sees little of what a rule sees: the numbers come before the answer, and are not all of it."""
READ_WELL = 50
"""Words that the sentences it learnt from have at most: of a longer message the model says little, and the rule stands."""
PAST = 0.05
"""Below, a rule that meets words of long ago is believed no more: "mon mari violent, il y a douze ans"."""

REMEMBERED = 500
"""Messages of which what the rules see is kept: each is asked about four times on its way, and reading it takes milliseconds."""

_SPELLINGS = tuple((re.compile(rf"\b(?:{spelling})\b"), word) for spelling, word in SPELLINGS)
_PATTERNS = {kind: re.compile(r"\b(?:" + "|".join(parts) + r")") for kind, parts in PATTERNS.items()}
_CONCEPTS = {name: re.compile(rf"(?:{pattern})") for name, pattern in CONCEPTS.items()}


def find_dangers(text: str) -> tuple[str, ...]:
    """Return the kinds of danger the rules see (keys of data/urgences.yml), most urgent first."""
    folded = fold(text[:MAX_READ])
    spelled = folded
    for spelling, word in _SPELLINGS:
        spelled = spelling.sub(word, spelled)
    # Both readings are tried: a correction that misreads ("ma" as "m'a") must not hide a danger.
    readings = [without_likenesses(reading) for reading in dict.fromkeys((folded, spelled))]
    found = {kind for reading in readings for kind in (*_phrases(reading), *_near_concepts(reading))}
    found.update(*find_foreign_dangers(text[:MAX_READ]).values())
    return tuple(kind for kind in PATTERNS if kind in found)


@dataclass(frozen=True)
class _Seen:
    """What the rules see in a message, in what was written or in its reading; and whether it is French."""

    told: tuple[str, ...]
    is_foreign: bool


@dataclass(frozen=True)
class _Found:
    """What is told in a message, and what perhaps is."""

    told: tuple[str, ...]
    perhaps: str | None


class DangerDetector:
    """Rules and model together; the rules alone when the model is not trained.

    What is found is kept under a hash, so that a message may be looked at in a thread (10 to 40 ms) before it is stored, and
    costs nothing in the transaction that stores it.
    """

    def __init__(self, model: DangerModel | None) -> None:
        self._model = model
        self._seen: OrderedDict[bytes, _Seen] = OrderedDict()
        self._found: OrderedDict[bytes, _Found] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def find(self, text: str) -> tuple[str, ...]:
        """Return the kinds of danger a message tells of, most urgent first: its numbers are the answer."""
        return self._weighed(text).told

    def suspect(self, text: str) -> str | None:
        """Return the kind of danger a message may tell of, when `find` found none: its numbers come before the answer."""
        return self._weighed(text).perhaps

    def _weighed(self, text: str) -> _Found:
        key = _key(text)
        found = self._found.get(key)
        if found is None:
            with self._one_at_a_time:
                found = _Found(self._find(text), self._suspect(text))
                self._found[key] = found
                if len(self._found) > REMEMBERED:
                    self._found.popitem(last=False)
        return found

    def _find(self, text: str) -> tuple[str, ...]:
        seen = self._look(text)
        if self._model is None or seen.is_foreign:
            return seen.told  # of another language the model, which read only French, knows nothing
        if seen.told:
            is_long = len(text.split()) > READ_WELL
            return seen.told if is_long or self._model.weigh(text[:MAX_READ]) >= AGREED else ()
        kind = self._model.kind(text[:MAX_READ])
        return (kind,) if kind else ()

    def _suspect(self, text: str) -> str | None:
        seen = self._look(text)
        if self._model is None or seen.is_foreign:
            return None
        if seen.told and not (
            is_long_ago(fold(text[:MAX_READ])) and self._model.weigh(text[:MAX_READ]) < PAST
        ):
            return seen.told[0]
        return self._model.suspected(text[:MAX_READ])

    def _look(self, text: str) -> _Seen:
        """Read a message once: what is kept of it is a hash, so that no word of anyone stays in memory."""
        key = _key(text)
        if key not in self._seen:
            self._seen[key] = self._read(text)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return self._seen[key]

    def _read(self, text: str) -> _Seen:
        found = find_dangers(text)
        is_foreign = find_language(text[:MAX_READ]) is not None
        if not found and self._model is not None and not is_foreign:
            found = find_dangers(self._model.read(text[:MAX_READ]))
        return _Seen(found, is_foreign)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass")).digest()


def _phrases(reading: str) -> list[str]:
    return [kind for kind, pattern in _PATTERNS.items() if pattern.search(reading)]


def _near_concepts(reading: str) -> list[str]:
    """Return the kinds whose two concepts stand near each other, on different words."""
    places: dict[str, list[int]] = {name: [] for name in _CONCEPTS}
    for index, word in enumerate(reading.split()):
        for name, pattern in _CONCEPTS.items():
            if pattern.fullmatch(word):
                places[name].append(index)
    return [
        kind
        for kind, one, other, distance in PAIRS
        if any(0 < abs(a - b) <= distance for a in places[one] for b in places[other])
    ]
