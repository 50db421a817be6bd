"""Load one case: so many people at once, then a rate that rises until it is no longer kept up with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.bench.cases import SMS, Case, Served, serve
from tests.bench.figures import next_rate
from tests.bench.load import Level, Talks, by_people, by_rate, figures_of_store, holds
from tests.bench.people import Door
from tests.bench.questions import LONGEST_SMS, conversations

PROMISED_RATE = 20.0
"""Messages a second of the promise: stored to answered, p95 (docs/charge.md)."""


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    people: tuple[int, ...] = (1, 10, 50, 200)
    people_seconds: float = 10.0
    warm_up: float = 5.0
    rates: tuple[float, ...] = (10, 20, 30, 40, 50, 60, 80, 100, 130, 160)
    rate_seconds: float = 25.0


TRIAL = Plan(people=(1, 3), people_seconds=3, warm_up=1, rates=(2, 5), rate_seconds=4)
"""Shows that everything runs; its figures mean nothing."""


def measure(case: Case, plan: Plan) -> dict[str, Any]:
    """Return the figures of a case. Raises NotMeasured."""
    with serve(case) as served:
        try:
            return asyncio.run(_measure(case, plan, served))
        finally:
            if served.store:
                served.store.close()


async def _measure(case: Case, plan: Plan, served: Served) -> dict[str, Any]:
    talks = conversations(longest=LONGEST_SMS if case.door == SMS else None)
    async with served.open_door() as door:
        people = [await _people(served, door, talks, count, plan) for count in plan.people]
        rates = await _climb(served, door, talks, plan)
    held = [level["rate"] for level in rates if level["holds"]]
    return {"title": case.title, "people": people, "rates": rates, "sustained": max(held, default=None)}


async def _people(served: Served, door: Door, talks: Talks, count: int, plan: Plan) -> dict[str, Any]:
    level = await by_people(door, talks, count, plan.people_seconds, plan.warm_up)
    figures = {"people": count, **await _figures(served, level)}
    _say(f"{count} personnes", figures)
    return figures


async def _climb(served: Served, door: Door, talks: Talks, plan: Plan) -> list[dict[str, Any]]:
    """Raise the rate until it is not held, then come nearer to the limit; the promised rate is measured in any case."""
    levels = []
    held = failed = 0.0
    for rate in plan.rates:
        if failed and rate > PROMISED_RATE:
            break
        levels.append(await _rate(served, door, talks, rate, plan))
        if not levels[-1]["holds"]:
            failed = failed or rate
        elif not failed:
            held = rate
    while held and failed and (between := next_rate(held, failed)):
        levels.append(await _rate(served, door, talks, between, plan))
        held, failed = (between, failed) if levels[-1]["holds"] else (held, between)
    return sorted(levels, key=lambda level: float(level["rate"]))


async def _rate(served: Served, door: Door, talks: Talks, rate: float, plan: Plan) -> dict[str, Any]:
    level = await by_rate(door, talks, rate, plan.rate_seconds)
    figures = {"rate": rate, "holds": holds(level, rate), **await _figures(served, level)}
    _say(f"{rate:g} messages/s {'tenus' if figures['holds'] else 'non tenus'}", figures)
    return figures


async def _figures(served: Served, level: Level) -> dict[str, Any]:
    """Return the figures of a level once everything it wrote is answered: the next one starts from nothing."""
    left = await served.store.settle() if served.store else 0
    of_store = await asyncio.to_thread(figures_of_store, served.store, level)
    return {**level.figures(), **of_store, "left_unanswered": left}


def _say(what: str, figures: dict[str, Any]) -> None:
    answer, stored = figures["answer_ms"], figures.get("stored_to_answered_ms")
    words = [
        f"  {what} : {figures['answers_per_second']} réponses/s",
        f"réponse p50 {answer['p50']} p95 {answer['p95']} p99 {answer['p99']} ms",
    ]
    if stored:
        words.append(f"enregistré à répondu p95 {stored['p95']} ms")
    if figures["troubles"]:
        words.append(f"ennuis {figures['troubles']}")
    print(" ; ".join(words), flush=True)
