"""Render an Answer as runs of sentences, for a screen reader's announcement or a voice that reads aloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bot.model.answer import Answer
from bot.model.french import join_or
from bot.render.text import place_lines

FRENCH = "fr"
_ENDS = (".", "!", "?", ":", "؟")


@dataclass(frozen=True)
class Spoken:
    """Sentences in one language, as its BCP 47 tag: a voice has to change with it."""

    words: str
    lang: str = FRENCH


def render_speech(answer: Answer) -> tuple[Spoken, ...]:
    """Return every word of the answer in order, each part ended by a sign, so that nothing is glued together.

    There is one run, but for an answer in another language. Sources are left out: they stand folded below it.
    """
    runs = groupby(_parts(answer), key=lambda part: part.lang)
    return tuple(Spoken(" ".join(part.words for part in run), lang) for lang, run in runs)


def _parts(answer: Answer) -> Iterator[Spoken]:
    for block in answer.blocks:
        for words in (block.title, *block.items):
            yield from _ended(words, block.lang or FRENCH)
    for words in (*(line for place in answer.places for line in place_lines(place)), *answer.notes):
        yield from _ended(words)
    if answer.choices:
        yield from _ended(f"Réponses proposées : {join_or([choice.label for choice in answer.choices])}")


def _ended(part: str | None, lang: str = FRENCH) -> Iterator[Spoken]:
    words = " ".join((part or "").split())
    if words:
        yield Spoken(words if words.endswith(_ENDS) else f"{words}.", lang)
