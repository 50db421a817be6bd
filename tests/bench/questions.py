"""What people write in a measure: real questions, acts, life situations and whole dialogues of the development half.

The half that is kept shut (tests/evaluation/reserve) is never read here: a measure of load may be run every day.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.evaluation.sets import DEVELOPMENT, read_dialogues, read_rows

SEED = 10
DIALOGUES = 0.5
"""Share of conversations that are dialogues, with their follow-ups ("et c'est combien ?")."""
LONGEST_SMS = 160


def conversations(seed: int = SEED, *, longest: int | None = None) -> Iterator[list[str]]:
    """Yield conversations without end, the same for the same seed; `longest` leaves out longer texts, in characters."""
    draw = random.Random(seed)
    dialogues = [[text for text, _ in dialogue.turns] for dialogue in read_dialogues(DEVELOPMENT)]
    questions, acts, situations = (
        [row["texte"] for row in read_rows(DEVELOPMENT, name)]
        for name in ("questions", "actes", "situations")
    )
    shapes = ([questions, questions], [situations, questions, acts], [acts, questions, questions, acts])
    while True:
        if draw.random() < DIALOGUES:
            turns = draw.choice(dialogues)
        else:
            turns = [draw.choice(texts) for texts in draw.choice(shapes)]
        kept = [text for text in turns if longest is None or len(text) <= longest]
        if kept:
            yield kept
