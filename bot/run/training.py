"""Train what understands: Rasa's model and the danger model, each only when its inputs have changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from bot.intake.danger_model import MODEL_FILE, save_danger_model, train_danger_model
from bot.language.embeddings import DANGER_CACHE_FILE
from bot.run.environment import process_environment
from bot.settings import Settings

MODEL_NAME = "modele"
_READING = (
    "data/nlu",
    "data/danger",
    "data/orthographe.yml",
    *(
        f"bot/language/{name}.py"
        for name in (
            "normalise",
            "phonemes",
            "spelling",
            "corpus",
            "cores",
            "asking",
            "embeddings",
            "label_model",
        )
    ),
)
RASA_INPUTS = (
    "config.yml",
    "domain.yml",
    "data/stories",
    "bot/nlu",
    *_READING,
    "requirements.lock",
)
DANGER_INPUTS = (
    *_READING,
    "bot/intake/danger_model.py",
    "bot/intake/danger_rules.py",
    "requirements.lock",
)
NOT_INPUTS = frozenset({"bot/nlu/tracker_store.py", "bot/nlu/lock_store.py", "bot/nlu/quicker_rasa.py"})
"""What Rasa loads when it runs and not when it learns."""
READ_SUFFIXES = frozenset({".yml", ".py", ".tsv"})


class TrainingFailed(Exception):
    """Rasa could not train; the message says where to look."""


def fingerprint(root: Path, inputs: Iterable[str] = RASA_INPUTS) -> str:
    """Return the SHA-256 of every file a model is made of, names included."""
    digest = hashlib.sha256()
    for name in inputs:
        path = root / name
        files = sorted(p for p in path.rglob("*") if p.suffix in READ_SUFFIXES) if path.is_dir() else [path]
        for file in files:
            relative = file.relative_to(root).as_posix()
            if relative not in NOT_INPUTS:
                digest.update(relative.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def model_path(settings: Settings) -> Path:
    """Return where Rasa's trained model is kept."""
    return settings.models / f"{MODEL_NAME}.tar.gz"


def is_trained(settings: Settings, root: Path) -> bool:
    """Tell whether both models are there and were made of what is there now."""
    return _is_current(model_path(settings), fingerprint(root)) and _is_current(
        settings.models / MODEL_FILE, fingerprint(root, DANGER_INPUTS)
    )


def train(settings: Settings, root: Path, *, force: bool = False) -> bool:
    """Train what must be, progress on the screen. Returns True when it trained. Raises TrainingFailed."""
    if not force and is_trained(settings, root):
        return False
    settings.models.mkdir(parents=True, exist_ok=True)
    danger, rasa = settings.models / MODEL_FILE, model_path(settings)
    danger_mark, rasa_mark = fingerprint(root, DANGER_INPUTS), fingerprint(root)
    if force or not _is_current(danger, danger_mark):
        print("Apprentissage des dangers (1 à 2 minutes, une seule fois)…", flush=True)
        save_danger_model(
            train_danger_model(settings.data, settings.models / DANGER_CACHE_FILE), settings.models
        )
        _mark(danger, danger_mark)
    if force or not _is_current(rasa, rasa_mark):
        _train_rasa(settings, root)
        _mark(rasa, rasa_mark)
    return True


def _is_current(model: Path, mark: str) -> bool:
    written = model.with_suffix(".empreinte")
    return model.exists() and written.exists() and written.read_text(encoding="utf-8").strip() == mark


def _mark(model: Path, mark: str) -> None:
    model.with_suffix(".empreinte").write_text(mark + "\n", encoding="utf-8")


def _train_rasa(settings: Settings, root: Path) -> None:
    print("Entraînement du modèle (2 à 5 minutes, une seule fois)…", flush=True)
    started = time.monotonic()
    log = settings.models / "entrainement.log"
    with log.open("w", encoding="utf-8") as errors:
        done = subprocess.run(
            _command(settings), cwd=root, env=_environment(settings), stderr=errors, check=False
        )
    if done.returncode != 0:
        raise TrainingFailed(f"L'entraînement a échoué. Le détail est dans {log}")
    print(f"Modèle prêt en {time.monotonic() - started:.0f} s.", flush=True)


def _environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the training: every core, since nothing else runs."""
    return {**process_environment(settings), "OMP_NUM_THREADS": str(os.cpu_count() or 1)}


def _command(settings: Settings) -> list[str]:
    return [
        sys.executable, "-m", "rasa", "train", "--quiet",
        "--config", "config.yml", "--domain", "domain.yml", "--data", "data/nlu", "data/stories",
        "--out", str(settings.models.absolute()), "--fixed-model-name", MODEL_NAME, "--force",
    ]  # fmt: skip
