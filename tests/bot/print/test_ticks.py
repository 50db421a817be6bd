"""Ticks in an address: what is one is read, all else is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.print.ticks import MAX_TICKS, read_ticks


def test_ticks_are_read_whatever_their_order() -> None:
    assert read_ticks("p0,c12,p3") == {"p0", "p3", "c12"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "p",
        "p-1",
        "p01",
        "p1000",
        "x1",
        "P1",
        "p1;c2",
        "p1 ",
        "<b>p1</b>",
        "p١",
        "p1\x00",
        "p0c1",
        "../p1",
    ],
)
def test_what_is_no_tick_is_left_out(text: str) -> None:
    assert read_ticks(text) == frozenset()


def test_one_wrong_tick_takes_no_other_away() -> None:
    assert read_ticks("p0,<script>,c1") == {"p0", "c1"}


@given(st.text())
def test_whatever_is_given_few_ticks_come_out(text: str) -> None:
    assert len(read_ticks(text * 50)) <= MAX_TICKS


def test_a_long_list_costs_nothing() -> None:
    assert len(read_ticks(",".join(f"p{n}" for n in range(100_000)))) <= MAX_TICKS
