"""People are played as told: as many, at the moments fixed beforehand, and what goes wrong is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import pytest

from tests.bench import questions
from tests.bench.load import arrivals, by_people, by_rate, holds
from tests.bench.people import ANSWERED, DELAYED, Person
from tests.bench.questions import LONGEST_SMS, conversations
from tests.evaluation.sets import DEVELOPMENT


class Place:
    """A door behind which each answer takes a time, and some go wrong."""

    def __init__(self, seconds: float, outcome: str = ANSWERED) -> None:
        self.seconds, self.outcome = seconds, outcome
        self.talking = self.most = self.opened = 0

    async def arrive(self) -> Person:
        self.opened += 1
        return self

    async def say(self, _text: str) -> str:
        self.talking += 1
        self.most = max(self.most, self.talking)
        await asyncio.sleep(self.seconds)
        self.talking -= 1
        return self.outcome


def talks() -> Iterator[list[str]]:
    return repeat(["bonjour", "et c'est combien ?"])


def test_arrivals_are_the_same_each_time_and_as_many_as_the_rate_says() -> None:
    assert arrivals(20, 60) == arrivals(20, 60)
    assert len(arrivals(20, 600)) == pytest.approx(20 * 600, rel=0.05)
    assert all(0 < moment < 60 for moment in arrivals(20, 60))


async def test_so_many_people_talk_at_once_each_waiting_for_their_answer() -> None:
    place = Place(0.01)
    level = await by_people(place, talks(), people=5, seconds=0.3, warm_up=0.05)
    assert place.most == 5
    figures = level.figures()
    assert figures["messages"] == figures["answer_ms"]["count"] > 5
    assert figures["answer_ms"]["p50"] >= 10
    assert figures["troubles"] == {}


async def test_messages_come_at_their_time_though_nobody_is_answered_yet() -> None:
    place = Place(5.0)
    level = asyncio.create_task(by_rate(place, talks(), rate=100, seconds=0.3))
    while place.talking < len(arrivals(100, 0.3)):
        await asyncio.sleep(0.01)
        assert not level.done()
    level.cancel()


async def test_a_delay_that_is_told_is_no_answer_and_no_rate_held() -> None:
    level = await by_rate(Place(0.001, DELAYED), talks(), rate=50, seconds=0.2)
    figures = level.figures()
    assert figures["troubles"] == {DELAYED: figures["messages"]}
    assert figures["answers_per_second"] == 0
    assert not holds(level, 50)


async def test_a_rate_that_is_answered_at_once_is_held() -> None:
    level = await by_rate(Place(0.001), talks(), rate=50, seconds=0.2)
    assert level.said
    assert holds(level, 50)


def test_the_half_that_is_kept_shut_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = set()

    def watch(read: Callable[..., Any]) -> Callable[..., Any]:
        def watched(half: str, *names: str) -> Any:
            opened.add(half)
            return read(half, *names)

        return watched

    for name in ("read_rows", "read_dialogues"):
        monkeypatch.setattr(questions, name, watch(getattr(questions, name)))
    drawn = conversations()
    assert len({text for _ in range(500) for text in next(drawn)}) > 500
    assert opened == {DEVELOPMENT}


def test_conversations_are_the_same_each_time_and_fit_an_sms_when_asked() -> None:
    one, other = conversations(longest=LONGEST_SMS), conversations(longest=LONGEST_SMS)
    for _ in range(200):
        turns = next(one)
        assert turns == next(other)
        assert all(len(text) <= LONGEST_SMS for text in turns)
