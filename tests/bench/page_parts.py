"""The sections of docs/charge.md, in French."""

from __future__ import annotations

from typing import Any

from tests.bench.cases import CASES, STOCK
from tests.bench.cells import NOTHING, number, ratio, shares, spread, table
from tests.bench.full import OPEN_REQUESTS

Parts = dict[str, Any]
_PEOPLE = ("personnes", "réponses/s", "réponse p50 / p95 / p99 (ms)", "ennuis", "part d'un cœur (%)")
_RATES = (
    "messages/s", "tenu", "enregistré à répondu p50 / p95 / p99 (ms)", "réponse p50 / p95 / p99 (ms)", "ennuis",
    "part d'un cœur (%)",
)  # fmt: skip


def load_section(parts: Parts) -> str:
    """Return what each case carries."""
    cases = [case for case in CASES if case.name in parts]
    if not cases:
        return ""
    blocks = ["## Ce que chaque montage supporte\n", _summary(parts)]
    for case in cases:
        part = parts[case.name]
        blocks.append(f"### {case.title}\n")
        if "error" in part:
            blocks.append(f"Non mesuré : {part['error']}.\n")
            continue
        blocks += [_people(part), _rates(part, has_store=case.door != STOCK)]
    return "\n".join(blocks)


def _summary(parts: Parts) -> str:
    rows = [
        (case.title, number(part["sustained"]), _memory(part))
        for case in CASES
        if "error" not in (part := parts.get(case.name, {"error": ""}))
    ]
    return table(("montage", "débit soutenu (messages/s)", "mémoire (PSS, Mo)"), rows)


def _memory(part: dict[str, Any]) -> str:
    """Return the most that each process took, without the one that plays the people."""
    most: dict[str, float] = {}
    for level in (*part["people"], *part["rates"]):
        for role, size in level["memory_mb"].items():
            most[role] = max(size, most.get(role, 0.0))
    most.pop("chargeur", None)
    told = ", ".join(
        f"{role} {number(size)}" for role, size in sorted(most.items(), key=lambda item: -item[1])
    )
    return f"{number(sum(most.values()))} ({told})"


def _people(part: dict[str, Any]) -> str:
    rows = [
        (
            number(level["people"]), number(level["answers_per_second"]), spread(level["answer_ms"]), _troubles(level),
            shares(level["processor_percent"]),
        )
        for level in part["people"]
    ]  # fmt: skip
    return table(_PEOPLE, rows)


def _rates(part: dict[str, Any], *, has_store: bool) -> str:
    rows = [
        (
            number(level["rate"]), "oui" if level["holds"] else "non",
            spread(level["stored_to_answered_ms"]) if has_store else NOTHING,
            spread(level["answer_ms"]), _troubles(level), shares(level["processor_percent"]),
        )
        for level in part["rates"]
    ]  # fmt: skip
    return table(_RATES, rows)


def _troubles(level: dict[str, Any]) -> str:
    told = [f"{what} {count}" for what, count in level["troubles"].items()]
    if level["left_unanswered"]:
        told.append(f"sans réponse {level['left_unanswered']}")
    return ", ".join(told) or "0"


def training_section(parts: Parts) -> str:
    """Return how long training takes."""
    part = parts.get("entrainement", {})
    rows = []
    if "stock" in part:
        stock = part["stock"]
        rows.append((f"Rasa tel quel, {number(stock['sentences'])} phrases", number(stock["seconds"], "s")))
    if "ours" in part:
        ours = part["ours"]
        rows += [
            (f"notre Rasa, les mêmes {number(ours['sentences'])} phrases", number(ours["seconds"], "s")),
            ("la même chose, sens des phrases déjà gardé", number(ours["seconds_again"], "s")),
        ]
    if "whole" in part:
        rows.append(
            (
                "`bot train`, toutes les phrases et les dangers, sens gardé",
                number(part["whole"]["seconds"], "s"),
            )
        )
    if "whole_cold" in part:
        rows.append(("`bot train`, sans rien de gardé", number(part["whole_cold"]["seconds"], "s")))
    return f"## Entraînement\n\n{table(('quoi', 'temps'), rows)}" if rows else ""


def start_section(parts: Parts) -> str:
    """Return how long a start takes."""
    part = parts.get("demarrage", {})
    if "first_seconds" not in part:
        return ""
    again = ", ".join(number(seconds, "s") for seconds in part["again_seconds"]) or NOTHING
    return (
        "## Démarrage\n\nDe `bot run`, modèle déjà entraîné, à la première réponse saine. "
        f"Dossier de données vide : {number(part['first_seconds'], 's')}. Ensuite : {again}.\n"
    )


def full_section(parts: Parts) -> str:
    """Return how much slower a full store is."""
    blocks = []
    for name, engine in (("pleine", "SQLite"), ("pleine-postgres", "PostgreSQL")):
        part = parts.get(name, {})
        if "operations" not in part:
            continue
        rows = [
            (act, number(found["empty_ms"]), number(found["full_ms"]), ratio(found["ratio"]))
            for act, found in part["operations"].items()
        ]
        head = ("opération", "vide (ms)", "pleine (ms)", "rapport")
        blocks.append(f"### {engine}, {number(part['conversations'])} conversations\n\n{table(head, rows)}")
    if not blocks:
        return ""
    told = (
        "Chaque opération est faite tour à tour sur une base vide et sur une base pleine. Les deux ont "
        f"{OPEN_REQUESTS} demandes ouvertes. Le temps est la médiane. Un modèle de Rasa n'y est pas : un remplaçant répond à sa place.\n"
    )
    return "## Une base pleine\n\n" + told + "\n" + "\n".join(blocks)


def understanding_section(parts: Parts) -> str:
    """Return what understanding one message costs."""
    part = parts.get("comprendre", {})
    if "understand_ms" not in part:
        return ""
    rows = [
        ("comprendre (Rasa, sujet et rubrique)", spread(part["understand_ms"])),
        ("chercher un danger (canaux)", spread(part["danger_ms"])),
    ]
    return f"## Comprendre un message, sur un cœur\n\n{table(('quoi', 'p50 / p95 / p99 (ms)'), rows)}"


def counts_section(parts: Parts) -> str:
    """Return what one message costs, in counts: the same on every machine."""
    operations = parts.get("comptes", {}).get("operations")
    if not operations:
        return ""
    kinds = list(dict.fromkeys(kind for counts in operations.values() for kind in counts))
    rows = [(kind, *(number(counts.get(kind, 0)) for counts in operations.values())) for kind in kinds]
    told = "Compté dans le processus canaux, et non chronométré. Une écriture est un enregistrement sur le disque.\n"
    return f"## Ce que coûte un message\n\n{told}\n{table(('', *operations), rows)}"
