"""The ids that every answer carries agree with the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers.labels import NEXT_RUBRIQUES, RUBRIQUE_LABELS
from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.loader import Knowledge
from bot.knowledge.taxonomy import load_taxonomy
from bot.knowledge.yaml_files import KnowledgeError
from bot.model.answer import AnswerType


def test_the_rubriques_of_the_code_are_those_of_the_taxonomy(knowledge: Knowledge) -> None:
    assert knowledge.taxonomy.rubriques == RUBRIQUES
    assert set(RUBRIQUE_LABELS) == set(NEXT_RUBRIQUES) == set(RUBRIQUES)


def test_the_types_of_answers_are_those_of_the_taxonomy(knowledge: Knowledge) -> None:
    assert tuple(kind.value for kind in AnswerType) == knowledge.taxonomy.types


def test_every_subject_has_a_title_and_who_is_in_charge(knowledge: Knowledge) -> None:
    for subject_id, subject in knowledge.taxonomy.subjects.items():
        assert subject.id == subject_id
        assert subject.titre
        assert subject.organisme


def test_every_fiche_is_a_subject(knowledge: Knowledge) -> None:
    assert set(knowledge.fiches) <= set(knowledge.taxonomy.subjects)


@pytest.mark.parametrize("content", ["a: [", "a: 1", "- a", "fiches: 3", None])
def test_without_a_taxonomy_nothing_is_read(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "taxonomie.yml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError):
        load_taxonomy(path)
