"""Life situations: a broken file takes no other away, and each check of them is able to fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.knowledge.checks_orientation import check_situations
from bot.knowledge.loader import Knowledge
from bot.knowledge.situation import load_situations
from bot.knowledge.yaml_files import Problem

GOOD: dict[str, Any] = {
    "id": "essai",
    "titre": "Vous perdez votre emploi",
    "nom_court": "Perte d'emploi",
    "responsable": "Référent prestations du territoire",
    "a_revoir_le": "2027-02-01",
    "accueil": "Vous avez des droits.",
    "cette_semaine": ["Appelez le 32 30."],
    "droits": [{"fiche": "rsa", "cas": "Vous n'avez plus rien."}, {"fiche": "apl", "cas": "Vous louez."}],
    "questions": [{"question": "Louez-vous ?", "oui": ["apl"], "non": ["rsa"]}],
    "personne": "Allez à la mairie.",
    "sms": "Appelez la CAF au 32 30.",
}
Check = Callable[[dict[str, Any]], list[str]]


@pytest.fixture
def check(tmp_path: Path, knowledge: Knowledge) -> Check:
    """Return what writes a situation with some keys changed, and the messages of its problems with their lines."""

    def run(changes: dict[str, Any]) -> list[str]:
        path = tmp_path / "essai.yml"
        path.write_text(yaml.safe_dump(GOOD | changes, allow_unicode=True, sort_keys=False), encoding="utf-8")
        problems: list[Problem] = []
        found = load_situations(tmp_path, problems)
        known = knowledge.taxonomy.subjects.keys()
        return [
            str(item) for item in [*problems, *check_situations(tmp_path, found, knowledge.fiches, known)]
        ]

    return run


def test_a_situation_in_order_has_nothing_to_mend(check: Check) -> None:
    assert check({}) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "autre"}, "doit être le nom du fichier"),
        ({"sms": ""}, "sms"),
        ({"couleur": "bleu"}, "couleur"),
        ({"questions": [{"question": "Quoi ?", "oui": ["are"]}]}, "« are » n'est pas dans « droits »"),
        (
            {"questions": [{"question": "Quoi ?", "oui": ["rmi"]}]},
            "« rmi » n'est pas dans data/taxonomie.yml",
        ),
        ({"accueil": " ".join(["mot"] * 21)}, "phrase de 21 mots"),
        ({"personne": "Cela coûte 25 €."}, "aucun montant (« 25 € »)"),
        ({"personne": "Vous touchez {rsa-personne-seule}."}, "aucun montant (« rsa-personne-seule »)"),
        ({"sms": "a" * 307}, "SMS de 307 caractères"),
        ({"sms": "Appelez le 02 99 11 22 33."}, "le numéro 0299112233 n'est dans les contacts d'aucune"),
        (
            {"personne": "Allez sur aides.example.fr."},
            "le site aides.example.fr n'est dans les contacts d'aucune",
        ),
    ],
    ids=str,
)
def test_each_check_is_able_to_fail(check: Check, changes: dict[str, Any], message: str) -> None:
    found = check(changes)
    assert any(message in problem for problem in found), found


def test_a_broken_situation_takes_no_other_away(check: Check, tmp_path: Path) -> None:
    (tmp_path / "casse.yml").write_text("id: [", encoding="utf-8")
    (problem,) = check({})
    assert "casse.yml" in problem
