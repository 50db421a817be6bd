"""temporary"""
from __future__ import annotations
import sys
from datetime import date
from pathlib import Path


def main() -> int:
    from bot.knowledge.baremes import Bareme
    from bot.knowledge.fiche import Fiche
    from bot.knowledge.checks import check_fiche
    from bot.knowledge.taxonomy import load_taxonomy
    from bot.knowledge.yaml_files import read_model, read_yaml, KnowledgeError, problems_of
    problems = []
    tax = load_taxonomy(Path("data/taxonomie.yml"))
    bar = {}
    bp = Path("data/baremes.yml")
    if bp.exists():
        for k, v in read_yaml(bp).items():
            try: bar[k] = Bareme.parse_obj(v)
            except ValueError as e: problems += problems_of(bp, e, (k,))
    n = 0
    for p in sorted(Path("data/fiches").glob("*.yml")):
        try: f = read_model(p, Fiche); n += 1
        except KnowledgeError as e: problems += e.problems
        else: problems += check_fiche(p, f, tax, bar, date.today())
    for p in problems: print(p)
    print(n, "fiches,", len(problems), "problèmes")
    return 1 if problems else 0
