"""What was measured is kept part by part, and the page says it in French."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench import page
from tests.bench.machine import describe
from tests.bench.promises import promises
from tests.bench.record import Record
from tests.running import ROOT


def level(p95: float, **more: Any) -> dict[str, Any]:
    spread = {"count": 9, "p50": 40.0, "p95": p95, "p99": p95, "worst": p95}
    return {
        "seconds": 60.0, "messages": 9, "answers_per_second": 20.1, "answer_ms": spread, "troubles": {},
        "processor_percent": {"Rasa": 81.5, "canaux": 0.2}, "memory_mb": {"Rasa": 600.0, "chargeur": 90.0},
        "stored_to_answered_ms": spread, "understood_ms": spread, "left_unanswered": 0, **more,
    }  # fmt: skip


def case(sustained: float, memory: float, p95: float = 120.0) -> dict[str, Any]:
    rate = level(p95, rate=20, holds=True, memory_mb={"Rasa": memory})
    return {"title": "x", "people": [level(90.0, people=10)], "rates": [rate], "sustained": sustained}


def measured(**parts: dict[str, Any]) -> dict[str, Any]:
    machine = describe()
    return {name.replace("_", "-"): {"run": "r", "machine": machine, **part} for name, part in parts.items()}


def test_a_part_measured_again_takes_the_place_of_what_it_was(tmp_path: Path) -> None:
    record, machine = Record(tmp_path / "mesures" / "bench.json"), describe()
    record.add("api", machine, "un", {"sustained": 10})
    record.add("sms", machine, "un", {"sustained": 5})
    record.add("api", machine, "deux", {"sustained": 12})
    assert [(name, part["sustained"]) for name, part in record.read().items()] == [("api", 12), ("sms", 5)]


def test_what_is_measured_already_is_known_by_its_commit_and_machine(tmp_path: Path) -> None:
    record, machine = Record(tmp_path / "bench.json"), describe()
    record.add("api", machine, "un", {"sustained": 10})
    record.add("sms", machine, "un", {"error": "Kannel n'est pas installé"})
    assert record.has("api", machine)
    assert not record.has("api", machine | {"commit": "autre"})
    assert not record.has("sms", machine)
    assert not record.has("pleine", machine)


def test_the_machine_is_told_whole() -> None:
    assert {"processor", "cores", "memory_gb", "kernel", "at", "commit", "has_changes"} <= set(describe())


@pytest.mark.parametrize(
    ("ours", "stock", "held"),
    [
        (case(40, 600), case(20, 900), [True, True, True]),
        (case(39, 600), case(20, 900), [True, False, True]),
        (case(40, 901, p95=151), case(20, 900), [False, True, False]),
    ],
)
def test_a_promise_is_held_or_not_by_the_figures(
    ours: dict[str, Any], stock: dict[str, Any], held: list[bool]
) -> None:
    assert [one.is_held for one in promises(measured(api=ours, tel_quel=stock))[:3]] == held


def test_what_was_measured_in_two_runs_is_not_compared() -> None:
    parts = measured(api=case(40, 600), tel_quel=case(20, 900))
    parts["tel-quel"]["run"] = "un autre jour"
    assert promises(parts)[1].is_held is None


@pytest.mark.parametrize(
    ("conversations", "ratio", "held"), [(10_000, 1.2, True), (10_000, 1.21, False), (100, 1.0, None)]
)
def test_a_full_store_is_judged_by_its_slowest_operation_and_only_when_it_is_full(
    conversations: int, ratio: float, held: bool | None
) -> None:
    operations = {
        name: {"empty_ms": 1.0, "full_ms": 1.0, "ratio": times} for name, times in (("a", 1.0), ("b", ratio))
    }
    parts = measured(pleine={"conversations": conversations, "operations": operations})
    assert promises(parts)[4].is_held is held


def test_the_page_says_figures_as_french_writes_them_and_what_is_missing() -> None:
    parts = measured(api=case(42.5, 600), sms={"error": "Kannel n'est pas installé"})
    text = page.text_of(parts)
    assert "| 20 | oui | 40 / 120 / 120 |" in text
    assert "| API, SQLite, un Rasa | 42,5 |" in text
    assert "Rasa 81,5" in text
    assert "Non mesuré : Kannel n'est pas installé." in text
    assert "non mesuré" in text


def test_the_page_of_the_documents_is_made_of_the_record() -> None:
    kept = ROOT / "docs" / "mesures" / "bench.json"
    parts = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    written = (ROOT / "docs" / "charge.md").read_text(encoding="utf-8")
    assert written == page.text_of(parts), "lancez : python -m tests.bench --parties comptes"
