"""No count of people below five is shown, nor found from those that are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.counting import FEWEST, count_text, shown, shown_parts

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (1, "moins de 5"), (4, "moins de 5"), (5, "5"), (12, "12")]
)
def test_a_count_below_five_is_said_to_be_small(count: int, text: str) -> None:
    assert count_text(shown(count)) == text


@pytest.mark.parametrize(
    ("counts", "parts"),
    [
        ([10, 2], [None, None]),  # 12 - 10 would tell the 2
        ([10, 7, 2], [10, None, None]),
        ([10, 3, 2], [10, None, None]),  # 5 in all: either may be which
        ([10, 7], [10, 7]),
        ([2], [None]),
        ([], []),
    ],
)
def test_a_small_part_is_not_found_by_subtraction(counts: list[int], parts: list[int | None]) -> None:
    assert shown_parts(counts) == parts


@given(st.lists(st.integers(1, 40), max_size=8))
def test_what_is_hidden_of_a_total_is_never_fewer_than_five_unless_all_is(counts: list[int]) -> None:
    parts = shown_parts(counts)
    hidden = sum(count for count, part in zip(counts, parts, strict=True) if part is None)
    assert hidden == 0 or hidden >= FEWEST or sum(counts) < FEWEST
    assert all(part is None or part >= FEWEST for part in parts)


def test_whatever_counts_ends_of_requests_goes_through_it() -> None:
    """Each count that bot/store/closures.py gives out is one of `shown` or `shown_parts`."""
    tree = ast.parse((ROOT / "bot/store/closures.py").read_text(encoding="utf-8"))
    counting = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("count_")
    ]
    assert len(counting) == 3
    for function in counting:
        called = {
            node.func.id
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert called & {"shown", "shown_parts"}, function.name
