"""Amounts in texts: current ones with their date, old ones never."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.amounts import STALE_TEXT, amount_notes, fill_sms, fill_web
from bot.knowledge.baremes import Bareme

FROM, UNTIL = date(2026, 4, 1), date(2027, 4, 1)


def bareme(value: float = 651.69, unit: str = "€/mois", since: date = FROM, until: date = UNTIL) -> Bareme:
    """Return an amount in force between two days."""
    return Bareme.parse_obj(
        {
            "valeur": value,
            "unite": unit,
            "nom": "Essai",
            "depuis": since,
            "reference": "Décret n° 1",
            "lien": "https://example.org/",
            "verifie_le": since,
            "a_revoir_le": until,
            "ou_verifier": "auprès de la CAF au 32 30",
        }
    )


TABLE = {
    "rsa": bareme(),
    "loyer": bareme(1200.0, "€"),
    "taux": bareme(30, "%"),
    "vieux": bareme(12.0, until=date(2026, 5, 1)),
}
IN_FORCE = date(2026, 11, 23)


def test_a_key_becomes_its_amount_on_a_screen() -> None:
    text = fill_web("Au plus {rsa}, {loyer} et {taux}.", TABLE, IN_FORCE)
    assert text == "Au plus 651,69 € par mois, 1\u202f200 € et 30 %."


@pytest.mark.parametrize("fill", [fill_web, fill_sms])
def test_an_amount_past_its_review_date_is_not_shown(fill: object) -> None:
    assert callable(fill)
    text = fill("Au plus {vieux}.", TABLE, IN_FORCE)
    assert text == f"Au plus {STALE_TEXT}."


@pytest.mark.parametrize("fill", [fill_web, fill_sms])
def test_a_key_without_amount_is_not_shown_as_a_key(fill: object) -> None:
    assert callable(fill)
    assert fill("Au plus {absent}.", TABLE, IN_FORCE) == f"Au plus {STALE_TEXT}."


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_an_amount_is_shown_only_from_its_effect_to_its_review(today: date) -> None:
    shown = "651,69" in fill_web("{rsa}", TABLE, today)
    assert shown == ("651,69" in fill_sms("{rsa}", TABLE, today)) == (FROM <= today < UNTIL)


def test_an_sms_gives_the_short_form_and_the_oldest_month_of_effect() -> None:
    table = {"a": bareme(), "b": bareme(10, "€/h", since=date(2026, 1, 1)), "c": bareme(5, "%")}
    text = fill_sms("{a}, {b}, {c}.", table, IN_FORCE)
    assert text == "651,69€/mois, 10€/h, 5 %. (Montants de 01/2026.)"


def test_an_sms_without_current_amount_gives_no_month() -> None:
    assert fill_sms("Rien à payer.", TABLE, IN_FORCE) == "Rien à payer."
    assert "Montants de" not in fill_sms("{vieux}", TABLE, IN_FORCE)


def test_each_date_of_effect_is_noted_once() -> None:
    notes = amount_notes(["{rsa} puis {loyer}", "{rsa}"], TABLE, IN_FORCE)
    assert notes == ("Montant en vigueur depuis le 1er avril 2026 (Décret n° 1).",)


def test_an_old_amount_says_where_to_check_it() -> None:
    assert amount_notes(["{vieux}"], TABLE, IN_FORCE) == (
        "Ce montant a pu changer. Vérifiez-le auprès de la CAF au 32 30.",
    )


def test_a_text_without_amount_has_no_note() -> None:
    assert amount_notes(["Rien", "{absent}"], TABLE, IN_FORCE) == ()


def test_the_day_before_the_review_the_amount_still_stands() -> None:
    assert "651,69" in fill_web("{rsa}", TABLE, UNTIL - timedelta(days=1))
    assert fill_web("{rsa}", TABLE, UNTIL) == STALE_TEXT
