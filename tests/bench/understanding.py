"""What understanding one message costs on one core, without Rasa around it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.bench.figures import spread_of
from tests.evaluation.sets import DEVELOPMENT, read_rows
from tests.running import ROOT

WARM_UP = 20


def measure_understanding(limit: int | None = None) -> dict[str, Any]:
    """Return the figures, measured in a process of its own: one core is asked for before numpy loads."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.understanding", str(limit or 0)],
        cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def seconds_of(act: Callable[[str], object], texts: list[str]) -> list[float]:
    """Return how long the act takes on each text, after a few that warm up."""
    for text in texts[:WARM_UP]:
        act(text)
    times = []
    for text in texts[WARM_UP:]:
        started = time.perf_counter()
        act(text)
        times.append(time.perf_counter() - started)
    return times


def _measure(limit: int | None) -> dict[str, Any]:
    from rasa.shared.nlu.constants import TEXT
    from rasa.shared.nlu.training_data.message import Message

    from bot.intake.danger import DangerDetector
    from bot.intake.danger_model import load_danger_model
    from bot.nlu.spelling_reader import SpellingReader
    from bot.nlu.subject_classifier import SubjectClassifier
    from bot.settings import load_settings
    from tests.evaluation.curve import load_heads

    models = load_settings().models
    speller, subjects, rubriques = load_heads(models)
    storage: Any = None  # nothing is read or written: both parts are trained
    reader = SpellingReader(storage, storage, speller)
    classifier = SubjectClassifier(storage, storage, subjects, rubriques)
    detector = DangerDetector(load_danger_model(models))
    texts = [row["texte"] for row in read_rows(DEVELOPMENT, "questions")][:limit]

    def understand(text: str) -> None:
        classifier.process(reader.process([Message({TEXT: text})]))

    def look_for_danger(text: str) -> None:
        if not detector.find(text):
            detector.suspect(text)

    return {
        "understand_ms": vars(spread_of(seconds_of(understand, texts))),
        "danger_ms": vars(spread_of(seconds_of(look_for_danger, texts))),
    }


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]) or None)))
