"""Say what a run did: on the screen, and in docs/faults.md, one part an engine."""

from __future__ import annotations

import platform
import re
import subprocess
import time
from collections import Counter
from dataclasses import dataclass

import psutil

from tests.chaos.count import CHANNELS, Figures
from tests.chaos.faults import Done
from tests.running import ROOT

PAGE = ROOT / "docs" / "faults.md"
ENGINES = {"sqlite": "SQLite", "postgres": "PostgreSQL and Redis, two channels processes, two Rasa"}
SHOWN = 20


@dataclass(frozen=True)
class Run:
    """What a run was given, and what came of it."""

    seed: int
    messages: int
    people: int
    engine: str
    disk: str
    seconds: float
    began: float
    done: list[Done]
    figures: Figures
    channels: dict[str, Counter[str]]
    others: dict[str, str]


def print_run(run: Run) -> None:
    """Print the faults as they were done, then the figures, then what is wrong."""
    print("\n".join(fault_lines(run)))
    print("\n".join(figure_lines(run)))
    for name in ("lost", "answered_twice", "stored_twice", "disorders", "unexplained"):
        for line in getattr(run.figures, name)[:SHOWN]:
            print(f"  {name}: {line}")
    print("kept" if run.figures.holds else "BROKEN")


def fault_lines(run: Run) -> list[str]:
    """Return the table of faults: when, what, for how long."""
    rows = sorted(run.done, key=lambda done: done.began)
    return [
        "| after | fault | lasted | |",
        "| --- | --- | --- | --- |",
        *(
            f"| {done.began - run.began:.0f} s | {done.fault} | {done.ended - done.began:.1f} s | {done.note} |"
            for done in rows
        ),
    ]


def figure_lines(run: Run) -> list[str]:
    """Return the figures, each with its bound."""
    figures = run.figures
    rows = [
        ("messages acknowledged", f"{figures.acknowledged}", ""),
        ("acknowledged and never answered", f"{len(figures.lost)}", "0"),
        ("answered twice in the transcript", f"{len(figures.answered_twice)}", "0"),
        ("stored twice", f"{len(figures.stored_twice)}", "0"),
        ("out of the order of storage", f"{len(figures.disorders)}", "0"),
        ("handed over twice", f"{figures.repeats}", f"{figures.bound}, cuts that fell within a hand-over"),
        ("of these, with no such cut", f"{len(figures.unexplained)}", "0"),
    ]
    lines = [
        "| | | bound |",
        "| --- | --- | --- |",
        *(f"| {name} | {value} | {bound} |" for name, value, bound in rows),
    ]
    for channel in CHANNELS:
        said = ", ".join(f"{name} {number}" for name, number in sorted(run.channels[channel].items()))
        lines.append(f"| {channel} | {said} | |")
    return [*lines, *(f"| {name} | {value} | |" for name, value in run.others.items())]


def write_page(run: Run) -> None:
    """Put a run in its engine's part of the page."""
    kinds = Counter(done.fault.kind for done in run.done if done.note != "not there")
    part = [
        f"<!-- {run.engine} -->",
        f"## {ENGINES[run.engine]}",
        "",
        _heading(run),
        "",
        *figure_lines(run),
        "",
        f"Faults done ({sum(kinds.values())}): "
        + ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items()))
        + ".",
        f"<!-- /{run.engine} -->",
    ]
    page = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(rf"<!-- {run.engine} -->.*?<!-- /{run.engine} -->", re.DOTALL)
    PAGE.write_text(pattern.sub(lambda _: "\n".join(part), page), encoding="utf-8")


def _heading(run: Run) -> str:
    command = f"`python -m tests.chaos --graine {run.seed} --messages {run.messages} --moteur {run.engine}`"
    where = f"{time.strftime('%Y-%m-%d')}, commit {_commit()}, {_machine()}"
    return f"{command}, {where}. {run.people} people, {run.seconds / 60:.0f} minutes, disk: {run.disk}."


def _commit() -> str:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "unknown"


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} cores {platform.machine()}, {memory:.0f} GB, Linux {platform.release()}"
