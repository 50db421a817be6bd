"""Training again only when what the models are made of has changed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.intake.danger_model import MODEL_FILE
from bot.run import training
from bot.run.training import (
    DANGER_INPUTS,
    NOT_INPUTS,
    RASA_INPUTS,
    TrainingFailed,
    fingerprint,
    is_trained,
    model_path,
    train,
)
from bot.settings import Settings
from tests.bot.conftest import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project with every input of the models."""
    root = tmp_path / "projet"
    for name in {*RASA_INPUTS, *DANGER_INPUTS}:
        path = root / name
        if (ROOT / name).is_dir():
            path.mkdir(parents=True, exist_ok=True)
            for file in ("un.yml", "deux.py", "trois.tsv", "ignore.txt"):
                (path / file).write_text(file, encoding="utf-8")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, encoding="utf-8")
    return root


@pytest.fixture
def quick_training(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[str]:
    """Replace both trainings, which take minutes, by their traces."""
    done: list[str] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        done.append("rasa")
        model_path(settings).write_bytes(b"modele")
        return SimpleNamespace(returncode=0)

    def save(_model: object, models: Path) -> None:
        done.append("danger")
        (models / MODEL_FILE).write_bytes(b"danger")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(training, "train_danger_model", lambda _data, _cache: None)
    monkeypatch.setattr(training, "save_danger_model", save)
    return done


def rename(root: Path) -> None:
    (root / "data/nlu/un.yml").rename(root / "data/nlu/un2.yml")


def move_text(root: Path) -> None:
    """Put the text of one file at the end of another: the bytes in a row stay the same."""
    (root / "data/nlu/deux.py").write_text("", encoding="utf-8")
    (root / "data/nlu/un.yml").write_text("deux.pyun.yml", encoding="utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a training file changed": lambda root: (root / "data/nlu/un.yml").write_text("autre", encoding="utf-8"),
    "a training file added": lambda root: (root / "data/nlu/neuf.yml").write_text("", encoding="utf-8"),
    "a training file taken away": lambda root: (root / "data/nlu/un.yml").unlink(),
    "a training file renamed": rename,
    "text moved between files": move_text,
    "the configuration changed": lambda root: (root / "config.yml").write_text("autre", encoding="utf-8"),
    "the domain changed": lambda root: (root / "domain.yml").write_text("autre", encoding="utf-8"),
    "a component changed": lambda root: (root / "bot/nlu/deux.py").write_text("autre", encoding="utf-8"),
    "an abbreviation changed": lambda root: (root / "data/orthographe.yml").write_text(
        "autre", encoding="utf-8"
    ),
    "a library changed": lambda root: (root / "requirements.lock").write_text("autre", encoding="utf-8"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_mark_changes_with_what_the_model_is_made_of(
    root: Path, change: Callable[[Path], object]
) -> None:
    before = fingerprint(root)
    change(root)
    assert fingerprint(root) != before


def test_the_mark_does_not_change_with_anything_else(root: Path) -> None:
    before = fingerprint(root)
    (root / "data/nlu/ignore.txt").write_text("autre", encoding="utf-8")
    (root / "README.md").write_text("autre", encoding="utf-8")
    for name in NOT_INPUTS:  # loaded when Rasa runs, not when it learns
        (root / name).write_text("autre", encoding="utf-8")
    assert fingerprint(root) == before


def test_what_is_left_out_of_the_mark_exists_and_plays_no_part_in_training() -> None:
    configuration = (ROOT / "config.yml").read_text(encoding="utf-8")
    for name in NOT_INPUTS:
        assert (ROOT / name).is_file()
        assert Path(name).stem not in configuration


def test_the_mark_does_not_depend_on_where_the_project_is(root: Path, tmp_path: Path) -> None:
    moved = tmp_path / "ailleurs"
    before = fingerprint(root)
    root.rename(moved)
    assert fingerprint(moved) == before


def test_every_input_of_the_real_project_is_there() -> None:
    assert [name for name in (*RASA_INPUTS, *DANGER_INPUTS) if not (ROOT / name).exists()] == []
    assert len(fingerprint(ROOT)) == 64


def test_what_is_up_to_date_is_not_trained_again(
    settings: Settings, root: Path, quick_training: list[str]
) -> None:
    assert not is_trained(settings, root)
    assert train(settings, root)
    assert sorted(quick_training) == ["danger", "rasa"]
    assert is_trained(settings, root)
    assert not train(settings, root)
    assert len(quick_training) == 2


def test_it_is_trained_again_when_asked_to(settings: Settings, root: Path, quick_training: list[str]) -> None:
    train(settings, root)
    assert train(settings, root, force=True)
    assert sorted(quick_training) == ["danger", "danger", "rasa", "rasa"]


def test_only_what_changed_is_trained_again(
    settings: Settings, root: Path, quick_training: list[str]
) -> None:
    train(settings, root)
    quick_training.clear()
    (root / "domain.yml").write_text("autre", encoding="utf-8")
    assert train(settings, root)
    assert quick_training == ["rasa"]


@pytest.mark.parametrize("name", ["data/orthographe.yml", "bot/language/spelling.py"])
def test_both_models_are_trained_again_when_messages_are_read_otherwise(
    settings: Settings, root: Path, quick_training: list[str], name: str
) -> None:
    train(settings, root)
    quick_training.clear()
    (root / name).write_text("autre", encoding="utf-8")
    assert train(settings, root)
    assert sorted(quick_training) == ["danger", "rasa"]


def test_a_model_that_is_gone_is_trained_again(
    settings: Settings, root: Path, quick_training: list[str]
) -> None:
    train(settings, root)
    quick_training.clear()
    model_path(settings).unlink()
    assert train(settings, root)
    assert quick_training == ["rasa"]


def test_a_training_that_fails_says_where_to_look_and_is_not_taken_for_done(
    settings: Settings, root: Path, quick_training: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1))
    with pytest.raises(TrainingFailed, match=r"entrainement\.log"):
        train(settings, root)
    assert not is_trained(settings, root)
