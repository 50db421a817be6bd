"""Rasa as it comes (the pipeline and policies of `rasa init`), on the same sentences: `python -m tests.evaluation.stock`.

Each subject, act and life situation is an intent. It trains for more than an hour on 2 cores, into models/stock. The same
questions are then asked to both, in the same run, and judged by the same rule: a fiche stated, right or wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.run.environment import RASA_ENVIRONMENT
from bot.settings import load_settings
from tests.evaluation.asking import ask_questions
from tests.evaluation.figures import share
from tests.evaluation.judging import OFFERED, RIGHT, WRONG
from tests.evaluation.sets import DEVELOPMENT, RESERVE, Row, one_of, read_rows
from tests.running import ROOT, run_bot

FALLBACK = "nlu_fallback"
CONFIG = """\
recipe: default.v1
assistant_id: stock
language: fr
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: 100
    constrain_similarities: true
  - name: EntitySynonymMapper
  - name: ResponseSelector
    epochs: 100
    constrain_similarities: true
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: UnexpecTEDIntentPolicy
    max_history: 5
    epochs: 100
  - name: TEDPolicy
    max_history: 5
    epochs: 100
    constrain_similarities: true
"""


@dataclass(frozen=True)
class Score:
    """Out of `total` questions: the right fiche stated, a wrong one stated."""

    right: int
    wrong: int
    total: int

    def __str__(self) -> str:
        return f"juste {share(self.right, self.total)} ; fausse affirmée {share(self.wrong, self.total)}"


def write_project(folder: Path) -> None:
    """Write the same sentences as a plain Rasa project: one intent a subject, one story that says its name."""
    examples: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            examples[_intent(block)] += [line for line in block["examples"].splitlines() if line.strip()]
    nlu = [{"intent": intent, "examples": "\n".join(lines)} for intent, lines in examples.items()]
    responses = {f"utter_{intent}": [{"text": intent}] for intent in examples}
    stories = [
        {"story": intent, "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]} for intent in examples
    ]
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    for name, content in (
        ("domain.yml", {"version": "3.1", "intents": list(examples), "responses": responses}),
        ("data/nlu.yml", {"version": "3.1", "nlu": nlu}),
        ("data/stories.yml", {"version": "3.1", "stories": stories}),
    ):
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _intent(block: dict[str, Any]) -> str:
    metadata = block.get("metadata") or {}
    if "situation" in metadata:
        return f"situation_{metadata['situation']}"
    return str(metadata.get("fiche") or f"acte_{block['intent']}")


def train(folder: Path) -> float:
    """Train in the folder and return the seconds it took."""
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "rasa", "train", "--quiet", "--fixed-model-name", "stock"],
        cwd=folder,
        env={**os.environ, **RASA_ENVIRONMENT, "OMP_NUM_THREADS": str(os.cpu_count() or 1)},
        check=True,
    )
    return time.monotonic() - started


async def ask_stock(model: Path, rows: list[Row]) -> Score:
    """Return what the stock model states: its likeliest intent, unless it falls back."""
    from rasa.core.agent import load_agent

    agent = await load_agent(model_path=str(model))
    right = wrong = 0
    for row in rows:
        intent = (await agent.parse_message(row["texte"]))["intent"]["name"]
        if intent in one_of(row, "fiche", "aussi"):
            right += 1
        elif intent != FALLBACK and not intent.startswith(("acte_", "situation_", "suite")):
            wrong += 1
    return Score(right, wrong, len(rows))


async def ask_ours(base: str, rows: list[Row]) -> Score:
    """Return what the assistant states; what it offers among choices counts neither right nor wrong."""
    outcomes = [result.outcome for result in await ask_questions(base, rows)]
    assert OFFERED not in {RIGHT, WRONG}
    return Score(outcomes.count(RIGHT), outcomes.count(WRONG), len(rows))


def compare(half: str) -> tuple[Score, Score]:
    """Return (stock, ours) on the questions of one half; the stock model is trained when it is not there."""
    folder = load_settings().models.absolute() / "stock"
    model = folder / "models" / "stock.tar.gz"
    if not model.exists():
        write_project(folder)
        print(f"Rasa tel quel : entraîné en {train(folder):.0f} s", flush=True)
    rows = read_rows(half, "questions")
    stock = asyncio.run(ask_stock(model, rows))
    with run_bot() as bot:
        ours = asyncio.run(ask_ours(bot.base_url, rows))
    return stock, ours


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description="Rasa tel quel, sur les mêmes phrases.")
    parser.add_argument("--reserve", action="store_true", help="la moitié fermée")
    half = RESERVE if parser.parse_args().reserve else DEVELOPMENT
    stock, ours = compare(half)
    print(f"{half}\nRasa tel quel : {stock}\nl'assistant :   {ours}")


if __name__ == "__main__":
    main()
