"""French cells of tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

NOTHING = "—"


def number(value: float | None, unit: str = "") -> str:
    """Return a number as French writes it, with its unit; a dash for none."""
    if value is None:
        return NOTHING
    text = f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:,.1f}"
    text = text.replace(",", "\u202f").replace(".", ",")
    return f"{text}\u00a0{unit}" if unit else text


def ratio(value: float | None) -> str:
    """Return how many times, with two decimals."""
    return NOTHING if value is None else f"{value:.2f}".replace(".", ",")


def spread(found: dict[str, Any] | None) -> str:
    """Return the median and the two high percentiles, in milliseconds."""
    if not found or found["p50"] is None:
        return NOTHING
    return " / ".join(number(found[key]) for key in ("p50", "p95", "p99"))


def shares(found: dict[str, float]) -> str:
    """Return what each process took of a core, the largest first; those below 1 % are left out."""
    told = sorted(((role, share) for role, share in found.items() if share >= 1), key=lambda item: -item[1])
    return ", ".join(f"{role} {number(share)}" for role, share in told) or NOTHING


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"
