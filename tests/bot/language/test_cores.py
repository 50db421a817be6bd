"""Long work shared among the cores: the same results in the same order, wherever each part was done."""

from __future__ import annotations

import os

import pytest

from bot.language import cores
from bot.language.cores import cut, share_out


def worker(_part: list[str]) -> tuple[int, str | None]:
    """Return the process that does a part, and the threads it may start."""
    return os.getpid(), os.environ.get("OMP_NUM_THREADS")


def test_parts_are_of_the_size_asked_for_and_lose_nothing() -> None:
    assert cut(list("abcde"), 2) == [["a", "b"], ["c", "d"], ["e"]]
    assert cut([], 2) == []


def test_few_sentences_stay_in_this_process() -> None:
    assert {process for process, _ in share_out(worker, cut(list("abcd"), 2))} == {os.getpid()}


def test_many_go_to_other_processes_of_one_thread_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "CORES", 2)
    monkeypatch.setattr(cores, "WORTH_SHARING", 4)
    found = list(share_out(worker, cut(list("abcd"), 2)))
    assert len(found) == 2
    assert os.getpid() not in {process for process, _ in found}
    assert {threads for _, threads in found} == {"1"}


def test_results_come_in_the_order_of_the_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "CORES", 2)
    monkeypatch.setattr(cores, "WORTH_SHARING", 4)
    assert list(share_out(len, [["a"], ["b", "c", "d"], ["e", "f"]])) == [1, 3, 2]
