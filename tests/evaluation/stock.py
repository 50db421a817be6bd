"""Rasa as it comes (the pipeline and policies of `rasa init`), on the same sentences: `python -m tests.evaluation.stock`.

Each subject, act and life situation is an intent. On every sentence it trains for hours on 2 cores (models/stock); with
`--phrases 10`, both learn from the same ten sentences of each, in minutes, and their likeliest subject is compared, whatever its
probability. The same questions are asked to both, in the same run, and judged by the same rule.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.language.corpus import question_files
from bot.language.embeddings import embed
from bot.language.label_model import LabelModel, Sample
from bot.language.spelling import Speller, load_abbreviations
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


def read_sentences(limit: int | None) -> dict[str, list[str]]:
    """Return the training sentences by intent: all, or `limit` of each, drawn once and for all."""
    examples: dict[str, list[str]] = defaultdict(list)
    for path in question_files(ROOT / "data"):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            lines = (line.strip().removeprefix("- ") for line in block["examples"].splitlines())
            examples[intent_of(block)] += [line for line in lines if line]
    if limit is None:
        return dict(examples)
    draw = random.Random(0)  # noqa: S311: nothing secret
    return {
        intent: draw.sample(lines, limit) if len(lines) > limit else lines
        for intent, lines in examples.items()
    }


def write_project(folder: Path, examples: dict[str, list[str]]) -> None:
    """Write sentences as a plain Rasa project: one intent a subject, one story that says its name."""
    nlu = [
        {"intent": intent, "examples": "\n".join(f"- {line}" for line in lines)}
        for intent, lines in examples.items()
    ]
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


def intent_of(block: dict[str, Any]) -> str:
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


async def rank_stock(model: Path, rows: list[Row]) -> Score:
    """Return whether the stock model's likeliest intent is the fiche, whatever its probability."""
    from rasa.core.agent import load_agent

    agent = await load_agent(model_path=str(model))
    found = []
    for row in rows:
        ranking = (await agent.parse_message(row["texte"]))["intent_ranking"]
        found.append(next(item["name"] for item in ranking if item["name"] != FALLBACK))
    return _score(found, rows)


def rank_ours(examples: dict[str, list[str]], rows: list[Row]) -> Score:
    """Return the same of our reader and head of subjects, taught these sentences and no other."""
    labels = [intent for intent, lines in examples.items() for _ in lines]
    texts = [line for lines in examples.values() for line in lines]
    speller = Speller(load_abbreviations(ROOT / "data"))
    speller.learn(texts)
    model = LabelModel()
    model.fit([_sample(speller, text) for text in texts], labels)
    return _score([model.rank(_sample(speller, row["texte"]))[0].label for row in rows], rows)


def _sample(speller: Speller, text: str) -> Sample:
    reading = speller.read(text)
    return Sample(text, reading, embed(reading))


def _score(found: list[str], rows: list[Row]) -> Score:
    right = sum(label in one_of(row, "fiche", "aussi") for label, row in zip(found, rows, strict=True))
    return Score(right, len(rows) - right, len(rows))


def compare_few(limit: int, half: str) -> tuple[Score, Score]:
    """Return (stock, ours), both taught the same few sentences of each intent."""
    folder = load_settings().models.absolute() / f"stock-{limit}"
    examples = read_sentences(limit)
    write_project(folder, examples)
    print(f"{sum(map(len, examples.values()))} phrases ; Rasa tel quel : {train(folder):.0f} s", flush=True)
    rows = read_rows(half, "questions")
    stock = asyncio.run(rank_stock(folder / "models" / "stock.tar.gz", rows))
    return stock, rank_ours(examples, rows)


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
        write_project(folder, read_sentences(None))
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
    parser.add_argument("--phrases", type=int, help="tant de phrases de chaque intention, et non toutes")
    options = parser.parse_args()
    half = RESERVE if options.reserve else DEVELOPMENT
    stock, ours = compare_few(options.phrases, half) if options.phrases else compare(half)
    print(f"{half}\nRasa tel quel : {stock}\nl'assistant :   {ours}")


if __name__ == "__main__":
    main()
