"""The words beside a number: "dossier 0123456789" is no phone number, "tel 0123456789" is one."""

from __future__ import annotations

from bot.language.normalise import fold

BEFORE = 60
AFTER = 40
"""Characters looked at: what a number is called stands close to it, and the time stays linear."""


def words_beside(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and after a span, on its line, folded."""
    before = text[max(0, start - BEFORE) : start].rpartition("\n")[2]
    after = text[end : end + AFTER].partition("\n")[0]
    return fold(before), fold(after)
