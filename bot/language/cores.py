"""Share long work on many sentences among the cores, a process each. For training only: a process takes seconds to start."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TypeVar

from joblib import Parallel, delayed, parallel_config

Made = TypeVar("Made")
CORES = os.cpu_count() or 1
WORTH_SHARING = 1000
"""Sentences from which the other processes are worth their start."""


def share_out(act: Callable[[list[str]], Made], parts: list[list[str]]) -> Iterator[Made]:
    """Yield what `act`, a function that can be pickled, makes of each part, in their order.

    Each process keeps to one thread: threads that wait for one another take a fifth of the time of two cores, and
    several such processes at once take turns at waiting.
    """
    if CORES == 1 or sum(map(len, parts)) < WORTH_SHARING:
        yield from map(act, parts)
        return
    with parallel_config(backend="loky", inner_max_num_threads=1):
        yield from Parallel(n_jobs=CORES, return_as="generator")(delayed(act)(part) for part in parts)


def cut(texts: list[str], size: int) -> list[list[str]]:
    """Return the sentences in parts of at most `size`."""
    return [texts[start : start + size] for start in range(0, len(texts), size)]
