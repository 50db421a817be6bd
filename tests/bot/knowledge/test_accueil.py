"""What the desk adds to every fiche: what blocks, who helps, what is done in someone's place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.accueil import Accueil, Obstacle, check_accueil, load_accueil
from bot.knowledge.loader import check_knowledge, load_knowledge
from bot.knowledge.review import list_due
from bot.knowledge.yaml_files import Problem
from bot.model.french import today_in_france

OURS = Path("data/accueil.yml")


def load(tmp_path: Path, old: str, new: str) -> tuple[Accueil | None, list[Problem]]:
    """Return our file with some words changed."""
    text = OURS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "accueil.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems: list[Problem] = []
    return load_accueil(path, problems), problems


def test_every_obstacle_has_three_ways_and_somebody_for_each() -> None:
    accueil = load_accueil(OURS, [])
    assert accueil
    assert [blocage.id for blocage in accueil.blocages] == list(Obstacle)
    assert {"travailleur-social", "mediateur-social", "mediateur-numerique", "interprete"} <= {
        role for blocage in accueil.blocages for role in blocage.roles()
    }


def test_what_is_said_of_a_role_has_a_source_with_two_dates() -> None:
    accueil = load_accueil(OURS, [])
    assert accueil
    for role in accueil.roles:
        for source in accueil.cited(role.sources):
            assert source.texte_du <= source.lu_le


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: reseau", "id: lenteur", "blocages"),
        ("id: reseau", "id: equipement", "une fois chacun"),
        ("a_qui: [organisme-formation]", "a_qui: [magicien]", "magicien"),
        ("sources: [sp-erreur, cnil-kit]", "sources: [nulle-part]", "nulle-part"),
        ("responsable:", "responsables:", "responsable"),
    ],
)
def test_a_broken_file_is_reported_and_the_desk_does_without(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    accueil, problems = load(tmp_path, old, new)
    assert accueil is None
    assert said in "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fiches: [aide-mobilite]", "fiches: [licorne]", "licorne"),
        ("Parlez en phrases courtes.", f"Parlez {'bien ' * 40}.", "phrase de"),
        ("Parlez en phrases courtes.", "Cela coûte 12 € par mois.", "à la main"),
    ],
)
def test_what_the_model_cannot_see_is_checked(tmp_path: Path, old: str, new: str, said: str) -> None:
    accueil, problems = load(tmp_path, old, new)
    assert problems == []
    found = check_accueil(tmp_path / "accueil.yml", accueil, load_knowledge_ids())
    assert said in "\n".join(map(str, found))


def load_knowledge_ids() -> frozenset[str]:
    return frozenset(load_knowledge(Path("data"), "saint-meen-montauban").taxonomy.subjects)


def test_it_is_checked_and_reviewed_with_the_rest() -> None:
    knowledge = load_knowledge(Path("data"), "saint-meen-montauban")
    found = check_knowledge(knowledge, Path("data"), today_in_france())
    assert not [problem for problem in found if "accueil.yml" in problem.path]
    due = list_due(knowledge, date(2030, 1, 1), 0)
    assert "accueil (data/accueil.yml)" in [item.name for item in due]
