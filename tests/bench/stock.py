"""Rasa as it comes, served by its REST channel; and both taught the same sentences, on the clock.

Ten sentences of each intent: on all of them, Rasa as it comes trains for hours on two cores (docs/evaluation.md). Its model
is kept in models/stock-10 with the time it took, and trained again only when the sentences change or it is asked.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bot.language.corpus import question_files
from bot.run.environment import RASA_ENVIRONMENT
from bot.settings import load_settings
from tests.bench.machine import Description, describe
from tests.evaluation.stock import intent_of, read_sentences, train, write_project
from tests.running import ROOT, free_port

PHRASES = 10
START_SECONDS = 300
_CACHES = "phrases*.npz"


def stock_folder() -> Path:
    """Return where the project and the model of Rasa as it comes are kept."""
    return load_settings().models.absolute() / f"stock-{PHRASES}"


def stock_model() -> Path:
    """Return the trained model of Rasa as it comes."""
    return stock_folder() / "models" / "stock.tar.gz"


def train_stock(*, again: bool = False) -> dict[str, Any]:
    """Return how long its training took, and on which machine; it is trained when it must be, from nothing kept."""
    folder = stock_folder()
    note = folder / "entrainement.json"
    examples = read_sentences(PHRASES)
    with tempfile.TemporaryDirectory() as name:
        write_project(Path(name), examples)
        is_current = stock_model().exists() and _same(Path(name), folder)
    if not again and is_current and note.exists():
        kept: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
        return kept
    shutil.rmtree(folder, ignore_errors=True)  # Rasa's own cache too: it would skip what it did before
    write_project(folder, examples)
    machine: Description = describe()
    measured = {
        "sentences": sum(map(len, examples.values())),
        "intents": len(examples),
        "seconds": round(train(folder), 1),
        "machine": machine,
    }
    note.write_text(json.dumps(measured, ensure_ascii=False, indent=1), encoding="utf-8")
    return measured


def _same(one: Path, other: Path) -> bool:
    names = ("config.yml", "domain.yml", "data/nlu.yml", "data/stories.yml")
    return all(
        (other / name).exists() and (one / name).read_bytes() == (other / name).read_bytes() for name in names
    )


@contextmanager
def run_stock() -> Iterator[str]:
    """Yield the address of Rasa as it comes: its own tracker in memory, no action server, nothing of ours."""
    if not stock_model().exists():
        train_stock()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="stock-") as name:
        credentials = Path(name) / "credentials.yml"
        credentials.write_text("rest:\n", encoding="utf-8")
        command = [
            sys.executable, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port),
            "--model", str(stock_model()), "--credentials", str(credentials),
        ]  # fmt: skip
        quiet = {"RASA_TELEMETRY_ENABLED": "false", "CUDA_VISIBLE_DEVICES": "-1", "LOG_LEVEL": "WARNING"}
        process = subprocess.Popen(
            command, cwd=name, env={**os.environ, **quiet},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_answer(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait_answer(url: str, process: subprocess.Popen[bytes]) -> None:
    body = json.dumps({"sender": "premier", "message": "bonjour"}).encode()
    asked = urllib.request.Request(f"{url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(asked, timeout=30).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
        else:
            return
    raise RuntimeError("Rasa tel quel n'a pas démarré")


def train_ours_on_few() -> dict[str, Any]:
    """Return the seconds our Rasa takes to train on the same sentences: nothing kept at first, then with its embeddings."""
    with tempfile.TemporaryDirectory(prefix="peu-") as name:
        folder = Path(name)
        count = write_few(folder, read_sentences(PHRASES))
        first = _train_rasa(folder)
        return {"sentences": count, "seconds": first, "seconds_again": _train_rasa(folder)}


def write_few(folder: Path, examples: dict[str, list[str]]) -> int:
    """Write our project with these sentences and no other, and return how many there are.

    The dangers go with it: the reader learns spelling from them too, as in the whole.
    """
    for part in ("data/stories", "data/danger"):
        shutil.copytree(ROOT / part, folder / part)
    for part in ("config.yml", "domain.yml", "data/orthographe.yml"):
        shutil.copy(ROOT / part, folder / part)
    left = {intent: Counter(lines) for intent, lines in examples.items()}
    count = 0
    for path in question_files(ROOT / "data"):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for block in content["nlu"]:
            kept = _take(block, left[intent_of(block)])
            block["examples"] = "\n".join(f"- {line}" for line in kept)
            count += len(kept)
        content["nlu"] = [block for block in content["nlu"] if block["examples"]]
        if content["nlu"]:
            written = folder / path.relative_to(ROOT)
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return count


def _take(block: dict[str, Any], left: Counter[str]) -> list[str]:
    kept = []
    for line in block["examples"].splitlines():
        text = line.strip().removeprefix("- ")
        if text and left[text] > 0:
            left[text] -= 1
            kept.append(text)
    return kept


def _train_rasa(folder: Path) -> float:
    started = time.monotonic()
    subprocess.run(
        [
            sys.executable, "-m", "rasa", "train", "--quiet", "--config", "config.yml", "--domain", "domain.yml",
            "--data", "data/nlu", "data/stories", "--out", "models", "--force",
        ],
        cwd=folder,
        env={
            **os.environ, **RASA_ENVIRONMENT, "OMP_NUM_THREADS": str(os.cpu_count() or 1),
            "BOT_DATA": str(folder / "data"), "BOT_MODELS": str(folder / "models"), "PYTHONPATH": str(ROOT),
        },
        stdout=subprocess.DEVNULL,
        check=True,
    )  # fmt: skip
    return round(time.monotonic() - started, 1)


def train_whole(*, cold: bool) -> dict[str, Any]:
    """Return the seconds `bot train` takes on every sentence, dangers included, in a folder of its own.

    `cold` keeps no embedding of before: about six minutes on two cores.
    """
    with tempfile.TemporaryDirectory(prefix="modeles-") as name:
        if not cold:
            for cache in load_settings().models.glob(_CACHES):
                shutil.copy(cache, name)
        started = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "bot", "train"],
            cwd=ROOT, env={**os.environ, "BOT_MODELS": name}, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        return {"seconds": round(time.monotonic() - started, 1)}
