"""The arithmetic of the measures, on figures whose answer is known."""

from __future__ import annotations

import random

import pytest

from tests.bench.figures import (
    Span,
    keeps_up,
    mean_waiting,
    next_rate,
    percentile,
    slower_by,
    spread_of,
    waiting_at,
)

SECONDS = 60.0


def served(rate: float, capacity: float) -> list[Span]:
    """Messages at a rate, answered one after the other at most so many a second."""
    draw = random.Random(1)
    spans, moment, free = [], 0.0, 0.0
    while (moment := moment + draw.expovariate(rate)) < SECONDS:
        free = max(free, moment) + 1 / capacity
        spans.append(Span(moment, free))
    return spans


def test_percentiles_are_values_that_happened() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([7.0], 0.5) == 7
    with pytest.raises(ValueError):
        percentile([], 0.5)


def test_a_spread_is_in_milliseconds_and_of_nothing_says_nothing() -> None:
    spread = spread_of([0.2, 0.1, 0.3])
    assert (spread.count, spread.p50, spread.p95, spread.worst) == (3, 200.0, 300.0, 300.0)
    assert vars(spread_of([])) == {"count": 0, "p50": None, "p95": None, "p99": None, "worst": None}


def test_what_waits_is_what_was_sent_and_not_answered() -> None:
    spans = [Span(0, 2), Span(1, 3), Span(1, None)]
    assert [waiting_at(spans, moment) for moment in (0.5, 1.5, 2.5, 3.5)] == [1, 3, 2, 1]
    assert mean_waiting(spans, 0, 4) == pytest.approx((2 + 2 + 3) / 4)


@pytest.mark.parametrize("rate", [5, 20, 40])
def test_a_rate_below_what_is_carried_is_held(rate: float) -> None:
    assert keeps_up(served(rate, capacity=1.25 * rate), 0, SECONDS, rate)


@pytest.mark.parametrize("rate", [5, 20, 40])
def test_a_rate_above_what_is_carried_is_not_held(rate: float) -> None:
    assert not keeps_up(served(rate, capacity=0.9 * rate), 0, SECONDS, rate)


def test_a_message_never_answered_is_a_rate_not_held() -> None:
    assert not keeps_up([*served(5, capacity=50), Span(10, None)], 0, SECONDS, 5)


def test_the_search_of_the_limit_ends_near_it() -> None:
    held, failed, tried = 40.0, 60.0, 0
    while rate := next_rate(held, failed):
        held, failed = (rate, failed) if rate <= 47 else (held, rate)
        tried += 1
    assert held <= 47 < failed <= 1.1 * held
    assert tried <= 4


def test_slower_is_told_by_medians() -> None:
    assert slower_by([1, 1, 100], [1.2, 1.2, 1.2]) == pytest.approx(1.2)
