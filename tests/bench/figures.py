"""The arithmetic of the measures: percentiles, what waits, whether a rate is kept up with."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

SLACK_SECONDS = 0.25
"""Growth of the mean wait that is noise: at 20 messages a second, five messages more."""


@dataclass(frozen=True)
class Spread:
    """How long something took, in milliseconds; all None when it never happened."""

    count: int
    p50: float | None
    p95: float | None
    p99: float | None
    worst: float | None


@dataclass(frozen=True)
class Span:
    """One message: when it was to be sent and when it was answered, in seconds; `end` is None when it never was."""

    start: float
    end: float | None


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile (0 < share <= 1) of values in order. Raises ValueError when there is none."""
    if not ordered:
        raise ValueError("no value")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread_of(seconds: Sequence[float]) -> Spread:
    """Return the spread of durations given in seconds, in milliseconds with one decimal."""
    ordered = sorted(1000 * value for value in seconds)
    if not ordered:
        return Spread(0, None, None, None, None)
    p50, p95, p99 = (round(percentile(ordered, share), 1) for share in (0.50, 0.95, 0.99))
    return Spread(len(ordered), p50, p95, p99, round(ordered[-1], 1))


def waiting_at(spans: Sequence[Span], moment: float) -> int:
    """Return how many messages were sent and not answered at a moment."""
    return sum(span.start <= moment and (span.end is None or span.end > moment) for span in spans)


def mean_waiting(spans: Sequence[Span], since: float, until: float) -> float:
    """Return how many messages waited on average between two moments: the time each waited in it, over its length."""
    waited = sum(
        max(0.0, min(until, until if span.end is None else span.end) - max(since, span.start))
        for span in spans
    )
    return waited / (until - since)


def keeps_up(spans: Sequence[Span], since: float, seconds: float, rate: float) -> bool:
    """Tell whether the queue does not grow at this rate: all was answered, and no more waits at the end than at first.

    What waits in the last third of the time is compared with the first third. By Little's law it is the rate times the
    mean wait, so a rate 1 % too high, over 60 seconds, shows as a wait 0.4 s longer: more than twice, plus the slack.
    """
    if any(span.end is None for span in spans):
        return False
    first = mean_waiting(spans, since, since + seconds / 3)
    last = mean_waiting(spans, since + 2 * seconds / 3, since + seconds)
    return last <= 2 * first + SLACK_SECONDS * rate


def next_rate(held: float, failed: float, precision: float = 0.1) -> float | None:
    """Return the rate to try between one that is held and one that is not; None once they are near enough."""
    if failed - held <= precision * held:
        return None
    return float(round((held + failed) / 2, 1))


def slower_by(empty: Sequence[float], full: Sequence[float]) -> float:
    """Return how many times slower the median became."""
    return statistics.median(full) / statistics.median(empty)
