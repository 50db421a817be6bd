"""Opening hours: how they read in French."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.horaires import horaires_en_francais
from bot.knowledge.lieu import Lieu, load_lieux

DATA = Path(__file__).parents[3] / "data" / "lieux"


@pytest.fixture(scope="module")
def lieux() -> tuple[Lieu, ...]:
    return load_lieux(DATA)


def test_every_published_opening_hours_can_be_said_in_french(lieux: tuple[Lieu, ...]) -> None:
    with_hours = [lieu for lieu in lieux if lieu.horaires]
    assert len(with_hours) == 120
    for lieu in with_hours:
        said = horaires_en_francais(lieu.horaires)
        assert said, lieu.horaires
        assert len(said.split(" ; ")) == len((lieu.horaires or "").split(";"))


@pytest.mark.parametrize(
    ("osm", "french"),
    [
        (
            "Mo-Tu 08:00-12:00,13:00-16:00; We 08:00-12:00",
            "lundi et mardi : 8 h à 12 h et 13 h à 16 h ; mercredi : 8 h à 12 h",
        ),
        ("Mo-Fr 09:00-12:00; PH off", "du lundi au vendredi : 9 h à 12 h ; fermé les jours fériés"),
        ("Mo-Fr 09:00-17:00", "du lundi au vendredi : 9 h à 17 h"),
        ("Mo,We 08:30-12:05", "lundi et mercredi : 8 h 30 à 12 h 05"),
        ("Mo,We,Fr-Sa 14:00-18:00", "lundi, mercredi et vendredi et samedi : 14 h à 18 h"),
        ("Sa 09:00-10:00,11:00-12:00,13:00-14:00", "samedi : 9 h à 10 h, 11 h à 12 h et 13 h à 14 h"),
    ],
)
def test_hours_read_as_a_french_sentence(osm: str, french: str) -> None:
    assert horaires_en_francais(osm) == french


@pytest.mark.parametrize(
    "osm",
    [
        "",
        None,
        "24/7",
        "Sa[1] 09:00-12:00",
        "Fr-Mo 09:00-12:00",
        "sur rendez-vous",
    ],
)
def test_hours_beyond_weekdays_and_times_are_not_said(osm: str | None) -> None:
    assert horaires_en_francais(osm) == ""


@given(st.text(max_size=40))
def test_any_text_as_hours_is_said_in_french_or_not_at_all(osm: str) -> None:
    assert "Mo" not in horaires_en_francais(osm)
