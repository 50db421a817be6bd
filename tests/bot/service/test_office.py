"""When people answer: opening hours of a clock in Paris, deadlines in opening time, and how a time is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from bot.model.french import PARIS
from bot.service.office import HORIZON_DAYS, Office, are_hours_valid

USUAL = "Mo-Fr 09:00-12:00,14:00-17:00"
HOURS = (
    USUAL,
    "Mo-Fr 09:00-12:00,14:00-17:00; We off; Sa 10:00-11:30",
    "Mo 08:50-12:07",
    "Fr-Su 22:00-04:00",
    "24/7",
    "Mo-Fr",
)
HOLIDAYS = {
    *(date(2026, month, day) for month, day in ((1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14))),
    *(date(2026, month, day) for month, day in ((8, 15), (11, 1), (11, 11), (12, 25))),
    date(2027, 1, 1),
}
MINUTE = timedelta(minutes=1)
OFFICE = Office(USUAL)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1))


def paris(text: str) -> datetime:
    """Return a French time as it is stored."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC).replace(tzinfo=None)


def is_open_by_the_clock(hours: OpeningHours, moment: datetime) -> bool:
    local = moment.replace(tzinfo=UTC).astimezone(PARIS).replace(tzinfo=None)
    return local.date() not in HOLIDAYS and hours.is_open(local)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        pytest.param("2026-12-01T08:59:59", False, id="before"),
        pytest.param("2026-12-01T09:00", True, id="at the opening"),
        pytest.param("2026-12-01T11:59:59", True, id="in the last second of the morning"),
        pytest.param("2026-12-01T12:00", False, id="at noon"),
        pytest.param("2026-12-01T14:00", True, id="in the afternoon"),
        pytest.param("2026-12-01T17:00", False, id="at the closing"),
        pytest.param("2026-11-28T10:00", False, id="on a saturday"),
        pytest.param("2026-05-01T10:00", False, id="on the first of May, a friday"),
        pytest.param("2026-04-06T10:00", False, id="on Easter monday"),
        pytest.param("2026-12-25T10:00", False, id="at Christmas, a friday"),
        pytest.param("2026-12-31T16:59", True, id="on the last day of the year"),
        pytest.param("2027-01-01T10:00", False, id="on the first day of the year, a friday"),
        pytest.param("2026-03-30T09:00", True, id="after the change to summer time"),
        pytest.param("2026-03-30T08:59", False, id="before nine in summer time"),
        pytest.param("2026-10-26T09:00", True, id="after the change to winter time"),
        pytest.param("2026-10-26T08:59", False, id="before nine in winter time"),
    ],
)
def test_the_office_is_open_by_the_clock_of_paris(moment: str, is_open: bool) -> None:
    assert OFFICE.is_open(paris(moment)) is is_open


def test_a_public_holiday_closes_even_hours_that_name_it() -> None:
    assert not Office("Mo-Fr 09:00-17:00; PH 10:00-12:00").is_open(paris("2026-05-01T10:30"))


def test_hours_that_are_perhaps_open_are_closed() -> None:
    assert not Office("Mo-Fr 09:00-12:00 unknown").is_open(paris("2026-12-01T10:00"))


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        pytest.param("2026-12-01T10:15:30", "2026-12-01T10:15:30", id="open, at once"),
        pytest.param("2026-12-01T12:00", "2026-12-01T14:00", id="at noon, after lunch"),
        pytest.param("2026-11-27T17:00", "2026-11-30T09:00", id="a friday evening, on monday"),
        pytest.param("2026-04-30T18:00", "2026-05-04T09:00", id="over the first of May and its weekend"),
        pytest.param("2026-12-31T18:00", "2027-01-04T09:00", id="over the new year"),
        pytest.param("2026-03-27T18:00", "2026-03-30T09:00", id="over the change to summer time"),
        pytest.param("2026-10-23T18:00", "2026-10-26T09:00", id="over the change to winter time"),
    ],
)
def test_the_next_opening(moment: str, opening: str) -> None:
    assert OFFICE.next_opening(paris(moment)) == paris(opening)


@pytest.mark.parametrize(
    ("hours", "moment", "closing"),
    [
        pytest.param(USUAL, "2026-12-01T11:00", "2026-12-01T12:00", id="of the morning"),
        pytest.param("Fr 22:00-04:00", "2026-11-27T23:00", "2026-11-28T04:00", id="over midnight"),
        pytest.param("24/7", "2026-11-27T23:00", "2026-12-25T00:00", id="at the next holiday"),
        pytest.param("Sa 22:00-04:00", "2026-03-28T23:00", "2026-03-29T04:00", id="of a short night"),
    ],
)
def test_the_office_closes_at_the_end_of_an_opening(hours: str, moment: str, closing: str) -> None:
    assert Office(hours).closes_at(paris(moment)) == paris(closing)


