"""The small model beside the rules: it finds what no rule foresaw, and stays quiet on ordinary questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.intake.danger import DangerDetector, find_dangers
from bot.intake.danger_model import (
    NO_DANGER,
    THRESHOLD,
    DangerModel,
    load_danger_model,
    save_danger_model,
    train_danger_model,
)
from bot.language.label_model import LabelModel, Ranked

DANGERS = {
    "violences": "il casse tout et il serre mon cou",
    "suicide": "je veux dormir et ne plus me lever jamais",
}


@pytest.fixture(scope="module")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sentences of two dangers, and ordinary questions."""
    data = tmp_path_factory.mktemp("data")
    (data / "danger").mkdir()
    lines = ["danger\tkind\ttexte"]
    for kind, sentence in DANGERS.items():
        lines += [
            f"oui\t{kind}\t{sentence} {word}"
            for word in ("ce soir", "encore", "toujours", "la", "vite", 'dit "non"')
        ]
    lines += [
        f"non\taucun\t{word} me tue cette demarche" for word in ("ca", "cela", "tout", "ceci", "elle", "il")
    ]
    (data / "danger" / "phrases.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (data / "nlu").mkdir()
    examples = "\n".join(f"      - combien pour le rsa numero {rank}" for rank in range(60))
    for name in ("rsa", "violences-conjugales"):
        (data / "nlu" / f"{name}.yml").write_text(
            f"nlu:\n  - intent: demander\n    examples: |\n{examples}\n", encoding="utf-8"
        )
    return data


@pytest.fixture(scope="module")
def trained(small_data: Path) -> LabelModel:
    return train_danger_model(small_data)


def test_it_learns_every_kind_and_what_is_no_danger(trained: LabelModel) -> None:
    assert set(trained.labels) == {*DANGERS, NO_DANGER}


def test_a_sentence_near_what_it_learnt_is_a_danger_of_that_kind(trained: LabelModel) -> None:
    model = DangerModel(trained)
    for kind, sentence in DANGERS.items():
        assert find_dangers(sentence) == ()
        assert model.kind(f"bonjour {sentence}") == kind


def test_an_ordinary_question_is_none(trained: LabelModel) -> None:
    for text in ("combien pour le rsa", "cela me tue cette demarche", "numero rsa combien"):
        assert DangerModel(trained).kind(text) is None


def test_it_is_kept_beside_the_other_model_and_read_again(trained: LabelModel, tmp_path: Path) -> None:
    save_danger_model(trained, tmp_path)
    again = load_danger_model(tmp_path)
    assert again
    assert again.kind(DANGERS["suicide"]) == "suicide"


def test_without_training_there_is_no_model(tmp_path: Path) -> None:
    assert load_danger_model(tmp_path) is None


class Fixed(LabelModel):
    """A model whose answer is given."""

    def __init__(self, *ranked: Ranked) -> None:
        super().__init__()
        self._ranked = list(ranked)
        self.labels = tuple(item.label for item in ranked)

    def rank(self, *_: object, **__: object) -> list[Ranked]:
        return self._ranked


def test_the_probabilities_of_all_dangers_count_together() -> None:
    doubt = (
        Ranked(NO_DANGER, 1 - THRESHOLD),
        Ranked("rue", THRESHOLD * 0.6),
        Ranked("enfant", THRESHOLD * 0.4 + 1e-9),
    )
    assert DangerModel(Fixed(*doubt)).kind("x") == "rue"
    calm = (Ranked(NO_DANGER, 1 - THRESHOLD + 0.01), Ranked("rue", THRESHOLD - 0.01))
    assert DangerModel(Fixed(*calm)).kind("x") is None


def test_the_rules_speak_first_and_the_model_for_the_rest(trained: LabelModel) -> None:
    detector = DangerDetector(DangerModel(trained))
    assert detector.find("mon mari me frappe et je dors dehors") == ("violences", "rue")
    assert detector.find(DANGERS["suicide"]) == ("suicide",)
    assert detector.find("combien pour le rsa") == ()


def test_without_a_model_the_rules_stand_alone() -> None:
    detector = DangerDetector(None)
    assert detector.find("mon mari me frappe") == ("violences",)
    assert detector.find(DANGERS["suicide"]) == ()
