"""The amounts under test: in force, dated, with a legal reference, and used."""

from __future__ import annotations

import pytest

from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.language import fiche_texts, placeholders
from bot.knowledge.loader import Knowledge
from bot.model.french import today_in_france


def used_keys(knowledge: Knowledge) -> set[str]:
    """Return the amounts that a fiche names."""
    texts = [text for fiche in knowledge.fiches.values() for _where, text in fiche_texts(fiche)]
    texts += [fiche.rubriques[name].sms or "" for fiche in knowledge.fiches.values() for name in RUBRIQUES]
    return {key for text in texts for key in placeholders(text)}


def test_every_amount_shown_is_in_force_today(knowledge: Knowledge) -> None:
    today = today_in_france()
    assert [key for key in used_keys(knowledge) if not knowledge.baremes[key].is_current(today)] == []


def test_every_amount_has_a_reference_and_a_place_to_check_it(knowledge: Knowledge) -> None:
    for key, bareme in knowledge.baremes.items():
        assert len(bareme.reference) > 8, key
        assert bareme.ou_verifier, key
        assert bareme.verifie_le <= today_in_france(), key
        assert bareme.depuis < bareme.a_revoir_le, key


def test_what_follows_from_another_amount_says_how(knowledge: Knowledge) -> None:
    for key, bareme in knowledge.baremes.items():
        if bareme.openfisca and bareme.facteur not in {1.0, 100.0}:
            assert bareme.calcul, key


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [("rsa-personne-seule", "rsa-couple", 1.5), ("rsa-personne-seule", "rsa-couple-1-enfant", 1.8)],
)
def test_amounts_of_a_household_follow_from_that_of_one_person(
    knowledge: Knowledge, one: str, other: str, factor: float
) -> None:
    assert knowledge.baremes[other].valeur == pytest.approx(knowledge.baremes[one].valeur * factor, abs=0.011)
