"""Train the Rasa model, and again only when what it is made of has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

from bot.run.environment import process_environment
from bot.settings import Settings

MODEL_NAME = "modele"
INPUTS = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/stories",
    "bot/nlu",
    "bot/language",
    "requirements.lock",
)


class TrainingFailed(Exception):
    """Rasa could not train; the message says where to look."""


def fingerprint(root: Path) -> str:
    """Return the SHA-256 of every file the model is made of, names included."""
    digest = hashlib.sha256()
    for name in INPUTS:
        path = root / name
        files = sorted(p for p in path.rglob("*") if p.suffix in {".yml", ".py"}) if path.is_dir() else [path]
        for file in files:
            digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def model_path(settings: Settings) -> Path:
    """Return where the trained model is kept."""
    return settings.models / f"{MODEL_NAME}.tar.gz"


def is_trained(settings: Settings, root: Path) -> bool:
    """Tell whether the model is there and was made of what is there now."""
    mark = settings.models / "empreinte.txt"
    return (
        model_path(settings).exists()
        and mark.exists()
        and mark.read_text(encoding="utf-8").strip() == fingerprint(root)
    )


def train(settings: Settings, root: Path, *, force: bool = False) -> bool:
    """Train when needed, progress on the screen. Returns True when it trained. Raises TrainingFailed."""
    if not force and is_trained(settings, root):
        return False
    settings.models.mkdir(parents=True, exist_ok=True)
    mark = fingerprint(root)
    print("Entraînement du modèle (2 à 4 minutes, une seule fois)…", flush=True)
    started = time.monotonic()
    log = settings.models / "entrainement.log"
    with log.open("w", encoding="utf-8") as errors:
        done = subprocess.run(
            _command(settings), cwd=root, env=_environment(settings), stderr=errors, check=False
        )
    if done.returncode != 0:
        raise TrainingFailed(f"L'entraînement a échoué. Le détail est dans {log}")
    (settings.models / "empreinte.txt").write_text(mark + "\n", encoding="utf-8")
    print(f"Modèle prêt en {time.monotonic() - started:.0f} s.", flush=True)
    return True


def _environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the training: every core, since nothing else runs."""
    return {**process_environment(settings), "OMP_NUM_THREADS": str(os.cpu_count() or 1)}


def _command(settings: Settings) -> list[str]:
    return [
        sys.executable, "-m", "rasa", "train", "--quiet",
        "--config", "config.yml", "--domain", "domain.yml", "--data", "data/nlu", "data/stories",
        "--out", str(settings.models.absolute()), "--fixed-model-name", MODEL_NAME, "--force",
    ]  # fmt: skip
