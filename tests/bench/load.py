"""The two ways to load: so many people who each wait for their answer, and messages that come whatever happens."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.bench.figures import Span, keeps_up, spread_of
from tests.bench.people import ANSWERED, PATIENCE_SECONDS, Door, Person
from tests.bench.processes import ProcessorWatch, memory_megabytes
from tests.bench.questions import SEED
from tests.bench.stored import Stored, StoreReader, durations

PAUSE_SECONDS = 5.0
"""Time a person takes to read before they write again, when messages come at a rate."""
Talks = Iterator[list[str]]


@dataclass(frozen=True)
class Said:
    """One message. Times are seconds since 1970: when it was to be written, when it was, when its answer came."""

    due: float
    sent: float
    done: float
    outcome: str


@dataclass
class Level:
    """What one level of load gave: figures for the record."""

    said: list[Said]
    started: float
    seconds: float
    processor: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    def spans(self) -> list[Span]:
        """Return each message from when it was to be written to its answer; one that failed never ended."""
        return [Span(one.due, one.done if one.outcome == ANSWERED else None) for one in self.said]

    def figures(self) -> dict[str, Any]:
        """Return the figures; throughput counts answers that came within the time."""
        answered = [one for one in self.said if one.outcome == ANSWERED]
        in_time = sum(one.done <= self.started + self.seconds for one in answered)
        troubles = Counter(one.outcome for one in self.said if one.outcome != ANSWERED)
        return {
            "seconds": self.seconds,
            "messages": len(self.said),
            "answers_per_second": round(in_time / self.seconds, 2),
            "answer_ms": vars(spread_of([one.done - one.sent for one in answered])),
            "troubles": dict(troubles),
            "processor_percent": self.processor,
            "memory_mb": self.memory,
        }


@asynccontextmanager
async def _watched(level: Level) -> AsyncIterator[None]:
    watch = ProcessorWatch()
    yield
    level.processor = watch.shares()
    level.memory = memory_megabytes()


async def by_people(door: Door, talks: Talks, people: int, seconds: float, warm_up: float) -> Level:
    """Let so many people talk, each writing as soon as they are answered; the warm-up is not counted."""
    started = time.time() + warm_up
    level = Level([], started, seconds)

    async def live(delay: float) -> None:
        await asyncio.sleep(delay)
        while True:
            person = await door.arrive()
            for text in next(talks):
                if time.time() >= started + seconds:
                    return
                level.said.append(await _say(person, text, time.time()))

    lives = [asyncio.create_task(live(warm_up * rank / people)) for rank in range(people)]
    await asyncio.sleep(warm_up)
    async with _watched(level):
        await asyncio.sleep(max(0.0, started + seconds - time.time()))
    await asyncio.wait_for(asyncio.gather(*lives), PATIENCE_SECONDS + 10)
    level.said = [one for one in level.said if one.sent >= started]
    return level


def arrivals(rate: float, seconds: float, seed: int = SEED) -> list[float]:
    """Return when messages come, in seconds from the start: a Poisson process, the same for the same seed."""
    draw = random.Random(f"{seed}:{rate}")
    times, moment = [], draw.expovariate(rate)
    while moment < seconds:
        times.append(moment)
        moment += draw.expovariate(rate)
    return times


async def by_rate(door: Door, talks: Talks, rate: float, seconds: float) -> Level:
    """Let messages come at a rate fixed beforehand, whether answers come or not; wait for the last answer."""
    crowd = await _Crowd.gather(door, talks, round(rate * PAUSE_SECONDS) + 1)
    times = arrivals(rate, seconds)
    level = Level([], time.time() + 0.2, seconds)
    writing = []
    async with _watched(level):
        for offset in times:
            due = level.started + offset
            await asyncio.sleep(max(0.0, due - time.time()))
            writing.append(asyncio.create_task(crowd.write(due)))
        await asyncio.sleep(max(0.0, level.started + seconds - time.time()))
    level.said = list(await asyncio.gather(*writing))
    return level


class _Crowd:
    """Who may write next: whoever had their answer long enough ago, else somebody new."""

    def __init__(self, door: Door, talks: Talks) -> None:
        self._door = door
        self._talks = talks
        self._idle: deque[tuple[float, Person, list[str]]] = deque()

    @classmethod
    async def gather(cls, door: Door, talks: Talks, size: int) -> _Crowd:
        """Return a crowd already in the middle of its conversations, opened one after the other."""
        crowd = cls(door, talks)
        draw = random.Random(SEED)
        for _ in range(size):
            texts = next(talks)
            crowd._idle.append((0.0, await door.arrive(), texts[draw.randrange(len(texts)) :]))
        return crowd

    async def write(self, due: float) -> Said:
        """Let somebody write one message."""
        if self._idle and self._idle[0][0] <= time.time():
            _, person, texts = self._idle.popleft()
        else:
            texts = list(next(self._talks))
            try:
                person = await self._door.arrive()
            except Exception as error:  # noqa: BLE001 - whatever keeps somebody out is a figure of the measure
                return Said(due, due, time.time(), f"entrée : {type(error).__name__}")
        said = await _say(person, texts[0], due)
        if texts[1:]:
            self._idle.append((time.time() + PAUSE_SECONDS, person, texts[1:]))
        return said


async def _say(person: Person, text: str, due: float) -> Said:
    sent = time.time()
    outcome = await person.say(text)
    return Said(due, sent, time.time(), outcome)


def figures_of_store(store: StoreReader | None, level: Level) -> dict[str, Any]:
    """Return the time from stored to answered of the messages of a level, of all and of those that were understood."""
    if store is None:
        return {}
    written: Sequence[Stored] = [
        one for one in store.messages_since(level.started) if one.at < level.started + level.seconds
    ]
    understood = durations(written, only_understood=True)
    return {
        "stored_to_answered_ms": vars(spread_of(durations(written))),
        "understood_ms": vars(spread_of(understood)),
        "understood_share": round(len(understood) / max(1, len(written)), 3),
    }


def holds(level: Level, rate: float) -> bool:
    """Tell whether a rate was kept up with; a delay that was told, or an error, is not."""
    return keeps_up(level.spans(), level.started, level.seconds, rate)
