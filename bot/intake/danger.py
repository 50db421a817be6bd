"""Recognise a danger to someone by rules, without Rasa: a miss here is the worst error there is.

When in doubt the numbers are given: a false alarm costs one message, a miss may cost a life. The
measure on sentences of other hands is `make evaluate`.
"""

from __future__ import annotations

import re

from bot.intake.danger_rules import NOT_DANGER, PATTERNS, SPELLINGS
from bot.intake.normalise import fold

MAX_READ = 4000
"""Characters of a message that are read: twice what a message may hold."""

_SPELLINGS = tuple((re.compile(rf"\b(?:{spelling})\b"), word) for spelling, word in SPELLINGS)
_NOT_DANGER = re.compile(r"\b(?:" + "|".join(NOT_DANGER) + r")\b")
_PATTERNS = {kind: re.compile(r"\b(?:" + "|".join(parts) + r")") for kind, parts in PATTERNS.items()}


def find_dangers(text: str) -> tuple[str, ...]:
    """Return the kinds of danger a message tells of (keys of data/urgences.yml), most urgent first."""
    folded = fold(text[:MAX_READ])
    spelled = folded
    for spelling, word in _SPELLINGS:
        spelled = spelling.sub(word, spelled)
    # Both readings are tried: a correction that misreads ("ma" as "m'a") must not hide a danger.
    readings = [_NOT_DANGER.sub(" ", reading) for reading in dict.fromkeys((folded, spelled))]
    return tuple(
        kind for kind, pattern in _PATTERNS.items() if any(pattern.search(reading) for reading in readings)
    )
