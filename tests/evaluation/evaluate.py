"""`make evaluate`: how well people are understood, measured through the running assistant's public API.

Prints, with the machine and the date, what became of each set of one half: questions by style, fiche and rubrique,
life situations, acts, dialogues, danger (without Rasa), confusions and latency. `--reserve` opens the half that is
kept shut: only to report, never to work on. These are figures; the bounds that hold stand in test_bounds.py.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.intake.danger import DangerDetector
from bot.intake.danger_model import load_danger_model
from bot.settings import load_settings
from tests.evaluation.asking import ask_acts, ask_questions, ask_situations, hold_dialogues
from tests.evaluation.figures import confusions, outcome_table, rubrique_table, share
from tests.evaluation.judging import OFFERED, RIGHT, WRONG, Result
from tests.evaluation.sets import DEVELOPMENT, FOLDER, READ, RESERVE, Row, read_dialogues, read_rows
from tests.running import run_bot

Counts = dict[str, tuple[int, int]]
"""Right or wrong out of how many, by the name of a figure."""


@dataclass(frozen=True)
class Measure:
    """Every result of one half."""

    questions: list[Result]
    situations: list[Result]
    acts: list[Result]
    turns: list[Result]


async def measure(base: str, half: str) -> Measure:
    """Ask everything of one half."""
    return Measure(
        await ask_questions(base, read_rows(half, "questions")),
        await ask_situations(base, read_rows(half, "situations")),
        await ask_acts(base, read_rows(half, "actes")),
        await hold_dialogues(base, read_dialogues(half)),
    )


def counts_of(measured: Measure) -> Counts:
    """Return the figures that are recorded and held (mesures.yml)."""
    questions = measured.questions
    rubriques = [result.rubrique_right for result in questions if result.rubrique_right is not None]
    found: Counts = {
        "bonne fiche répondue": _count(questions, RIGHT),
        "bonne fiche répondue ou proposée": _count(questions, RIGHT, OFFERED),
        "mauvaise fiche affirmée": _count(questions, WRONG),
        "bonne rubrique": (sum(rubriques), len(rubriques)),
        "situation : un des premiers droits": _count(measured.situations, RIGHT, OFFERED),
    }
    for style in sorted({result.style for result in questions}):
        found[f"bonne fiche, style {style}"] = _count([r for r in questions if r.style == style], RIGHT)
    for act in ("personne", "decouragement", "pour_autrui"):
        found[f"acte : {act}"] = _count([r for r in measured.acts if r.expected == act], RIGHT)
    outside = [result for result in measured.acts if result.expected == "hors_sujet"]
    found["hors champ : une fiche répondue"] = _count(outside, WRONG)
    found["dialogues : tours de suite justes"] = _count(
        [result for result in measured.turns if result.kind == "suite"], RIGHT
    )
    return found


def _count(results: list[Result], *outcomes: str) -> tuple[int, int]:
    return sum(result.outcome in outcomes for result in results), len(results)


def danger_counts(rows: list[Row], detector: DangerDetector) -> Counts:
    """Return dangers answered by the numbers alone, and given them at all; the same of what is no danger. Rasa does not run."""
    real = [row["texte"] for row in rows if row["danger"] == "oui"]
    calm = [row["texte"] for row in rows if row["danger"] == "non"]
    seen = [text for text in real if detector.find(text)]
    told = [text for text in real if detector.find(text) or detector.suspect(text)]
    alarmed = [text for text in calm if detector.find(text)]
    warned = [text for text in calm if detector.find(text) or detector.suspect(text)]
    return {
        "danger : répondu d'abord": (len(seen), len(real)),
        "danger : numéros donnés": (len(told), len(real)),
        "fausse alerte": (len(alarmed), len(calm)),
        "numéros donnés sans danger": (len(warned), len(calm)),
    }


def danger_report(half: str, models: Path) -> str:
    """Return the figures of danger: rules alone, with the model beside them, and the older sets."""
    detectors = {
        "règles seules": DangerDetector(None),
        "règles et modèle": DangerDetector(load_danger_model(models)),
    }
    sets = [(half, "danger"), *((READ, f"danger_{rank}") for rank in (1, 2, 3))]
    lines = []
    for folder, name in sets:
        rows = read_rows(folder, name)
        for how, detector in detectors.items():
            counts = danger_counts(rows, detector)
            figures = " ; ".join(f"{key} {share(*value)}" for key, value in counts.items())
            lines.append(f"{folder}/{name}, {how} : {figures}")
    return "\n".join(lines)


def report(measured: Measure) -> str:
    """Return every table."""
    everything = [*measured.questions, *measured.situations, *measured.acts, *measured.turns]
    seconds = sorted(result.seconds for result in everything)
    return "\n\n".join(
        (
            "\n".join(f"{name:42}{share(*count)}" for name, count in counts_of(measured).items()),
            outcome_table(measured.questions, "style", lambda result: result.style),
            outcome_table(measured.questions, "fiche", lambda result: result.expected),
            "Rubrique, quand la fiche est bonne :\n" + rubrique_table(measured.questions),
            outcome_table(measured.situations, "situation", lambda result: result.expected),
            outcome_table(measured.acts, "acte", lambda result: result.expected),
            outcome_table(measured.turns, "dialogues", lambda result: f"{result.kind} {result.style}"),
            "Confusions :\n" + confusions(measured.questions),
            _latency(seconds),
        )
    )


def _latency(seconds: list[float]) -> str:
    middle, high = 1000 * statistics.median(seconds), 1000 * seconds[int(0.95 * len(seconds))]
    return f"Temps, de l'envoi à la réponse : médiane {middle:.0f} ms, 95 % sous {high:.0f} ms"


def failures(results: Iterable[Result]) -> str:
    """Return each message that did not get what was expected: to work on, so never of the reserve."""
    return "\n".join(
        f"  {result.outcome} {result.kind} [{result.style}] {result.expected} {result.rubrique} <- {result.said} : "
        f"« {result.text} »"
        for result in results
        if not result.is_right or result.rubrique_right is False
    )


def record(counts: Counts) -> None:
    """Write what test_bounds.py holds from now on."""
    lines = [f'"{name}": [{right}, {total}]' for name, (right, total) in counts.items()]
    head = (
        "# Ce que mesure `make evaluate` sur la moitié de développement : [justes, total]. Écrit par --noter."
    )
    (FOLDER / "mesures.yml").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")


def main() -> None:
    """Start the assistant, measure, print, stop it."""
    parser = argparse.ArgumentParser(description="Mesure de la compréhension.")
    parser.add_argument(
        "--reserve", action="store_true", help="la moitié fermée, pour rendre compte seulement"
    )
    parser.add_argument("--noter", action="store_true", help="écrire mesures.yml (développement)")
    parser.add_argument("--details", action="store_true", help="chaque message mal compris (développement)")
    options = parser.parse_args()
    half = RESERVE if options.reserve else DEVELOPMENT
    with run_bot() as bot:
        measured = asyncio.run(measure(bot.base_url, half))
    print(
        f"{half}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, Python {platform.python_version()}"
    )
    print(report(measured), danger_report(half, load_settings().models), sep="\n\n")
    if options.noter and half == DEVELOPMENT:
        detector = DangerDetector(load_danger_model(load_settings().models))
        record({**counts_of(measured), **danger_counts(read_rows(half, "danger"), detector)})
    if options.details and half == DEVELOPMENT:
        for results in (measured.questions, measured.situations, measured.acts, measured.turns):
            print(failures(results))


if __name__ == "__main__":
    main()
