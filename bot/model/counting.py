"""Counts of people as they may be shown: none so small that, with a month and a place, it could tell of somebody."""

from __future__ import annotations

from collections.abc import Sequence

FEWEST = 5
"""A count below this is not shown."""
TOO_FEW = f"moins de {FEWEST}"


def shown(count: int) -> int | None:
    """Return a count, or None when it is too small to be shown. None of anything tells of nobody: 0 stays 0."""
    return None if 0 < count < FEWEST else int(count)


def shown_parts(counts: Sequence[int]) -> list[int | None]:
    """Return the parts of a total that is shown too: what is hidden must not be found by taking the rest from it.

    When the hidden parts add up to fewer than FEWEST, the smallest of the others is hidden with them.
    """
    parts = [shown(count) for count in counts]
    hidden = sum(count for count, part in zip(counts, parts, strict=True) if part is None)
    if 0 < hidden < FEWEST:
        others = [(count, place) for place, count in enumerate(counts) if parts[place]]
        if others:
            parts[min(others)[1]] = None
    return parts


def count_text(count: int | None) -> str:
    """Return a count as it was shown, or that it is too small."""
    return TOO_FEW if count is None else str(count)