def test_an_office_that_is_closed_closes_at_no_time() -> None:
    assert OFFICE.closes_at(paris("2026-12-01T12:00")) is None


@pytest.mark.parametrize(
    ("moment", "minutes", "deadline"),
    [
        pytest.param("2026-12-01T09:30", 120, "2026-12-01T11:30", id="the same morning"),
        pytest.param("2026-12-01T11:00", 120, "2026-12-01T15:00", id="over lunch"),
        pytest.param("2026-12-01T16:00", 60, "2026-12-01T17:00", id="at the closing, not the next morning"),
        pytest.param("2026-12-01T16:00", 61, "2026-12-02T09:01", id="one minute more, the next morning"),
        pytest.param("2026-11-27T22:00", 120, "2026-11-30T11:00", id="over a weekend"),
        pytest.param("2026-04-30T16:00", 120, "2026-05-04T10:00", id="over the first of May"),
        pytest.param("2026-12-31T16:30", 240, "2027-01-04T14:30", id="over the new year"),
        pytest.param("2026-12-01T12:30", 0, "2026-12-01T14:00", id="no minute, the next opening"),
    ],
)
def test_a_deadline_counts_opening_time_only(moment: str, minutes: int, deadline: str) -> None:
    assert OFFICE.add_open_time(paris(moment), minutes) == paris(deadline)


@pytest.mark.parametrize(
    "hours", ["off", "24/7 off", "PH 09:00-12:00", "Aug Mo 09:00-12:00", "2019 Mo 09:00-12:00"]
)
def test_hours_that_do_not_open_for_long_give_nothing(hours: str) -> None:
    office, moment = Office(hours), paris("2026-11-23T10:00")
    assert office.next_opening(moment) is None
    assert office.closes_at(moment) is None
    assert office.add_open_time(moment, 1) is None
    assert office.promise(moment, 1) is None


def test_hours_of_a_season_open_when_it_is_near() -> None:
    opening = paris("2026-08-03T09:00")
    office = Office("Aug Mo 09:00-12:00")
    assert office.next_opening(opening - timedelta(days=HORIZON_DAYS - 1)) == opening
    assert office.next_opening(opening - timedelta(days=HORIZON_DAYS + 2)) is None


def test_more_time_than_a_season_has_is_no_deadline() -> None:
    assert Office("Aug Mo 09:00-12:00").add_open_time(paris("2026-08-03T09:00"), 10_000) is None


@given(st.sampled_from(HOURS), moments, st.integers(0, 3000))
@settings(max_examples=150, deadline=None)
def test_a_deadline_is_never_past_nor_outside_opening_time(
    hours: str, moment: datetime, minutes: int
) -> None:
    office = Office(hours)
    deadline = office.add_open_time(moment, minutes)
    assert deadline is not None
    assert deadline >= moment
    assert office.is_open(deadline) or office.is_open(deadline - timedelta(microseconds=1))


@given(st.sampled_from(HOURS), moments, st.integers(0, 20_000), st.integers(0, 3000), st.integers(0, 500))
@settings(max_examples=150, deadline=None)
def test_a_later_start_or_more_minutes_never_end_earlier(
    hours: str, moment: datetime, later: int, minutes: int, more: int
) -> None:
    office = Office(hours)
    deadline = office.add_open_time(moment, minutes)
    assert deadline is not None
    assert deadline <= (office.add_open_time(moment + later * MINUTE, minutes) or datetime.min)
    assert deadline <= (office.add_open_time(moment, minutes + more) or datetime.min)


@pytest.mark.parametrize(
    "start",
    [
        "2026-04-29T15:47",
        "2026-05-07T16:00",
        "2026-12-23T09:00",
        "2026-12-31T11:10",
        "2026-03-27T16:00",
        "2026-10-23T23:30",
    ],
)
@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("minutes", [1, 240, 700])
def test_a_deadline_is_what_counting_minute_by_minute_gives(hours: str, start: str, minutes: int) -> None:
    clock, moment, counted = OpeningHours(hours), paris(start), 0
    while counted < minutes:
        counted += is_open_by_the_clock(clock, moment)
        moment += MINUTE
    assert Office(hours).add_open_time(paris(start), minutes) == moment


