"""The training examples: every subject and act has some, and none stands under two labels."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.knowledge.loader import Knowledge
from bot.language.label_model import MIN_EXAMPLES
from bot.language.normalise import fold
from outils.nlu.diversite import near_copies, read_examples

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def blocks() -> list[dict[str, Any]]:
    """Every block of examples of data/nlu."""
    found: list[dict[str, Any]] = []
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        found += yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]
    return found


def examples_of(block: dict[str, Any]) -> list[str]:
    return [line.removeprefix("- ").strip() for line in block["examples"].splitlines() if line.strip()]


def label_of(block: dict[str, Any]) -> tuple[str, str]:
    metadata = block.get("metadata") or {}
    if "situation" in metadata:
        return f"situation:{metadata['situation']}", ""
    return metadata.get("fiche", f"acte:{block['intent']}"), metadata.get("rubrique", "")


def test_every_subject_can_be_understood(blocks: list[dict[str, Any]], knowledge: Knowledge) -> None:
    counts: Counter[str] = Counter()
    for block in blocks:
        counts[label_of(block)[0]] += len(examples_of(block))
    assert {subject for subject in knowledge.taxonomy.subjects if counts[subject] < MIN_EXAMPLES} == set()


def test_every_situation_can_be_understood(blocks: list[dict[str, Any]], knowledge: Knowledge) -> None:
    counts: Counter[str] = Counter()
    for block in blocks:
        counts[label_of(block)[0]] += len(examples_of(block))
    few = {key for key in knowledge.situations if counts[f"situation:{key}"] < MIN_EXAMPLES}
    assert few == set()


def test_every_label_is_known(blocks: list[dict[str, Any]], knowledge: Knowledge) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for block in blocks:
        fiche, rubrique = label_of(block)
        assert block["intent"] in domain["intents"]
        if fiche.startswith("situation:"):
            assert fiche.removeprefix("situation:") in knowledge.situations
        elif block["intent"] == "demander":
            assert fiche == "suite" or fiche in knowledge.taxonomy.subjects
            assert rubrique in knowledge.taxonomy.rubriques


def test_every_rubrique_can_be_understood(blocks: list[dict[str, Any]], knowledge: Knowledge) -> None:
    counts: Counter[str] = Counter()
    for block in blocks:
        counts[label_of(block)[1]] += len(examples_of(block))
    assert {rubrique for rubrique in knowledge.taxonomy.rubriques if counts[rubrique] < MIN_EXAMPLES} == set()


def test_no_example_stands_under_two_subjects(blocks: list[dict[str, Any]]) -> None:
    owners: dict[str, set[str]] = {}
    for block in blocks:
        for example in examples_of(block):
            owners.setdefault(fold(example) or example, set()).add(label_of(block)[0])
    assert {example: labels for example, labels in owners.items() if len(labels) > 1} == {}


def test_no_example_is_empty(blocks: list[dict[str, Any]]) -> None:
    assert [
        label_of(block) for block in blocks if not examples_of(block) or not all(examples_of(block))
    ] == []


def test_each_fiche_has_sixty_sentences_or_more(knowledge: Knowledge) -> None:
    examples = read_examples(ROOT / "data")
    assert {fiche for fiche in knowledge.taxonomy.subjects if len(examples[fiche]) < 60} == set()


def test_no_example_is_a_near_copy_of_another() -> None:
    examples = read_examples(ROOT / "data")
    assert {label: pairs for label, found in examples.items() if (pairs := list(near_copies(found)))} == {}


def test_a_near_copy_is_found() -> None:
    copy = ["combien pour une aide au logement svp", "combien pour une aide au logement svp ?"]
    assert list(near_copies([*copy, "quels papiers pour la retraite de mon mari"])) == [tuple(copy)]
