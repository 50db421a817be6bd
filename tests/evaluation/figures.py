"""Turn results into tables: shares with their 95 % interval, outcomes by a column, confusions."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from tests.evaluation.judging import OUTCOMES, Result

Z = 1.96


def interval(right: int, total: int) -> tuple[float, float]:
    """Return the bounds (0 to 1) of the share at 95 % (Wilson 1927)."""
    if total == 0:
        return 0.0, 1.0
    share, square = right / total, Z * Z
    middle = share + square / (2 * total)
    spread = Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    return (middle - spread) / scale, (middle + spread) / scale


def share(right: int, total: int) -> str:
    """Return `42/48, 88 % (76 à 94)`."""
    low, high = interval(right, total)
    return f"{right}/{total}, {100 * right / max(total, 1):.1f} % ({100 * low:.0f} à {100 * high:.0f})"


def outcome_table(results: Iterable[Result], name: str, column: Callable[[Result], str]) -> str:
    """Return the outcomes counted by one column, a line each, and all together last."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        groups[column(result)][result.outcome] += 1
    groups = dict(sorted(groups.items()))
    groups["ensemble"] = sum(groups.values(), Counter())
    lines = [f"{name:24}{'n':>5}" + "".join(f"{outcome:>22}" for outcome in OUTCOMES)]
    for label, counts in groups.items():
        total = sum(counts.values())
        cells = "".join(_cell(counts[outcome], total) for outcome in OUTCOMES)
        lines.append(f"{label:24}{total:>5}{cells}")
    return "\n".join(lines)


def _cell(count: int, total: int) -> str:
    low, high = interval(count, total)
    return f"{f'{count} {100 * count / total:.0f} % ({100 * low:.0f}-{100 * high:.0f})':>22}"


def rubrique_table(results: Iterable[Result]) -> str:
    """Return the share of right rubriques, by the rubrique expected, where the fiche was right."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for result in results:
        if result.rubrique_right is not None:
            groups[result.rubrique].append(result.rubrique_right)
    judged = [right for rights in groups.values() for right in rights]
    rows = [*sorted(groups.items()), ("ensemble", judged)]
    return "\n".join(f"{name:24}{share(sum(rights), len(rights))}" for name, rights in rows)


def confusions(results: Iterable[Result], limit: int = 25) -> str:
    """Return what was answered instead of what was expected, most frequent first."""
    counts = Counter((result.expected, result.said) for result in results if not result.is_right)
    return "\n".join(
        f"{count:>3}  {expected} <- {said}" for (expected, said), count in counts.most_common(limit)
    )
