"""What was promised, beside what was measured: held, not held, or not measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.bench.cells import number, ratio, table
from tests.bench.full import BOUND
from tests.bench.loading import PROMISED_RATE

Parts = dict[str, Any]
P95_BOUND_MS = 150
TIMES_STOCK = 2.0
CONVERSATIONS = 10_000
_OURS, _STOCK = "api", "tel-quel"


@dataclass(frozen=True)
class Promise:
    """One promise; `is_held` is None when something of it was not measured."""

    what: str
    measured: str
    is_held: bool | None


def promises(parts: Parts) -> list[Promise]:
    """Return every promise."""
    return [
        _answered_in_time(parts),
        _carries_more(parts),
        _takes_less_memory(parts),
        _trains_faster(parts),
        _stays_fast(parts, "pleine", "SQLite"),
        _stays_fast(parts, "pleine-postgres", "PostgreSQL"),
    ]


def promises_section(parts: Parts) -> str:
    """Return the table of promises."""
    words = {True: "tenu", False: "**non tenu**", None: "non mesuré"}
    rows = [(one.what, one.measured, words[one.is_held]) for one in promises(parts)]
    return f"## Ce qui est promis\n\n{table(('promesse', 'mesuré', ''), rows)}"


def at_rate(part: Any, rate: float) -> dict[str, Any] | None:
    """Return the level of a part at a rate, None when it was not measured."""
    levels: list[dict[str, Any]] = (part or {}).get("rates", [])
    return next((level for level in levels if level["rate"] == rate), None)


def _answered_in_time(parts: Parts) -> Promise:
    what = f"Enregistré à répondu, à {PROMISED_RATE:g} messages par seconde : {P95_BOUND_MS} ms au plus pour 95 sur 100"
    level = at_rate(parts.get(_OURS), PROMISED_RATE)
    if level is None:
        return Promise(what, "", None)
    found = level["stored_to_answered_ms"]["p95"]
    is_held = level["holds"] and found is not None and found <= P95_BOUND_MS
    return Promise(what, f"{number(found, 'ms')}, rythme {'tenu' if level['holds'] else 'non tenu'}", is_held)


def _carries_more(parts: Parts) -> Promise:
    what = "Débit soutenu : au moins deux fois celui de Rasa tel quel, dans la même mesure"
    ours, stock = parts.get(_OURS, {}), parts.get(_STOCK, {})
    rates = ours.get("sustained"), stock.get("sustained")
    if not all(rates) or not _same_run(ours, stock):
        return Promise(what, "", None)
    times = rates[0] / rates[1]
    return Promise(
        what,
        f"{number(rates[0])} contre {number(rates[1])} messages/s, {ratio(times)} fois",
        times >= TIMES_STOCK,
    )


def _takes_less_memory(parts: Parts) -> Promise:
    what = "Mémoire de notre processus Rasa : moins que celle de Rasa tel quel"
    ours, stock = _memory(parts.get(_OURS)), _memory(parts.get(_STOCK))
    if ours is None or stock is None:
        return Promise(what, "", None)
    return Promise(what, f"{number(ours, 'Mo')} contre {number(stock, 'Mo')}", ours < stock)


def _memory(part: Any) -> float | None:
    """Return the most that Rasa took at any level, in megabytes."""
    levels = [*(part or {}).get("people", []), *(part or {}).get("rates", [])]
    return max((level["memory_mb"]["Rasa"] for level in levels if "Rasa" in level["memory_mb"]), default=None)


def _trains_faster(parts: Parts) -> Promise:
    what = "Entraînement sur les mêmes phrases : moins long que celui de Rasa tel quel"
    training = parts.get("entrainement", {})
    if "ours" not in training or "stock" not in training:
        return Promise(what, "", None)
    ours, stock = training["ours"]["seconds"], training["stock"]["seconds"]
    return Promise(what, f"{number(ours, 's')} contre {number(stock, 's')}", ours < stock)


def _stays_fast(parts: Parts, name: str, engine: str) -> Promise:
    what = f"10 000 conversations dans la base ({engine}) : rien n'est plus de 1,2 fois plus lent"
    part = parts.get(name, {})
    operations = part.get("operations")
    if not operations or part["conversations"] < CONVERSATIONS:
        return Promise(what, "", None)
    slower = {act: found["ratio"] for act, found in operations.items() if found["ratio"] > BOUND}
    said = ", ".join(f"{act} {ratio(times)}" for act, times in slower.items())
    return Promise(
        what, said or f"au plus {ratio(max(found['ratio'] for found in operations.values()))}", not slower
    )


def _same_run(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["run"] == other["run"])
