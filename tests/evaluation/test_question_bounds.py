"""Plain questions get the right fiche; a wrong one is never stated without doubt."""

from __future__ import annotations

import pytest

from tests.evaluation.evaluate import QUESTIONS, Result, ask_all, read_rows
from tests.running import RunningBot

MIN_RIGHT = 0.90


@pytest.fixture(scope="module")
async def results(running_bot: RunningBot) -> list[Result]:
    return await ask_all(running_bot.base_url, read_rows(QUESTIONS))


async def test_nine_plain_questions_in_ten_get_the_right_fiche(results: list[Result]) -> None:
    right = [result for result in results if result.outcome.startswith("juste")]
    assert len(results) >= 40
    assert len(right) / len(results) >= MIN_RIGHT


async def test_no_wrong_fiche_is_stated_without_doubt(results: list[Result]) -> None:
    assert [(result.text, result.answered) for result in results if result.outcome == "fausse, sûre"] == []
