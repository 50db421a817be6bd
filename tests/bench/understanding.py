"""What understanding costs: `python -m tests.evaluation.bench`. Time of one message on one core, memory of the whole assistant.

Figures with the machine and the date, never a pass or fail: another machine, or a busy one, gives others.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy loads: one message is understood on one core

import psutil
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.intake.danger import DangerDetector
from bot.intake.danger_model import load_danger_model
from bot.nlu.spelling_reader import SpellingReader
from bot.nlu.subject_classifier import SubjectClassifier
from bot.settings import load_settings
from tests.evaluation.curve import load_heads
from tests.evaluation.sets import DEVELOPMENT, read_rows
from tests.running import RunningBot, run_bot

WARM_UP = 20


def milliseconds(act: Callable[[str], object], texts: list[str]) -> list[float]:
    """Return how long the act takes on each text, after a few that warm up."""
    for text in texts[:WARM_UP]:
        act(text)
    times = []
    for text in texts[WARM_UP:]:
        started = time.perf_counter()
        act(text)
        times.append(1000 * (time.perf_counter() - started))
    return sorted(times)


def memory_megabytes(bot: RunningBot) -> dict[str, float]:
    """Return the proportional set size (PSS) of each process, by a word of its command."""
    assert bot.process is not None
    root = psutil.Process(bot.process.pid)
    return {
        " ".join(process.cmdline()[-2:]): process.memory_full_info().pss / 1e6
        for process in (root, *root.children(recursive=True))
    }


def main() -> None:
    """Print the figures."""
    models = load_settings().models
    texts = [row["texte"] for row in read_rows(DEVELOPMENT, "questions")]
    speller, subjects, rubriques = load_heads(models)
    storage: Any = None  # nothing is read or written: both parts are trained
    reader = SpellingReader(storage, storage, speller)
    classifier = SubjectClassifier(storage, storage, subjects, rubriques)
    detector = DangerDetector(load_danger_model(models))

    def understand(text: str) -> None:
        classifier.process(reader.process([Message({TEXT: text})]))

    def look_for_danger(text: str) -> None:
        if not detector.find(text):
            detector.suspect(text)

    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    for name, act in (("comprendre", understand), ("chercher un danger", look_for_danger)):
        times = milliseconds(act, texts)
        high = times[int(0.95 * len(times))]
        print(f"{name}, un cœur : médiane {statistics.median(times):.1f} ms, 95 % sous {high:.1f} ms")
    with run_bot() as bot:
        sizes = memory_megabytes(bot)
    for name, size in sizes.items():
        print(f"mémoire {name} : {size:.0f} Mo")
    print(f"mémoire en tout (PSS) : {sum(sizes.values()):.0f} Mo")


if __name__ == "__main__":
    main()
