"""`make bench`: measure what was not measured yet, or the parts that are named, and write docs/charge.md.

`--essai` runs everything in seconds, to see that it works: its figures mean nothing and are kept apart, in var/.
"""

from __future__ import annotations

import argparse
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import page
from tests.bench.cases import CASES, NotMeasured
from tests.bench.loading import TRIAL, Plan, measure
from tests.bench.machine import describe
from tests.bench.record import Record
from tests.bench.starting import measure_start
from tests.bench.stock import train_ours_on_few, train_stock, train_whole
from tests.running import ROOT

RECORD = ROOT / "docs" / "mesures" / "bench.json"
PAGE = ROOT / "docs" / "charge.md"
Part = Callable[[argparse.Namespace], dict[str, Any]]


def _loaded(name: str) -> Part:
    case = next(case for case in CASES if case.name == name)
    return lambda options: measure(case, TRIAL if options.essai else Plan())


def _training(options: argparse.Namespace) -> dict[str, Any]:
    if options.essai:
        return {"stock": train_stock()} if options.entrainer else {}
    figures = {
        "stock": train_stock(again=options.entrainer),
        "ours": train_ours_on_few(),
        "whole": train_whole(cold=False),
    }
    return figures | ({"whole_cold": train_whole(cold=True)} if options.a_froid else {})


def _full(engine: str) -> Part:
    def run(options: argparse.Namespace) -> dict[str, Any]:
        from tests.bench.full import measure_full

        return measure_full(
            engine, conversations=100 if options.essai else 10_000, rounds=5 if options.essai else 60
        )

    return run


def _understanding(options: argparse.Namespace) -> dict[str, Any]:
    from tests.bench.understanding import measure_understanding

    return measure_understanding(limit=60 if options.essai else None)


def _counting(_: argparse.Namespace) -> dict[str, Any]:
    from tests.bench.counting import measure_counts

    return measure_counts()


PARTS: dict[str, Part] = {
    "demarrage": lambda options: measure_start(1 if options.essai else 3),
    **{case.name: _loaded(case.name) for case in CASES},
    "entrainement": _training,
    "pleine": _full("sqlite"),
    "pleine-postgres": _full("postgres"),
    "comprendre": _understanding,
    "comptes": _counting,
}


def main() -> int:
    """Measure, and return 1 when a part could not be."""
    options = _options()
    record = Record(ROOT / "var" / "bench-essai.json" if options.essai else options.sortie)
    run = str(describe()["at"])
    failed = []
    for name in options.parties:
        machine = describe()
        if options.reprendre and record.has(name, machine):
            print(f"{name} : déjà mesuré", flush=True)
            continue
        print(f"{name}…", flush=True)
        started = time.monotonic()
        try:
            figures = PARTS[name](options)
        except NotMeasured as reason:
            figures = {"error": str(reason)}
        except Exception as error:  # noqa: BLE001 - the parts that follow are measured all the same
            traceback.print_exc()
            figures = {"error": f"{type(error).__name__}"}
        if "error" in figures:
            failed.append(name)
            print(f"  non mesuré : {figures['error']}", flush=True)
        record.add(name, machine, run, {**figures, "took_seconds": round(time.monotonic() - started)})
        _write_page(record, options)
    return 1 if failed else 0


def _write_page(record: Record, options: argparse.Namespace) -> None:
    written = page.text_of(record.read())
    (record.path.with_suffix(".md") if options.essai else PAGE).write_text(written, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Mesurer la charge.")
    parser.add_argument(
        "--parties",
        type=_names,
        default=list(PARTS),
        help=f"parties à mesurer, séparées par des virgules : {', '.join(PARTS)}",
    )
    parser.add_argument(
        "--reprendre",
        action="store_true",
        help="garder ce qui est déjà mesuré sur ce commit et cette machine",
    )
    parser.add_argument(
        "--essai", action="store_true", help="tout en quelques secondes, sans rien changer à docs/"
    )
    parser.add_argument(
        "--entrainer", action="store_true", help="entraîner de nouveau Rasa tel quel (10 minutes)"
    )
    parser.add_argument(
        "--a-froid", action="store_true", help="entraîner aussi sans rien de gardé (6 minutes)"
    )
    parser.add_argument("--sortie", type=Path, default=RECORD, help="fichier des mesures")
    return parser.parse_args()


def _names(value: str) -> list[str]:
    names = [name.strip() for name in value.split(",") if name.strip()]
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"inconnu : {', '.join(unknown)}")
    return names


if __name__ == "__main__":
    raise SystemExit(main())
