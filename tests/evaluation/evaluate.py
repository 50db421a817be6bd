"""`make evaluate`: how well people are understood, measured through the running assistant's public API.

Prints, with the machine and the date: plain questions by style and by fiche (right, right with a doubt,
offered among choices, wrong, not understood), the rubrique, the latency, and danger with Rasa stopped. These are figures, not a pass or fail; the bounds that hold stand in tests/evaluation/test_*_bounds.py.
"""

from __future__ import annotations

import asyncio
import csv
import platform
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.intake.danger import DangerDetector, find_dangers
from bot.intake.danger_model import load_danger_model
from bot.settings import load_settings
from tests.running import run_bot

FOLDER = Path(__file__).parent
QUESTIONS = "questions_simples.tsv"
DANGER_SETS = ("danger.tsv", "danger_2.tsv", "danger_3.tsv")
OUTCOMES = ("juste", "juste, avec doute", "proposée", "fausse, avec doute", "fausse, sûre", "non comprise")
DOUBT = "Si j'ai bien compris"


@dataclass(frozen=True)
class Result:
    """One question and what came of it."""

    fiche: str
    rubrique: str
    style: str
    text: str
    outcome: str
    rubrique_right: bool | None
    answered: str
    seconds: float


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a set as written by its authors."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def judge(message: dict[str, Any], fiche: str) -> str:
    """Return the outcome of an answer for a question about `fiche`."""
    offered = message.get("fiches", [])
    if message["type"] == "fiche":
        doubtful = message["text"].startswith(DOUBT)
        if message["fiche"] == fiche:
            return "juste, avec doute" if doubtful else "juste"
        if doubtful:
            return "proposée" if fiche in offered else "fausse, avec doute"
        return "fausse, sûre"
    if message["type"] in {"clarification", "orientation"}:
        return "proposée" if fiche in offered else "fausse, avec doute"
    if message["type"] == "urgence" and fiche in {"violences-conjugales", "hebergement-urgence"}:
        return "juste"  # the numbers come first; the fiche's own numbers are among them
    return "non comprise"


async def ask_all(base: str, rows: Iterable[dict[str, str]]) -> list[Result]:
    """Ask each question in a conversation of its own, one after the other."""
    results = []
    async with aiohttp.ClientSession(base) as session:
        for row in rows:
            async with session.post("/api/v1/conversations", json={"channel": "api"}) as opened:
                conversation = await opened.json()
            started = time.perf_counter()
            async with session.post(
                f"/api/v1/conversations/{conversation['id']}/messages",
                json={"text": row["texte"]},
                headers={"Authorization": f"Bearer {conversation['token']}"},
            ) as response:
                answer = await response.json()
            seconds = time.perf_counter() - started
            results.append(_result(row, answer["messages"][-1], seconds))
    return results


def _result(row: dict[str, str], message: dict[str, Any], seconds: float) -> Result:
    outcome = judge(message, row["fiche"])
    right = message.get("rubrique") == row["rubrique"] if message.get("fiche") == row["fiche"] else None
    said = f"{message['type']} {message.get('fiche', '')} {message.get('rubrique', '')}".strip()
    return Result(row["fiche"], row["rubrique"], row["style"], row["texte"], outcome, right, said, seconds)


def table(results: list[Result], key: str) -> str:
    """Return the outcomes counted by one column."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        groups[getattr(result, key)][result.outcome] += 1
        groups["ensemble"][result.outcome] += 1
    head = f"{key:22}{'n':>4}" + "".join(f"{name:>20}" for name in OUTCOMES)
    lines = [head]
    for name, counts in groups.items():
        total = sum(counts.values())
        cells = "".join(f"{counts[o]:>12} ({100 * counts[o] / total:3.0f} %)" for o in OUTCOMES)
        lines.append(f"{name:22}{total:>4}{cells}")
    return "\n".join(lines)


def danger_table(name: str, find: Callable[[str], tuple[str, ...]]) -> str:
    """Return what `find` says of one danger set; neither Rasa nor the service runs for it."""
    rows = read_rows(name)
    missed = [row["texte"] for row in rows if row["danger"] == "oui" and not find(row["texte"])]
    false = [row["texte"] for row in rows if row["danger"] == "non" and find(row["texte"])]
    real = sum(row["danger"] == "oui" for row in rows)
    lines = [
        f"{name} : vus {real - len(missed)}/{real} ; fausses alertes {len(false)}/{len(rows) - real}",
        *(f"  manqué : {text}" for text in missed),
        *(f"  fausse alerte : {text}" for text in false),
    ]
    return "\n".join(lines)


def danger_report(models: Path) -> str:
    """Return the table of each danger set, with the rules alone and with the model beside them."""
    both = DangerDetector(load_danger_model(models)).find
    parts = ["Dangers, par règles seules (Rasa arrêté) :"]
    parts += [danger_table(name, find_dangers) for name in DANGER_SETS]
    parts += ["Dangers, par règles et petit modèle, comme en service (Rasa arrêté) :"]
    parts += [danger_table(name, both) for name in DANGER_SETS]
    return "\n".join(parts)


def report(results: list[Result]) -> str:
    """Return the tables of the questions."""
    right = sum(result.outcome.startswith("juste") for result in results)
    judged = [result.rubrique_right for result in results if result.rubrique_right is not None]
    times = sorted(result.seconds for result in results)
    wrong = [result for result in results if not result.outcome.startswith("juste")]
    parts = [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, Python {platform.python_version()}",
        f"bonne fiche : {right}/{len(results)} ({100 * right / len(results):.0f} %)",
        f"bonne rubrique, quand la fiche est bonne : {sum(judged)}/{len(judged)}",
        f"temps : médiane {1000 * statistics.median(times):.0f} ms, le plus long {1000 * times[-1]:.0f} ms",
        table(results, "style"),
        table(results, "fiche"),
        *(f"  {r.outcome} : « {r.text} » attendu {r.fiche}, répondu {r.answered}" for r in wrong),
    ]
    return "\n\n".join(parts)


def main() -> None:
    """Start the assistant, measure, print, stop it."""
    with run_bot() as bot:
        results = asyncio.run(ask_all(bot.base_url, read_rows(QUESTIONS)))
    print(report(results), danger_report(load_settings().models), sep="\n\n")


if __name__ == "__main__":
    main()
