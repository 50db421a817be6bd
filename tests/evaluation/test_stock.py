"""Rasa as it comes beside ours, both taught the same few sentences, in the same run: ours is better by more than noise."""

from __future__ import annotations

import pytest

from tests.evaluation.figures import interval
from tests.evaluation.sets import DEVELOPMENT
from tests.evaluation.stock import compare_few

PHRASES = 10


@pytest.mark.lent
def test_ours_is_better_than_rasa_as_it_comes_on_the_same_sentences() -> None:
    stock, ours = compare_few(PHRASES, DEVELOPMENT)
    print(f"\nRasa tel quel : {stock}\nl'assistant :   {ours}")
    assert interval(ours.right, ours.total)[0] > interval(stock.right, stock.total)[1]
