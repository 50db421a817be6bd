"""Which lines of a fiche were ticked with the person, as an address tells it: `p0,p2,c1`.

`p` is a document of « Quels papiers ? », `c` a condition of « Y ai-je droit ? ». Lines are counted from 0 over the
lists of the rubrique (`liste` and `documents`) in their order; paragraphs and warnings are not counted.
"""

from __future__ import annotations

import re

from bot.model.answer import BlockKind

PREFIXES = {"pieces": "p", "conditions": "c"}
TICKED_KINDS = frozenset({BlockKind.LIST, BlockKind.DOCUMENTS})
MAX_TICKS = 120
"""More lines than any fiche has."""
_TICK = re.compile(r"[pc](?:0|[1-9][0-9]{0,2})")


def read_ticks(text: str) -> frozenset[str]:
    """Return the ticks that a text tells; what is none of them is left out."""
    parts = text[: MAX_TICKS * 5].split(",", MAX_TICKS)[:MAX_TICKS]
    return frozenset(part for part in parts if _TICK.fullmatch(part))
