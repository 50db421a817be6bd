"""Render an Answer as one run of sentences, for a screen reader's announcement or a voice that reads aloud."""

from __future__ import annotations

from collections.abc import Iterable

from bot.model.answer import Answer
from bot.model.french import join_or
from bot.render.text import place_lines

_ENDS = (".", "!", "?", ":")


def render_speech(answer: Answer) -> str:
    """Return every word of the answer in order, each part ended by a sign, so that nothing is glued together.

    Sources are left out: they stand folded below the answer.
    """
    parts: list[str] = []
    for block in answer.blocks:
        parts += [block.title] if block.title else []
        parts += block.items
    for place in answer.places:
        parts += place_lines(place)
    parts += answer.notes
    if answer.choices:
        parts.append(f"Réponses proposées : {join_or([choice.label for choice in answer.choices])}")
    return " ".join(_ended(parts))


def _ended(parts: Iterable[str]) -> Iterable[str]:
    for part in parts:
        words = " ".join(part.split())
        if words:
            yield words if words.endswith(_ENDS) else f"{words}."