@given(st.sampled_from(HOURS), st.datetimes(datetime(2026, 4, 25), datetime(2026, 11, 10)))
@settings(max_examples=150, deadline=None)
def test_the_next_opening_is_the_first_minute_open(hours: str, moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    office, opening = Office(hours), Office(hours).next_opening(moment)
    assert opening is not None
    assert office.is_open(opening)
    assert not any(
        office.is_open(moment + hour * MINUTE) for hour in range(0, int((opening - moment) / MINUTE), 7)
    )


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-30T14:00", "aujourd'hui à 14 h"),
        ("2026-11-30T14:05", "aujourd'hui à 14 h 05"),
        ("2026-12-01T09:00", "demain à 9 h"),
        ("2026-12-02T09:00", "mercredi 2 décembre à 9 h"),
        ("2027-01-01T09:30", "vendredi 1er janvier à 9 h 30"),
        ("2026-12-03T00:00", "jeudi 3 décembre à minuit"),
    ],
)
def test_a_time_is_said_in_plain_french(at: str, said: str) -> None:
    assert OFFICE.say_when(paris("2026-11-30T11:00"), paris(at)) == said


def test_tomorrow_begins_at_midnight_in_paris_not_in_the_store() -> None:
    late = datetime(2026, 7, 6, 22, 30)  # half past midnight on the 7th in Paris
    assert OFFICE.say_when(late, paris("2026-07-07T09:00")) == "aujourd'hui à 9 h"


@pytest.mark.parametrize(
    ("moment", "minutes", "said"),
    [
        ("2026-11-30T14:30", 120, "aujourd'hui avant 16 h 30"),
        ("2026-11-30T14:07", 30, "aujourd'hui avant 14 h 45"),
        ("2026-11-30T11:58:30", 1, "aujourd'hui avant 12 h"),
        ("2026-11-30T18:00", 120, "demain avant 11 h"),
        ("2026-11-27T18:00", 240, "lundi 30 novembre avant 15 h"),
        ("2026-11-28T18:00", 481, "mardi 1er décembre avant 11 h 15"),
    ],
)
def test_a_promise_says_before_when_to_the_quarter(moment: str, minutes: int, said: str) -> None:
    assert OFFICE.promise(paris(moment), minutes) == said


def test_before_midnight_is_said_of_the_day_that_ends() -> None:
    assert Office("Mo-Su 20:00-24:00").promise(paris("2026-11-30T20:00"), 240) == "aujourd'hui avant minuit"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (USUAL, "du lundi au vendredi, de 9 h à 12 h et de 14 h à 17 h"),
        ("Mo-Fr 9:00-12:30; PH off", "du lundi au vendredi, de 9 h à 12 h 30"),
        ("Mo,Th 09:00-12:00", "le lundi et le jeudi, de 9 h à 12 h"),
        (
            "Mo-Fr 09:00-17:00; We 09:00-12:00",
            "le lundi, le mardi, le jeudi et le vendredi, de 9 h à 17 h ; le mercredi, de 9 h à 12 h",
        ),
        (
            "Mo-Fr 09:00-12:00; Sa 10:00-12:00",
            "du lundi au vendredi, de 9 h à 12 h ; le samedi, de 10 h à 12 h",
        ),
        ("Aug Mo 09:00-12:00", ""),
        ("off", ""),
        ("24/7", ""),
    ],
)
def test_hours_are_described_in_french_or_not_at_all(hours: str, said: str) -> None:
    assert Office(hours).describe() == said


def test_an_operator_without_hours_works_those_of_the_office() -> None:
    assert OFFICE.operator_is_on("", paris("2026-12-01T10:00"))
    assert not OFFICE.operator_is_on("", paris("2026-12-01T18:00"))


def test_an_operator_with_hours_works_those_and_no_holiday() -> None:
    assert OFFICE.operator_is_on("Tu 18:00-20:00", paris("2026-12-01T18:30"))
    assert not OFFICE.operator_is_on("Tu 18:00-20:00", paris("2026-12-01T10:00"))
    assert not OFFICE.operator_is_on("Mo-Fr 09:00-17:00", paris("2026-05-01T10:00"))


def test_hours_of_an_operator_that_cannot_be_read_are_those_of_the_office() -> None:
    assert OFFICE.operator_is_on("le matin", paris("2026-12-01T10:00"))


@pytest.mark.parametrize("hours", ["", "du lundi au vendredi", "Mo-Fr 25:00-26:00", "Mo-Fr 09:00"])
def test_what_is_no_opening_hours_is_refused(hours: str) -> None:
    assert not are_hours_valid(hours)
    with pytest.raises(ValueError, match="OpenStreetMap"):
        Office(hours)
