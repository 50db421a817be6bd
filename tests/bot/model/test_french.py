"""French ways of writing numbers, dates and lists."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.french import format_date, format_number, join_and, join_or


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 4, 1), "1er avril 2026"),
        (date(2026, 11, 2), "2 novembre 2026"),
        (date(2027, 8, 31), "31 août 2027"),
        (date(2026, 12, 21), "21 décembre 2026"),
    ],
)
def test_a_date_is_written_in_words(day: date, text: str) -> None:
    assert format_date(day) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (651.69, "651,69"),
        (50.0, "50"),
        (0.0, "0"),
        (12.5, "12,50"),
        (12000, "12\u202f000"),
        (1234567.8, "1\u202f234\u202f567,80"),
    ],
)
def test_a_number_has_a_comma_and_thousands_apart(value: float, text: str) -> None:
    assert format_number(value) == text


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_a_number_read_back_is_the_same_to_the_cent(whole: int, cents: int) -> None:
    text = format_number(whole + cents / 100)
    assert round(float(text.replace("\u202f", "").replace(",", ".")), 2) == round(whole + cents / 100, 2)


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a ou b"), (["a", "b", "c"], "a, b ou c")]
)
def test_a_list_ends_with_ou(items: list[str], text: str) -> None:
    assert join_or(items) == text
    assert join_and(items) == text.replace(" ou ", " et ")
