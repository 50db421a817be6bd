"""Write the count at the top of docs/accessibilite.md from the rows of its tables.

    python -m outils.docs.compter_rgaa

Only what stands between the two markers is replaced. The count is no rate of conformity: only an audit
gives one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "accessibilite.md"
BEGIN = "<!-- début du compte -->\n"
END = "<!-- fin du compte -->\n"
STATES = ("respecté", "non applicable", "ouvert")
_ROW = re.compile(r"^\| (\d+(?:\.\d+){1,2}) \|(.*)\|$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One criterion: `1.1` of the RGAA, `2.4.11` of WCAG. `reason`: the test, why not, or what is missing."""

    number: str
    title: str
    state: str
    reason: str

    @property
    def is_rgaa(self) -> bool:
        return self.number.count(".") == 1


def read_rows(page: str) -> list[Row]:
    """Return the rows of the page. Raises ValueError that names a row of another shape."""
    rows = []
    for number, rest in _ROW.findall(page):
        cells = [cell.strip() for cell in rest.split("|")]
        if len(cells) != 3 or not all(cells) or cells[1] not in STATES:
            raise ValueError(f"{number} : il faut un sujet, un état ({', '.join(STATES)}) et une raison")
        rows.append(Row(number, *cells))
    return rows


def count_block(rows: Iterable[Row]) -> str:
    """Return the marked part of the page."""
    counts = Counter((row.is_rgaa, row.state) for row in rows)
    lines = [f"| {state} | {counts[True, state]} | {counts[False, state]} |" for state in STATES]
    totals = [sum(counts[is_rgaa, state] for state in STATES) for is_rgaa in (True, False)]
    return "\n".join(
        (
            BEGIN.rstrip(),
            "| état | RGAA 4.1.2 | ajouts de WCAG 2.2 |",
            "| --- | --- | --- |",
            *lines,
            f"| total | {totals[0]} | {totals[1]} |",
            END,
        )
    )


def with_count(page: str) -> str:
    """Return the page with its marked part counted again. Raises ValueError without the markers."""
    begin, end = page.find(BEGIN), page.find(END)
    if begin < 0 or end < begin:
        raise ValueError(f"les deux repères du compte manquent dans {PAGE.name}")
    return page[:begin] + count_block(read_rows(page)) + page[end + len(END) :]


if __name__ == "__main__":
    PAGE.write_text(with_count(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} est à jour.")
