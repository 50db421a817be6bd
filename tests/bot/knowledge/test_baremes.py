"""Amounts: when one may be shown, how it reads, and what data/baremes.yml holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from bot.knowledge.baremes import Bareme

DATA = Path(__file__).parents[3] / "data" / "baremes.yml"
TODAY = date(2026, 11, 23)
NARROW = "\u202f"


def a_bareme(**fields: Any) -> Bareme:
    base = {
        "valeur": 651.69,
        "unite": "€/mois",
        "nom": "RSA d'une personne seule",
        "depuis": date(2026, 4, 1),
        "reference": "Décret n° 2026-220",
        "lien": "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000053733826",
        "verifie_le": date(2026, 4, 1),
        "a_revoir_le": date(2027, 4, 1),
        "ou_verifier": "auprès de la CAF au 32 30",
    }
    return Bareme.parse_obj(base | fields)


@pytest.fixture(scope="module")
def baremes() -> dict[str, Bareme]:
    content = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return {key: Bareme.parse_obj(fields) for key, fields in content.items()}


@pytest.mark.parametrize(
    ("today", "current"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_an_amount_is_current_from_its_date_of_effect_until_its_review(today: date, current: bool) -> None:
    assert a_bareme().is_current(today) is current


@pytest.mark.parametrize(
    ("valeur", "unite", "text"),
    [
        (651.69, "€/mois", "651,69 € par mois"),
        (12.31, "€/h", "12,31 € de l'heure"),
        (79980, "€/an", f"79{NARROW}980 € par an"),
        (18, "ans", "18 ans"),
        (57, "%", "57 %"),
    ],
)
def test_an_amount_reads_as_french(valeur: float, unite: str, text: str) -> None:
    assert a_bareme(valeur=valeur, unite=unite).text() == text


def test_a_dated_amount_says_since_when() -> None:
    assert a_bareme().dated_text() == "651,69 € par mois (depuis le 1er avril 2026)"


@pytest.mark.parametrize(
    "wrong", [{"unite": "francs"}, {"lien": "legifrance"}, {"couleur": "bleu"}, {"ou_verifier": ""}]
)
def test_a_wrong_amount_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        a_bareme(**wrong)


@pytest.mark.parametrize(
    ("key", "valeur"),
    [
        ("rsa-personne-seule", 651.69),
        ("rsa-couple", 977.54),
        ("rsa-couple-1-enfant", 1173.04),
        ("rsa-couple-2-enfants", 1368.55),
        ("rsa-forfait-logement-2", 156.41),
        ("prime-activite-base", 638.28),
        ("smic-mensuel-brut", 1867.02),
        ("af-2-enfants", 152.25),
        ("af-3-enfants", 347.32),
        ("af-plafond-1-2-enfants", 79980),
    ],
)
def test_the_amounts_in_force_in_november_2026_are_shown(
    baremes: dict[str, Bareme], key: str, valeur: float
) -> None:
    assert baremes[key].valeur == valeur
    assert baremes[key].is_current(TODAY)


@pytest.mark.parametrize(
    "key", ["css-plafond-1", "css-participation-30-49-ans", "are-partie-fixe", "are-minimum"]
)
def test_amounts_known_to_be_old_are_not_shown_as_current(baremes: dict[str, Bareme], key: str) -> None:
    assert not baremes[key].is_current(TODAY)


def test_every_computed_amount_says_how_it_follows_from_the_law(baremes: dict[str, Bareme]) -> None:
    computed = {key: bareme for key, bareme in baremes.items() if bareme.facteur not in (1.0, 100.0)}
    assert len(computed) > 15
    assert [
        key for key, bareme in computed.items() if not bareme.calcul or "article" not in bareme.calcul
    ] == []


def test_no_amount_was_checked_in_the_future(baremes: dict[str, Bareme]) -> None:
    assert [key for key, bareme in baremes.items() if bareme.verifie_le > date.today()] == []


def test_where_to_check_completes_the_sentence_shown_for_an_old_amount(baremes: dict[str, Bareme]) -> None:
    assert {bareme.ou_verifier.split()[0] for bareme in baremes.values()} <= {"auprès", "au", "sur"}


def published_family_allowance(base: str, rate: str) -> float:
    """Apply the rule of the comment in data/baremes.yml: share of the base, less the CRDS cut to the cent."""
    cents = round(float(base) * 100 * float(rate) + 1e-6)
    return (cents - int(cents * 0.005 + 1e-9)) / 100


@pytest.mark.parametrize(
    ("base", "rate", "published"),
    [
        ("445.93", "0.32", 141.99),  # April 2023
        ("445.93", "0.73", 323.91),
        ("445.93", "0.41", 181.92),
        ("474.37", "0.32", 151.05),  # April 2025
    ],
)
def test_the_rounding_of_family_allowances_gives_the_published_amounts(
    base: str, rate: str, published: float
) -> None:
    assert published_family_allowance(base, rate) == published


@pytest.mark.parametrize(
    ("key", "rate"),
    [
        ("af-2-enfants", "0.32"),
        ("af-3-enfants", "0.73"),
        ("af-enfant-supplementaire", "0.41"),
        ("af-majoration-age", "0.16"),
        ("complement-familial", "0.4165"),
        ("complement-familial-majore", "0.6248"),
    ],
)
def test_family_allowances_of_2026_follow_that_rule(baremes: dict[str, Bareme], key: str, rate: str) -> None:
    assert baremes[key].valeur == published_family_allowance("478.16", rate)
