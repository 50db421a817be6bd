"""When nothing that nobody asked for may be sent: nights, Sundays, public holidays, all in French time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.french import PARIS
from bot.service.quiet import is_quiet, next_allowed

HOLIDAYS = (
    date(2026, 1, 1),
    date(2026, 4, 6),
    date(2026, 5, 1),
    date(2026, 5, 8),
    date(2026, 5, 14),
    date(2026, 5, 25),
    date(2026, 7, 14),
    date(2026, 8, 15),
    date(2026, 11, 1),
    date(2026, 11, 11),
    date(2026, 12, 25),
)


def paris(text: str) -> datetime:
    """Return a French time as it is stored."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("time", "quiet"),
    [
        ("00:00", True),
        ("07:59:59", True),
        ("08:00", False),
        ("12:30", False),
        ("19:59:59", False),
        ("20:00", True),
        ("23:59", True),
    ],
)
@pytest.mark.parametrize(
    "day", ["2026-11-23", "2026-07-06", "2026-11-28"], ids=["winter", "summer", "saturday"]
)
def test_days_are_from_eight_to_twenty_in_france(day: str, time: str, quiet: bool) -> None:
    assert is_quiet(paris(f"{day}T{time}")) is quiet


@pytest.mark.parametrize("hour", range(24))
def test_a_sunday_is_quiet_at_every_hour(hour: int) -> None:
    assert is_quiet(paris(f"2026-11-22T{hour:02}:00"))


@pytest.mark.parametrize("day", HOLIDAYS, ids=str)
def test_a_public_holiday_is_quiet_all_day(day: date) -> None:
    assert all(is_quiet(paris(f"{day}T{hour:02}:30")) for hour in range(24))


def test_no_other_day_of_the_year_is_quiet_at_noon() -> None:
    days = (date(2026, 1, 1) + timedelta(days=rank) for rank in range(365))
    quiet = {day for day in days if day.weekday() != 6 and is_quiet(paris(f"{day}T12:00"))}
    assert quiet == {day for day in HOLIDAYS if day.weekday() != 6}


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        pytest.param("2026-11-23T10:15", "2026-11-23T10:15", id="by day, at once"),
        pytest.param("2026-11-23T08:00", "2026-11-23T08:00", id="at the opening, at once"),
        pytest.param("2026-11-23T05:00", "2026-11-23T08:00", id="early, the same day"),
        pytest.param("2026-11-23T20:00", "2026-11-24T08:00", id="in the evening, the next day"),
        pytest.param("2026-11-23T23:59", "2026-11-24T08:00", id="before midnight, the next day"),
        pytest.param("2026-11-24T00:00", "2026-11-24T08:00", id="at midnight, the same day"),
        pytest.param("2026-11-21T20:00", "2026-11-23T08:00", id="a saturday evening, on monday"),
        pytest.param("2026-11-22T12:00", "2026-11-23T08:00", id="a sunday, on monday"),
        pytest.param("2026-11-11T12:00", "2026-11-12T08:00", id="a holiday, the day after"),
        pytest.param("2026-11-10T21:00", "2026-11-12T08:00", id="the evening before a holiday"),
        pytest.param("2026-08-14T20:00", "2026-08-17T08:00", id="a holiday followed by a sunday"),
        pytest.param("2026-04-04T20:00", "2026-04-07T08:00", id="a sunday followed by a holiday"),
        pytest.param("2025-12-31T22:00", "2026-01-02T08:00", id="over the new year"),
        pytest.param("2026-03-28T21:00", "2026-03-30T08:00", id="over the change to summer time"),
        pytest.param("2026-10-24T21:00", "2026-10-26T08:00", id="over the change to winter time"),
    ],
)
def test_what_may_not_be_sent_now_waits_for_the_next_opening(moment: str, opening: str) -> None:
    assert next_allowed(paris(moment)) == paris(opening)


def test_the_opening_hour_follows_the_clock_of_france_not_that_of_the_store() -> None:
    assert next_allowed(datetime(2026, 3, 27, 22, 0)) == datetime(2026, 3, 28, 7, 0)
    assert next_allowed(datetime(2026, 3, 28, 22, 0)) == datetime(2026, 3, 30, 6, 0)
    assert next_allowed(datetime(2026, 10, 23, 22, 0)) == datetime(2026, 10, 24, 6, 0)
    assert next_allowed(datetime(2026, 10, 24, 22, 0)) == datetime(2026, 10, 26, 7, 0)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_the_next_allowed_time_is_never_quiet_never_past_and_never_far(moment: datetime) -> None:
    allowed = next_allowed(moment)
    assert moment <= allowed <= moment + timedelta(days=4)
    assert not is_quiet(allowed)
    assert is_quiet(moment) or allowed == moment


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_nothing_between_now_and_the_next_allowed_time_was_allowed(moment: datetime) -> None:
    allowed = next_allowed(moment)
    while moment < allowed:
        assert is_quiet(moment)
        moment += timedelta(minutes=30)
