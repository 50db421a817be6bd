"""Which known words a mistyped one may be: letters swapped, missing, doubled or wrong.

The letters of all words are counted once in a table of bytes (about 0.3 MB); only words whose letters nearly agree are
compared one by one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_SHORTEST = 4
_LONG = 6
"""From here two mistakes are forgiven, below one."""
_NEAREST = 3


class Typos:
    """Finds the known words within one or two mistakes (never itself), the most used first."""

    def __init__(self, words: list[str], uses: list[int]) -> None:
        self._words, self._uses = words, uses
        self._counts = np.stack([_count(word) for word in words]) if words else np.zeros((0, 36), np.int8)

    def near(self, word: str) -> list[tuple[str, int]]:
        """Return (another known word, mistakes), at most three, all with the fewest mistakes found."""
        if len(word) < _SHORTEST:
            return []
        most = 2 if len(word) >= _LONG else 1
        apart = np.abs(self._counts - _count(word)).sum(axis=1)
        found = []
        for place in np.flatnonzero(apart <= 2 * most):
            mistakes = distance(word, self._words[place], most)
            if 0 < mistakes <= most:
                found.append(
                    (mistakes, self._words[place][0] != word[0], -self._uses[place], self._words[place])
                )
        found.sort()
        return [(known, mistakes) for mistakes, _, _, known in found if mistakes == found[0][0]][:_NEAREST]


def _count(word: str) -> npt.NDArray[np.int8]:
    counts = np.zeros(len(_LETTERS), dtype=np.int8)
    for letter in word:
        counts[_LETTERS.index(letter)] += 1
    return counts


def distance(one: str, other: str, most: int) -> int:
    """Return the mistakes between two words (optimal string alignment), or more than `most` once that is passed."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
