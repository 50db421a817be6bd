"""The whole knowledge: one broken fiche never takes the others away; what every answer needs does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.loader import Knowledge, check_knowledge, load_knowledge
from bot.knowledge.yaml_files import KnowledgeError

TERRITOIRE = "saint-meen-montauban"


def load(data: Path) -> Knowledge:
    return load_knowledge(data, TERRITOIRE)


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_real_knowledge_is_read_whole(knowledge: Knowledge) -> None:
    assert knowledge.problems == ()
    assert len(knowledge.fiches) >= 12
    assert len(knowledge.lieux) > 100


def test_one_broken_fiche_is_told_and_leaves_the_others(small_data: Path, today: date) -> None:
    spoil(small_data / "fiches" / "rsa.yml", "nom_court:", "nom_cour:")
    knowledge = load(small_data)
    assert list(knowledge.fiches) == ["apl"]
    assert {Path(problem.path).name for problem in knowledge.problems} == {"rsa.yml"}
    assert set(knowledge.problems) <= set(check_knowledge(knowledge, small_data, today))


def test_a_fiche_that_is_not_yaml_is_told_and_leaves_the_others(small_data: Path) -> None:
    (small_data / "fiches" / "rsa.yml").write_text("a: [", encoding="utf-8")
    knowledge = load(small_data)
    assert list(knowledge.fiches) == ["apl"]
    assert len(knowledge.problems) == 1


def test_one_broken_amount_is_told_and_leaves_the_others(small_data: Path) -> None:
    spoil(small_data / "baremes.yml", "valeur: 651.69", "valeur: beaucoup")
    knowledge = load(small_data)
    assert "rsa-personne-seule" not in knowledge.baremes
    assert "rsa-couple" in knowledge.baremes
    (problem,) = knowledge.problems
    assert problem.message.startswith("rsa-personne-seule > valeur : écrivez un nombre")
    assert problem.line > 1


@pytest.mark.parametrize(
    "name", ["responses/urgence.yml", "urgences.yml", f"territoires/{TERRITOIRE}/territoire.yml"]
)
def test_without_what_every_answer_needs_nothing_is_served(small_data: Path, name: str) -> None:
    with (small_data / name).open("a", encoding="utf-8") as file:
        file.write("\ninconnu: 1\n")
    with pytest.raises(KnowledgeError) as caught:
        load(small_data)
    assert Path(caught.value.problems[0].path).name == Path(name).name


def test_an_unknown_territory_is_told(small_data: Path) -> None:
    with pytest.raises(KnowledgeError, match="nulle-part"):
        load_knowledge(small_data, "nulle-part")


def test_the_checks_find_what_the_model_lets_through(small_data: Path, today: date) -> None:
    spoil(small_data / "fiches" / "rsa.yml", 'apporte: "', 'apporte: "Oui ; ')
    problems = check_knowledge(load(small_data), small_data, today)
    assert [Path(p.path).name for p in problems if "point-virgule" in p.message] == ["rsa.yml"]


def test_two_files_with_the_same_fiche_are_told(small_data: Path, today: date) -> None:
    text = (small_data / "fiches" / "rsa.yml").read_text(encoding="utf-8")
    (small_data / "fiches" / "rsa-copie.yml").write_text(text, encoding="utf-8")
    knowledge = load(small_data)
    assert check_knowledge(knowledge, small_data, today) != []


def test_a_file_of_amounts_without_keys_is_told(small_data: Path) -> None:
    (small_data / "baremes.yml").write_text("", encoding="utf-8")
    with pytest.raises(KnowledgeError):
        load(small_data)


def test_a_place_that_does_not_exist_is_told(small_data: Path, today: date) -> None:
    spoil(small_data / "territoires" / TERRITOIRE / "territoire.yml", "- france-services-214", "- absent-1")
    assert check_knowledge(load(small_data), small_data, today) != []
