"""Measure the search of the desk on queries written before it by somebody else. Prints totals only, never a query.

`python -m tests.evaluation.agent.mesure`. How many times it was run is told in docs/evaluation.md.
"""

from __future__ import annotations

import platform
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.desk_search import APERCU, DeskSearch
from bot.knowledge.loader import load_knowledge
from bot.settings import load_settings
from tests.evaluation.figures import share

FILE = Path(__file__).parent / "requetes.yml"
TEXT, STYLE, FICHE, RUBRIQUE, ALSO = "requete", "style", "fiche", "rubrique", "aussi"


@dataclass(frozen=True)
class Judged:
    """One query: `rubrique` is None when the query tells none."""

    style: str
    sheet: bool
    rubrique: bool | None


def read_queries() -> list[dict[str, Any]]:
    """Return the queries. Raises ValueError, naming fields only, when one is not as this script reads it."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = content if isinstance(content, list) else next(iter(content.values()))
    fields = {name for row in rows for name in row}
    if not {TEXT, STYLE, FICHE} <= fields:
        raise ValueError(f"fields are {sorted(fields)}")
    return rows


def labels(value: object) -> set[str]:
    """Return the labels of a field: a list, or several separated by commas or spaces."""
    if value is None:
        return set()
    return set(map(str, value)) if isinstance(value, list) else set(str(value).replace(",", " ").split())


def judge(search: DeskSearch, row: dict[str, Any]) -> Judged:
    """Return whether the first sheet and the rubrique opened are right."""
    found = search.find(str(row[TEXT]))
    wanted = labels(row[FICHE]) | labels(row.get(ALSO))
    is_right = bool(found) and found[0].fiche in wanted
    told = labels(row.get(RUBRIQUE))
    if not told:
        return Judged(str(row[STYLE]), is_right, None)
    return Judged(str(row[STYLE]), is_right, is_right and found[0].rubrique in told)


def keystrokes(search: DeskSearch, queries: list[str]) -> list[float]:
    """Return the milliseconds of each beginning of each query, sorted."""
    times = []
    for query in queries:
        for length in range(1, len(query) + 1):
            start = time.perf_counter()
            search.find(query[:length])
            times.append(1000 * (time.perf_counter() - start))
    return sorted(times)


def measure(search: DeskSearch) -> list[Judged]:
    """Return every query judged."""
    return [judge(search, row) for row in read_queries()]


def table(judged: list[Judged]) -> str:
    """Return shares with their 95 % interval, by style and in all."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.style].append(one)
    rows = [*sorted(groups.items()), ("all", judged)]
    lines = []
    for name, ones in rows:
        told = [one for one in ones if one.rubrique is not None]
        right = [one for one in told if one.sheet]
        lines.append(
            f"{name:24} sheet first {share(sum(one.sheet for one in ones), len(ones)):28}"
            f" rubrique, sheet right {share(sum(bool(one.rubrique) for one in right), len(right)):28}"
            f" rubrique, of all {share(sum(bool(one.rubrique) for one in told), len(told))}"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the figures, the machine and the date."""
    settings = load_settings()
    knowledge = load_knowledge(settings.data, settings.territoire)
    search = DeskSearch(knowledge, settings.data)
    judged = measure(search)
    print(table(judged))
    plain = sum(one.rubrique is None for one in judged)
    print(f"{plain} tell no rubrique; opening {APERCU} is not judged for them")
    times = keystrokes(search, [str(row[TEXT]) for row in read_queries()])
    middle, late = times[len(times) // 2], times[int(0.95 * len(times))]
    print(f"{len(times)} keystrokes: p50 {middle:.2f} ms, p95 {late:.2f} ms, longest {times[-1]:.2f} ms")
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, {date.today()}")


if __name__ == "__main__":
    main()
