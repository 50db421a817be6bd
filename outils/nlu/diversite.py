"""Measure how diverse the training sentences are: `python -m outils.nlu.diversite`.

Prints, by label, how many sentences there are, how many distinct words a sentence brings, and the near copies: two
sentences of one label whose runs of four letters are mostly the same teach one thing twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import yaml

from bot.language.normalise import fold

ROOT = Path(__file__).resolve().parents[2]
RUN = 4
NEAR = 0.70
"""Share of runs of letters in common (Jaccard) from which one sentence is a near copy of another."""
LONG_ENOUGH = 4
"""Words from which a copy is one: "merci bien" and "merci beaucoup" are both worth having."""


def read_examples(data: Path) -> dict[str, list[str]]:
    """Return the training sentences by label: a fiche, `suite`, a situation or an act."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((data / "nlu").rglob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            metadata = block.get("metadata") or {}
            label = metadata.get("fiche") or metadata.get("situation") or block["intent"]
            lines = (line.strip().removeprefix("- ") for line in block["examples"].splitlines())
            found[label] += [line for line in lines if line]
    return dict(found)


def near_copies(sentences: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of sentences that are nearly the same."""
    known = [(text, _runs(text)) for text in sentences if len(fold(text).split()) >= LONG_ENOUGH]
    for (one, first), (other, second) in combinations(known, 2):
        if len(first & second) > NEAR * len(first | second):
            yield one, other


def _runs(text: str) -> frozenset[str]:
    padded = f" {fold(text)} "
    return frozenset(padded[place : place + RUN] for place in range(len(padded) - RUN + 1))


def main() -> None:
    """Print the table, then the near copies."""
    examples = read_examples(ROOT / "data")
    copies = {label: list(near_copies(sentences)) for label, sentences in examples.items()}
    print(f"{'étiquette':36}{'phrases':>8}{'mots distincts par phrase':>28}{'copies':>8}")
    for label, sentences in sorted(examples.items()):
        words = {word for text in sentences for word in fold(text).split()}
        print(f"{label:36}{len(sentences):>8}{len(words) / len(sentences):>28.1f}{len(copies[label]):>8}")
    for label, pairs in copies.items():
        for one, other in pairs:
            print(f"{label} : « {one} » / « {other} »")


if __name__ == "__main__":
    main()
