"""A week of work, as typed and as kept."""

import pytest
from opening_hours import validate

from channels.console.hours_form import DAYS, HoursProblem, read_hours, write_hours


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9h-12h", "Mo 09:00-12:00"),
        ("9h-12h, 14h-17h30", "Mo 09:00-12:00,14:00-17:30"),
        ("9h à 12h et 14h à 17h", "Mo 09:00-12:00,14:00-17:00"),
        ("09:00-12:00 14:00-17:00", "Mo 09:00-12:00,14:00-17:00"),
        ("8 h 30 – 12 h 15 ; 14 h – 24 h", "Mo 08:30-12:15,14:00-24:00"),
        ("9H-12H/14H-18H.", "Mo 09:00-12:00,14:00-18:00"),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, kept: str) -> None:
    assert write_hours({"Mo": typed}) == kept
    assert validate(kept)


@pytest.mark.parametrize(
    "typed",
    [
        *("matin", "9", "9h", "9h-", "12h-9h", "9h-9h", "9h-12h, 11h-14h", "14h-17h, 9h-12h", "9h-25h"),
        *(
            "9h60-10h",
            "9h-12h sauf férié",
            "ou 9h-12h",
            "9h-12h ?",
            "9" * 500,
            "<script>9h-12h",
            "24h30-24h45",
            ",",
        ),
    ],
)
def test_what_is_no_hours_is_refused_for_its_day(typed: str) -> None:
    with pytest.raises(HoursProblem) as caught:
        write_hours({"Mo": "9h-12h", "We": typed})
    assert list(caught.value.errors) == ["heures_mercredi"]
    assert caught.value.errors["heures_mercredi"].startswith("Mercredi : Écrivez les heures ainsi : 9h-12h")


def test_a_week_without_any_hour_is_refused() -> None:
    with pytest.raises(HoursProblem, match="unreadable") as caught:
        write_hours({})
    assert caught.value.errors == {"heures_lundi": "Écrivez les heures d'au moins un jour."}


def test_days_alike_that_follow_each_other_are_one_rule() -> None:
    same = dict.fromkeys(("Mo", "Tu", "We", "Fr", "Sa"), "9h-12h")
    assert write_hours(same | {"Th": "9h-17h"}) == "Mo-We 09:00-12:00; Th 09:00-17:00; Fr-Sa 09:00-12:00"


def test_the_longest_week_of_two_openings_a_day_is_short_enough_to_keep() -> None:
    week = {day: f"{7 + rank}h05-12h15, 13h45-{14 + rank}h55" for rank, day in enumerate(list(DAYS)[:5])}
    week |= {"Sa": "9h01-12h02, 14h03-17h04", "Su": "9h05-12h06, 14h07-17h08"}
    kept = write_hours(week)
    assert len(kept) <= 200
    assert validate(kept)


def test_what_is_kept_is_shown_again_as_it_can_be_typed() -> None:
    kept = "Mo-We 09:00-12:00,14:00-17:30; Sa 08:05-24:00"
    shown = read_hours(kept)
    assert shown == {
        **dict.fromkeys(("Mo", "Tu", "We"), "9h-12h, 14h-17h30"),
        "Sa": "8h05-24h",
    }
    assert write_hours(shown) == kept
    assert read_hours("") == {}


@pytest.mark.parametrize(
    "kept", ["Mo-Fr 09:00-12:00; PH off", "24/7", "Jan 09:00-10:00", "Mo,We 09:00-10:00"]
)
def test_what_says_more_than_days_and_times_is_not_shown_as_if_it_did_not(kept: str) -> None:
    assert read_hours(kept) is None
