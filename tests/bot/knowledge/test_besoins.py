"""What places say they help with, in the words of both schemas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.besoins import Besoin, Maniere, besoins_of, manieres_of, offers
from bot.knowledge.lieu import Lieu, load_lieux

DATA = Path(__file__).parents[3] / "data" / "lieux"


def a_lieu(**fields: object) -> Lieu:
    base = {
        "id": "a",
        "nom": "Un lieu",
        "commune": "Gaël",
        "code_postal": "35290",
        "adresse": "1 rue du Bourg",
        "date_maj": date(2026, 3, 31),
    }
    return Lieu.parse_obj(base | fields)


@pytest.mark.parametrize(
    ("service", "besoins"),
    [
        ("Aide aux démarches administratives", {Besoin.DROITS, Besoin.PAPIERS, Besoin.NUMERIQUE}),
        ("Maîtrise des outils numériques du quotidien", {Besoin.NUMERIQUE}),
        ("Compréhension du monde numérique", {Besoin.NUMERIQUE}),
        ("Prendre en main un smartphone ou une tablette", {Besoin.NUMERIQUE}),
        ("Accompagner les démarches de santé", {Besoin.SANTE, Besoin.NUMERIQUE}),
        ("equipement-et-alimentation--alimentation", {Besoin.MANGER}),
        ("equipement-et-alimentation--habillement", set()),
        ("sante--acces-aux-soins", {Besoin.SANTE}),
        ("numerique--acceder-a-une-connexion-internet", {Besoin.NUMERIQUE}),
        (
            "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits",
            {Besoin.DROITS},
        ),
        ("mobilite--preparer-un-permis", set()),
        ("Un service inventé", set()),
    ],
)
def test_a_service_is_read_in_the_words_of_its_schema(service: str, besoins: set[Besoin]) -> None:
    assert besoins_of(a_lieu(services=(service,))) == besoins


@pytest.mark.parametrize(
    ("fields", "manieres"),
    [
        ({"modalites_accompagnement": ("A ma place : une personne fait les démarches",)}, {Maniere.FAIRE}),
        ({"modalites_accompagnement": ("Accompagnement individuel",)}, {Maniere.AVEC}),
        ({"modalites_accompagnement": ("Avec de l'aide : je suis accompagné seul",)}, {Maniere.AVEC}),
        ({"modalites_accompagnement": ("Dans un atelier collectif", "À distance")}, {Maniere.APPRENDRE}),
        ({"modalites_accompagnement": ("En autonomie",)}, set()),
        ({"modalites_accompagnement": ("atelier", "accompagnement")}, {Maniere.AVEC, Maniere.APPRENDRE}),
        ({"dispositif_programmes_nationaux": ("Aidants Connect",)}, {Maniere.FAIRE}),
        ({}, set()),
    ],
)
def test_a_way_to_be_helped_is_read_in_the_words_of_its_schema(
    fields: dict[str, object], manieres: set[Maniere]
) -> None:
    assert manieres_of(a_lieu(services=("Aide aux démarches administratives",), **fields)) == manieres
    assert manieres_of(a_lieu(services=("sante--addictions",), **fields)) == set()


def test_a_service_that_is_taught_is_a_way_to_learn() -> None:
    lieu = a_lieu(services=("Prendre en main un ordinateur",))
    assert offers(lieu, Besoin.NUMERIQUE, Maniere.APPRENDRE)
    assert not offers(lieu, Besoin.NUMERIQUE, Maniere.FAIRE)
    assert offers(lieu, Besoin.NUMERIQUE)


def test_of_the_places_of_brittany_only_the_welcome_is_known() -> None:
    for lieu in load_lieux(DATA):
        assert besoins_of(lieu) == {Besoin.ACCUEIL}
        assert manieres_of(lieu) == set()
