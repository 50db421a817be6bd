"""Open or shut at a moment, and when it opens next: noon, holidays, the end of a month, the change of clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.lieu import Lieu, load_lieux
from bot.knowledge.ouverture import is_fresh, ouverture_at

DATA = Path(__file__).parents[3] / "data" / "lieux"
HOURS = "Mo-Fr 09:00-12:00,14:00-17:30"


@pytest.fixture(scope="module")
def lieux() -> tuple[Lieu, ...]:
    return load_lieux(DATA)


def a_lieu(**fields: object) -> Lieu:
    base = {
        "id": "a",
        "nom": "France services",
        "commune": "Gaël",
        "code_postal": "35290",
        "adresse": "1 rue du Bourg",
        "date_maj": date(2026, 3, 31),
    }
    return Lieu.parse_obj(base | fields)


def said(moment: datetime, osm: str = HOURS, **fields: object) -> tuple[bool, str | None] | None:
    """Return whether a place with fresh hours is open, and the words of it."""
    updated = {"date_maj": moment.date().replace(day=1)} | fields
    opening = ouverture_at(a_lieu(horaires=osm, **updated), moment)
    return (opening.is_open, opening.text) if opening else None


@pytest.mark.parametrize(
    ("today", "fresh"),
    [
        (date(2026, 3, 31), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
        (date(2030, 1, 1), False),
    ],
)
def test_hours_are_fresh_for_twelve_months(today: date, fresh: bool) -> None:
    assert is_fresh(a_lieu(), today) is fresh


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 23, 10, 0), (True, "ouvert jusqu'à 12 h")),
        (datetime(2026, 11, 23, 8, 59), (False, "ouvre lundi 23 novembre à 9 h")),
        (datetime(2026, 11, 23, 9, 0), (True, "ouvert jusqu'à 12 h")),
        (datetime(2026, 11, 23, 12, 0), (False, "ouvre lundi 23 novembre à 14 h")),
        (datetime(2026, 11, 23, 12, 30), (False, "ouvre lundi 23 novembre à 14 h")),
        (datetime(2026, 11, 23, 17, 29), (True, "ouvert jusqu'à 17 h 30")),
        (datetime(2026, 11, 30, 18, 0), (False, "ouvre mardi 1er décembre à 9 h")),  # the end of a month
        (datetime(2026, 11, 27, 18, 0), (False, "ouvre lundi 30 novembre à 9 h")),  # a weekend
    ],
)
def test_it_is_said_until_when_a_place_is_open_or_when_it_opens(
    moment: datetime, expected: tuple[bool, str]
) -> None:
    assert said(moment) == expected


@pytest.mark.parametrize(
    ("moment", "next_opening"),
    [
        (datetime(2026, 7, 14, 10, 0), "ouvre mercredi 15 juillet à 9 h"),
        (datetime(2026, 11, 11, 10, 0), "ouvre jeudi 12 novembre à 9 h"),
        (datetime(2026, 4, 6, 10, 0), "ouvre mardi 7 avril à 9 h"),  # Easter Monday
        (datetime(2026, 5, 14, 10, 0), "ouvre vendredi 15 mai à 9 h"),  # Ascension
        (datetime(2026, 5, 25, 10, 0), "ouvre mardi 26 mai à 9 h"),  # Whit Monday
        (
            datetime(2026, 12, 31, 18, 0),
            "ouvre lundi 4 janvier à 9 h",
        ),  # the first of January, then a weekend
    ],
)
def test_a_place_is_shut_on_public_holidays_of_which_its_hours_do_not_speak(
    moment: datetime, next_opening: str
) -> None:
    assert said(moment) == (False, next_opening)


def test_hours_that_speak_of_public_holidays_are_followed() -> None:
    bastille_day = datetime(2026, 7, 14, 10, 0)
    assert said(bastille_day, "Mo-Fr 09:00-12:00; PH 10:00-11:00") == (True, "ouvert jusqu'à 11 h")
    assert said(bastille_day, "Mo-Fr 09:00-12:00; PH off") == (False, "ouvre mercredi 15 juillet à 9 h")
    assert said(bastille_day, "24/7") == (True, "ouvert jour et nuit")


def test_a_holiday_of_one_region_does_not_shut_the_others() -> None:
    assert said(datetime(2025, 12, 26, 10, 0)) == (True, "ouvert jusqu'à 12 h")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # 25 October 2026: the clock goes back at 3 h, 29 March 2026: it goes forward at 2 h. A moment in UTC is
        # said in Paris time, on either side of the change.
        (datetime(2026, 10, 24, 7, 30, tzinfo=UTC), (True, "ouvert jusqu'à 12 h")),
        (datetime(2026, 10, 25, 7, 30, tzinfo=UTC), (False, "ouvre dimanche 25 octobre à 9 h")),
        (datetime(2026, 10, 25, 8, 30, tzinfo=UTC), (True, "ouvert jusqu'à 12 h")),
        (datetime(2026, 3, 28, 7, 30, tzinfo=UTC), (False, "ouvre samedi 28 mars à 9 h")),
        (datetime(2026, 3, 29, 7, 30, tzinfo=UTC), (True, "ouvert jusqu'à 12 h")),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), (False, "ouvre dimanche 25 octobre à 9 h")),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), (False, "ouvre dimanche 29 mars à 9 h")),
    ],
)
def test_the_change_of_clock_moves_nothing_of_what_is_said(
    moment: datetime, expected: tuple[bool, str]
) -> None:
    assert said(moment, "Mo-Su 09:00-12:00") == expected


def test_hours_past_midnight_say_the_day_they_end() -> None:
    assert said(datetime(2026, 11, 23, 23, 0), "Mo 20:00-02:00") == (
        True,
        "ouvert jusqu'au mardi 24 novembre à 2 h",
    )
    assert said(datetime(2026, 11, 23, 23, 0), "Mo 20:00-24:00") == (True, "ouvert jusqu'à minuit")


def test_a_place_that_opens_in_three_months_is_shut_without_a_day() -> None:
    assert said(datetime(2026, 11, 23, 10, 0), "Mar-May Mo-Fr 09:00-12:00") == (False, None)


@pytest.mark.parametrize(
    ("osm", "fields"),
    [
        (HOURS, {"date_maj": date(2025, 11, 22)}),
        (HOURS, {"itinerance": "Itinérant"}),
        (HOURS, {"code_postal": "97400"}),
        ('Mo-Fr 09:00-12:00 "sur rendez-vous"', {}),
        ("Mo-Fr 09:00-12:00; SH off", {}),
        ("Mo-Fr 09:00-12:00 || unknown", {}),
        ("Mo-Fr 09:00+", {}),
        (None, {}),
    ],
    ids=["old", "moves", "overseas", "comment", "school holidays", "fallback", "open end", "none"],
)
def test_nothing_is_said_of_a_moment_that_is_not_known_for_sure(
    osm: str | None, fields: dict[str, object]
) -> None:
    assert said(datetime(2026, 11, 23, 10, 0), osm, **fields) is None  # type: ignore[arg-type]


def test_no_real_place_is_said_open_or_shut_on_hours_of_2022(lieux: tuple[Lieu, ...]) -> None:
    assert [lieu.id for lieu in lieux if ouverture_at(lieu, datetime(2026, 11, 23, 10, 0))] == []


@given(st.datetimes(datetime(2026, 1, 1), datetime(2035, 12, 31)))
def test_what_is_said_of_any_moment_agrees_with_itself(moment: datetime) -> None:
    opening = said(moment)
    assert opening is not None
    is_open, text = opening
    assert text is not None
    assert text.startswith("ouvert " if is_open else "ouvre ")
